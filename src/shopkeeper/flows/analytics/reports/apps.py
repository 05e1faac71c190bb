"""Registers the desk reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "shopkeeper.flows.analytics.reports"
    label = "reports"

    def ready(self) -> None:
        from shopkeeper.flows.analytics.reports.deadlines import REPORT_SIGN  # noqa: PLC0415
        from shopkeeper.flows.analytics.reports.queries.telling import signing_of_reports  # noqa: PLC0415 (needs models)
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415

        tell_of(REPORT_SIGN.name, signing_of_reports)
