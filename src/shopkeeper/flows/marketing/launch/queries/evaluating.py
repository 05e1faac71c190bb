"""The checks of the gate that only look: everything but the rehearsals."""

from collections.abc import Sequence

from shopkeeper.flows.marketing.campaigns.rules.plans import said_in
from shopkeeper.flows.marketing.launch.queries.checking import given_in
from shopkeeper.flows.marketing.launch.queries.pricing import evaluate, goods_facts
from shopkeeper.flows.marketing.launch.queries.standing import Standing
from shopkeeper.flows.marketing.launch.rules import gate
from shopkeeper.flows.marketing.launch.rules.gate import BatchFacts, Checked, MaterialFacts, RuleFacts
from shopkeeper.flows.marketing.promotions.rules.promises import Given, Promise, broken_promises
from shopkeeper.sop.policy import Policies


def rule_facts(standing: Standing) -> list[RuleFacts]:
    return [
        RuleFacts(r.rule_id, r.code, r.name, r.state, r.starts_at, r.ends_at, r.needs_coupon) for r in standing.rules
    ]


def batch_facts(standing: Standing) -> list[BatchFacts]:
    return [
        BatchFacts(b.id, b.rule_id, b.code, b.name, b.total - b.claimed, b.claim_from, b.claim_to, b.is_stopped)
        for b in standing.batches
    ]


def broken_by(standing: Standing) -> tuple[Promise, ...]:
    """What the campaign's words and materials promise beyond its promotions."""
    campaign = standing.campaign
    given = given_in({campaign.id}).get(campaign.id, Given())
    return broken_promises(said_in(campaign, [(one.title, one.said) for one in standing.materials]), given)


def looked_at(standing: Standing, policies: Policies) -> Sequence[Checked]:
    """What needs no rehearsal, check by check, in the order of the gate."""
    campaign, shop_id = standing.campaign, standing.campaign.shop_id
    rules, goods = rule_facts(standing), goods_facts(standing, policies)
    examples = evaluate(standing.examples, shop_id, campaign.starts_at)
    materials = [MaterialFacts(one.id, one.title, one.kind, one.state) for one in standing.materials]
    return (
        gate.check_rules(rules, goods, campaign.starts_at, campaign.ends_at, broken_by(standing)),
        gate.check_examples(examples, policies("gate_examples_least", shop_id), has_rules=bool(rules)),
        gate.check_coupon_stock(
            rules,
            batch_facts(standing),
            campaign.expected_visitors,
            policies("gate_coupons_percent_of_visitors", shop_id),
            campaign.starts_at,
        ),
        gate.check_stock(goods),
        gate.check_price_law(goods, policies("gate_lowest_price_days", shop_id), policies("strike_days", shop_id)),
        gate.check_margin(goods, policies("gate_margin", shop_id)),
        gate.check_materials(materials, policies("gate_materials_least", shop_id)),
        gate.check_listing(goods),
    )
