"""S2.1: how text is found: pairs of neighbouring Chinese characters, and whole Latin words."""

import re

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
GRAM_LONGEST = 20
GRAMS_MOST = 4_000


def grams_of(text: str) -> list[str]:
    """Each gram once, sorted. One character alone is its own gram."""
    found: set[str] = set()
    for run in _RUN.findall(text.casefold()):
        if run[0].isascii():
            found.add(run[:GRAM_LONGEST])
        elif len(run) == 1:
            found.add(run)
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(found)[:GRAMS_MOST]


PLACES = ("order", "parcel", "stock", "price", "agent", "shop")
_PLACE = re.compile(r"\{([^{}]*)\}")


def unknown_places(text: str) -> list[str]:
    """Places in braces that nothing can fill."""
    return sorted({name for name in _PLACE.findall(text) if name not in PLACES})


def fill(text: str, facts: dict[str, str], missing: str) -> str:
    """The text with its places filled; what is not known reads `missing`, so that nobody sends it unread."""
    return _PLACE.sub(lambda match: facts.get(match[1]) or missing, text)
