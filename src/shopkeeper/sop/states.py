"""How a duty of the procedure may end."""

from enum import StrEnum


class Ending(StrEnum):
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
