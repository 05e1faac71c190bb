"""The promotions a plan names: what each gives, and why the go-live gate would not pass as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.marketing.campaigns.queries.campaigns import CampaignFacts
from shopkeeper.flows.marketing.promotions.queries.rules import VersionRow, rule_record
from shopkeeper.flows.marketing.promotions.rules.promises import Promise, broken_promises, given_by
from shopkeeper.flows.marketing.promotions.states import OPEN, PromotionState
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T


@dataclass(frozen=True, slots=True)
class PlanRule:
    """A promotion of the plan: what it says, how far it is, and from when until when it holds."""

    rule_id: int
    code: str
    name: str
    says: T
    state: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the gate will not pass with a promotion; `promises` of the plan are given by it only, so by none now."""

    rule: PlanRule
    why: str
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """The promotions of a plan; `broken` is what its words promise and none of them gives, ended ones included."""

    rules: tuple[PlanRule, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    broken: tuple[Promise, ...] = ()


def attached_to(viewer: Actor, campaign: CampaignFacts, said: Sequence[tuple[str, str]]) -> Attached:
    """What a plan's promotions come to, each as it is live, else as it is being written; `said` are its words."""
    records = [record for id_ in campaign.rule_ids if (record := rule_record(viewer, id_))]
    versions = [record.live or record.row for record in records]
    broken = broken_promises(said, given_by(one.terms for one in versions))
    standing = given_by(one.terms for one in versions if one.state != PromotionState.ENDED)
    lapsed = [one for one in broken_promises(said, standing) if one not in broken]
    return Attached(
        tuple(map(_rule, versions)),
        tuple(trouble for one in versions for trouble in _troubles(one, campaign, lapsed, said)),
        broken,
    )


def _rule(row: VersionRow) -> PlanRule:
    return PlanRule(row.id, row.code, row.name, row.says, row.state, row.starts_at, row.ends_at)


def _troubles(
    row: VersionRow, campaign: CampaignFacts, lapsed: Sequence[Promise], said: Sequence[tuple[str, str]]
) -> list[Trouble]:
    rule = _rule(row)
    if row.state == PromotionState.ENDED:  # its times say nothing any more
        without = broken_promises(said, given_by([row.terms])) if lapsed else ()
        return [Trouble(rule, "ended", tuple(one for one in lapsed if one not in without))]
    state = "unpublished" if row.state in OPEN else "paused" if row.state == PromotionState.PAUSED else ""
    late = "late" if row.starts_at > campaign.starts_at else ""
    short = "short" if row.ends_at < campaign.ends_at else ""
    return [Trouble(rule, why) for why in (state, late, short) if why]
