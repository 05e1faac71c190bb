"""What a command answers, item by item."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One item's answer: `code` is 'done', 'unchanged', or the coded reason of a refusal.

    `said_by` is the desk whose words explain a refusal; two desks may word one code each for their own work.
    """

    result: Result
    code: str
    id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    said_by: str = field(default="", compare=False)

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


def passed_on(refusal: Outcome, id: int | None) -> Outcome:
    """Another command's refusal as the answer for one's own row; whose words they are stays known."""
    return replace(refusal, id=id)


def signed(outcomes: Sequence[Outcome], desk: str) -> list[Outcome]:
    """Refusals that nobody has signed yet are this desk's; what another desk said stays its own."""
    return [o if o.ok or o.said_by else replace(o, said_by=desk) for o in outcomes]


def as_plain(outcome: Outcome) -> dict[str, Any]:
    """An outcome as it is kept as JSON."""
    return {
        "result": str(outcome.result),
        "code": outcome.code,
        "id": outcome.id,
        "facts": outcome.facts,
        "said_by": outcome.said_by,
    }


def from_plain(kept: dict[str, Any]) -> Outcome:
    return Outcome(Result(kept["result"]), kept["code"], kept["id"], kept["facts"], kept.get("said_by", ""))
