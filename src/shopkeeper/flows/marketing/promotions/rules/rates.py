"""折 as people write it: 8.5折, 85折, 八五折, 八点五折 and 9折. Rates are what the buyer pays, in thousandths."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Whole numbers only: what stands inside a longer number is no rate of its own.
_SPOKEN = "〇零一二三四五六七八九十"
NUMBER = rf"(?:(?<![0-9.·])[0-9][0-9.·]*|(?<![{_SPOKEN}点])[{_SPOKEN}][{_SPOKEN}点.·]*)"
# Not everything that is folded is an offer: 折扣, 折叠, 折痕, 三折伞.
TENTHS = r"\s*折(?![扣叠痕页线伞屏椅凳])"
# Words that end in a number, which the number behind them does not go on with: 双十一八五折, 统一九折.
ENDS_IN_NUMBER = re.compile(r"双(?:1[12]|十[一二])|[统唯之单专]一|(?:周|星期|礼拜)[一二三四五六]")
DIGITS = {char: str(number) for number, char in enumerate("〇一二三四五六七八九")} | {"零": "0"}
WRITTEN = re.compile(rf"({NUMBER}){TENTHS}")
FULL = 1_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate written at text[start:end]; `permille` None where the number says none."""

    start: int
    end: int
    permille: int | None


def rates_in(text: str) -> Iterator[Rate]:
    """Every 折 of a text in plain (half-width) digits, in its order."""
    apart = ENDS_IN_NUMBER.sub(lambda hit: "■" * len(hit[0]), text)  # places stay
    for hit in WRITTEN.finditer(apart):
        yield Rate(hit.start(), hit.end(), permille(hit[1]))


def written_alike(text: str) -> str:
    """The text with every rate in one way of writing, set off from what stands before it."""
    cut, at = [], 0
    for rate in rates_in(text):
        if rate.permille is not None:
            cut += [text[at : rate.start], f"<{rate.permille}>"]
            at = rate.end
    return "".join([*cut, text[at:]])


def permille(number: str) -> int | None:
    """The number before 折: 8.5, 85, 八五 and 八点五 are 850; 9, 90 and 九 are 900. None: it says no rate (185)."""
    plain = unicodedata.normalize("NFKC", number).strip()
    plain = "".join(DIGITS.get(char, char) for char in plain.replace("点", ".").replace("·", "."))
    if plain in ("10", "十"):  # the whole price
        return FULL
    if re.fullmatch(r"[1-9][0-9]", plain):
        return int(plain) * 10
    return round(float(plain) * 100) if re.fullmatch(r"[0-9](?:\.[0-9]{1,2})?", plain) else None
