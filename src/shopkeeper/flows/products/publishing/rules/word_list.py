"""The word check: every listed term in a text, in one pass of an automaton, however it is disguised.

Terms are folded once, texts when they are checked. A term of severity `allow` makes what lies inside it harmless
(最近, 第一次); `#` in a term stands for one digit. Hits name their place in the text as it was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick

from shopkeeper.flows.products.publishing.rules.folding import fold, places
from shopkeeper.flows.products.publishing.states import Severity

DIGIT = "#"
DIGITS = "0123456789"
_RANK = {str(Severity.ALLOW): 0, str(Severity.WARN): 1, str(Severity.BLOCK): 2}


@dataclass(frozen=True, slots=True)
class Term:
    """One term. `category`: words of which one stands in the goods' category path, `!` before them: none does."""

    text: str
    severity: str
    ground: str
    suggestion: str = ""
    category: str = ""
    platform: str = ""

    def holds(self, category: str, platforms: Sequence[str]) -> bool:
        """Is the term meant for goods of this category on one of these platforms?"""
        if self.platform and self.platform not in platforms:
            return False
        scope = self.category.removeprefix("!")
        inside = not scope or any(word in category for word in scope.split("|"))
        return inside != self.category.startswith("!")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found at text[start:end]."""

    start: int
    end: int
    term: Term


def folded_term(text: str) -> str:
    """A term as it is looked for; one `#` may stand in it. Empty where nothing of it can be found."""
    return DIGIT.join(fold(part) for part in text.split(DIGIT)) if text.replace(DIGIT, "").strip() else ""


def _spelled_out(folded: str) -> list[str]:
    if DIGIT not in folded:
        return [folded]
    return [one for digit in DIGITS for one in _spelled_out(folded.replace(DIGIT, digit, 1))]


class WordList:
    """A list of terms made ready. Making it takes milliseconds per thousand terms; checking does not change it."""

    def __init__(self, terms: Sequence[Term]) -> None:
        by_pattern: dict[str, list[Term]] = {}
        for term in terms:
            for pattern in _spelled_out(folded_term(term.text)):
                if pattern:
                    by_pattern.setdefault(pattern, []).append(term)
        self.patterns = list(by_pattern)
        self._terms = list(by_pattern.values())
        self._edges = [
            (_is_latin(p[0]), _is_latin(p[-1]) and not any(term.text.endswith(DIGIT) for term in terms))
            for p, terms in by_pattern.items()
        ]
        self.automaton = AhoCorasick(self.patterns, matchkind=MATCHKIND_STANDARD) if self.patterns else None

    def check(self, text: str, category: str = "", platforms: Sequence[str] = ()) -> list[Hit]:
        """Every term that stands in the text, the longest where several share a place, in order of place."""
        if self.automaton is None:
            return []
        folded = fold(text)
        matches = self.automaton.find_matches_as_indexes(folded, overlapping=True)
        if not matches:
            return []
        origin = places(text)
        hits: list[Hit] = []
        for pattern, start, end in matches:
            first, last = origin[start], origin[end - 1]
            if self._cuts_a_word(pattern, text, first, last):
                continue
            held = [term for term in self._terms[pattern] if term.holds(category, platforms)]
            if held:
                hits.append(Hit(first, last + 1, max(held, key=lambda term: _RANK[term.severity])))
        return _standing(hits)

    def _cuts_a_word(self, pattern: int, text: str, first: int, last: int) -> bool:
        """NO.1 is not found in PIANO 1, nor TOP1 in TOP10: Latin words and numbers count whole, a last `#` does not."""
        starts_latin, ends_latin = self._edges[pattern]
        if starts_latin and first and _is_latin(text[first - 1]):
            return True
        return ends_latin and last + 1 < len(text) and _is_latin(text[last + 1])


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _standing(hits: list[Hit]) -> list[Hit]:
    """Hits that no allowed phrase covers and no longer hit contains."""
    hits.sort(key=lambda hit: (hit.start, -hit.end, _RANK[hit.term.severity]))
    allowed_until = 0
    standing: list[Hit] = []
    for hit in hits:
        if hit.term.severity == Severity.ALLOW:
            allowed_until = max(allowed_until, hit.end)
        elif hit.end > allowed_until and not _says_no_more(hit, standing):
            standing.append(hit)
    return standing


def _says_no_more(hit: Hit, standing: list[Hit]) -> bool:
    """Does the hit before it contain this one, and weigh as much?"""
    before = standing[-1] if standing else None
    return before is not None and hit.end <= before.end and _RANK[hit.term.severity] <= _RANK[before.term.severity]


def check_all(
    words: WordList, said: Mapping[str, str], category: str = "", platforms: Sequence[str] = ()
) -> dict[str, list[Hit]]:
    """Hits per place, places without any left out."""
    found = {place: words.check(text, category, platforms) for place, text in said.items()}
    return {place: hits for place, hits in found.items() if hits}
