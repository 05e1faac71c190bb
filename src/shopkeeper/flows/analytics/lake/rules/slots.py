"""The grid of moments at which the lake is written."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def next_slot(moment: datetime, minutes: int) -> datetime:
    """The first moment of a grid of so many minutes strictly after a moment."""
    step = timedelta(minutes=minutes)
    return EPOCH + ((moment - EPOCH) // step + 1) * step
