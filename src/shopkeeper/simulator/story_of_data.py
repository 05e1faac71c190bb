"""When the chapters of the figures are played, and what the data specialist does every morning beside them."""

from collections.abc import Callable
from datetime import datetime

from shopkeeper.simulator import story_data, story_reports
from shopkeeper.simulator.cast import LEAD_DAYS, Cast
from shopkeeper.simulator.days_figures import no_daily_reports
from shopkeeper.simulator.story_campaign import LIVE_DAY

Chapter = tuple[Callable[[Cast], None], datetime]
LATE_DAY = 2  # on this morning the reports are signed late
TOLD_DAYS = (LIVE_DAY, LIVE_DAY + 1, LIVE_DAY + 2)  # of these mornings' exports is told


def routine(cast: Cast, days: int) -> None:
    """Every morning: yesterday's export is taken in, the reports are signed. The lake is written every two hours."""
    often = {"key": "lake_write_minutes", "value": 120, "reason": "早上看报告，两小时一写足够"}
    cast.house.do("supervisor", "sop/set-policy", [often, *no_daily_reports(cast.second.shop_ids)])
    for day in range(5, days):
        if day not in TOLD_DAYS:
            cast.steps.at(cast.day(day, 9, 2), _by(story_data.taken_in, cast))
    for day in range(1 - LEAD_DAYS, days):
        if day != LATE_DAY:
            cast.steps.at(cast.day(day, 9, 25), _by(story_reports.signed, cast))


def _by(deed: Callable[[Cast], None], cast: Cast) -> Callable[[], None]:
    def run() -> None:
        deed(cast)

    return run


def chapters(cast: Cast) -> list[Chapter]:
    """Sources, cleaning, reports, and one decision from the finding to what it taught."""
    return [
        (story_reports.signed_late, cast.day(LATE_DAY, 10, 20)),
        (story_data.sources_opened, cast.day(4, 9, 10)),
        (story_data.spree, cast.day(5, 10, 30)),
        (story_data.suspected, cast.day(5, 12, 5)),
        (story_data.taken_in_late, cast.day(LIVE_DAY, 10, 5)),
        (story_data.cleaned_late, cast.day(LIVE_DAY, 12, 20)),
        (story_data.sources_differ, cast.day(LIVE_DAY + 1, 9, 5)),
        (story_reports.campaign_day_is_right, cast.day(LIVE_DAY + 1, 9, 15)),
        (story_reports.found, cast.day(LIVE_DAY + 1, 10)),
        (story_data.excused, cast.day(LIVE_DAY + 2, 9, 5)),
        (story_reports.week_signed, cast.day(10, 9, 10)),
        (story_reports.decided_late, cast.day(10, 14)),
        (story_reports.task_done_late, cast.day(12, 10, 30)),
        (story_reports.concluded, cast.day(12, 14)),
    ]
