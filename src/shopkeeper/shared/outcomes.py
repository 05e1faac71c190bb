"""What a command answers, item by item."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One item's answer: `code` is 'done', 'unchanged', or the coded reason of a refusal."""

    result: Result
    code: str
    id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.result is not Result.REFUSED

    @property
    def changed(self) -> bool:
        return self.result is Result.DONE


def done(id: int | None = None, **facts: Any) -> Outcome:
    return Outcome(Result.DONE, "done", id, facts)


def unchanged(id: int | None = None, **facts: Any) -> Outcome:
    """The wished state already holds: a repeated request, not an error."""
    return Outcome(Result.UNCHANGED, "unchanged", id, facts)


def refused(code: str, id: int | None = None, **facts: Any) -> Outcome:
    return Outcome(Result.REFUSED, code, id, facts)


def as_plain(outcome: Outcome) -> dict[str, Any]:
    """An outcome as it is kept as JSON."""
    return {"result": str(outcome.result), "code": outcome.code, "id": outcome.id, "facts": outcome.facts}


def from_plain(kept: dict[str, Any]) -> Outcome:
    return Outcome(Result(kept["result"]), kept["code"], kept["id"], kept["facts"])
