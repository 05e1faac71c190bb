"""M2.3: another person publishes a promotion or returns it; what it may do at its worst stands before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.promotions.deadlines import RULE_END, RULE_REVIEW
from shopkeeper.flows.marketing.promotions.events import RuleEnded, RulePublished, RuleReturned
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.book import house_at, known_of
from shopkeeper.flows.marketing.promotions.queries.scanning import Scan, scan
from shopkeeper.flows.marketing.promotions.rules.codec import Terms
from shopkeeper.flows.marketing.promotions.sql import rules as sql
from shopkeeper.flows.marketing.promotions.states import LIVE, PROMOTION_FLOW, PromotionState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close

OF_RULE = ShopOf("promotions_rule", "rule_id")


@dataclass(frozen=True, slots=True)
class PublishRule:
    """`reason` is needed where the scan found goods that could go below cost or floor."""

    rule_id: int
    reason: Annotated[str, Field(max_length=300)] = ""


@command(clause="M2.3", permission=Permission.RULE_APPROVE, scope=OF_RULE)
def publish_rules(step: Step, items: Sequence[PublishRule]) -> list[Outcome]:
    """Publish versions in review; a published version of the same promotion ends with it.

    Scanned again first: others may have been published meanwhile. Refused: "not_in_review", "own_rule",
    "not_all_shops", "rule_over", "findings_need_reason" (facts: findings), "limit_below_used" where orders hold
    or used more than its new limits allow. Published already: unchanged.
    """
    ids = sorted({item.rule_id for item in items})
    sql.LOCK_RULES.run(rules=ids)
    standing = sql.STANDING.rows(rules=ids)
    waiting = {row.rule_id: row for row in standing if row.state == PromotionState.IN_REVIEW}
    live = {row.rule_id: row for row in standing if row.state in LIVE}
    known = {id_: known_of(row) for id_, row in waiting.items()}
    published = list(house_at(step.now).known.values())
    scans = {id_: scan(one, published, step.now) for id_, one in known.items()}
    counters = {row.rule_id: row for row in sql.LOCK_COUNTERS.rows(rules=ids)}
    outcomes, decided = [], dict[int, str]()
    for item in items:
        row = waiting.get(item.rule_id)
        if row is None or item.rule_id in decided:
            is_out = item.rule_id in live or item.rule_id in decided
            outcomes.append(unchanged(item.rule_id) if is_out else refused("not_in_review", item.rule_id))
            continue
        terms, counter = known[item.rule_id].terms, counters.get(item.rule_id)
        outcome = _judge(step, row, item.reason.strip(), scans[item.rule_id], terms, counter)
        if outcome.changed:
            decided[item.rule_id] = item.reason.strip()
        outcomes.append(outcome)
    _publish(step, [waiting[id_] for id_ in decided], [live[id_] for id_ in decided if id_ in live], decided, scans)
    sql.SET_LIMITS.run(
        rules=list(decided),
        uses=[known[id_].terms.uses for id_ in decided],
        budgets=[known[id_].terms.budget_minor for id_ in decided],
    )
    return outcomes


def _judge(
    step: Step, row: sql.VersionRow, reason: str, found: Scan, terms: Terms, counter: sql.CounterRow | None
) -> Outcome:
    code = _not_theirs(step, row)
    if code:
        return refused(code, row.rule_id)
    if row.ends_at <= step.now:
        return refused("rule_over", row.rule_id)
    if found.below and not reason:
        return refused("findings_need_reason", row.rule_id, findings=len(found.below))
    spent = counter and (
        (terms.uses is not None and counter.uses > terms.uses)
        or (terms.budget_minor is not None and counter.money_minor > terms.budget_minor)
    )
    if counter and spent:
        return refused("limit_below_used", row.rule_id, uses=counter.uses)
    return done(row.rule_id, version=row.number, findings=len(found.below))


def _not_theirs(step: Step, row: sql.VersionRow) -> str:
    """Nobody decides on what they wrote or submitted; what holds in all shops is decided by who sees all."""
    if step.actor.id in (row.saved_by, row.submitted_by) and step.actor.kind != "system":
        return "own_rule"
    return "not_all_shops" if row.shop_id is None and step.actor.shops is not None else ""


def _publish(
    step: Step,
    rows: Sequence[sql.VersionRow],
    followed: Sequence[sql.VersionRow],
    reasons: dict[int, str],
    scans: dict[int, Scan],
) -> None:
    if not rows:
        return
    step.move(PROMOTION_FLOW, [row.id for row in followed], PromotionState.ENDED, "superseded")
    noted = [{"id": row.id, "reason": reasons[row.rule_id], "findings": scans[row.rule_id].findings} for row in rows]
    sql.NOTE_DECIDED.run(versions=as_json(noted), now=step.now, actor_id=step.actor.id)
    step.move(PROMOTION_FLOW, [row.id for row in rows], PromotionState.PUBLISHED, "")
    close(step, RULE_REVIEW, [row.rule_id for row in rows])
    arm(step, [Arm(RULE_END, row.rule_id, row.ends_at, shop_id=row.shop_id, label=row.code) for row in rows])
    step.emit(*(RuleEnded(row.rule_id, row.shop_id, row.number, "superseded") for row in followed))
    step.emit(*(RulePublished(row.rule_id, row.shop_id, row.number) for row in rows))


@dataclass(frozen=True, slots=True)
class ReturnRule:
    rule_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M2.3", permission=Permission.RULE_APPROVE, scope=OF_RULE)
def return_rules(step: Step, items: Sequence[ReturnRule]) -> list[Outcome]:
    """Return versions to their writer, with the reason; they are drafts again.

    Refused: "reason_needed", "not_in_review", "own_rule", "not_all_shops". A returned draft is unchanged.
    """
    ids = sorted({item.rule_id for item in items})
    sql.LOCK_RULES.run(rules=ids)
    opened = {row.rule_id: row for row in sql.STANDING.rows(rules=ids) if row.state not in LIVE}
    outcomes, returned = [], dict[int, str]()
    for item in items:
        row = opened.get(item.rule_id)
        code = "reason_needed" if not item.reason.strip() else "" if row else "not_in_review"
        if not code and row and row.state == PromotionState.IN_REVIEW and item.rule_id not in returned:
            code = _not_theirs(step, row)
            if not code:
                returned[item.rule_id] = item.reason.strip()
                outcomes.append(done(item.rule_id, version=row.number))
                continue
        outcomes.append(refused(code, item.rule_id) if code else unchanged(item.rule_id))
    rows = [opened[id_] for id_ in returned]
    noted = [{"id": row.id, "reason": returned[row.rule_id], "findings": None} for row in rows]
    sql.NOTE_DECIDED.run(versions=as_json(noted), now=step.now, actor_id=step.actor.id)
    step.move(PROMOTION_FLOW, [row.id for row in rows], PromotionState.DRAFT, "returned")
    close(step, RULE_REVIEW, ids)
    step.emit(*(RuleReturned(row.rule_id, row.shop_id, row.number, returned[row.rule_id]) for row in rows))
    return outcomes
