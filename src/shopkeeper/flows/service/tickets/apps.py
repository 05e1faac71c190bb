"""Registers the desk tickets."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "shopkeeper.flows.service.tickets"
    label = "tickets"

    def ready(self) -> None:
        from shopkeeper.flows.service.tickets import deadlines  # noqa: PLC0415
        from shopkeeper.flows.service.tickets.queries.telling import (  # noqa: PLC0415 (needs the models)
            changes_that_wait,
            tickets_told,
        )
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415

        tell_of(deadlines.ORDER_CHANGE.name, changes_that_wait)
        for kind in (deadlines.TICKET_ASSIGN, deadlines.TICKET_REPLY, deadlines.TICKET_RESOLVE):
            tell_of(kind.name, tickets_told)
