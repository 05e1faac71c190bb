"""What a check found: a code, the place, and the facts its words are filled with."""

from dataclasses import dataclass, field
from typing import Any, Literal

Facts = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `error` keeps a product from being submitted; `advice` does not.

    `place` is the field it is about (`title`, `selling_points`, `attributes`, `images`); words for the
    reason and the remedy are found by `code`.
    """

    code: str
    place: str
    facts: Facts = field(default_factory=dict)
    level: Literal["error", "advice"] = "error"

    def plain(self) -> dict[str, Any]:
        """As it is stored and sent."""
        return {"code": self.code, "place": self.place, "facts": self.facts, "level": self.level}


def revived(plain: dict[str, Any]) -> Finding:
    """A stored finding again."""
    return Finding(plain["code"], plain["place"], dict(plain.get("facts", {})), plain.get("level", "error"))


def errors(findings: tuple[Finding, ...] | list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == "error"]
