"""A shop's report, complete and to be signed, and the items of the commands that name it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from shopkeeper.flows.analytics.reports.models import Report
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = date(2026, 5, 31)
MONTH = date(2999, 1, 1)


@dataclass
class Reports:
    report: int


def reports_of(shop: Shop) -> Reports:
    report = Report.objects.create(
        shop=shop, period="day", first_day=DAY, last_day=DAY, state="complete", state_at=NOW, opened_at=NOW,
        sign_due_at=NOW, version=1, made_at=NOW,
    )  # fmt: skip
    return Reports(report.pk)


def _of_report(name: str, **more: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[name].item(report_id=place.reports.report, **more)


def _of_shop(name: str, **more: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[name].item(shop_id=place.shop.pk, **more)


REPORT_ITEMS: dict[str, Callable[[Any], Any]] = {
    "make_reports": _of_shop("make_reports", period="day", first_day=date(2026, 5, 30)),
    "analyse_traffic": _of_report("analyse_traffic", words="搜索上升"),
    "analyse_sales": _of_report("analyse_sales", words="上衣增长"),
    "analyse_customers": _of_report("analyse_customers", words="新客增加"),
    "sign_reports": _of_report("sign_reports", comment="平稳"),
    "confirm_reports": _of_report("confirm_reports"),
    "set_targets": _of_shop("set_targets", metric_id="paid_amount", month=MONTH, value=1_000_000),
}
