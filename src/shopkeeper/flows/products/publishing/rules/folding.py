"""Folding of texts before words are looked for, and the way back from a folded place to the original one.

Full width becomes half, traditional becomes simplified, capitals become small, look-alikes become what they stand
for; spaces, separators and invisible characters between others fall away. The end of a sentence stays: two words
of two sentences are not one.
"""

import unicodedata
from functools import lru_cache
from importlib import resources

BARRIER = "\n"
SENTENCE_ENDS = frozenset("。！？；!?;\n\r…")
KEPT_SIGNS = frozenset("%+")
# What is written instead of a listed word's character, so that a machine does not find it.
LOOK_ALIKES = {
    "蕞": "最", "嘬": "最", "樶": "最", "朂": "最", "冣": "最", "㝡": "最",
    "弌": "一", "壹": "一", "贰": "二", "弍": "二", "叁": "三", "弎": "三",
    "➕": "加", "薇": "微", "徽": "微", "溦": "微", "伩": "信",
    "❶": "1", "➊": "1", "⓵": "1", "Ⅰ": "1", "ⅰ": "1", "❷": "2", "➋": "2", "⓶": "2", "❸": "3", "➌": "3",
    "犮": "极", "囯": "国", "囻": "国", "沏": "彻", "佺": "全", "仝": "同",
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "ο": "o", "ν": "v",
}  # fmt: skip


class _Folds(dict[int, str]):
    """Character → what it folds to, worked out when first met. `str.translate` reads it."""

    def __missing__(self, point: int) -> str:
        folded = self[point] = _fold(chr(point))
        return folded


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    """Traditional characters and their simplified ones, as the converter's dictionary has them."""
    text = resources.files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return {one[0]: one[1].split(" ")[0] for one in pairs if len(one[0]) == 1}


def _fold(char: str) -> str:
    if char in SENTENCE_ENDS:
        return BARRIER
    if char in LOOK_ALIKES:
        return LOOK_ALIKES[char]
    parts = []
    for plain in unicodedata.normalize("NFKC", char).casefold():
        plain = LOOK_ALIKES.get(plain, plain)
        plain = _simplified().get(plain, plain)
        if plain in SENTENCE_ENDS:
            parts.append(BARRIER)
        elif plain in KEPT_SIGNS or unicodedata.category(plain)[0] in "LN":
            parts.append(plain)
    return "".join(parts)


_FOLDS = _Folds()


def fold(text: str) -> str:
    """The text as words are looked for in it."""
    return text.translate(_FOLDS)


def places(text: str) -> list[int]:
    """For every character of the folded text, the place of the original one it came from."""
    found: list[int] = []
    for place, char in enumerate(text):
        found += [place] * len(_FOLDS[ord(char)])
    return found
