"""Registers the desk intake."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "shopkeeper.flows.fulfilment.intake"
    label = "intake"

    def ready(self) -> None:
        from shopkeeper.flows.fulfilment.intake.queries.finding import find_orders  # noqa: PLC0415 (needs the models)
        from shopkeeper.web.plugs import provide  # noqa: PLC0415

        provide(finder=find_orders)
