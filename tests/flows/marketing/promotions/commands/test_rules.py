"""M2.3: promotions written, scanned, reviewed by another person, published, paused, ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.marketing.promotions.commands.end_rules import (
    EndDueRule,
    EndRule,
    PauseRule,
    ResumeRule,
    end_due_rules,
    end_rules,
    pause_rules,
    resume_rules,
)
from shopkeeper.flows.marketing.promotions.commands.publish_rules import (
    PublishRule,
    ReturnRule,
    publish_rules,
    return_rules,
)
from shopkeeper.flows.marketing.promotions.commands.reserve_usage import reserve_usage
from shopkeeper.flows.marketing.promotions.commands.save_rule import SaveRule, save_rule
from shopkeeper.flows.marketing.promotions.commands.submit_rules import SubmitRule, submit_rules
from shopkeeper.flows.marketing.promotions.models import Counter, Rule, Version
from shopkeeper.flows.marketing.promotions.queries.book import house_at
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.promotions import stage
from tests.flows.marketing.promotions.stage import NOON, REDUCTION, drafted, published, state_of, wish

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


def code_of(item: SaveRule, by: Any = None) -> str:
    return save_rule.one(by or stage.specialist(), item).code


def test_a_draft_is_saved_rewritten_and_the_same_words_change_nothing() -> None:
    shop = make.make_shop()
    item = wish(shop)
    rule_id = drafted(item)
    assert save_rule.one(stage.specialist(), item).code == "unchanged"
    again = save_rule.one(stage.specialist(), replace(item, name="年中大促"))
    assert (again.code, again.id, again.facts) == ("done", rule_id, {"version": 1})
    version = Version.objects.get(rule_id=rule_id)
    assert (version.name, version.kind, version.state) == ("年中大促", "reduction", "draft")
    assert Rule.objects.get(id=rule_id).name == "年中大促"
    assert version.terms["offer"] == {**REDUCTION, "every": False, "times": 0, "counts_pieces": False}


def test_a_batch_with_poison_keeps_the_others() -> None:
    shop = make.make_shop()
    items = [wish(shop, "a"), wish(shop, "b", {"kind": "reduction", "tiers": []}), wish(shop, "a", layer="platform")]
    outcomes = save_rule(stage.specialist(), items)
    assert [o.code for o in outcomes] == ["done", "tiers_missing", "rule_twice"]
    assert outcomes[1].facts == {"field": "offer"}
    assert Rule.objects.count() == 1


def test_what_makes_no_promotion_is_refused() -> None:
    shop = make.make_shop()
    assert code_of(wish(shop, ends_at=NOON)) == "rule_time_backwards"
    assert code_of(wish(shop, ends_at=NOON + timedelta(days=2_000))) == "rule_too_long"
    assert code_of(replace(wish(shop), name=" ")) == "rule_unnamed"
    assert code_of(wish(None), stage.specialist(shops=[shop])) == "not_all_shops"
    assert code_of(wish(make.make_shop()), stage.specialist(shops=[shop])) == "not_found"
    with pytest.raises(NotAllowed):
        save_rule(stage.checkout(), [wish(shop)])
    assert Rule.objects.count() == 0


def test_from_draft_to_published_by_another_person() -> None:
    shop = make.make_shop()
    writer, boss = stage.supervisor(), stage.supervisor()
    rule_id = drafted(wish(shop, uses=5, budget_minor=90_000), writer)
    assert publish_rules.one(boss, PublishRule(rule_id)).code == "not_in_review"
    assert submit_rules.one(writer, SubmitRule(rule_id)).facts["findings"] == 0
    assert submit_rules.one(writer, SubmitRule(rule_id)).code == "unchanged"
    assert code_of(wish(shop, "618", {"kind": "discount", "permille": 900})) == "rule_in_review"
    assert Deadline.objects.get(kind="promotion_review").due_at == NOON + timedelta(hours=4)
    assert publish_rules.one(writer, PublishRule(rule_id)).code == "own_rule"
    assert not house_at(NOON).known
    assert publish_rules.one(boss, PublishRule(rule_id)).code == "done"
    assert publish_rules.one(boss, PublishRule(rule_id)).code == "unchanged"
    assert state_of(rule_id) == "published"
    assert list(house_at(NOON).known) == [rule_id]
    counter = Counter.objects.get(rule_id=rule_id)
    assert (counter.uses_total, counter.budget_minor) == (5, 90_000)
    assert stage.ended("promotion_review") == [("done", False)]
    assert stage.told() == ["promotions.rule_submitted", "promotions.rule_published"]


def test_a_returned_draft_is_written_anew_and_submitted_again() -> None:
    rule_id = drafted(wish(make.make_shop()))
    submit_rules.one(stage.specialist(), SubmitRule(rule_id))
    assert return_rules.one(stage.supervisor(), ReturnRule(rule_id, " ")).code == "reason_needed"
    assert return_rules.one(stage.supervisor(), ReturnRule(rule_id, "力度太大")).code == "done"
    assert return_rules.one(stage.supervisor(), ReturnRule(rule_id, "力度太大")).code == "unchanged"
    assert (state_of(rule_id), Version.objects.get().decision_reason) == ("draft", "力度太大")
    assert not Deadline.objects.filter(kind="promotion_review").exists()
    assert submit_rules.one(stage.specialist(), SubmitRule(rule_id)).changed
    assert return_rules.one(stage.supervisor(), ReturnRule(published(make.make_shop()), "x")).code == "not_in_review"


def test_a_change_of_a_published_promotion_is_a_version_more_and_takes_its_place() -> None:
    shop = make.make_shop()
    rule_id = published(shop)
    more = {"kind": "reduction", "tiers": [[30_000, 6_000]]}
    assert save_rule.one(stage.specialist(), wish(shop, offer=more)).facts == {"version": 2}
    assert house_at(NOON).known[rule_id].number == 1
    submit_rules.one(stage.specialist(), SubmitRule(rule_id))
    publish_rules.one(stage.supervisor(), PublishRule(rule_id))
    assert (state_of(rule_id, 1), state_of(rule_id, 2)) == ("ended", "published")
    known = house_at(NOON).known[rule_id]
    assert (known.number, known.promotion.version) == (2, 2)


def test_the_scan_names_goods_below_cost_and_publishing_them_needs_a_reason() -> None:
    shop = make.make_shop()
    make.make_sku(price_minor=5_000, cost_minor=2_000, floor_minor=3_000)
    thin = make.make_sku(price_minor=5_000, cost_minor=4_500, floor_minor=0)
    first = published(shop, "first", {"kind": "percentage", "permille": 900})
    rule_id = drafted(wish(shop, "half", {"kind": "percentage", "permille": 900}))
    outcome = submit_rules.one(stage.specialist(), SubmitRule(rule_id))
    assert (outcome.facts["findings"], outcome.facts["scanned"]) == (1, 2)
    below, overlap = Version.objects.get(rule_id=rule_id).findings
    assert (below["code"], below["sku"], below["worst_minor"], below["rules"]) == (
        "below_cost", thin.code, 4_000, ["first", "half"],
    )  # fmt: skip
    assert (overlap["code"], overlap["rule_id"], overlap["combines"]) == ("overlap", first, True)
    refused = publish_rules.one(stage.supervisor(), PublishRule(rule_id))
    assert (refused.code, refused.facts) == ("findings_need_reason", {"findings": 1})
    assert publish_rules.one(stage.supervisor(), PublishRule(rule_id, "清仓")).changed


def test_those_of_other_shops_or_times_do_not_meet() -> None:
    shop = make.make_shop()
    make.make_sku(price_minor=5_000, cost_minor=4_200)
    published(make.make_shop(), "elsewhere", {"kind": "percentage", "permille": 900})
    published(shop, "later", {"kind": "percentage", "permille": 900}, starts_at=NOON + timedelta(days=20),
              ends_at=NOON + timedelta(days=30))  # fmt: skip
    rule_id = drafted(wish(shop, "own", {"kind": "percentage", "permille": 900}))
    assert submit_rules.one(stage.specialist(), SubmitRule(rule_id)).facts["findings"] == 0
    everywhere = drafted(wish(None, "all", {"kind": "percentage", "permille": 900}))
    assert submit_rules.one(stage.specialist(), SubmitRule(everywhere)).facts["findings"] == 1


def test_paused_it_prices_nothing_and_goes_on() -> None:
    rule_id = published(make.make_shop())
    assert pause_rules.one(stage.specialist(), PauseRule(rule_id, "")).code == "reason_needed"
    assert pause_rules.one(stage.specialist(), PauseRule(rule_id, "力度设错")).code == "done"
    assert pause_rules.one(stage.specialist(), PauseRule(rule_id, "力度设错")).code == "unchanged"
    assert not house_at(NOON).known
    assert resume_rules.one(stage.supervisor(), ResumeRule(rule_id)).code == "done"
    assert resume_rules.one(stage.supervisor(), ResumeRule(rule_id)).code == "unchanged"
    assert list(house_at(NOON).known) == [rule_id]
    draft = drafted(wish(make.make_shop(), "draft"))
    assert pause_rules.one(stage.specialist(), PauseRule(draft, "x")).code == "not_published"


def test_ended_by_hand_before_its_time() -> None:
    shop = make.make_shop()
    rule_id = published(shop)
    assert end_rules.one(stage.specialist(), EndRule(rule_id, "")).code == "reason_needed"
    assert end_rules.one(stage.specialist(), EndRule(rule_id, "备货不足")).code == "done"
    assert end_rules.one(stage.specialist(), EndRule(rule_id, "备货不足")).code == "unchanged"
    assert state_of(rule_id) == "ended"
    assert not Deadline.objects.filter(kind="promotion_end").exists()
    draft = drafted(wish(shop, "draft"))
    assert end_rules.one(stage.specialist(), EndRule(draft, "不做了")).changed
    everywhere = published(None, "all")
    assert end_rules.one(stage.specialist(shops=[shop]), EndRule(everywhere, "x")).code == "not_all_shops"


def test_its_time_over_it_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rule_id = published(make.make_shop(), ends_at=NOON + timedelta(days=1))
    stage.at(monkeypatch, NOON + timedelta(days=1, seconds=1))
    assert not house_at(NOON + timedelta(days=1)).known
    sweep()
    assert state_of(rule_id) == "ended"
    assert stage.ended("promotion_end") == [("done", False)]
    assert end_due_rules.one(SYSTEM, EndDueRule(rule_id)).code == "unchanged"


def test_one_whose_newer_version_lasts_longer_is_watched_until_then() -> None:
    rule_id = published(make.make_shop(), ends_at=NOON + timedelta(days=1))
    assert end_due_rules.one(SYSTEM, EndDueRule(rule_id)).code == "unchanged"
    assert state_of(rule_id) == "published"
    assert Deadline.objects.get(kind="promotion_end").due_at == NOON + timedelta(days=1)


def test_new_limits_are_not_below_what_was_used() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop, uses=5)
    outcomes = reserve_usage(stage.checkout(), [stage.order(shop, sku, number=f"P{n}") for n in range(2)])
    assert all(outcome.changed for outcome in outcomes)
    save_rule.one(stage.specialist(), wish(shop, uses=1))
    submit_rules.one(stage.specialist(), SubmitRule(rule_id))
    refused = publish_rules.one(stage.supervisor(), PublishRule(rule_id, "x"))
    assert (refused.code, refused.facts) == ("limit_below_used", {"uses": 2})
