"""Registers the desk tickets."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "shopkeeper.flows.service.tickets"
    label = "tickets"

    def ready(self) -> None:
        from shopkeeper.flows.service.tickets.deadlines import ORDER_CHANGE  # noqa: PLC0415
        from shopkeeper.flows.service.tickets.queries.telling import changes_that_wait  # noqa: PLC0415 (the models)
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415

        tell_of(ORDER_CHANGE.name, changes_that_wait)
