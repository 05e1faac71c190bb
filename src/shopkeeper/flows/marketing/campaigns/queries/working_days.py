"""Working days with what people entered: the calendar that deadlines of whole days count by."""

from datetime import date

from shopkeeper.flows.marketing.campaigns.models import CalendarDay
from shopkeeper.flows.marketing.campaigns.rules.calendar import add_working_days


def entered_days() -> dict[date, bool]:
    """Days that people entered, True for working."""
    return dict(CalendarDay.objects.values_list("day", "is_working"))


def working_day_after(start: date, days: int) -> date:
    """The day `days` working days after `start`, by the calendar as it stands now."""
    return add_working_days(start, days, entered_days())
