"""Single values as platforms and spreadsheets write them, read strictly: understood, or named as wrong."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shopkeeper.shared.money import MINOR_LIMIT, to_minor

MOST_PIECES = 99_999
LONGEST_ID = 64
LONGEST_TEXT = 4_000
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_./#:-]*")
_AMOUNT = re.compile(r"[¥￥$]?\s*(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")
_MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_EMPTY = frozenset({"", "null", "NULL", "'null", "--", "无"})

Reader = Callable[[str], object]


class CellWrong(ValueError):
    """A value that cannot be read; `code` is one of ROW_PROBLEMS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def bare(text: str) -> str:
    """The value without what keeps spreadsheets from spoiling it: `="123"`, `'123`, a trailing tab."""
    text = text.strip()
    first = text[:1]
    if first == "=" and text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    return text.lstrip("'").strip() if first == "'" else text


def identifier(text: str) -> str:
    text = bare(text)
    if text in _EMPTY:
        return ""
    if len(text) > LONGEST_ID or _SCIENTIFIC.fullmatch(text) or not _ID.fullmatch(text):
        raise CellWrong("bad_id")
    return text


def words(text: str) -> str:
    text = bare(text)
    if text in _EMPTY:
        return ""
    if len(text) > LONGEST_TEXT:
        raise CellWrong("too_long")
    if "\ufffd" in text:
        raise CellWrong("bad_encoding")
    return text


def short(text: str) -> str:
    """A name or code of at most 200 characters."""
    text = words(text)
    if len(text) > 200:
        raise CellWrong("too_long")
    return text


def amount(text: str) -> int | None:
    """Minor units; None when nothing is written. Never negative."""
    text = bare(text)
    whole, _, part = text.partition(".")
    if (
        whole.isascii()
        and whole.isdigit()
        and len(whole) <= 12
        and len(part) == 2
        and part.isascii()
        and part.isdigit()
    ):
        return int(whole) * 100 + int(part)
    if text in _EMPTY:
        return None
    if not _AMOUNT.fullmatch(text) or not any(c.isdigit() for c in text):
        raise CellWrong("bad_amount")
    try:
        minor = to_minor(text.lstrip("¥￥$ "))
    except ValueError as error:
        raise CellWrong("bad_amount") from error
    if minor > MINOR_LIMIT:
        raise CellWrong("bad_amount")
    return minor


def pieces(text: str) -> int | None:
    text = bare(text)
    if text in _EMPTY:
        return None
    whole, _, part = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 6) or part.strip("0"):
        raise CellWrong("bad_quantity")
    if not 1 <= int(whole) <= MOST_PIECES:
        raise CellWrong("bad_quantity")
    return int(whole)


def count(text: str) -> int | None:
    """A whole number from nought, for what is counted but not sold."""
    text = bare(text)
    if text in _EMPTY:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise CellWrong("bad_amount")
    return int(text)


def moment_in(zone: ZoneInfo) -> Callable[[str], datetime | None]:
    """A reader of clock times of one zone; what it reads is aware UTC."""

    def moment(text: str) -> datetime | None:
        text = bare(text)
        if text in _EMPTY:
            return None
        try:
            read = datetime.fromisoformat(text) if len(text) == 19 else _loose(text)
        except ValueError as error:
            raise CellWrong("bad_date") from error
        if not 2000 <= read.year <= 2100:
            raise CellWrong("bad_date")
        return read.replace(tzinfo=zone).astimezone(UTC) if read.tzinfo is None else read.astimezone(UTC)

    return moment


def _loose(text: str) -> datetime:
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the caller knows the zone
