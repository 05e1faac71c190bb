"""M2.3: a published promotion is paused, goes on, or ends before its time, with the reason; or its time is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.promotions.deadlines import RULE_END, RULE_REVIEW
from shopkeeper.flows.marketing.promotions.events import RuleEnded, RulePaused, RulePublished
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.sql import rules as sql
from shopkeeper.flows.marketing.promotions.states import LIVE, PROMOTION_FLOW, PromotionState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.states import Ending

OF_RULE = ShopOf("promotions_rule", "rule_id")


@dataclass(frozen=True, slots=True)
class PauseRule:
    rule_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M2.3", permission=Permission.RULE_EDIT, scope=OF_RULE)
def pause_rules(step: Step, items: Sequence[PauseRule]) -> list[Outcome]:
    """Pause published promotions: no cart is priced with them any more; orders placed keep their price.

    Refused: "reason_needed", "not_published", "not_all_shops". Paused already: unchanged.
    """
    live = _live(items)
    outcomes, paused = [], dict[int, str]()
    for item in items:
        row = live.get(item.rule_id)
        code = _refusal(step, row, item.reason)
        if code or row is None:
            outcomes.append(refused(code, item.rule_id))
        elif row.state == PromotionState.PAUSED or item.rule_id in paused:
            outcomes.append(unchanged(item.rule_id))
        else:
            paused[item.rule_id] = item.reason.strip()
            outcomes.append(done(item.rule_id, version=row.number))
    _move(step, live, paused, PromotionState.PAUSED)
    step.emit(*(RulePaused(id_, live[id_].shop_id, live[id_].number, why) for id_, why in paused.items()))
    return outcomes


@dataclass(frozen=True, slots=True)
class ResumeRule:
    rule_id: int


@command(clause="M2.3", permission=Permission.RULE_APPROVE, scope=OF_RULE)
def resume_rules(step: Step, items: Sequence[ResumeRule]) -> list[Outcome]:
    """Let paused promotions go on. Refused: "not_published", "not_all_shops", "rule_over". Published: unchanged."""
    live = _live(items)
    outcomes, resumed = [], list[int]()
    for item in items:
        row = live.get(item.rule_id)
        code = _refusal(step, row, "-") or ("rule_over" if row and row.ends_at <= step.now else "")
        if code or row is None:
            outcomes.append(refused(code, item.rule_id))
        elif row.state == PromotionState.PUBLISHED or item.rule_id in resumed:
            outcomes.append(unchanged(item.rule_id))
        else:
            resumed.append(item.rule_id)
            outcomes.append(done(item.rule_id, version=row.number))
    step.move(PROMOTION_FLOW, [live[id_].id for id_ in resumed], PromotionState.PUBLISHED)
    step.emit(*(RulePublished(id_, live[id_].shop_id, live[id_].number) for id_ in resumed))
    return outcomes


@dataclass(frozen=True, slots=True)
class EndRule:
    """Ends what is published or paused; without such a version, gives up the draft or what is in review."""

    rule_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M2.3", permission=Permission.RULE_EDIT, scope=OF_RULE)
def end_rules(step: Step, items: Sequence[EndRule]) -> list[Outcome]:
    """End promotions before their time. Refused: "reason_needed", "not_all_shops". Ended already: unchanged."""
    ids = sorted({item.rule_id for item in items})
    sql.LOCK_RULES.run(rules=ids)
    standing = {row.rule_id: row for row in sorted(sql.STANDING.rows(rules=ids), key=lambda v: v.state in LIVE)}
    outcomes, ended = [], dict[int, str]()
    for item in items:
        row = standing.get(item.rule_id)
        if row is None or item.rule_id in ended:
            outcomes.append(unchanged(item.rule_id) if item.reason.strip() else refused("reason_needed", item.rule_id))
            continue
        code = _refusal(step, row, item.reason)
        if not code:
            ended[item.rule_id] = item.reason.strip()
        outcomes.append(refused(code, item.rule_id) if code else done(item.rule_id, version=row.number))
    _move(step, standing, ended, PromotionState.ENDED)
    close(step, RULE_END, [id_ for id_ in ended if standing[id_].state in LIVE], Ending.CANCELLED)
    close(step, RULE_REVIEW, [id_ for id_ in ended if standing[id_].state == "in_review"], Ending.CANCELLED)
    step.emit(*(RuleEnded(id_, standing[id_].shop_id, standing[id_].number, why) for id_, why in ended.items()))
    return outcomes


@dataclass(frozen=True, slots=True)
class EndDueRule:
    rule_id: int


@command(clause="M2.3", permission=Permission.RULE_APPLY, scope=OF_RULE, internal=True)
def end_due_rules(step: Step, items: Sequence[EndDueRule]) -> list[Outcome]:
    """End promotions whose time is over; one whose newer version lasts longer is watched until then."""
    live = _live(items)
    over = {id_: row for id_, row in live.items() if row.ends_at <= step.now}
    step.move(PROMOTION_FLOW, [row.id for row in over.values()], PromotionState.ENDED, "time_over")
    close(step, RULE_END, [item.rule_id for item in items if item.rule_id not in live or item.rule_id in over])
    later = [row for id_, row in live.items() if id_ not in over]
    arm(step, [Arm(RULE_END, row.rule_id, row.ends_at, shop_id=row.shop_id, label=row.code) for row in later])
    step.emit(*(RuleEnded(id_, row.shop_id, row.number, "time_over") for id_, row in over.items()))
    return [done(item.rule_id) if item.rule_id in over else unchanged(item.rule_id) for item in items]


def _live(items: Sequence[PauseRule] | Sequence[ResumeRule] | Sequence[EndDueRule]) -> dict[int, sql.VersionRow]:
    """The published or paused versions of these promotions, held."""
    ids = sorted({item.rule_id for item in items})
    sql.LOCK_RULES.run(rules=ids)
    return {row.rule_id: row for row in sql.STANDING.rows(rules=ids) if row.state in LIVE}


def _refusal(step: Step, row: sql.VersionRow | None, reason: str) -> str:
    if not reason.strip():
        return "reason_needed"
    if row is None:
        return "not_published"
    return "not_all_shops" if row.shop_id is None and step.actor.shops is not None else ""


def _move(step: Step, rows: dict[int, sql.VersionRow], reasons: dict[int, str], to: PromotionState) -> None:
    for reason in sorted(set(reasons.values())):
        step.move(PROMOTION_FLOW, [rows[id_].id for id_, why in reasons.items() if why == reason], to, reason)
