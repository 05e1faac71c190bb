"""Facts of the lower flows as rows of the lake: read by id, a constant number of statements whatever the batch.

Each row carries its home, the day that never changes, beside the day it is counted on.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.analytics.lake.records.files import HOME
from shopkeeper.flows.analytics.lake.rules.times import day_on, wall_clock
from shopkeeper.flows.fulfilment.intake.queries.facts import LineFact, OrderFact, line_facts, order_facts
from shopkeeper.flows.fulfilment.parcels.queries.facts import parcel_facts
from shopkeeper.flows.fulfilment.settlement.queries.facts import booked_costs, refund_facts
from shopkeeper.flows.service.aftersale.queries.facts import CauseFact, offered_at, refund_causes
from shopkeeper.flows.service.feedback.queries.facts import survey_facts
from shopkeeper.flows.service.tickets.queries.facts import ticket_facts
from shopkeeper.foundation.personal import blind_index
from shopkeeper.shared.money import apportion

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def buyer_of(subject_id: int) -> str:
    """A buyer in the lake: the subject's number through a keyed hash."""
    return blind_index("lake-buyer", str(subject_id)).hex()


@dataclass(frozen=True, slots=True)
class OrdersRead:
    """Orders with what belongs to them, read once for cleaning and for writing."""

    orders: Sequence[OrderFact]
    lines: Mapping[int, Sequence[LineFact]]

    def pieces(self, order_id: int) -> int:
        return sum(line.quantity for line in self.lines.get(order_id, ()))


def read_orders(ids: Collection[int]) -> OrdersRead:
    return OrdersRead(order_facts(ids), line_facts(ids)) if ids else OrdersRead((), {})


def order_rows(read: OrdersRead, marks: Mapping[int, str], version: int) -> Rows:
    """Rows of orders, their lines and their refunds; what is set aside of an order is set aside of all three."""
    if not read.orders:
        return {}
    costs = booked_costs([order.id for order in read.orders])
    shared = {order.id: _shared(order, marks.get(order.id, ""), version) for order in read.orders}
    return {
        "orders": [_order_row(order, shared[order.id], read.pieces(order.id)) for order in read.orders],
        "order_lines": [
            row
            for order in read.orders
            for row in _line_rows(order, shared[order.id], read.lines.get(order.id, ()), costs)
        ],
        "refunds": _refund_rows({order.id: order for order in read.orders}, shared),
    }


def _shared(order: OrderFact, mark: str, version: int) -> Row:
    """What the rows of one order have in common."""
    return {
        "biz_date": day_on(order.paid_at or order.placed_at, order.zone),
        HOME: day_on(order.placed_at, order.zone),
        "shop_id": order.shop_id,
        "version": version,
        "mark": mark,
        "order_id": order.id,
    }


def _order_row(order: OrderFact, shared: Row, pieces: int) -> Row:
    return {
        **shared,
        "platform": order.platform,
        "order_no": order.platform_no,
        "buyer": buyer_of(order.subject_id),
        "state": order.state,
        "placed_at": wall_clock(order.placed_at, order.zone),
        "paid_at": wall_clock(order.paid_at, order.zone),
        "completed_at": wall_clock(order.completed_at, order.zone),
        "paid_minor": order.paid_minor,
        "goods_minor": order.goods_minor,
        "discount_minor": order.discount_minor,
        "freight_minor": order.freight_minor,
        "pieces": pieces,
    }


def _line_rows(order: OrderFact, shared: Row, lines: Sequence[LineFact], costs: Mapping[int, int]) -> list[Row]:
    """An order's lines; the cost is what was booked, before that what the SKU costs now."""
    return [
        {
            **shared,
            "line_id": line.id,
            "sku_id": line.sku_id,
            "sku_code": line.sku_code,
            "category": line.category,
            "pieces": line.quantity,
            "paid_minor": share,
            "cost_minor": costs.get(line.id, (line.unit_cost_minor or 0) * line.quantity),
        }
        for line, share in zip(lines, shares_of(order, lines), strict=True)
    ]


def shares_of(order: OrderFact, lines: Sequence[LineFact]) -> list[int]:
    """What was paid for goods, over the lines by what each says was paid for it; the parts sum to the whole."""
    goods = max(0, order.paid_minor - order.freight_minor)
    weights = [max(0, line.paid_minor) for line in lines]
    if sum(weights) == goods:
        return weights
    return apportion(goods, weights) if lines else []


def _refund_rows(orders: Mapping[int, OrderFact], shared: Mapping[int, Row]) -> list[Row]:
    causes: dict[int, list[CauseFact]] = defaultdict(list)
    for found in refund_causes(orders):
        causes[found.order_id].append(found)
    rows = []
    for refund in refund_facts(orders):
        order, own = orders[refund.order_id], causes[refund.order_id]
        cause = next((c for c in own if c.refund_no == refund.reference), own[-1] if own else None)
        day = day_on(refund.noted_at, order.zone)
        rows.append(
            {
                **shared[order.id],
                "biz_date": day,
                HOME: day,
                "reference": refund.reference,
                "buyer": buyer_of(order.subject_id),
                "refund_minor": refund.refund_minor,
                "reason": cause.reason if cause else "",
                "is_returned": bool(cause and cause.is_returned),
            }
        )
    return rows


def parcel_rows(ids: Collection[int], version: int) -> list[Row]:
    rows = []
    for parcel in parcel_facts(ids) if ids else ():
        opened = day_on(parcel.opened_at, parcel.zone)
        left = wall_clock(parcel.handed_over_at, parcel.zone)
        rows.append(
            {
                "biz_date": left.date() if left else opened,
                HOME: opened,
                "shop_id": parcel.shop_id,
                "version": version,
                "mark": "",
                "parcel_id": parcel.id,
                "order_id": parcel.order_id,
                "courier": parcel.courier,
                "warehouse_id": parcel.warehouse_id,
                "state": parcel.state,
                "opened_at": wall_clock(parcel.opened_at, parcel.zone),
                "ship_by": wall_clock(parcel.ship_by_at, parcel.zone),
                "handed_over_at": left,
                "signed_at": wall_clock(parcel.signed_at, parcel.zone),
            }
        )
    return rows


def ticket_rows(ids: Collection[int], version: int) -> list[Row]:
    tickets = ticket_facts(ids) if ids else []
    offered = offered_at([ticket.id for ticket in tickets]) if tickets else {}
    rows = []
    for ticket in tickets:
        opened = day_on(ticket.opened_at, ticket.zone)
        replied = ticket.first_reply_at
        rows.append(
            {
                "biz_date": opened,
                HOME: opened,
                "shop_id": ticket.shop_id,
                "version": version,
                "mark": "",
                "ticket_id": ticket.id,
                "order_id": ticket.order_id,
                "channel": ticket.channel,
                "kind": ticket.kind,
                "stage": ticket.stage,
                "opened_at": wall_clock(ticket.opened_at, ticket.zone),
                "first_reply_seconds": int((replied - ticket.opened_at).total_seconds()) if replied else None,
                "offered_at": wall_clock(offered.get(ticket.id), ticket.zone),
                "resolved_at": wall_clock(ticket.resolved_at, ticket.zone),
            }
        )
    return rows


def rating_rows(ids: Collection[int], version: int) -> list[Row]:
    rows = []
    for survey in survey_facts(ids) if ids else ():
        invited = day_on(survey.invited_at, survey.zone)
        rows.append(
            {
                "biz_date": invited,
                HOME: invited,
                "shop_id": survey.shop_id,
                "version": version,
                "mark": "",
                "survey_id": survey.id,
                "ticket_id": survey.ticket_id,
                "stars": survey.score,
                "sent_at": wall_clock(survey.invited_at, survey.zone),
                "answered_at": wall_clock(survey.answered_at, survey.zone),
            }
        )
    return rows
