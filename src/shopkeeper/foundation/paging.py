"""Places in lists that stand in the order of a moment: the moment and the row's number, as one text for addresses."""

from datetime import UTC, datetime


def moment_key(at: datetime, row_id: int) -> str:
    """The place behind a row. Microseconds are kept to the last digit."""
    return f"{at.timestamp():.6f}_{row_id}"


def read_moment_key(text: str) -> tuple[datetime, int] | None:
    """The moment and the number; None for what is no place."""
    moment, _, number = text.partition("_")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    try:
        return datetime.fromtimestamp(float(moment), tz=UTC), int(number)
    except (ValueError, OverflowError, OSError):
        return None
