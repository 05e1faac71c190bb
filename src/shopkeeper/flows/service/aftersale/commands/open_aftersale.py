"""S2.3: a buyer wants something put right: the case is opened and a solution is owed within the policy's hours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.events import AfterSaleOpened
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, CaseLine, case_number
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.flows.service.aftersale.states import Reason
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import seal_many
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

UNPAID, CANCELLED = "unpaid", "cancelled"
Pieces = dict[int, int]  # order line → how many


@dataclass(frozen=True, slots=True)
class WantedPieces:
    """So many pieces of one order line."""

    order_line_id: int
    quantity: Annotated[int, Field(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True)
class OpenAfterSale:
    """A buyer's wish. No `pieces` means all that were not given back yet.

    The buyer's words are kept sealed. `loss_minor` is a stated loss (price protection: the difference).
    """

    order_id: int
    reason: Reason
    pieces: tuple[WantedPieces, ...] = ()
    words: Annotated[str, Field(max_length=2_000)] = field(default="", repr=False)
    loss_minor: Annotated[int, Field(ge=0, le=10**12)] | None = None
    ticket_id: int | None = None
    platform_refund_id: int | None = None
    reason_words: tuple[str, ...] = ()


@command(clause="S2.3", permission=Permission.CASE_OPEN, scope=ShopOf("intake_order", "order_id"))
def open_aftersale(step: Step, items: Sequence[OpenAfterSale]) -> list[Outcome]:
    """Open cases; the policy of the platform as it stands now holds for them to their end.

    A live case of the same order and reason is unchanged, with its id. Refused: "order_not_paid",
    "pieces_unknown" for lines of another order, "pieces_gone" where they were given back already,
    "ticket_elsewhere" for a ticket of another shop.
    """
    orders = sorted({item.order_id for item in items})
    sql.LOCK_ORDERS.run(orders=orders)
    rows = {row.id: row for row in sql.ORDERS.rows(orders=orders)}
    lines: dict[int, dict[int, sql.OrderLineRow]] = defaultdict(dict)
    for line in sql.ORDER_LINES.rows(orders=orders):
        lines[line.order_id][line.id] = line
    tickets = {item.ticket_id for item in items if item.ticket_id}
    shops = dict(Ticket.objects.filter(id__in=tickets).values_list("id", "shop_id")) if tickets else {}
    live = {(row.order_id, row.reason): row.id for row in sql.LIVE_OF_ORDERS.rows(orders=orders)}
    outcomes: list[Outcome] = []
    fresh: dict[tuple[int, str], tuple[OpenAfterSale, Pieces, int]] = {}
    for position, item in enumerate(items):
        key = (item.order_id, str(item.reason))
        if key in live or key in fresh:
            outcomes.append(unchanged(live.get(key)))
            continue
        pieces, code = _pieces(item, lines[item.order_id])
        code = code if _has_money(item, rows[item.order_id].state) else "order_not_paid"
        if item.ticket_id and shops.get(item.ticket_id) != rows[item.order_id].shop_id:
            code = "ticket_elsewhere"
        outcomes.append(refused(code, item.order_id) if code else done())
        if not code:
            fresh[key] = (item, pieces, position)
    made = _write(step, list(fresh.values()), rows)
    for (_, _, position), case in zip(fresh.values(), made, strict=True):
        outcomes[position] = done(case.pk, number=case_number(case.pk))
    return outcomes


def _has_money(item: OpenAfterSale, state: str) -> bool:
    """Whether there may be something to give back: of an order cancelled here, what its buyer asks back on the
    platform, which still has the money."""
    return state not in (UNPAID, CANCELLED) or (state == CANCELLED and item.platform_refund_id is not None)


def _pieces(item: OpenAfterSale, lines: Mapping[int, sql.OrderLineRow]) -> tuple[Pieces, str]:
    """The pieces a case is about, or why it cannot be."""
    left = {line.id: line.quantity - line.given_quantity for line in lines.values()}
    if not item.pieces:
        pieces = {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
        return pieces, "" if pieces else "pieces_gone"
    pieces = {}
    for wanted in item.pieces:
        pieces[wanted.order_line_id] = pieces.get(wanted.order_line_id, 0) + wanted.quantity
    if set(pieces) - set(left):
        return pieces, "pieces_unknown"
    return pieces, "pieces_gone" if any(quantity > left[line] for line, quantity in pieces.items()) else ""


def _write(
    step: Step, fresh: Sequence[tuple[OpenAfterSale, Pieces, int]], orders: Mapping[int, sql.OrderRow]
) -> list[AfterSaleCase]:
    if not fresh:
        return []
    policy = policies(step)
    lines = {
        (row.platform, row.reason): row.id
        for row in sql.CURRENT_POLICY.rows(platforms=sorted({orders[item.order_id].platform for item, _, _ in fresh}))
    }
    sealed = seal_many(
        {n: (orders[i.order_id].subject_id, {"words": i.words.strip()}) for n, (i, _, _) in enumerate(fresh) if i.words}
    )
    cases = []
    for n, (item, _, _) in enumerate(fresh):
        order = orders[item.order_id]
        hours = policy("aftersale_offer_hours", order.shop_id)
        cases.append(
            AfterSaleCase(
                shop_id=order.shop_id,
                order_id=order.id,
                ticket_id=item.ticket_id,
                warehouse_id=order.warehouse_id,
                policy_line_id=lines.get((order.platform, item.reason)) or lines["", str(item.reason)],
                platform_refund_id=item.platform_refund_id,
                reason=str(item.reason),
                reason_words=[word[:30] for word in item.reason_words][:10],
                state_at=step.now,
                currency=order.currency,
                loss_minor=item.loss_minor,
                opened_at=step.now,
                opened_by=step.actor.id,
                offer_due_at=step.now + timedelta(hours=hours),
                subject_id=order.subject_id,
                words_sealed=sealed.get(n, b""),
            )
        )
    AfterSaleCase.objects.bulk_create(cases)
    CaseLine.objects.bulk_create(
        [
            CaseLine(case=case, order_line_id=line_id, quantity=quantity)
            for case, (_, pieces, _) in zip(cases, fresh, strict=True)
            for line_id, quantity in sorted(pieces.items())
        ]
    )
    arm(
        step,
        [
            Arm(deadlines.OFFER, case.pk, case.offer_due_at, shop_id=case.shop_id, label=case_number(case.pk))
            for case in cases
        ],
    )
    step.emit(*(AfterSaleOpened(c.pk, c.order_id, c.shop_id, c.reason, c.ticket_id) for c in cases))
    return cases
