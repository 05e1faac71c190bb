"""The list of orders: pages by key in a fixed number of statements, counters, what a bulk action takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shopkeeper.flows.fulfilment.intake.models import Order, order_number
from shopkeeper.flows.fulfilment.intake.queries.asking import ALL_STATES, OrderQuestion, cursor_of, read_cursor, sought
from shopkeeper.flows.fulfilment.intake.queries.scope import shops_of
from shopkeeper.flows.fulfilment.intake.sql import reading
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.intake.words import hold_names
from shopkeeper.foundation.actor import Actor

LONG_AGO, FAR_AHEAD = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
AT_REST = (OrderState.COMPLETED, OrderState.RETURNED, OrderState.CANCELLED)
MOST_CHOSEN = 10_000
EXPORT_PIECE = 500
_COLUMNS = (
    "id", "platform_no", "state", "placed_at", "paid_at", "ship_by_at", "currency", "paid_minor", "refund_state",
    "open_holds", "receiver_name_masked", "receiver_phone_masked", "receiver_address_masked", "province", "city",
    "has_remark", "seller_flag", "is_history", "shop_id", "shop__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the list; people as masked."""

    id: int
    number: str
    platform_no: str
    state: str
    placed_at: datetime
    paid_at: datetime | None
    ship_by_at: datetime | None
    currency: str
    paid_minor: int
    refund_state: str
    open_holds: tuple[str, ...]
    receiver_name_masked: str
    receiver_phone_masked: str
    receiver_address_masked: str
    province: str
    city: str
    has_remark: bool
    seller_flag: str
    is_history: bool
    shop_id: int
    shop: str
    pieces: int
    kinds: int
    goods: str
    tone: str = ""

    @property
    def why_held(self) -> str:
        return hold_names(self.open_holds)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page; `next_key` is empty on the last."""

    rows: list[OrderRow]
    next_key: str


def orders_page(viewer: Actor, question: OrderQuestion, *, after: str = "", limit: int = 50) -> OrderPage:
    """One page of what the viewer may see, newest first: four statements however long the page."""
    keys = _keys(viewer, question, after, limit + 1)
    shown = keys[:limit]
    next_key = cursor_of(shown[-1].id, shown[-1].at) if len(keys) > limit else ""
    return OrderPage(rows_of([key.id for key in shown]), next_key)


def _keys(viewer: Actor, question: OrderQuestion, after: str, limit: int) -> list[reading.KeyRow]:
    shops = shops_of(viewer)
    if question.shop_id is not None:
        shops = [shop for shop in shops if shop == question.shop_id]
    after_id, at = read_cursor(after)
    common = {"shops": shops, "after": after_id, "limit": limit}
    span = {"since": question.since, "before": question.before}
    if question.texts:
        found = sought(question.texts)
        return reading.PAGE_FOUND.rows(
            ids=found.ids,
            numbers=found.numbers,
            phones=found.phones,
            tails=found.tails,
            state=question.state,
            held=question.held,
            hold=question.hold,
            **span,
            **common,
        )
    if question.held:
        return reading.PAGE_HELD.rows(state=question.state, hold=question.hold, **span, **common)
    if question.since or question.before:
        whole = {"since": question.since or LONG_AGO, "before": question.before or FAR_AHEAD}
        at = at or (FAR_AHEAD if after_id is not None else None)
        return reading.PAGE_BY_DAY.rows(at=at, state=question.state, **whole, **common)
    states = [question.state] if question.state else list(ALL_STATES)
    return reading.PAGE_BY_STATE.rows(states=states, **common)


def rows_of(ids: Sequence[int]) -> list[OrderRow]:
    """Rows of these ids, in their order."""
    plain = {row["id"]: row for row in Order.objects.filter(id__in=ids).values(*_COLUMNS)}
    sums = {row.order_id: row for row in reading.LINE_SUMS.rows(orders=list(ids))}
    rows = []
    for order_id in ids:
        row = dict(plain[order_id])
        lines = sums.get(order_id)
        rows.append(
            OrderRow(
                number=order_number(order_id),
                shop=row.pop("shop__name"),
                open_holds=tuple(row.pop("open_holds")),
                pieces=lines.pieces if lines else 0,
                kinds=lines.kinds if lines else 0,
                goods=lines.first if lines else "",
                tone="red" if row["refund_state"] == "requested" else "",
                **row,
            )
        )
    return rows


def order_counts(viewer: Actor) -> dict[str, int]:
    """The tabs' counters: what is open by state, and what is held."""
    shops = shops_of(viewer)
    states = [state for state in ALL_STATES if state not in AT_REST]
    counts = {row.state: row.count for row in reading.COUNT_OPEN.rows(shops=shops, states=states)}
    held = reading.COUNT_HELD.first(shops=shops)
    return {**counts, "held": held.count if held else 0}


def held_by_code(viewer: Actor) -> dict[str, int]:
    """How many orders wait for each reason."""
    return {row.code: row.count for row in reading.HELD_BY_CODE.rows(shops=shops_of(viewer))}


def matching_orders(viewer: Actor, question: OrderQuestion, limit: int = MOST_CHOSEN) -> list[int]:
    """The ids of everything the question matches, at most `limit`."""
    return [key.id for key in _keys(viewer, question, "", limit)]


def orders_to_export(viewer: Actor, question: OrderQuestion) -> Iterator[OrderRow]:
    """The whole list in pieces, for a sheet, as far as it is asked for."""
    after = ""
    while True:
        page = orders_page(viewer, question, after=after, limit=EXPORT_PIECE)
        yield from page.rows
        after = page.next_key
        if not after:
            return
