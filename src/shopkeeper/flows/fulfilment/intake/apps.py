"""Registers the desk intake."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "shopkeeper.flows.fulfilment.intake"
    label = "intake"

    def ready(self) -> None:
        from shopkeeper.flows.fulfilment.intake.deadlines import DECIDE_HOLDS  # noqa: PLC0415
        from shopkeeper.flows.fulfilment.intake.queries.finding import find_orders  # noqa: PLC0415 (needs the models)
        from shopkeeper.flows.fulfilment.intake.queries.telling import holds_of_orders  # noqa: PLC0415
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415
        from shopkeeper.web.plugs import provide  # noqa: PLC0415

        provide(finder=find_orders)
        tell_of(DECIDE_HOLDS.name, holds_of_orders)
