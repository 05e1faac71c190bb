"""Registers the desk lake."""

from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "shopkeeper.flows.analytics.lake"
    label = "lake"

    def ready(self) -> None:
        from shopkeeper.flows.analytics.lake.deadlines import CLEANING_CONFIRM  # noqa: PLC0415
        from shopkeeper.flows.analytics.lake.queries.telling import days_of_suspicions  # noqa: PLC0415 (needs models)
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415

        tell_of(CLEANING_CONFIRM.name, days_of_suspicions)
