"""D2.3: what a figure is to be in a month; reports are held against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.reports.commands.scope import OfShopOrAll
from shopkeeper.flows.analytics.reports.events import TargetSet
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.rules.metrics import METRICS
from shopkeeper.flows.analytics.reports.sql import reports as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

Key = tuple[int | None, str, date]


@dataclass(frozen=True, slots=True)
class SetTarget:
    """`value` in the figure's smallest parts: fen, counts, 1/10,000, 1/100, tenths of seconds, hours, days."""

    shop_id: int | None
    metric_id: Annotated[str, Field(max_length=40)]
    month: date
    value: Annotated[int, Field(gt=0, le=10**15)]


@command(clause="D2.3", permission=Permission.TARGET_SET, scope=OfShopOrAll())
def set_targets(step: Step, items: Sequence[SetTarget]) -> list[Outcome]:
    """Set a month's targets, of a shop or of all together; what stands already is unchanged.

    Refused: "target_metric_unknown", "target_not_a_month" where the day is not its first, "target_month_over".
    """
    wanted: dict[Key, SetTarget] = {}
    verdicts = []
    for item in items:
        verdict = _verdict(item, day_of(step.now))
        verdicts.append(verdict)
        if not verdict:
            wanted[_key(item)] = item
    rows = [
        {"shop_id": t.shop_id, "metric_id": t.metric_id, "month": t.month, "value": t.value} for t in wanted.values()
    ]
    found = sql.SET_TARGETS.rows(now=step.now, actor_id=step.actor.id, targets=as_json(rows)) if rows else []
    written = {(row.shop_id, row.metric_id, row.month): row.id for row in found}
    step.emit(*(TargetSet(r.id, r.shop_id, r.metric_id, r.month.isoformat(), r.value) for r in found))
    outcomes = []
    for item, verdict in zip(items, verdicts, strict=True):
        target_id = None if verdict else written.pop(_key(item), None)
        outcomes.append(refused(verdict) if verdict else done(target_id) if target_id else unchanged())
    return outcomes


def _key(item: SetTarget) -> Key:
    return item.shop_id, item.metric_id, item.month


def _verdict(item: SetTarget, today: date) -> str:
    if item.metric_id not in METRICS:
        return "target_metric_unknown"
    if item.month.day != 1:
        return "target_not_a_month"
    over = (item.month + timedelta(days=32)).replace(day=1) <= today
    return "target_month_over" if over else ""
