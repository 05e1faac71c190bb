"""What follow-ups of receipt ask of service: open cases of their orders, tickets that their problems became."""

from collections.abc import Collection, Sequence

from shopkeeper.flows.fulfilment.settlement.ports import CaseOfOrder, TicketOfProblem
from shopkeeper.flows.service.aftersale.models import AfterSaleCase
from shopkeeper.flows.service.aftersale.queries.cases import CaseFilter, cases_page, in_shops
from shopkeeper.flows.service.aftersale.states import ENDED
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.flows.service.tickets.states import Channel
from shopkeeper.foundation.actor import Actor


class ServiceDesks:
    """Tickets and after-sale, as settlement asks them."""

    def in_aftersale(self, order_ids: Collection[int]) -> set[int]:
        rows = AfterSaleCase.objects.filter(order_id__in=order_ids).exclude(state__in=ENDED)
        return set(rows.values_list("order_id", flat=True))

    def open_cases(self, viewer: Actor, order_id: int) -> Sequence[CaseOfOrder]:
        rows, _ = cases_page(viewer, CaseFilter(order_id=order_id))
        return [CaseOfOrder(row.id, row.number, row.reason, row.state) for row in rows if row.state not in ENDED]

    def ticket_of(self, viewer: Actor, reference: str) -> TicketOfProblem | None:
        row = in_shops(Ticket.objects.filter(external_ref=reference, channel=Channel.PHONE), viewer).first()
        return TicketOfProblem(row.pk, row.number, row.state) if row else None
