"""Check sessions: which there were, and what waits in one."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.models import CheckSession, Hold, Order
from shopkeeper.flows.fulfilment.intake.queries.lists import OrderRow, rows_of
from shopkeeper.flows.fulfilment.intake.queries.record import HoldView, hold_view
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices, shops_of
from shopkeeper.flows.fulfilment.intake.rules import must_ship_before
from shopkeeper.flows.fulfilment.intake.sql import orders as order_sql
from shopkeeper.flows.fulfilment.intake.sql import reading
from shopkeeper.flows.fulfilment.intake.states import OrderState, SessionState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.clock import next_of
from shopkeeper.sop.policy import clock_times, read_policies

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: int
    shop_id: int
    shop: str
    state: str
    scheduled_at: datetime
    opened_at: datetime
    due_at: datetime | None
    signed_at: datetime | None
    signed_by: str
    released: int
    held: int
    clean: int


@dataclass(frozen=True, slots=True)
class SessionPage:
    rows: list[SessionRow]
    next_key: str


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """An order of the session that a person has to decide."""

    row: OrderRow
    holds: tuple[HoldView, ...]


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session with what waits in its shop now; both lists are cut at fifty."""

    row: SessionRow
    clean: list[OrderRow]
    held: list[HeldOrder]
    next_at: datetime | None


def sessions_page(
    viewer: Actor, *, state: str = "", shop_id: int | None = None, after: str = "", limit: int = 50
) -> SessionPage:
    """Sessions, newest first."""
    found = CheckSession.objects.filter(shop_id__in=shops_of(viewer)).select_related("shop")
    if state in set(SessionState):
        found = found.filter(state=state)
    if shop_id is not None:
        found = found.filter(shop_id=shop_id)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(id__lt=int(after))
    taken = list(found.order_by("-id")[: limit + 1])
    shown = taken[:limit]
    names = _names([session.signed_by for session in shown])
    stands = _stands([session.pk for session in shown])
    rows = [_row(session, names, stands.get(session.pk)) for session in shown]
    return SessionPage(rows, str(shown[-1].pk) if len(taken) > limit else "")


def session_awaited(shop_id: int, ship_by_at: datetime | None, now: datetime) -> datetime | None:
    """When a clean order of the shop can be released: with the next session; None where it can be now."""
    policy = read_policies()
    if policy("check_mode", shop_id) != "sessions":
        return None
    if CheckSession.objects.filter(shop_id=shop_id, state=SessionState.OPEN).exists():
        return None
    next_at = next_of(now, clock_times(policy("check_times", shop_id)))
    return None if must_ship_before(ship_by_at, next_at) else next_at


def next_sessions(viewer: Actor, now: datetime) -> list[tuple[str, datetime]]:
    """The next session of each shop that checks in sessions, the soonest first."""
    policy = read_policies()
    found = [
        (name, next_of(now, clock_times(policy("check_times", int(shop_id)))))
        for shop_id, name in shop_choices(viewer)
        if policy("check_mode", int(shop_id)) == "sessions"
    ]
    return sorted(found, key=lambda one: one[1])


def session_counts(viewer: Actor) -> dict[str, int]:
    """How many sessions wait for a signature."""
    return {"open": CheckSession.objects.filter(shop_id__in=shops_of(viewer), state=SessionState.OPEN).count()}


def session_view(viewer: Actor, session_id: int) -> SessionView | None:
    """One session with its clean set and its exceptions; None outside the viewer's shops."""
    session = CheckSession.objects.select_related("shop").filter(id=session_id).first()
    if session is None or not viewer.sees_shop(session.shop_id):
        return None
    names = _names([session.signed_by])
    row = _row(session, names, _stands([session.pk]).get(session.pk))
    if session.state == SessionState.SIGNED:
        return SessionView(row, [], [], None)
    clean = [found.id for found in order_sql.CLEAN_TO_CHECK.rows(shop_id=session.shop_id, limit=MOST_SHOWN)]
    next_due = reading.DUES_OF.first(kinds=[deadlines.NEXT_SESSION.name], subject=session.shop_id)
    return SessionView(row, rows_of(clean), _held(session.shop_id), next_due.due_at if next_due else None)


def _held(shop_id: int) -> list[HeldOrder]:
    waiting = Order.objects.filter(shop_id=shop_id, state=OrderState.TO_CHECK, is_history=False)
    ids = list(waiting.exclude(open_holds=[]).order_by("ship_by_at", "id").values_list("id", flat=True)[:MOST_SHOWN])
    holds: dict[int, list[HoldView]] = {}
    for hold in Hold.objects.filter(order_id__in=ids, cleared_at=None).order_by("id"):
        holds.setdefault(hold.order_id, []).append(hold_view(hold, {}))
    return [HeldOrder(row, tuple(holds.get(row.id, ()))) for row in rows_of(ids)]


def _stands(session_ids: list[int]) -> dict[int, reading.SessionStandRow]:
    """How open sessions stand."""
    rows = reading.SESSION_STANDS.rows(sessions=session_ids, kind=deadlines.SIGN_SESSION.name)
    return {row.session_id: row for row in rows}


def _names(ids: list[int | None]) -> dict[int, str]:
    return dict(Person.objects.filter(id__in=[i for i in ids if i]).values_list("id", "name"))


def _row(session: CheckSession, names: dict[int, str], stand: reading.SessionStandRow | None) -> SessionRow:
    return SessionRow(
        id=session.pk,
        shop_id=session.shop_id,
        shop=session.shop.name,
        state=session.state,
        scheduled_at=session.scheduled_at,
        opened_at=session.opened_at,
        due_at=stand.due_at if stand else None,
        signed_at=session.signed_at,
        signed_by=names.get(session.signed_by or 0, ""),
        released=stand.released if stand else session.released_count,
        held=stand.held if stand else session.held_count,
        clean=stand.clean if stand else 0,
    )
