"""What the procedure asks of a team robot: put a message into the team's group."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RobotMessage:
    """`text` is Markdown when `markdown`, else plain. No personal data of buyers: groups are not masked by
    role."""

    title: str
    text: str
    markdown: bool = True
    at_mobiles: tuple[str, ...] = ()
    at_all: bool = False


class TeamRobot(Protocol):
    """One robot in one group."""

    def send(self, message: RobotMessage) -> None:
        """Deliver once or raise `OutsideError`; `throttled` names when the group takes messages again."""
