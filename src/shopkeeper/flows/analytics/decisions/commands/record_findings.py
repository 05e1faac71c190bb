"""D3: somebody notices a figure; it stands with the same days before it, and asks for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.analytics.decisions.deadlines import FINDING_DECIDE
from shopkeeper.flows.analytics.decisions.events import FindingRecorded
from shopkeeper.flows.analytics.decisions.models import finding_number
from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.flows.analytics.decisions.ports import Metric, figure_source
from shopkeeper.flows.analytics.decisions.rules.effects import span_before
from shopkeeper.flows.analytics.decisions.sql import decisions as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

Key = tuple[str, int | None, date, date]


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """A metric over days, both included, of one shop or (None) of all. `value` in the metric's smallest part is only
    needed where the figures hold none for these days; where they do, theirs stands."""

    metric: Annotated[str, Field(min_length=1, max_length=60)]
    first_day: date
    last_day: date
    words: Annotated[str, Field(max_length=500)]
    shop_id: int | None = None
    value: Annotated[int, Field(ge=-(10**17), le=10**17)] | None = None

    @property
    def key(self) -> Key:
        return self.metric, self.shop_id, self.first_day, self.last_day


@command(clause="D3", permission=Permission.FINDING_RECORD, scope=InShop())
def record_findings(step: Step, items: Sequence[RecordFinding]) -> list[Outcome]:
    """Record findings. The same metric, shop and days again are unchanged: the first words stand.

    Refused: "finding_all_shops" about all shops by somebody who does not see them all, "metric_unknown",
    "finding_words_needed", "finding_days" that are backwards, not over or too many, "figure_unknown".
    """
    source, wanted = figure_source(), dict[Key, dict[str, Any]]()
    verdicts: list[Outcome | None] = []
    for item in items:
        metric = source.metric(item.metric)
        code = _refusal(step, item, metric)
        verdict = refused(code, longest=policies(step)("decision_longest_days", item.shop_id)) if code else None
        if verdict is None and metric is not None and item.key not in wanted:
            row = _row(step, item, metric)
            verdict = refused("figure_unknown") if row["value"] is None else None
            if verdict is None:
                wanted[item.key] = row
        verdicts.append(verdict)
    made = _record(step, list(wanted.values()))
    outcomes = []
    for item, verdict in zip(items, verdicts, strict=True):
        id_ = None if verdict else made.pop(item.key, None)
        outcomes.append(verdict or (done(id_) if id_ else unchanged()))
    return outcomes


def _refusal(step: Step, item: RecordFinding, metric: Metric | None) -> str:
    if item.shop_id is None and step.actor.shops is not None:
        return "finding_all_shops"
    if metric is None:
        return "metric_unknown"
    if not item.words.strip():
        return "finding_words_needed"
    days = (item.last_day - item.first_day).days + 1
    is_over = item.last_day < day_of(step.now)
    return "" if is_over and 0 < days <= policies(step)("decision_longest_days", item.shop_id) else "finding_days"


def _row(step: Step, item: RecordFinding, metric: Metric) -> dict[str, Any]:
    source = figure_source()
    value = source.value(item.metric, item.shop_id, item.first_day, item.last_day)
    days = timedelta(days=policies(step)("finding_decide_days", item.shop_id))
    return {
        "shop_id": item.shop_id,
        "metric": item.metric,
        "unit": str(metric.unit),
        "first_day": item.first_day,
        "last_day": item.last_day,
        "value": item.value if value is None else value,
        "compared": source.value(item.metric, item.shop_id, *span_before(item.first_day, item.last_day)),
        "words": item.words.replace("\x00", "").strip(),
        "due_at": step.now + days,
    }


def _record(step: Step, rows: Sequence[dict[str, Any]]) -> dict[Key, int]:
    if not rows:
        return {}
    by_key = {(r["metric"], r["shop_id"], r["first_day"], r["last_day"]): r for r in rows}
    made = sql.RECORD.rows(findings=as_json(rows), now=step.now, actor_id=step.actor.id)
    keys: dict[Key, int] = {(row.metric, row.shop_id, row.first_day, row.last_day): row.id for row in made}
    arm(
        step,
        [
            Arm(FINDING_DECIDE, id_, by_key[key]["due_at"], key[1], None, finding_number(id_))
            for key, id_ in keys.items()
        ],
    )
    step.emit(*(FindingRecorded(id_, key[1], key[0], by_key[key]["value"]) for key, id_ in keys.items()))
    return keys
