"""O3.2: tracking is taken in, pushed or asked for. Repeats change nothing; late and unordered news converges."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.case_steps import Wanted, end_cases_of, open_cases_for
from shopkeeper.flows.fulfilment.parcels.deadlines import PARCEL_PROMISE, PARCEL_STALL, TRACKING_PULL
from shopkeeper.flows.fulfilment.parcels.events import ParcelMoved, ParcelReturned, ParcelSigned
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.rules.tracking import (
    Scan,
    Standing,
    cases_called_for,
    stand,
    without_persons,
)
from shopkeeper.flows.fulfilment.parcels.sql import parcels, tracking
from shopkeeper.flows.fulfilment.parcels.states import (
    AT_REST,
    BEFORE_HAND_OVER,
    ON_THE_WAY,
    PARCEL_FLOW,
    CaseKind,
    CaseOutcome,
    ParcelState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending

FOLLOW_AGAIN_AFTER = timedelta(minutes=30)  # what the courier service asks for after it gave a number up
EASED = frozenset({CaseKind.STALLED, CaseKind.UNDELIVERED, CaseKind.MIS_SORTED})
ENDED_BY_SIGNING = frozenset(CaseKind) - {CaseKind.DAMAGED, CaseKind.NO_NUMBER, CaseKind.NOT_ACKNOWLEDGED}
ENDED_BY_RETURN = ENDED_BY_SIGNING


@dataclass(frozen=True, slots=True)
class HeardScan:
    at: datetime
    code: str
    state: str
    text: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class TakeInTracking:
    """All or some of what a courier service knows of one number."""

    courier: str
    number: str
    scans: tuple[HeardScan, ...] = ()
    watch: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """One parcel: as it was, what was heard anew, and where it stands by everything known."""

    row: parcels.ParcelRow
    fresh: tuple[Scan, ...]
    standing: Standing
    watch: str

    @property
    def becomes(self) -> ParcelState | None:
        """The state to move to, if another."""
        was, now = self.row.state, self.standing.state
        if was in BEFORE_HAND_OVER or was == ParcelState.CANCELLED or was == now:
            return None
        if was == ParcelState.LOST and not any(scan.at > self.row.state_at for scan in self.fresh):
            return None
        return None if now is ParcelState.HANDED_OVER else now


@command(clause="O3.2", permission=Permission.TRACKING_TAKE_IN, scope=EVERYWHERE, internal=True)
def take_in_tracking(step: Step, items: Sequence[TakeInTracking]) -> list[Outcome]:
    """Keep new scans and bring the parcels to where they stand. Refused: unknown_number."""
    found = _find(items)
    heard: dict[int, list[Scan]] = defaultdict(list)
    watches: dict[int, str] = {}
    for item in items:
        if (parcel_id := found.get(item)) is not None:
            heard[parcel_id] += map(_kept, item.scans)
            watches[parcel_id] = item.watch or watches.get(parcel_id, "")
    changed = _take_in(step, heard, watches)
    outcomes = []
    for item in items:
        parcel_id = found.get(item)
        if parcel_id is None:
            outcomes.append(refused("unknown_number", number=item.number))
        else:
            outcomes.append(done(parcel_id) if parcel_id in changed else unchanged(parcel_id))
            changed.discard(parcel_id)
    return outcomes


def _find(items: Sequence[TakeInTracking]) -> dict[TakeInTracking, int]:
    """Parcels by courier and number; where the service corrected the courier, by the number alone."""
    rows = tracking.FIND.rows(numbers=sorted({item.number for item in items}))
    exact = {(row.courier, row.number): row.id for row in rows}
    holders: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        holders[row.number].append(row.id)
    only = {number: ids[0] for number, ids in holders.items() if len(ids) == 1}
    found = {item: exact.get((item.courier, item.number), only.get(item.number)) for item in items}
    return {item: parcel_id for item, parcel_id in found.items() if parcel_id is not None}


def project(step: Step, parcel_ids: Sequence[int]) -> None:
    """Bring parcels to where their known scans say they stand, with nothing new heard."""
    if parcel_ids:
        _take_in(step, {parcel_id: [] for parcel_id in parcel_ids}, {})


def _kept(scan: HeardScan) -> Scan:
    return Scan(scan.at, scan.code[:8], scan.state, without_persons(scan.text), without_persons(scan.place, 60))


def _take_in(step: Step, heard: Mapping[int, Sequence[Scan]], watches: Mapping[int, str]) -> set[int]:
    if not heard:
        return set()
    ids = sorted(heard)
    parcels.LOCK_ORDERS_OF.run(ids=ids)
    parcels.LOCK.run(ids=ids)
    known: dict[int, dict[tuple[datetime, bytes], Scan]] = defaultdict(dict)
    for kept in tracking.SCANS.rows(ids=ids):
        scan = Scan(kept.occurred_at, kept.code, kept.state, kept.text, kept.place)
        known[kept.parcel_id][scan.at, scan.fingerprint] = scan
    news = []
    for row in parcels.READ.rows(ids=ids):
        fresh = {(s.at, s.fingerprint): s for s in heard[row.id] if (s.at, s.fingerprint) not in known[row.id]}
        standing = stand([*known[row.id].values(), *fresh.values()])
        news.append(News(row, tuple(fresh.values()), standing, watches.get(row.id, "")))
    _keep(step, news)
    _move(step, news)
    _settle_cases(step, news)
    return {item.row.id for item in news if item.fresh or item.becomes}


def _keep(step: Step, news: Sequence[News]) -> None:
    """Write the new scans, and on each parcel when it was last heard of."""
    pairs = [(item.row.id, scan) for item in news for scan in item.fresh]
    if pairs:
        tracking.ADD.run(
            now=step.now,
            parcels=[parcel_id for parcel_id, _ in pairs],
            moments=[scan.at for _, scan in pairs],
            codes=[scan.code for _, scan in pairs],
            states=[scan.word for _, scan in pairs],
            texts=[scan.text for _, scan in pairs],
            places=[scan.place for _, scan in pairs],
            fingerprints=[scan.fingerprint for _, scan in pairs],
        )
    tracking.HEAR.run(
        now=step.now,
        ids=[item.row.id for item in news],
        last=[item.standing.last_at for item in news],
        codes=[item.standing.code for item in news],
        watches=[item.watch[:10] for item in news],
        signed=[item.standing.signed_at for item in news],
    )


def _move(step: Step, news: Sequence[News]) -> None:
    """Move states, with what hangs on them: watches end, the order is signed, others are told."""
    groups: dict[ParcelState, list[News]] = defaultdict(list)
    for item in news:
        if item.becomes:
            groups[item.becomes].append(item)
    for state in sorted(groups):
        step.move(PARCEL_FLOW, [item.row.id for item in groups[state]], state)
        step.emit(
            *(ParcelMoved(i.row.id, i.row.order_id, i.row.shop_id, i.row.state, str(state)) for i in groups[state])
        )
    _end_watches(step, groups)
    signed = groups[ParcelState.SIGNED]
    if signed:
        orders = sorted({item.row.order_id for item in signed})
        whole = [row.order_id for row in tracking.WHOLLY_SIGNED.rows(orders=orders)]
        advance_orders.within(step, [AdvanceOrder(order_id, OrderState.SIGNED) for order_id in whole])
    for item in signed:
        moment = (item.standing.signed_at or step.now).isoformat()
        step.emit(ParcelSigned(item.row.id, item.row.order_id, item.row.shop_id, moment))
    for item in groups[ParcelState.RETURNED]:
        row = item.row
        step.emit(ParcelReturned(row.id, row.order_id, row.shop_id, row.warehouse_id))


def _end_watches(step: Step, groups: Mapping[ParcelState, Sequence[News]]) -> None:
    resting = [item.row.id for state, items in groups.items() if state in AT_REST for item in items]
    for kind in (PARCEL_STALL, TRACKING_PULL):
        close(step, kind, resting)
    close(step, PARCEL_PROMISE, [item.row.id for item in groups.get(ParcelState.SIGNED, ())])
    failed = (ParcelState.REFUSED, ParcelState.RETURNING, ParcelState.RETURNED)
    close(
        step,
        PARCEL_PROMISE,
        [item.row.id for state in failed for item in groups.get(state, ())],
        Ending.CANCELLED,
    )


def _settle_cases(step: Step, news: Sequence[News]) -> None:
    """End the cases that what was heard has settled, then open those it calls for."""
    wanted, again = [], []
    for item in news:
        row = item.row
        if row.state in BEFORE_HAND_OVER or row.state == ParcelState.CANCELLED:
            continue
        called = cases_called_for(row.state, item.standing, item.fresh)
        wanted += [Wanted(row.id, kind, cause=item.standing.code) for kind in called]
        if item.watch == "abort" and item.standing.state in ON_THE_WAY:
            wanted.append(Wanted(row.id, CaseKind.STALLED, cause="abort"))
            again.append(row)
    end_cases_of(step, _ids(news, ParcelState.SIGNED), ENDED_BY_SIGNING, CaseOutcome.DELIVERED)
    end_cases_of(step, _ids(news, ParcelState.RETURNED), ENDED_BY_RETURN, CaseOutcome.RETURNED)
    end_cases_of(step, [i.row.id for i in news if _went_on(i)], EASED, CaseOutcome.MOVING_AGAIN)
    open_cases_for(step, wanted)
    step.errand(*(Errand("subscribe_tracking", row.id, step.now + FOLLOW_AGAIN_AFTER, row.shop_id) for row in again))


def _ids(news: Iterable[News], state: ParcelState) -> list[int]:
    return [item.row.id for item in news if item.becomes is state]


def _went_on(item: News) -> bool:
    """An ordinary scan later than anything known: the parcel moves again."""
    before = item.row.last_update_at or item.row.handed_over_at
    return item.standing.state in ON_THE_WAY and any(
        scan.state and not scan.problem and (before is None or scan.at > before) for scan in item.fresh
    )
