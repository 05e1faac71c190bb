"""What a type of problem is about: the goods, how they were carried, or neither. And which days want a summary."""

from datetime import date, timedelta

# Of these the product is asked; of those the courier and the warehouse. No type is in both.
ABOUT_GOODS = ("product", "size", "price", "quality", "return_exchange", "complaint")
ABOUT_CARRIAGE = ("shipping", "logistics", "address_change")
MOST_DAYS_BEHIND = 31


def days_to_draft(last: date | None, today: date) -> list[date]:
    """The days that are over and have no summary yet, oldest first, at most a month of them."""
    earliest = today - timedelta(days=MOST_DAYS_BEHIND)
    first = max(earliest, last + timedelta(days=1)) if last else earliest
    return [first + timedelta(days=n) for n in range((today - first).days)]
