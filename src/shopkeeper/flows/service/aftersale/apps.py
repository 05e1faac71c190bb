"""Registers the desk aftersale."""

from django.apps import AppConfig


class AftersaleConfig(AppConfig):
    name = "shopkeeper.flows.service.aftersale"
    label = "aftersale"

    def ready(self) -> None:
        from shopkeeper.flows.service.aftersale.deadlines import OFFER, PAY  # noqa: PLC0415
        from shopkeeper.flows.service.aftersale.queries.telling import (  # noqa: PLC0415 (needs the models)
            cases_that_wait,
            refunds_that_wait,
        )
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415

        tell_of(OFFER.name, cases_that_wait)
        tell_of(PAY.name, refunds_that_wait)
