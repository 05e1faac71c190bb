"""What stands in the way of a product's approval: listed words in what it says, and what is missing in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shopkeeper.flows.products.publishing.rules.folding import fold
from shopkeeper.flows.products.publishing.rules.word_list import Hit, WordList, check_all
from shopkeeper.flows.products.publishing.states import Severity

WORD = "listed_word"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding at said[place][start:end]. `code` is WORD, or what the completeness check calls it.

    `exempt_by` is the exemption that covers it; such a finding no longer stops anything.
    """

    place: str
    start: int
    end: int
    written: str
    code: str
    severity: str
    term: str = ""
    ground: str = ""
    suggestion: str = ""
    exempt_by: int | None = None

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCK and self.exempt_by is None

    @property
    def warns(self) -> bool:
        return self.severity == Severity.WARN and self.exempt_by is None

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Granted:
    """An exemption in force: its number and the folded word it covers."""

    id: int
    folded: str


def word_findings(
    words: WordList,
    said: Mapping[str, str],
    category: str,
    platforms: Sequence[str],
    granted: Collection[Granted] = (),
) -> list[Finding]:
    """Listed words in every place, those covered by an exemption marked with it."""
    exempt = {one.folded: one.id for one in granted}
    return [
        _finding(place, said[place], hit, exempt)
        for place, hits in check_all(words, said, category, platforms).items()
        for hit in hits
    ]


def _finding(place: str, text: str, hit: Hit, exempt: Mapping[str, int]) -> Finding:
    written = text[hit.start : hit.end]
    return Finding(
        place=place,
        start=hit.start,
        end=hit.end,
        written=written,
        code=WORD,
        severity=hit.term.severity,
        term=hit.term.text,
        ground=hit.term.ground,
        suggestion=hit.term.suggestion,
        exempt_by=exempt.get(fold(hit.term.text)) or exempt.get(fold(written)),
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as it is shown: plain, or with the finding that stands on it."""

    text: str
    finding: Finding | None = None


def pieces(text: str, findings: Sequence[Finding]) -> list[Piece]:
    """Cut a text along its findings; where two overlap, the first keeps the place."""
    cut: list[Piece] = []
    at = 0
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if finding.start < at or finding.end > len(text):
            continue
        if finding.start > at:
            cut.append(Piece(text[at : finding.start]))
        cut.append(Piece(text[finding.start : finding.end], finding))
        at = finding.end
    if at < len(text):
        cut.append(Piece(text[at:]))
    return cut


@dataclass(frozen=True, slots=True)
class Change:
    """One place that says something else than at the version looked at last; empty: it was not, is not there."""

    place: str
    was: str
    now: str


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[Change]:
    """What is different, in the order of the new text; what fell away stands last."""
    ordered = [*now, *(place for place in before if place not in now)]
    return [
        Change(place, before.get(place, ""), now.get(place, ""))
        for place in ordered
        if before.get(place, "") != now.get(place, "")
    ]
