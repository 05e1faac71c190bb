"""Figures as research tools export them: "2,133", "0.45%", "1.2万", "-" (china-ecosystem: 生意参谋 exports)."""

import re
from decimal import Decimal

UNITS = {"万": 10_000, "亿": 100_000_000, "w": 10_000, "W": 10_000}
NOTHING = frozenset({"", "-", "--", "—", "null", "NULL", "无"})
_NUMBER = re.compile(r"([+-]?)[¥￥]?\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)\s*(%|[万亿wW])?\+?")
MOST = Decimal(10) ** 14


class FigureWrong(ValueError):
    """A text that is no figure."""


def figure(text: str) -> Decimal | None:
    """The number a text stands for; None where the tool says there is none. Percent signs are divided out."""
    text = text.strip()
    if text in NOTHING:
        return None
    # "1000~2000": tools that hide exact sales give a span; its middle is what they mean.
    if "~" in text:
        if text.count("~") > 1:
            raise FigureWrong(text)
        low, high = (figure(part) for part in text.split("~", 1))
        if low is None or high is None:
            raise FigureWrong(text)
        return (low + high) / 2
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise FigureWrong(text)
    sign, digits, unit = found.groups()
    value = Decimal(digits.replace(",", ""))
    if unit == "%":
        value /= 100
    elif unit:
        value *= UNITS[unit]
    if value > MOST:
        raise FigureWrong(text)
    return -value if sign == "-" else value


def whole(text: str) -> int | None:
    """A count, rounded down."""
    value = figure(text)
    return None if value is None else int(value)


def minor(text: str) -> int | None:
    """An amount of money in minor units; never negative."""
    value = figure(text)
    if value is None:
        return None
    if value < 0:
        raise FigureWrong(text)
    return int((value * 100).to_integral_value())


def basis_points(text: str) -> int | None:
    """A share or rate in 1/10,000: "12.5%" is 1250, and so is "0.125"."""
    value = figure(text)
    return None if value is None else int((value * 10_000).to_integral_value())
