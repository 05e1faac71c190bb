"""What a finding says, and what to do about it."""

from collections.abc import Iterable
from typing import Any

from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.words import FINDINGS, PLACES, PLATFORMS
from shopkeeper.shared.words import COUNTING, T


def said(finding: Finding) -> tuple[T, T]:
    """Reason and remedy with their facts; platforms by their names."""
    reason, remedy = FINDINGS.get(finding.code, (T(finding.code, finding.code), T("", "")))
    facts: dict[str, Any] = {**finding.facts}
    platform = PLATFORMS.get(str(facts.get("platform", "")))
    if platform is None:
        return reason.format(**facts), remedy.format(**facts)
    zh, en = {**facts, "platform": platform.zh}, {**facts, "platform": platform.en}
    return (
        T(reason.zh.format(**zh), COUNTING.format(reason.en, **en)),
        T(remedy.zh.format(**zh), COUNTING.format(remedy.en, **en)),
    )


def told(findings: Iterable[Finding]) -> list[tuple[str, T, T, T]]:
    """Findings as a page shows them: tone, place, reason, remedy."""
    shown = []
    for finding in findings:
        shown.append(("red" if finding.level == "error" else "amber", place_said(finding.place), *said(finding)))
    return shown


def place_said(place: str) -> T:
    """A place in words: `selling_points:0` is the first of them, `attributes:材质` the one of that name."""
    field, _, part = place.partition(":")
    words = PLACES.get(field, T(field, field))
    if not part:
        return words
    which = str(int(part) + 1) if part.isascii() and part.isdecimal() else part
    return T(f"{words.zh} {which}", f"{words.en} {which}")
