"""P3.1: the warning threshold of a SKU or of a category is set, with the reason; None: the general one again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.listing.models import Category, Sku
from shopkeeper.flows.products.stock.events import ThresholdSet
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import restocking as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

QUANTITY_MAX = 1_000_000
DAYS_MAX = 365
Subject = tuple[str, int]  # ("sku" or "category", its id)


@dataclass(frozen=True, slots=True)
class SetThreshold:
    """Pieces free below which to remind, in packs of so many, with the supplier's days of lead (None: policy's).

    Exactly one of `sku_id` and `category_id` is given.
    """

    threshold: int | None
    reason: Annotated[str, Field(max_length=300)]
    sku_id: int | None = None
    category_id: int | None = None
    pack_size: int = 1
    lead_days: int | None = None


@command(clause="P3.1", permission=Permission.THRESHOLD_SET, scope=EVERYWHERE)
def set_thresholds(step: Step, items: Sequence[SetThreshold]) -> list[Outcome]:
    """Set or remove thresholds; what follows for reminders follows from the event. Of one subject the last counts.

    Refused: "reason_needed", "threshold_needs_one_subject", "threshold_out_of_bounds", "sku_unknown",
    "sku_delisted", "category_unknown". The same rule again is unchanged.
    """
    given = [item for item in items if (item.sku_id is None) != (item.category_id is None)]
    sku_ids = sorted({item.sku_id for item in given if item.sku_id is not None})
    category_ids = sorted({item.category_id for item in given if item.category_id is not None})
    delisted = dict(Sku.objects.filter(id__in=sku_ids).values_list("id", "is_delisted"))
    retired = dict(Category.objects.filter(id__in=category_ids).values_list("id", "is_retired"))
    known = {("sku", id_): gone for id_, gone in delisted.items()}
    known |= {("category", id_): gone for id_, gone in retired.items()}
    rules = {_of(row): row for row in sql.LOCK_RULES.rows(skus=sku_ids, categories=category_ids)}
    changed: dict[Subject, SetThreshold] = {}
    outcomes = []
    for item in items:
        outcome = _judge(item, known, rules)
        if outcome.changed:
            changed[_of(item)] = item
        outcomes.append(outcome)
    _write(step, changed, rules)
    return outcomes


def _of(item: SetThreshold | sql.RuleRow) -> Subject:
    return ("sku", item.sku_id) if item.sku_id is not None else ("category", item.category_id or 0)


def _judge(item: SetThreshold, known: dict[Subject, bool], rules: dict[Subject, sql.RuleRow]) -> Outcome:
    if not item.reason.strip():
        return refused("reason_needed")
    if (item.sku_id is None) == (item.category_id is None):
        return refused("threshold_needs_one_subject")
    subject = _of(item)
    if subject not in known:
        return refused("sku_unknown" if item.sku_id is not None else "category_unknown")
    if known[subject] and item.threshold is not None:
        return refused("sku_delisted" if item.sku_id is not None else "category_unknown")
    in_bounds = 0 <= (item.threshold or 0) <= QUANTITY_MAX and 1 <= item.pack_size <= QUANTITY_MAX
    if not in_bounds or not 0 <= (item.lead_days or 0) <= DAYS_MAX:
        return refused("threshold_out_of_bounds", most=QUANTITY_MAX, days=DAYS_MAX)
    rule = rules.get(subject)
    if item.threshold is None:
        return done() if rule else unchanged()
    same = rule and (rule.threshold, rule.pack_size, rule.lead_days) == (item.threshold, item.pack_size, item.lead_days)
    return unchanged() if same else done()


def _write(step: Step, changed: dict[Subject, SetThreshold], rules: dict[Subject, sql.RuleRow]) -> None:
    gone = [rules[subject].id for subject, item in changed.items() if item.threshold is None and subject in rules]
    if gone:
        sql.DROP_RULES.run(ids=gone)
    for kind, put in (("sku", sql.PUT_SKU_RULES), ("category", sql.PUT_CATEGORY_RULES)):
        kept = {s: item for s, item in changed.items() if s[0] == kind and item.threshold is not None}
        if kept:
            put.run(
                now=step.now,
                actor_id=step.actor.id,
                subjects=[subject_id for _, subject_id in kept],
                thresholds=[item.threshold for item in kept.values()],
                packs=[item.pack_size for item in kept.values()],
                leads=[item.lead_days for item in kept.values()],
                reasons=[item.reason.strip() for item in kept.values()],
            )
    step.emit(
        *(ThresholdSet(item.sku_id, item.category_id, item.threshold, item.reason.strip()) for item in changed.values())
    )
