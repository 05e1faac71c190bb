"""A campaign as the gate sees it, and the fingerprint of what a test's result depends on."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.marketing.launch.sql import gates as gate_sql
from shopkeeper.flows.marketing.launch.sql import standing as sql
from shopkeeper.flows.marketing.promotions.states import REHEARSAL
from shopkeeper.foundation.sql import json_bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign with everything that is set up for it."""

    campaign: sql.CampaignRow
    goods: tuple[sql.GoodsRow, ...]
    rules: tuple[sql.RuleRow, ...]
    batches: tuple[sql.BatchRow, ...]
    materials: tuple[sql.MaterialRow, ...]
    examples: tuple[gate_sql.ExampleRow, ...]

    @property
    def starts_at(self) -> datetime:
        return self.campaign.starts_at

    @property
    def fingerprint(self) -> str:
        """Of rules, goods, prices, coupons, materials and examples: another one, and what was tested is gone.

        Stock and claims move by themselves and are left out; a result grows old anyway.
        """
        campaign = self.campaign
        told = {
            "times": (campaign.starts_at, campaign.ends_at),
            "visitors": campaign.expected_visitors,
            "goods": [(g.sku_id, g.planned, g.price_minor, g.cost_minor, g.plan_id, g.listing) for g in self.goods],
            "rules": [(rule.rule_id, rule.version_id, rule.state) for rule in self.rules],
            "batches": [(b.id, b.total, b.per_buyer, b.claim_from, b.claim_to, b.is_stopped) for b in self.batches],
            "materials": [(m.id, m.state, m.approved) for m in self.materials],
            "examples": [(e.id, e.lines, e.expected_minor, e.freight_minor, e.rule_ids) for e in self.examples],
        }
        return hashlib.sha256(json_bytes(told)).hexdigest()


def standings(campaign_ids: Collection[int]) -> dict[int, Standing]:
    """Campaigns with what is set up for them, in six statements however many."""
    ids = sorted(campaign_ids)
    if not ids:
        return {}
    campaigns = sql.CAMPAIGNS.rows(ids=ids)
    goods, rules = sql.GOODS.rows(campaigns=ids), sql.RULES.rows(campaigns=ids)
    batches = sql.BATCHES.rows(rules=sorted({rule.rule_id for rule in rules}), rehearsal=REHEARSAL)
    materials, examples = sql.MATERIALS.rows(campaigns=ids), gate_sql.EXAMPLES.rows(campaigns=ids)
    found = {}
    for campaign in campaigns:
        own = tuple(rule for rule in rules if rule.campaign_id == campaign.id)
        named = {rule.rule_id for rule in own}
        found[campaign.id] = Standing(
            campaign,
            tuple(one for one in goods if one.campaign_id == campaign.id),
            own,
            tuple(batch for batch in batches if batch.rule_id in named),
            tuple(one for one in materials if one.campaign_id == campaign.id),
            tuple(one for one in examples if one.campaign_id == campaign.id),
        )
    return found
