"""How products are searched: pieces of two characters, and the initials of the pinyin, looked up in one index.

The database has no Chinese word search. A text is folded (width, case, spaces) and cut into every single and
every pair of neighbouring characters; whoever searches a longer text asks for all its pairs, and the folded
text itself is compared afterwards, so that pairs far apart do not count.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable

MOST_TEXT = 2_000
MOST_GRAMS = 8  # of a question, from its end: codes differ there, and the text itself is compared afterwards

# GB 2312's first level stands in the order of its pinyin; these are the first characters of each initial.
_FIRSTS = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_STARTS = [code for code, _ in _FIRSTS]
_END_OF_LEVEL_ONE = 0xD7FA


def folded(text: str) -> str:
    """A text as it is compared: half width, lower case, without spaces."""
    for _ in range(2):  # what stood apart by a space may join with its neighbour once the space is gone
        text = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return text


def initials(text: str) -> str:
    """The first letters of a text's pinyin: 纯棉T恤 gives 'cmtx'. Rare characters are left out."""
    return "".join(_initial(letter) for letter in folded(text))


def _initial(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isalnum() else ""
    try:
        pair = letter.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    code = int.from_bytes(pair)
    if not _STARTS[0] <= code < _END_OF_LEVEL_ONE:
        return ""
    return _FIRSTS[bisect_right(_STARTS, code) - 1][1]


def grams(text: str) -> list[str]:
    """Every character and every pair of neighbours of a folded text, each once, sorted."""
    return sorted(set(text) | {text[i : i + 2] for i in range(len(text) - 1)})


def search_fields(*texts: str) -> tuple[str, list[str]]:
    """What is stored to find a record by these texts: the folded texts with their initials, and the pieces.

    Parts are kept apart by a line, so that a pair never spans two of them.
    """
    parts: list[str] = []
    for text in texts:
        plain = folded(text)
        short = initials(text)
        parts += [plain] if short == plain else [plain, short]
    kept = "\n".join(part for part in dict.fromkeys(parts) if part)[:MOST_TEXT]
    return kept, [gram for gram in grams(kept) if "\n" not in gram]


def asked_grams(text: str) -> list[str]:
    """The pieces a searched text must have: its pairs, or the one character it is."""
    plain = folded(text)
    pairs = [plain[i : i + 2] for i in range(len(plain) - 1)] or [plain]
    return list(dict.fromkeys(pair for pair in pairs if pair))[-MOST_GRAMS:]


def contained(text: str, stored: Iterable[str]) -> bool:
    """The plain twin of the search: does any stored text hold the searched one?"""
    wanted = folded(text)
    return any(wanted in one for one in stored)
