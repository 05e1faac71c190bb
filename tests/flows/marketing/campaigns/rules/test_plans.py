"""M1.2: what plans tell buyers."""

from datetime import UTC, datetime

import pytest

from shopkeeper.flows.marketing.campaigns.commands.save_campaign import SaveCampaign
from shopkeeper.flows.marketing.campaigns.rules.plans import said_in
from shopkeeper.flows.marketing.promotions.rules.codec import read_terms
from shopkeeper.flows.marketing.promotions.rules.promises import Given, broken_promises, given_by
from shopkeeper.simulator.marketing import plans

pytestmark = pytest.mark.clause("M1.2")
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)


def test_every_word_for_buyers_is_read_with_its_place_and_the_risks_are_not() -> None:
    plan = SaveCampaign(1, "A", "8折周", NOON, NOON, "9折", force="7折", channels=("社群 6折",), materials="海报写5折",
                        risks="卖不动时 3 折")  # fmt: skip
    broken = broken_promises(said_in(plan, [("海报", "4折")]), Given())
    assert [(one.place, one.written) for one in broken] == [
        ("name", "8折"), ("theme", "9折"), ("force", "7折"), ("materials", "5折"), ("channels", "6折"),
        ("material:海报", "4折"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "rules", "copy"),
    [
        (plans.KNIVES, [plans.KNIVES_RULE], plans.KNIVES_COPY),
        (plans.CRAFT, [plans.CRAFT_RULE, plans.CRAFT_COUPON], plans.PROPER),
    ],
)
def test_the_demos_plans_promise_what_their_promotions_give(plan: dict, rules: list[dict], copy: str) -> None:
    given = given_by(read_terms(rule["terms"]) for rule in rules)
    said = said_in(SaveCampaign(1, starts_at=NOON, ends_at=NOON, **plan), [("文案", copy)])
    assert broken_promises(said, given) == ()
    assert broken_promises(said, Given()) != ()
