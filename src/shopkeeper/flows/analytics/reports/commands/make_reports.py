"""D2.1: the data specialist has a report made, or made again; the computed figures are kept as its next version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shopkeeper.flows.analytics.reports.commands.opening import (
    ALL_SHOPS,
    Wanted,
    have_made,
    open_reports,
    zones_of,
)
from shopkeeper.flows.analytics.reports.commands.scope import OfReport, OfShopOrAll
from shopkeeper.flows.analytics.reports.events import ReportMade
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.rules.snapshot import headlines_of
from shopkeeper.flows.analytics.reports.rules.spans import is_first_day, span_of
from shopkeeper.flows.analytics.reports.sql import reports as sql
from shopkeeper.flows.analytics.reports.states import ENDED, REPORT_FLOW, SIGNABLE, ReportPeriod, ReportState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

Key = tuple[int, str, date]


@dataclass(frozen=True, slots=True)
class MakeReport:
    """A period of a shop, or with no shop of all of them together; a week begins on Monday, a month on its first."""

    shop_id: int | None
    period: ReportPeriod
    first_day: date


@command(clause="D2.1", permission=Permission.REPORT_MAKE, scope=OfShopOrAll())
def make_reports(step: Step, items: Sequence[MakeReport]) -> list[Outcome]:
    """Have reports computed; one that is there is computed again as a further version. One that is being made is
    unchanged.

    Refused: "report_first_day_wrong", "report_period_open", "report_signed".
    """
    keys = [_key(item) for item in items]
    zones = zones_of(sql.SHOPS.rows(shops=sorted({key[0] for key in keys})))
    there = {
        (row.shop_id or ALL_SHOPS, row.period, row.first_day): row
        for row in sql.LOCK_PERIODS.rows(
            subjects=[key[0] for key in keys], periods=[key[1] for key in keys], days=[key[2] for key in keys]
        )
    }
    verdicts: dict[Key, str] = {}
    for key, item in zip(keys, items, strict=True):
        today = day_of(step.now, zones.get(key[0], zones[ALL_SHOPS]))
        verdicts[key] = _verdict(item, there.get(key), today)
    again = [there[key] for key, verdict in verdicts.items() if not verdict and key in there]
    step.move(REPORT_FLOW, [row.id for row in again], ReportState.MAKING)
    have_made(step, [(row.id, row.shop_id) for row in again])
    fresh = [key for key, verdict in verdicts.items() if not verdict and key not in there]
    wanted = [Wanted(k[0] or None, zones[k[0]], ReportPeriod(k[1]), span_of(ReportPeriod(k[1]), k[2])) for k in fresh]
    opened = {(row.shop_id or ALL_SHOPS, row.period, row.first_day): row.id for row in open_reports(step, wanted)}
    making = {**opened, **{key: row.id for key, row in there.items() if row in again}}
    outcomes = []
    for key in keys:
        report_id = making.pop(key, None)
        if report_id:
            outcomes.append(done(report_id))
        elif verdicts[key]:
            outcomes.append(_refusal(verdicts[key], there.get(key)))
        else:
            outcomes.append(unchanged(there[key].id if key in there else opened.get(key)))
    return outcomes


def _key(item: MakeReport) -> Key:
    return item.shop_id or ALL_SHOPS, str(item.period), item.first_day


def _verdict(item: MakeReport, row: sql.ReportRow | None, today: date) -> str:
    """Empty where it is to be made."""
    if not is_first_day(item.period, item.first_day):
        return "report_first_day_wrong"
    if span_of(item.period, item.first_day).last >= today:
        return "report_period_open"
    if row is not None and row.state in ENDED:
        return "report_signed"
    return "making" if row is not None and row.state == ReportState.MAKING else ""


def _refusal(verdict: str, row: sql.ReportRow | None) -> Outcome:
    report_id = row.id if row else None
    return unchanged(report_id) if verdict == "making" else refused(verdict, report_id)


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What was computed: the figures (rules/snapshot.py), and the parts that could not be."""

    report_id: int
    figures: dict[str, Any]
    failed: list[str]


@command(clause="D2.1", permission=Permission.WATCH, scope=OfReport(), internal=True)
def record_reports(step: Step, items: Sequence[RecordReport]) -> list[Outcome]:
    """Keep figures as the next version; with a part missing the report is incomplete. Not being made: unchanged."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.report_id for item in items])}
    made: dict[int, RecordReport] = {}
    outcomes = []
    for item in items:
        row = rows[item.report_id]
        if row.state != ReportState.MAKING or row.id in made:
            outcomes.append(unchanged(row.id))
        else:
            made[row.id] = item
            outcomes.append(done(row.id, failed=len(item.failed)))
    if not made:
        return outcomes
    versions = [
        {
            "report_id": id_,
            "version": rows[id_].version + 1,
            "figures": item.figures,
            "headlines": headlines_of(item.figures),
            "failed": item.failed,
        }
        for id_, item in made.items()
    ]
    sql.KEEP_VERSIONS.run(now=step.now, versions=as_json(versions))
    sql.MADE.run(now=step.now, versions=as_json(versions))
    step.move(REPORT_FLOW, [id_ for id_, item in made.items() if item.failed], SIGNABLE[0])
    step.move(REPORT_FLOW, [id_ for id_, item in made.items() if not item.failed], SIGNABLE[1])
    for id_, item in made.items():
        row = rows[id_]
        day = row.first_day.isoformat()
        step.emit(ReportMade(id_, row.shop_id, row.period, day, row.version + 1, list(item.failed)))
    return outcomes
