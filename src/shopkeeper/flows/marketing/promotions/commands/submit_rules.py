"""M2.3: a draft is submitted: scanned for conflicts with everything in its window, then another person looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.marketing.promotions.deadlines import RULE_REVIEW
from shopkeeper.flows.marketing.promotions.events import RuleSubmitted
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.book import house_at, known_of
from shopkeeper.flows.marketing.promotions.queries.scanning import Scan, scan
from shopkeeper.flows.marketing.promotions.sql import rules as sql
from shopkeeper.flows.marketing.promotions.states import PROMOTION_FLOW, PromotionState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class SubmitRule:
    rule_id: int


@command(clause="M2.3", permission=Permission.RULE_EDIT, scope=ShopOf("promotions_rule", "rule_id"))
def submit_rules(step: Step, items: Sequence[SubmitRule]) -> list[Outcome]:
    """Submit drafts for review; the clock of the review starts. Done with `facts`: findings, scanned.

    Refused: "no_draft", "not_all_shops", "rule_over" where its end has passed. In review already: unchanged.
    """
    ids = sorted({item.rule_id for item in items})
    standing = {row.rule_id: row for row in sql.STANDING.rows(rules=ids) if row.state == PromotionState.DRAFT}
    published = list(house_at(step.now).known.values())
    scans = {id_: scan(known_of(row), published, step.now) for id_, row in standing.items() if row.ends_at > step.now}
    sql.LOCK_RULES.run(rules=ids)
    held = {row.rule_id: row for row in sql.STANDING.rows(rules=ids) if row.state in ("draft", "in_review")}
    outcomes, sent = [], dict[int, sql.VersionRow]()
    for item in items:
        row = held.get(item.rule_id)
        outcome = _judge(step, item, row, standing.get(item.rule_id), scans.get(item.rule_id))
        if outcome.changed and row and item.rule_id not in sent:
            sent[item.rule_id] = row
        elif outcome.changed:
            outcome = unchanged(item.rule_id)
        outcomes.append(outcome)
    _submit(step, list(sent.values()), scans)
    return outcomes


def _judge(
    step: Step, item: SubmitRule, row: sql.VersionRow | None, read: sql.VersionRow | None, found: Scan | None
) -> Outcome:
    if row is None:
        return refused("no_draft", item.rule_id)
    if row.shop_id is None and step.actor.shops is not None:
        return refused("not_all_shops", item.rule_id)
    if row.state == PromotionState.IN_REVIEW:
        return unchanged(item.rule_id, version=row.number)
    if row.ends_at <= step.now:
        return refused("rule_over", item.rule_id)
    if found is None or read is None or (read.id, read.terms) != (row.id, row.terms):
        return refused("rule_changed", item.rule_id)
    return done(item.rule_id, version=row.number, findings=len(found.below), scanned=found.scanned)


def _submit(step: Step, rows: Sequence[sql.VersionRow], scans: dict[int, Scan]) -> None:
    if not rows:
        return
    due = {row.id: step.now + timedelta(hours=policies(step)("promotion_review_hours", row.shop_id)) for row in rows}
    noted = [
        {
            "id": row.id,
            "findings": scans[row.rule_id].findings,
            "scanned": scans[row.rule_id].scanned,
            "due_at": due[row.id],
        }
        for row in rows
    ]
    sql.NOTE_SUBMITTED.run(versions=as_json(noted), now=step.now, actor_id=step.actor.id)
    step.move(PROMOTION_FLOW, [row.id for row in rows], PromotionState.IN_REVIEW)
    arm(step, [Arm(RULE_REVIEW, row.rule_id, due[row.id], shop_id=row.shop_id, label=row.code) for row in rows])
    step.emit(*(RuleSubmitted(row.rule_id, row.shop_id, row.number, len(scans[row.rule_id].below)) for row in rows))
