"""What is told of reports: on the work list which one is to be signed, by the team's robot what a signed one says."""

from collections.abc import Sequence

from django.conf import settings

from shopkeeper.flows.analytics.reports.models import Report
from shopkeeper.flows.analytics.reports.queries.reports import ReportRecord, report_record
from shopkeeper.flows.analytics.reports.rules.analyses import are_needed, unwritten
from shopkeeper.flows.analytics.reports.rules.metrics import headlines
from shopkeeper.flows.analytics.reports.states import ENDED, Block, ReportPeriod, ReportState
from shopkeeper.flows.analytics.reports.words import ALL_SHOPS, ANALYSES, BLOCKS, LABELS, shown
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.words import LANGUAGES, T, listed, speaking
from shopkeeper.sop.policy import read_policies
from shopkeeper.sop.ports import RobotMessage


def told(report_id: int) -> RobotMessage | None:
    """The message; None where the report is not signed. A group has readers of either language."""
    found = report_record(SYSTEM, report_id)
    if found is None or found.row.state not in ENDED:
        return None
    titles, lines = [], []
    for language in LANGUAGES:
        with speaking(language):
            titles.append(_title(found))
            lines += [f"**{_title(found)}**", *_lines(found)]
    lines += [found.row.comment, f"{settings.SHOPKEEPER_PUBLIC_URL}/reports/{report_id}/"]
    title = " / ".join(titles)
    return RobotMessage(title, "\n\n".join([f"### {title}", *lines]))


def signing_of_reports(report_ids: Sequence[int]) -> dict[int, str]:
    """Of each report to be signed: what of, of which days, and the analyses that have to be written first."""
    policy = read_policies()
    told: dict[int, str] = {}
    for row in Report.objects.filter(id__in=report_ids).select_related("shop"):
        period, shop = LABELS[ReportPeriod][ReportPeriod(row.period)].text, row.shop.name if row.shop else ALL_SHOPS
        days = f"{row.first_day:%m-%d}"
        if row.last_day != row.first_day:
            days += f" – {row.last_day:%m-%d}"
        told[row.pk] = f"{period} {days} · {shop}"
        parts = unwritten(row) if are_needed(policy("report_analyses", row.shop_id), row.period) else []
        if parts:
            words = T("{what}，先写{parts}", "{what}, first write: {parts}")
            told[row.pk] = words.format(what=told[row.pk], parts=listed(ANALYSES[part] for part in parts)).text()
    return told


def _title(found: ReportRecord) -> str:
    row = found.row
    period = LABELS[ReportPeriod][row.period].text
    days = f"{row.first_day}" if row.first_day == row.last_day else f"{row.first_day} – {row.last_day}"
    return f"{period} {row.shop or ALL_SHOPS} {days}"


def _lines(found: ReportRecord) -> list[str]:
    lines = [f"- {metric.name} {shown(found.figure(metric.id))}" for metric in headlines()]
    if found.failed:
        missing = ", ".join(str(BLOCKS[Block(name)]) for name in found.failed)
        lines.append(f"- ⚠ {LABELS[ReportState][ReportState.INCOMPLETE].text} {missing}")
    return lines
