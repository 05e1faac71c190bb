"""Opening reports, as by the clock so by hand: the row, the time to sign, the errand that computes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shopkeeper.flows.analytics.reports.deadlines import REPORT_SIGN
from shopkeeper.flows.analytics.reports.events import ReportOpened
from shopkeeper.flows.analytics.reports.models import report_number
from shopkeeper.flows.analytics.reports.rules.spans import PERIODS_OF, Span
from shopkeeper.flows.analytics.reports.sql import reports as sql
from shopkeeper.flows.analytics.reports.states import ReportPeriod
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import SHOP_ZONE, at_time, day_of
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import clock_times, policies

MAKE_REPORT = "make_report"
ALL_SHOPS = 0  # the subject that stands for all shops together


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report to be opened."""

    shop_id: int | None
    zone: ZoneInfo
    period: ReportPeriod
    span: Span


def open_reports(step: Step, wanted: Sequence[Wanted]) -> list[sql.OpenedRow]:
    """Open those that are not there yet; have them computed once this is committed."""
    if not wanted:
        return []
    rows = [
        {
            "shop_id": one.shop_id,
            "period": str(one.period),
            "first_day": one.span.first,
            "last_day": one.span.last,
            "sign_due_at": sign_due_at(step, one.shop_id, one.zone),
        }
        for one in wanted
    ]
    opened = sql.OPEN.rows(now=step.now, reports=as_json(rows))
    arm(step, [Arm(REPORT_SIGN, row.id, row.sign_due_at, row.shop_id, None, report_number(row.id)) for row in opened])
    have_made(step, [(row.id, row.shop_id) for row in opened])
    step.emit(*(ReportOpened(row.id, row.shop_id, row.period, row.first_day.isoformat()) for row in opened))
    return opened


def have_made(step: Step, reports: Sequence[tuple[int, int | None]]) -> None:
    """Computing takes seconds: no transaction waits for it."""
    step.errand(*(Errand(MAKE_REPORT, report_id, step.now, shop_id) for report_id, shop_id in reports))


def sign_due_at(step: Step, shop_id: int | None, zone: ZoneInfo) -> datetime:
    """This morning by the policy's time; one opened later has as long as it would have had in the morning."""
    make, sign = (
        at_time(day_of(step.now, zone), clock_times(policies(step)(key, shop_id))[0], zone)
        for key in ("report_make_time", "report_sign_time")
    )
    return sign if step.now <= make else max(sign, step.now + max(sign - make, timedelta(minutes=30)))


def periods_of(step: Step, shop_id: int | None) -> tuple[ReportPeriod, ...]:
    """What is made of a shop, or of all together, without being asked for."""
    return PERIODS_OF[policies(step)("report_periods", shop_id)]


def next_making(step: Step, shop_id: int | None, zone: ZoneInfo) -> datetime:
    """The next morning's making."""
    at = clock_times(policies(step)("report_make_time", shop_id))[0]
    today = at_time(day_of(step.now, zone), at, zone)
    return today if today > step.now else at_time(day_of(step.now, zone) + timedelta(days=1), at, zone)


def zones_of(shops: Sequence[sql.ShopRow]) -> dict[int, ZoneInfo]:
    return {ALL_SHOPS: SHOP_ZONE, **{shop.id: ZoneInfo(shop.zone) for shop in shops}}
