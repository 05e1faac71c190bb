"""Text and amounts from outside, made fit to keep: no sign that a database or UTF-8 refuses, nothing
endless."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
MAX_TEXT = 4000
MAX_MINOR = 10**15


def clean_text(value: object, limit: int = MAX_TEXT) -> str:
    """Text without NUL and lone surrogates, at most `limit` signs; nothing becomes ''."""
    if value is None:
        return ""
    text = str(value).replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")[:limit].strip()


def minor_from_yuan(value: object) -> int:
    """`"12.30"` -> 1230; nothing is 0. Raises `ValueError` for what is no amount of whole cents."""
    if value is None or value == "":
        return 0
    try:
        cents = Decimal(str(value)) * 100
        if not cents.is_finite() or cents != cents.to_integral_value() or abs(cents) > MAX_MINOR:
            raise ValueError(f"not an amount: {str(value)[:40]!r}")
    except InvalidOperation:
        raise ValueError(f"not an amount: {str(value)[:40]!r}") from None
    return int(cents)


def china_moment(value: object) -> datetime | None:
    """`yyyy-MM-dd HH:mm:ss` in GMT+8 -> aware UTC; nothing is None. Raises `ValueError`."""
    if value is None or value == "":
        return None
    moment = datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 (the zone is added here)
    return moment.replace(tzinfo=CHINA).astimezone(UTC)


def china_text(moment: datetime) -> str:
    """The reverse of `china_moment`."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
