"""D2.1: each morning the system opens the reports of yesterday, on Mondays of the week, on the first of the month."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shopkeeper.flows.analytics.reports.commands.opening import (
    ALL_SHOPS,
    Wanted,
    next_making,
    open_reports,
    periods_of,
    zones_of,
)
from shopkeeper.flows.analytics.reports.deadlines import REPORT_MAKE
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.rules.spans import due_periods
from shopkeeper.flows.analytics.reports.sql import reports as sql
from shopkeeper.flows.analytics.reports.states import ReportPeriod
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE, InShop
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm


@dataclass(frozen=True, slots=True)
class WatchReports:
    shop_id: int


@command(clause="D2.1", permission=Permission.WATCH, scope=InShop(), internal=True)
def watch_reports(step: Step, items: Sequence[WatchReports]) -> list[Outcome]:
    """A shop sells: from the next morning on it is reported, and with all the others together. One that is watched is
    unchanged.
    """
    subjects = sorted({ALL_SHOPS, *(item.shop_id for item in items)})
    watched = {row.subject_id for row in sql.WATCHED.rows(subjects=subjects)}
    fresh = [subject for subject in subjects if subject not in watched]
    if fresh:
        _await_morning(step, fresh, sql.SHOPS.rows(shops=fresh))
    left = set(fresh)
    outcomes = []
    for item in items:
        outcomes.append(done(item.shop_id) if item.shop_id in left else unchanged(item.shop_id))
        left.discard(item.shop_id)
    return outcomes


@dataclass(frozen=True, slots=True)
class MakeDueReports:
    """A shop, or 0 for all of them together."""

    subject_id: int


@command(clause="D2.1", permission=Permission.WATCH, scope=EVERYWHERE, internal=True)
def make_due_reports(step: Step, items: Sequence[MakeDueReports]) -> list[Outcome]:
    """Open the reports of periods that are over, wanted by the policy, and have none; set the clock for the next
    morning.

    Done with `facts["opened"]`, unchanged where none was due.
    """
    subjects = sorted({item.subject_id for item in items})
    shops = sql.SHOPS.rows(shops=subjects)
    zones = zones_of(shops)
    made: dict[int, dict[ReportPeriod, date]] = {}
    for row in sql.NEWEST.rows(subjects=subjects):
        made.setdefault(row.subject_id, {})[ReportPeriod(row.period)] = row.first_day
    wanted = [
        Wanted(subject or None, zones[subject], period, span)
        for subject in subjects
        if subject in zones
        for period, span in due_periods(
            made.get(subject, {}), day_of(step.now, zones[subject]), periods_of(step, subject or None)
        )
    ]
    count = Counter(row.shop_id or ALL_SHOPS for row in open_reports(step, wanted))
    _await_morning(step, [subject for subject in subjects if subject in zones], shops)
    outcomes = []
    for item in items:
        n = count.pop(item.subject_id, 0)
        outcomes.append(done(item.subject_id, opened=n) if n else unchanged(item.subject_id))
    return outcomes


def _await_morning(step: Step, subjects: Sequence[int], shops: Sequence[sql.ShopRow]) -> None:
    zones, names = zones_of(shops), {shop.id: shop.name for shop in shops}
    arm(
        step,
        [
            Arm(
                REPORT_MAKE,
                subject,
                next_making(step, subject or None, zones[subject]),
                subject or None,
                None,
                names.get(subject, ""),
            )
            for subject in subjects
        ],
    )
