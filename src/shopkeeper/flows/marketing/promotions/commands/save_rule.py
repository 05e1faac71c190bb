"""M2.3: the campaign specialist writes down a promotion; a change of one that is published is a version more."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.rules.codec import BadTerms, Terms, read_terms, write_terms
from shopkeeper.flows.marketing.promotions.sql import rules as sql
from shopkeeper.flows.marketing.promotions.states import LIVE, PromotionState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

FARTHEST = timedelta(days=3 * 366)
Key = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class SaveRule:
    """A promotion by its code, in one shop or (None) in all. `terms` as in docs/promotions.md."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    starts_at: datetime
    ends_at: datetime
    terms: dict[str, Any] = field(default_factory=dict)
    shop_id: int | None = None

    @property
    def key(self) -> Key:
        return self.shop_id, self.code.strip()


@command(clause="M2.3", permission=Permission.RULE_EDIT, scope=InShop())
def save_rule(step: Step, items: Sequence[SaveRule]) -> list[Outcome]:
    """Save drafts: a new promotion, a rewritten draft, or the next version of one that is published.

    Done with `facts`: version. Refused: "not_all_shops", "rule_unnamed", "rule_time_backwards", "rule_too_long",
    "rule_in_review", "rule_twice" in one batch, or what is wrong with the terms ("field" says where):
    "offer_unknown", "offer_incomplete", "offer_unlike_layer", "tiers_missing", "tiers_not_rising",
    "more_off_than_threshold", "every_needs_one_tier", "rate_out_of_bounds", "nth_below_two", "pieces_below_one",
    "gift_missing", "price_not_positive", "bearer_unknown", "bearers_not_whole", "terms_unknown",
    "terms_unreadable", "terms_out_of_bounds", "terms_too_many". The same words again are unchanged.
    """
    judged = [_judge(step, item) for item in items]
    fit = {item.key: item for item, said in zip(items, judged, strict=True) if isinstance(said, Terms)}
    rules = _rules_of(step, list(fit.values()))
    ids = sorted(rules.values())
    sql.LOCK_RULES.run(rules=ids)
    standing: dict[int, list[sql.VersionRow]] = {id_: [] for id_ in ids}
    for row in sql.STANDING.rows(rules=ids):
        standing[row.rule_id].append(row)
    last = {row.rule_id: row.number for row in sql.LAST_NUMBERS.rows(rules=ids)}
    outcomes: list[Outcome] = []
    fresh, rewritten, taken = [], [], set[Key]()
    for item, said in zip(items, judged, strict=True):
        if isinstance(said, Outcome):
            outcomes.append(said)
            continue
        rule_id = rules[item.key]
        if item.key in taken:
            outcomes.append(refused("rule_twice", rule_id))
            continue
        taken.add(item.key)
        words = _words(item, said, rule_id, last.get(rule_id, 0) + 1)
        outcome, draft_id = _place(rule_id, words, standing[rule_id])
        outcomes.append(outcome)
        if outcome.changed and draft_id:
            rewritten.append({**words, "id": draft_id})
        elif outcome.changed:
            fresh.append(words)
    _write(step, fresh, rewritten)
    return outcomes


def _judge(step: Step, item: SaveRule) -> Terms | Outcome:
    if item.shop_id is None and step.actor.shops is not None:
        return refused("not_all_shops")
    if not item.code.strip() or not item.name.strip() or "\x00" in item.code + item.name:
        return refused("rule_unnamed")
    if item.ends_at <= max(item.starts_at, step.now):
        return refused("rule_time_backwards")
    if item.ends_at - step.now > FARTHEST:
        return refused("rule_too_long")
    try:
        return read_terms(item.terms)
    except BadTerms as wrong:
        return refused(wrong.code, field=wrong.field)


def _rules_of(step: Step, items: Sequence[SaveRule]) -> dict[Key, int]:
    """The promotions by shop and code, made where they are new."""
    if not items:
        return {}
    named = [{"shop_id": item.shop_id, "code": item.code.strip(), "name": item.name.strip()} for item in items]
    sql.MAKE_RULES.rows(rules=as_json(named), now=step.now, actor_id=step.actor.id)
    return {(row.shop_id, row.code): row.id for row in sql.RULES_BY_CODE.rows(rules=as_json(named))}


def _words(item: SaveRule, terms: Terms, rule_id: int, number: int) -> dict[str, Any]:
    return {
        "rule_id": rule_id,
        "shop_id": item.shop_id,
        "number": number,
        "name": item.name.strip(),
        "kind": terms.kind,
        "terms": write_terms(terms),
        "starts_at": item.starts_at,
        "ends_at": item.ends_at,
    }


def _place(rule_id: int, row: dict[str, Any], standing: Sequence[sql.VersionRow]) -> tuple[Outcome, int | None]:
    """Where these words go: nowhere (they are there), into the open draft, or into a new version."""
    opened = next((v for v in standing if v.state not in LIVE), None)
    newest = opened or next(iter(standing), None)
    if newest and _says_the_same(row, newest):
        return unchanged(rule_id, version=newest.number), None
    if opened and opened.state == PromotionState.IN_REVIEW:
        return refused("rule_in_review", rule_id), None
    if opened:
        return done(rule_id, version=opened.number), opened.id
    return done(rule_id, version=row["number"]), None


def _says_the_same(row: dict[str, Any], version: sql.VersionRow) -> bool:
    own = (row["name"], row["starts_at"], row["ends_at"], row["terms"])
    return own == (version.name, version.starts_at, version.ends_at, json.loads(version.terms))


def _write(step: Step, fresh: Sequence[dict[str, Any]], rewritten: Sequence[dict[str, Any]]) -> None:
    if fresh:
        sql.ADD_VERSIONS.rows(versions=as_json(fresh), now=step.now, actor_id=step.actor.id)
    if rewritten:
        sql.REWRITE.run(versions=as_json(rewritten), now=step.now, actor_id=step.actor.id)
    changed = [*fresh, *rewritten]
    if changed:
        sql.RENAME.run(rules=[row["rule_id"] for row in changed], names=[row["name"] for row in changed])
