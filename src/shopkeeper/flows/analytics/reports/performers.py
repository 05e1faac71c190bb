"""What is done after commit: a report is computed, with no transaction open; a signed one is told to the team."""

from collections.abc import Callable, Sequence
from datetime import datetime

from shopkeeper.flows.analytics.lake.commands.write_lake import WriteLake, write_lake
from shopkeeper.flows.analytics.lake.queries.standing import is_behind
from shopkeeper.flows.analytics.reports.commands.make_reports import RecordReport, record_reports
from shopkeeper.flows.analytics.reports.commands.opening import MAKE_REPORT
from shopkeeper.flows.analytics.reports.commands.sign_reports import TELL_REPORT
from shopkeeper.flows.analytics.reports.queries.making import computed, end_of_report
from shopkeeper.flows.analytics.reports.queries.telling import told
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer
from shopkeeper.shared.outside import OutsideError
from shopkeeper.sop.ports import RobotMessage, TeamRobot

WRITES_AT_ONCE = 5
LAKE_RETRY_S = 30.0


def performers(robot: Callable[[], TeamRobot | None]) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {MAKE_REPORT: make_report, TELL_REPORT: tell_report(robot)}


def make_report(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """Compute each report and keep it, once its whole period is in the lake. One computed meanwhile is left alone."""
    return [_made(row.subject_id) for row in rows]


def _made(report_id: int) -> ErrandResult:
    end = end_of_report(report_id)
    if end is None:
        return DONE
    if not _is_written(end):
        return ErrandResult("retry", "lake_behind", LAKE_RETRY_S)
    found = computed(report_id)
    if found is not None:
        record_reports(SYSTEM, [RecordReport(report_id, found.figures, found.failed)])
    return DONE


def _is_written(end: datetime) -> bool:
    """Is everything in the lake that happened before `end`? What waits is written now, as far as a few writes reach."""
    for _ in range(WRITES_AT_ONCE):
        if not is_behind(end):
            return True
        write_lake.one(SYSTEM, WriteLake())
    return not is_behind(end)


def tell_report(robot: Callable[[], TeamRobot | None]) -> Performer:
    """One message a report; without a robot its page alone tells."""

    def perform(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
        sender = robot()
        results = []
        for row in rows:
            message = told(row.subject_id) if sender else None
            results.append(_sent(sender, message) if sender and message else DONE)
        return results

    return perform


def _sent(sender: TeamRobot, message: RobotMessage) -> ErrandResult:
    try:
        sender.send(message)
    except OutsideError as error:
        return ErrandResult("retry" if error.worth_retrying else "give_up", str(error), error.retry_after_s)
    return DONE
