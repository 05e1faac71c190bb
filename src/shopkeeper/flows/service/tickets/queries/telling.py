"""What the work list tells of duties that only the buyer can end."""

from collections.abc import Sequence
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.ports import TicketBeside, WaitsFor, Wish
from shopkeeper.flows.service.tickets.models import OrderChange, Ticket, ticket_number
from shopkeeper.flows.service.tickets.rules.asking import REFERENCE
from shopkeeper.flows.service.tickets.states import (
    BUYER_MUST_APPLY,
    CHANGE_UNDER_WAY,
    UNFINISHED,
    ChangeKind,
    ChangeState,
)
from shopkeeper.flows.service.tickets.words import WAITS_FOR_ADDRESS, WAITS_FOR_APPLICATION

TICKETS_MOST = 8  # of an order, beside it


def changes_that_wait(change_ids: Sequence[int]) -> dict[int, str]:
    """Changes that go on once the buyer applied for a refund, or once the platform's order shows the new address."""
    rows = OrderChange.objects.filter(id__in=list(change_ids)).values_list("id", "kind", "state", "answer_code")
    told = {}
    for id_, kind, state, answer in rows:
        if state == ChangeState.BY_HAND and answer == BUYER_MUST_APPLY:
            told[id_] = WAITS_FOR_APPLICATION.text()
        elif state == ChangeState.ACKNOWLEDGED and kind == ChangeKind.ADDRESS:
            told[id_] = WAITS_FOR_ADDRESS.text()
    return told


class ChangesUnderWay:
    """The port of intake: no order goes on while what its customer asked for is carried out."""

    def under_way(self, order_ids: Sequence[int]) -> set[int]:
        found = OrderChange.objects.filter(order_id__in=list(order_ids), state__in=CHANGE_UNDER_WAY)
        return set(found.values_list("order_id", flat=True))

    def asked(self, order_ids: Sequence[int]) -> dict[int, datetime]:
        rows = Ticket.objects.filter(
            order_id__in=list(order_ids), external_ref__startswith=f"{REFERENCE}:", state__in=UNFINISHED
        )
        return {order_id: due for order_id, due in rows.values_list("order_id", "resolve_due_at") if order_id}

    def newest(self, order_ids: Sequence[int]) -> dict[int, Wish]:
        rows = OrderChange.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "-id")
        return {row.order_id: _wish(row) for row in rows.distinct("order_id")}

    def tickets_of(self, order_id: int) -> Sequence[TicketBeside]:
        rows = (
            Ticket.objects.filter(order_id=order_id).order_by("-id").values_list("id", "kind", "state")[:TICKETS_MOST]
        )
        return [TicketBeside(id_, ticket_number(id_), kind, state, state in UNFINISHED) for id_, kind, state in rows]


def _wish(row: OrderChange) -> Wish:
    return Wish(
        id=row.pk,
        order_id=row.order_id,
        kind="cancel" if row.kind == ChangeKind.CANCEL else "address",
        is_under_way=row.state in CHANGE_UNDER_WAY,
        is_done=row.state == ChangeState.DONE,
        waits_for=_waits_for(row),
        due_at=row.due_at,
        ended_at=row.ended_at,
    )


def _waits_for(row: OrderChange) -> WaitsFor:
    if row.state == ChangeState.REQUESTED:
        return "platform"
    if row.state == ChangeState.BY_HAND:
        return "buyer" if row.answer_code == BUYER_MUST_APPLY else "person"
    if row.state == ChangeState.ACKNOWLEDGED:
        return "reading" if row.kind == ChangeKind.ADDRESS else "person"
    return ""
