"""What the team's robot says of a signed report: its head in both languages, and where to read it."""

from django.conf import settings

from shopkeeper.flows.analytics.reports.queries.reports import ReportRecord, report_record
from shopkeeper.flows.analytics.reports.rules.metrics import headlines
from shopkeeper.flows.analytics.reports.states import ENDED, Block, ReportPeriod, ReportState
from shopkeeper.flows.analytics.reports.words import ALL_SHOPS, BLOCKS, LABELS, shown
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.words import LANGUAGES, speaking
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
