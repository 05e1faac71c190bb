"""What is done after commit: a report is computed, with no transaction open; a signed one is told to the team."""

from collections.abc import Callable, Sequence

from shopkeeper.flows.analytics.reports.commands.make_reports import RecordReport, record_reports
from shopkeeper.flows.analytics.reports.commands.opening import MAKE_REPORT
from shopkeeper.flows.analytics.reports.commands.sign_reports import TELL_REPORT
from shopkeeper.flows.analytics.reports.queries.making import computed
from shopkeeper.flows.analytics.reports.queries.telling import told
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer
from shopkeeper.shared.outside import OutsideError
from shopkeeper.sop.ports import RobotMessage, TeamRobot


def performers(robot: Callable[[], TeamRobot | None]) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {MAKE_REPORT: make_report, TELL_REPORT: tell_report(robot)}


def make_report(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """Compute each report and keep it. One that was computed meanwhile is left alone."""
    for row in rows:
        found = computed(row.subject_id)
        if found is not None:
            record_reports(SYSTEM, [RecordReport(row.subject_id, found.figures, found.failed)])
    return [DONE] * len(rows)


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
