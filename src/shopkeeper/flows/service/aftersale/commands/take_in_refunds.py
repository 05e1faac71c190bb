"""S2.3: what a platform says of its refunds becomes ours: cases are opened, refunds are paid, each booked once.

The newest word wins whatever the order of arrival. This is the one way by which money that went back through a
platform reaches the books: the order's own word that it was refunded only makes us read the refund itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shopkeeper.flows.service.aftersale.commands.casework import close_cases_for
from shopkeeper.flows.service.aftersale.commands.moneywork import LIVE, Paid, book, pay, take_back_money
from shopkeeper.flows.service.aftersale.commands.note_return import NoteReturn, note_return
from shopkeeper.flows.service.aftersale.commands.open_aftersale import OpenAfterSale, WantedPieces, open_aftersale
from shopkeeper.flows.service.aftersale.events import PlatformRefundChanged
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, PlatformRefund
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.rules.reasons import reason_of
from shopkeeper.flows.service.aftersale.rules.refunds import corrected
from shopkeeper.flows.service.aftersale.sql import cases as case_sql
from shopkeeper.flows.service.aftersale.sql import money as sql
from shopkeeper.flows.service.aftersale.states import (
    PLATFORM_REFUND_FLOW,
    REFUND_FLOW,
    CaseState,
    PayWay,
    PlatformRefundState,
    RefundState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.personal import seal_many
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

FINAL = (PlatformRefundState.CLOSED, PlatformRefundState.PAID)
Key = tuple[int, str]  # (order, refund number)


@dataclass(frozen=True, slots=True)
class TakeInRefund:
    """One refund as a platform has it. `words` are the buyer's own and are sealed."""

    order_id: int
    refund_no: str
    platform_line_no: str
    standing: PlatformRefundState
    asked_minor: int
    version: str
    phase: str
    wants_return: bool
    created_at: datetime
    modified_at: datetime
    courier: str = ""
    return_number: str = ""
    words: str = field(default="", repr=False)

    @property
    def key(self) -> Key:
        return (self.order_id, self.refund_no)


@dataclass(slots=True)
class Intake:
    """One batch at work."""

    step: Step
    orders: Mapping[int, case_sql.OrderRow]
    lines: Mapping[tuple[int, str], case_sql.OrderLineRow]
    known: dict[Key, sql.PlatformRefundRow]

    def line_of(self, item: TakeInRefund) -> case_sql.OrderLineRow | None:
        return self.lines.get((item.order_id, item.platform_line_no))


@command(clause="S2.3", permission=Permission.REFUND_RECORD, scope=ShopOf("intake_order", "order_id"), internal=True)
def take_in_refunds(step: Step, items: Sequence[TakeInRefund]) -> list[Outcome]:
    """Take refunds in: new ones open a case, paid ones are booked, those the buyer withdrew end it.

    Refused: "amount_unreadable". What is no newer than what we hold is unchanged.
    """
    orders = sorted({item.order_id for item in items})
    case_sql.LOCK_ORDERS.run(orders=orders)
    intake = Intake(
        step,
        {row.id: row for row in case_sql.ORDERS.rows(orders=orders)},
        {(row.order_id, row.platform_line_no): row for row in case_sql.ORDER_LINES.rows(orders=orders)},
        {(row.order_id, row.refund_no): row for row in sql.KNOWN_PLATFORM_REFUNDS.rows(orders=orders)},
    )
    newest: dict[Key, TakeInRefund] = {}
    for item in items:
        if item.asked_minor >= 0 and (item.key not in newest or _version(newest[item.key]) < _version(item)):
            newest[item.key] = item
    wanted = {key: item for key, item in sorted(newest.items()) if _is_news(item, intake.known.get(key))}
    ids = _write(intake, wanted)
    _carry_on(intake, {ids[key]: item for key, item in wanted.items()})
    told: set[Key] = set()
    outcomes = []
    for item in items:
        if item.asked_minor < 0:
            outcomes.append(refused("amount_unreadable", item.order_id))
        elif wanted.get(item.key) is item and item.key not in told:
            told.add(item.key)
            outcomes.append(done(ids[item.key]))
        else:
            outcomes.append(unchanged(ids.get(item.key)))
    return outcomes


def _version(item: TakeInRefund) -> tuple[datetime, bool]:
    return (item.modified_at, item.standing in FINAL)


def _is_news(item: TakeInRefund, known: sql.PlatformRefundRow | None) -> bool:
    if known is None:
        return True
    if known.state in FINAL:
        return False
    if item.modified_at != known.modified_at:
        return item.modified_at > known.modified_at
    return item.standing in FINAL or item.standing != known.state


def _write(intake: Intake, wanted: Mapping[Key, TakeInRefund]) -> dict[Key, int]:
    """Write news; the ids of all refunds, known ones included."""
    step = intake.step
    fresh = [item for key, item in wanted.items() if key not in intake.known]
    sealed = seal_many(
        {n: (intake.orders[i.order_id].subject_id, {"words": i.words}) for n, i in enumerate(fresh) if i.words}
    )
    made = PlatformRefund.objects.bulk_create(
        [
            PlatformRefund(
                shop_id=intake.orders[item.order_id].shop_id,
                order_id=item.order_id,
                order_line_id=line.id if (line := intake.line_of(item)) else None,
                refund_no=item.refund_no[:64],
                platform_line_no=item.platform_line_no[:64],
                state=str(item.standing),
                state_at=step.now,
                asked_minor=item.asked_minor,
                version=item.version[:40],
                phase=item.phase[:20],
                wants_return=item.wants_return,
                created_at=item.created_at,
                modified_at=item.modified_at,
                told_at=step.now,
                subject_id=intake.orders[item.order_id].subject_id,
                words_sealed=sealed.get(n, b""),
            )
            for n, item in enumerate(fresh)
        ]
    )
    newer = [(intake.known[key], item) for key, item in wanted.items() if key in intake.known]
    if newer:
        sql.UPDATE_PLATFORM_REFUNDS.run(
            now=step.now,
            ids=[known.id for known, _ in newer],
            asked=[item.asked_minor for _, item in newer],
            versions=[item.version[:40] for _, item in newer],
            phases=[item.phase[:20] for _, item in newer],
            wants=[item.wants_return for _, item in newer],
            modified=[item.modified_at for _, item in newer],
        )
    for standing in sorted({item.standing for _, item in newer}):
        step.move(PLATFORM_REFUND_FLOW, [known.id for known, item in newer if item.standing == standing], standing)
    ids = {key: row.id for key, row in intake.known.items()}
    ids |= {item.key: row.pk for item, row in zip(fresh, made, strict=True)}
    step.emit(
        *(
            PlatformRefundChanged(
                ids[key], item.order_id, intake.orders[item.order_id].shop_id, str(item.standing), item.asked_minor
            )
            for key, item in wanted.items()
        )
    )
    return ids


def _carry_on(intake: Intake, news: Mapping[int, TakeInRefund]) -> None:
    """What follows: cases opened or linked, refunds paid or told, cases ended."""
    if not news:
        return
    _open_cases(intake, {i: item for i, item in news.items() if item.standing not in FINAL})
    _link_refunds(intake, news)
    _pay(intake, {i: item for i, item in news.items() if item.standing is PlatformRefundState.PAID})
    _end(intake, [i for i, item in news.items() if item.standing is PlatformRefundState.CLOSED])
    _note_returns(intake, {i: item for i, item in news.items() if item.return_number})


def _open_cases(intake: Intake, news: Mapping[int, TakeInRefund]) -> None:
    """A refund asked for on the platform is a case here; a live case of the order's that has none takes it."""
    taken = set(
        AfterSaleCase.objects.filter(platform_refund_id__in=list(news)).values_list("platform_refund_id", flat=True)
    )
    missing = {i: item for i, item in news.items() if i not in taken}
    if not missing:
        return
    live = case_sql.LIVE_OF_ORDERS.rows(orders=sorted({item.order_id for item in missing.values()}))
    free = {(row.order_id, row.reason): row.id for row in live if row.platform_refund_id is None}
    busy = {(row.order_id, row.reason) for row in live}
    opened: list[OpenAfterSale] = []
    for refund_id, item in missing.items():
        read = reason_of(item.words)
        key = (item.order_id, str(read.reason))
        others = [case_id for (order_id, _), case_id in free.items() if order_id == item.order_id]
        case_id = free.get(key) or (others[0] if others else None)
        if case_id is not None:
            AfterSaleCase.objects.filter(id=case_id, platform_refund__isnull=True).update(platform_refund_id=refund_id)
            free = {k: v for k, v in free.items() if v != case_id}
        elif key not in busy:
            busy.add(key)
            line = intake.line_of(item)
            left = line.quantity - line.given_quantity if line else 0
            pieces = (WantedPieces(line.id, left),) if line and left > 0 else ()
            words = item.words[:2_000]
            opened.append(OpenAfterSale(item.order_id, read.reason, pieces, words, None, None, refund_id, read.words))
    open_aftersale.within(intake.step, opened)


def _link_refunds(intake: Intake, news: Mapping[int, TakeInRefund]) -> None:
    """A refund of ours that waited for the buyer to ask is told to the platform now; one paid by hand is known."""
    linked = {row.platform_refund_id for row in sql.LINKED.rows(platform_refunds=list(news))}
    waiting = sql.UNLINKED.rows(orders=sorted({item.order_id for item in news.values()}))
    lines = {(line.refund_id, line.order_line_id) for line in sql.REFUND_LINES.rows(refunds=[r.id for r in waiting])}
    pairs: dict[int, int] = {}
    for refund_id, item in news.items():
        line = intake.line_of(item)
        if refund_id in linked or item.standing is PlatformRefundState.CLOSED:
            continue
        for row in waiting:
            fits = row.order_id == item.order_id and (line is None or (row.id, line.id) in lines)
            if fits and row.id not in pairs:
                pairs[row.id] = refund_id
                break
    if pairs:
        sql.LINK.run(refunds=list(pairs), platform_refunds=list(pairs.values()))
    again = [row for row in waiting if row.id in pairs and row.state in (RefundState.APPROVED, RefundState.FAILED)]
    told = [r for r in again if r.way == PayWay.PLATFORM and news[pairs[r.id]].standing not in FINAL]
    intake.step.errand(*(Errand("pay_refund", row.id, intake.step.now, row.shop_id) for row in told))


def _pay(intake: Intake, news: Mapping[int, TakeInRefund]) -> None:
    """Money went back: our refund of it is paid, and it is booked under the platform's number, once."""
    if not news:
        return
    step = intake.step
    ours = {row.platform_refund_id: row for row in sql.LINKED.rows(platform_refunds=list(news))}
    paid, alone = [], []
    for refund_id, item in news.items():
        row = ours.get(refund_id)
        if row is None:
            alone.append(item)
        elif row.state in LIVE:
            _correct(intake, row, item.asked_minor)
            paid.append(Paid(row, item.asked_minor, f"platform {item.refund_no}", f"refund:{item.refund_no}"))
    stuck = [one.row for one in paid if one.row.state == RefundState.PROPOSED]
    if stuck:  # the platform did not wait for our second person
        from_outside = [row.id for row in stuck]
        sql.NOTE_APPROVED.run(refunds=from_outside, now=step.now, actor_id=0)
        step.move(REFUND_FLOW, from_outside, RefundState.APPROVED, "paid by the platform")
    pay(step, paid)
    _give_alone(intake, alone)
    book(step, [(item.order_id, item.asked_minor, f"refund:{item.refund_no}") for item in alone])
    _end_paid(intake, list(news))


def _correct(intake: Intake, row: sql.RefundRow, amount_minor: int) -> None:
    """The platform paid another amount than ours: the lines say what was really given, as far as they can hold it."""
    if amount_minor == row.amount_minor:
        return
    given = {part.order_line_id: part.amount_minor for part in sql.REFUND_LINES.rows(refunds=[row.id])}
    actual = corrected(given, {line.id: _left(line) for line in intake.lines.values()}, amount_minor)
    less = [(line_id, given[line_id] - amount) for line_id, amount in actual.items() if amount < given[line_id]]
    more = [(line_id, amount - given[line_id]) for line_id, amount in actual.items() if amount > given[line_id]]
    for statement, moved in ((sql.TAKE_BACK, less), (sql.GIVE, more)):
        if moved:
            statement.run(lines=[i for i, _ in moved], quantities=[0] * len(moved), amounts=[a for _, a in moved])
    sql.CORRECT_LINES.run(refunds=[row.id] * len(actual), lines=list(actual), amounts=list(actual.values()))


def _left(line: case_sql.OrderLineRow) -> int:
    return line.paid_minor - line.given_minor


def _give_alone(intake: Intake, alone: Sequence[TakeInRefund]) -> None:
    """Money that went back without us: the lines count it as given, as far as they have it."""
    given = [(line, item) for item in alone if (line := intake.line_of(item)) is not None]
    if given:
        sql.GIVE.run(
            lines=[line.id for line, _ in given],
            quantities=[line.quantity - line.given_quantity for line, _ in given],
            amounts=[min(item.asked_minor, max(_left(line), 0)) for line, item in given],
        )


def _end_paid(intake: Intake, refunds: Sequence[int]) -> None:
    """A case that nobody had offered anything, and whose money the platform sent back all the same, is over."""
    states = (CaseState.OPENED, CaseState.EVIDENCE, CaseState.OFFERED, CaseState.RETURN_AWAITED)
    ids = list(
        AfterSaleCase.objects.filter(platform_refund_id__in=refunds, state__in=states).values_list("id", flat=True)
    )
    rows = case_sql.CASES.rows(cases=sorted(ids)) if ids else []
    close_cases_for(intake.step, [(row, "paid_by_platform", "") for row in rows])


def _end(intake: Intake, refunds: Sequence[int]) -> None:
    """The buyer took the wish back: what was to be paid is not, and the case ends."""
    if not refunds:
        return
    stopped = [row for row in sql.LINKED.rows(platform_refunds=refunds) if row.state in LIVE]
    take_back_money(intake.step, stopped, RefundState.CANCELLED)
    states = (CaseState.RECEIVED, CaseState.GRADED, CaseState.SETTLED, CaseState.REFUSED, CaseState.CLOSED)
    ids = list(
        AfterSaleCase.objects.filter(platform_refund_id__in=refunds)
        .exclude(state__in=states)
        .values_list("id", flat=True)
    )
    rows = case_sql.CASES.rows(cases=sorted(ids)) if ids else []
    close_cases_for(intake.step, [(row, "withdrawn", "") for row in rows])


def _note_returns(intake: Intake, news: Mapping[int, TakeInRefund]) -> None:
    """The buyer gave the platform the number of the parcel that comes back."""
    cases = dict(
        AfterSaleCase.objects.filter(platform_refund_id__in=list(news), state=CaseState.RETURN_AWAITED).values_list(
            "platform_refund_id", "id"
        )
    )
    note_return.within(
        intake.step,
        [
            NoteReturn(cases[refund_id], item.courier[:30], item.return_number[:60])
            for refund_id, item in news.items()
            if refund_id in cases
        ],
    )
