"""G2: due items reach the team's robot; several at once become one message."""

from collections.abc import Callable, Sequence

from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer
from shopkeeper.shared.outside import OutsideError
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.ports import RobotMessage, TeamRobot
from shopkeeper.sop.roles import ROLE_WORDS

LINES_MAX = 20


def robot_message(robot: Callable[[], TeamRobot | None]) -> Performer:
    """Send the batch as one message; without a robot the work list alone tells."""

    def perform(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
        sender = robot()
        if sender is None:
            return [DONE] * len(rows)
        try:
            sender.send(_message(rows))
        except OutsideError as error:
            ending = "retry" if error.worth_retrying else "give_up"
            return [ErrandResult(ending, str(error), error.retry_after_s)] * len(rows)  # type: ignore[arg-type]
        return [DONE] * len(rows)

    return perform


def _message(rows: Sequence[ErrandRow]) -> RobotMessage:
    """The robot speaks both languages: a group has readers of either."""
    lines = [_line(row) for row in rows[:LINES_MAX]]
    if len(rows) > LINES_MAX:
        lines.append(f"- … +{len(rows) - LINES_MAX}")
    title = f"逾期 {len(rows)} 项 / {len(rows)} overdue"
    return RobotMessage(title, "\n".join([f"### {title}", *lines]))


def _line(row: ErrandRow) -> str:
    kind = KINDS.get(row.data["kind"])
    name = f"{kind.title.zh} / {kind.title.en}" if kind else row.data["kind"]
    role = ROLE_WORDS.get(row.data["role"])
    return f"- {row.data['clause']} {name} {row.data['label']} ({role.zh if role else '-'})"
