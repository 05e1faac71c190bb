"""What the work list tells of a day's suspicions: when they were found, and of which days the rows are."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from shopkeeper.flows.analytics.lake.models import CleaningDay, SetAside
from shopkeeper.flows.analytics.lake.states import SetAsideState
from shopkeeper.shared.words import T, listed


def days_of_suspicions(day_ids: Sequence[int]) -> dict[int, str]:
    """Of each cleaning day, the business days of what is left to confirm, beside the day it was found on."""
    rows = SetAside.objects.filter(day_id__in=day_ids, state=SetAsideState.SUSPECTED)
    days: dict[int, set[date]] = defaultdict(set)
    for day_id, biz_date in rows.values_list("day_id", "biz_date"):
        days[day_id or 0].add(biz_date)
    words = T("{days} 的数据，{found} 发现", "rows of {days}, found {found}")
    return {
        found.pk: words.format(days=_said(days[found.pk]), found=f"{found.day:%m-%d}").text()
        for found in CleaningDay.objects.filter(id__in=list(days))
    }


def _said(days: set[date]) -> str:
    """A few days each by itself, many as the first and the last."""
    ordered = sorted(days)
    if len(ordered) > 3:
        return f"{ordered[0]:%m-%d} – {ordered[-1]:%m-%d}"
    return listed(f"{day:%m-%d}" for day in ordered)
