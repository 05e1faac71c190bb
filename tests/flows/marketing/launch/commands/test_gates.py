"""M2.2: the gate opened, tested against the real engine, decided, overridden, expired; the launch asks it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.marketing.campaigns.models import Campaign, CampaignGoods
from shopkeeper.flows.marketing.campaigns.ports import go_live_gate, material_shelf
from shopkeeper.flows.marketing.launch.commands.expire_gates import ExpireGate, expire_gates
from shopkeeper.flows.marketing.launch.commands.open_gates import CloseGate, OpenGate, close_gates, open_gates
from shopkeeper.flows.marketing.launch.commands.override_gate import OverrideGate, override_gates
from shopkeeper.flows.marketing.launch.commands.run_gate import (
    FinishGateRun,
    NoteCheck,
    RunGate,
    finish_gate_runs,
    note_gate_checks,
    run_gates,
)
from shopkeeper.flows.marketing.launch.commands.write_examples import (
    DropExample,
    ExampleLine,
    SaveExample,
    drop_examples,
    save_examples,
)
from shopkeeper.flows.marketing.launch.models import Gate, GateCheck, GateExample, GateRun, Material
from shopkeeper.flows.marketing.launch.states import CheckKey, CheckVerdict
from shopkeeper.flows.marketing.promotions.commands.end_rules import PauseRule, pause_rules
from shopkeeper.flows.marketing.promotions.models import Coupon, CouponBatch
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.pricing.models import Plan
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.launch import stage
from tests.flows.marketing.launch.stage import NOON, START
from tests.flows.marketing.promotions import stage as promotions

pytestmark = [pytest.mark.clause("M2.2"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


def set_policy(key: str, value: object) -> None:
    PolicyValue.objects.create(key=key, value=value, set_at=NOON, set_by=1, reason="测试")


def verdict(one: Campaign) -> str:
    return go_live_gate().verdicts([one.pk])[one.pk]


def check_of(gate: Gate, key: CheckKey) -> GateCheck:
    return GateCheck.objects.get(run__gate=gate, run__number=gate.runs, key=key)


def test_words_that_promise_what_no_rule_gives_keep_the_gate_shut() -> None:
    """The plan's own words, what a material must say and its approved text; the campaign gives 满300减50."""
    one = stage.prepared(theme="满300减50", force="满200减20")
    stage.briefed(one, title="海报文案", must_say=("第二件半价",))
    Material.objects.filter(title="首页文案").get().versions.update(text="限时八折")
    check = check_of(stage.tested(one), CheckKey.RULES)
    assert check.verdict == "red"
    promised = [(row["promise"], row["place"]) for row in check.rows if "promise" in row]
    assert promised == [("满200减20", "force"), ("八折", "material:首页文案"), ("第二件半价", "material:海报文案")]
    Campaign.objects.update(force="满 300 减 50")
    Material.objects.get(title="首页文案").versions.update(text="夏日清凉")
    Material.objects.filter(title="海报文案").update(must_say=["满300减50"])
    assert check_of(stage.tested(one), CheckKey.RULES).verdict == "green"


def test_a_gate_opens_with_the_approval_and_is_due_before_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage.campaign(make.make_shop())
    first = open_gates.one(SYSTEM, OpenGate(one.pk))
    assert first.changed
    assert open_gates.one(SYSTEM, OpenGate(one.pk)).code == "unchanged"
    assert stage.due("go_live_gate") == [(first.id, START - timedelta(hours=24))]
    planned = stage.campaign(one.shop, "双11", state="planned")
    assert open_gates.one(SYSTEM, OpenGate(planned.pk)).code == "campaign_not_approved"
    assert verdict(planned) == "gate_missing"
    assert verdict(one) == "gate_not_tested"
    stage.at(monkeypatch, START - timedelta(hours=24))
    sweep()
    assert Deadline.objects.get(kind="go_live_gate").late_at
    soon = stage.campaign(one.shop, "闪购", starts_at=START - timedelta(hours=20))
    open_gates.one(SYSTEM, OpenGate(soon.pk))
    assert stage.due("go_live_gate")[-1][1] == START - timedelta(hours=20)


def test_a_campaign_that_lacks_nothing_passes() -> None:
    one = stage.prepared()
    stage.opened(one)
    outcome = run_gates.one(stage.planner(), RunGate(one.pk))
    assert (outcome.code, outcome.facts) == ("done", {"number": 1})
    assert run_gates.one(stage.planner(), RunGate(one.pk)).code == "unchanged"
    assert verdict(one) == "gate_running"
    assert stage.perform() == 1
    gate = Gate.objects.get()
    assert (gate.state, stage.verdicts(gate)) == ("green", dict.fromkeys(sorted(map(str, CheckKey)), "green"))
    assert verdict(one) == ""
    assert stage.ended("go_live_gate") == [("done", False)]
    assert stage.due("go_live_gate_expiry") == [(gate.pk, NOON + timedelta(hours=48))]
    assert stage.told()[-3:] == ["gate_opened", "gate_run_started", "gate_decided"]
    assert GateRun.objects.get().is_green is True


def test_claims_are_rehearsed_exactly_and_nothing_is_left_of_them() -> None:
    one = stage.prepared()
    gate = stage.tested(one)
    (row,) = check_of(gate, CheckKey.COUPON_CLAIM).rows
    assert row["given"] == row["kept"] == row["counted"] == row["total"] == 100
    assert row["most_each"] == row["per_buyer"] == 2
    assert row["calls"] == 198
    assert row["refused"] == 98
    assert row["per_second"] > 0
    assert CouponBatch.objects.count() == 1
    assert Coupon.objects.count() == 0
    assert CouponBatch.objects.get().claimed == 0
    assert "promotions.coupon_claimed" not in promotions.told()


def test_an_example_that_comes_to_something_else_is_red_and_cannot_be_overridden() -> None:
    one = stage.prepared()
    sku = Sku.objects.get()
    stage.example(one, sku, 1, 4_999, "写错的")
    gate = stage.tested(one)
    assert (gate.state, verdict(one)) == ("red", "gate_red")
    row = check_of(gate, CheckKey.EXAMPLES).rows[0]
    assert (row["name"], row["expected_minor"], row["payable_minor"], row["ok"]) == ("写错的", 4_999, 5_000, False)
    item = OverrideGate(one.pk, "赶时间")
    assert override_gates.one(stage.manager(), item).code == "examples_not_overridden"
    set_policy("gate_override_examples", True)
    assert override_gates.one(stage.manager(), item).code == "done"


def test_an_example_is_held_against_each_line_and_the_published_rules() -> None:
    one = stage.prepared()
    sku = Sku.objects.get()
    lines = (ExampleLine(sku.pk, 4, 19_999), ExampleLine(sku.pk, 2))
    save_examples.one(stage.planner(), SaveExample(one.pk, "分行", lines, 30_000))
    draft = stage.ruled(one, promotions.drafted(promotions.wish(one.shop, "draft", needs_coupon=True)))
    stage.example(one, sku, 2, 10_000, "未发布", rule_ids=(draft,))
    rows = {row["name"]: row for row in check_of(stage.tested(one), CheckKey.EXAMPLES).rows}
    assert [line["ok"] for line in rows["分行"]["lines"]] == [False, True]
    assert rows["未发布"]["why"] == "rule_not_published"


def test_examples_are_priced_as_things_will_stand_at_the_start() -> None:
    one = stage.prepared()
    sku = Sku.objects.get()
    promotions.published(one.shop, "later", {"kind": "discount", "permille": 800}, starts_at=START)
    Plan.objects.create(
        sku=sku, shop=one.shop, state="scheduled", state_at=NOON, currency="CNY", cost_minor=2_000, sale_minor=4_000,
        lowest_minor=4_000, worst_minor=4_000, margin_basis_points=5_000, target_basis_points=2_000, valid_from=START,
        proposed_at=NOON, proposed_by=1, reason="活动",
    )  # fmt: skip
    stage.example(one, sku, 1, 3_200, "开始时")
    rows = {row["name"]: row for row in check_of(stage.tested(one), CheckKey.EXAMPLES).rows}
    assert rows["开始时"]["ok"] is True
    assert rows["5 件"]["payable_minor"] == 16_000


@pytest.mark.parametrize(
    ("spoil", "key", "why"),
    [
        (lambda one, sku: CampaignGoods.objects.update(price_minor=3_999), CheckKey.RULES, "price_not_reached"),
        (lambda one, sku: CampaignGoods.objects.update(planned_quantity=101), CheckKey.STOCK, None),
        (lambda one, sku: CampaignGoods.objects.update(price_minor=5_001), CheckKey.PRICE_LAW, "above_lowest"),
        (lambda one, sku: Sku.objects.update(cost_minor=4_200), CheckKey.MARGIN, "below_cost"),
        (lambda one, sku: Sku.objects.update(is_delisted=True), CheckKey.LISTING, None),
        (lambda one, sku: Campaign.objects.update(expected_visitors=501), CheckKey.COUPON_STOCK, "coupons_short"),
        (lambda one, sku: stage.briefed(one, title="未交"), CheckKey.MATERIALS, None),
        (lambda one, sku: GateExample.objects.update(dropped_at=NOON), CheckKey.EXAMPLES, None),
    ],
)
def test_each_check_is_red_for_its_own_reason(spoil, key: CheckKey, why: str | None) -> None:  # type: ignore[no-untyped-def]
    one = stage.prepared()
    Sku.objects.get().product.__class__.objects.update(state="approved")
    spoil(one, Sku.objects.get())
    gate = stage.tested(one)
    found = stage.verdicts(gate)
    assert gate.state == "red"
    assert found[key] == "red"
    if why:
        assert check_of(gate, key).rows[0]["why"] == why


def test_a_paused_rule_is_red_everywhere_it_matters() -> None:
    one = stage.prepared()
    pause_rules.one(promotions.specialist(), PauseRule(one.rules.get().rule_id, "设错了"))
    gate = stage.tested(one)
    red = {key for key, value in stage.verdicts(gate).items() if value == "red"}
    assert red == {"rules", "examples", "coupon_claim"}
    assert CouponBatch.objects.count() == 1


def test_a_campaign_without_coupons_and_rules_is_not_asked_for_them() -> None:
    one = stage.campaign(make.make_shop())
    sku = make.make_sku()
    make.stock_up(sku, one.shop.default_warehouse)
    stage.goods(one, sku)
    stage.approved(one)
    gate = stage.tested(one)
    assert gate.state == "green"
    gone = {key for key, value in stage.verdicts(gate).items() if value == "not_applicable"}
    assert gone == {"examples", "coupon_stock", "coupon_claim"}


def test_a_manager_overrides_with_a_reason_and_only_what_is_red() -> None:
    one = stage.prepared()
    CampaignGoods.objects.update(planned_quantity=500)
    stage.opened(one)
    item = OverrideGate(one.pk, "预售已准备")
    assert override_gates.one(stage.manager(), item).code == "gate_not_red"
    stage.tested(one)
    assert override_gates.one(stage.manager(), replace(item, reason=" ")).code == "reason_needed"
    with pytest.raises(NotAllowed):
        override_gates(stage.planner(), [item])
    done = override_gates.one(stage.manager(), item)
    assert (done.code, done.facts) == ("done", {"red": ["stock"]})
    assert override_gates.one(stage.manager(), item).code == "unchanged"
    gate = Gate.objects.get()
    assert (gate.state, gate.override_reason, verdict(one)) == ("overridden", "预售已准备", "")
    assert stage.told()[-1] == "gate_overridden"
    other = stage.campaign(one.shop, "双11")
    assert override_gates.one(stage.manager(), OverrideGate(other.pk, "x")).code == "gate_missing"
    assert run_gates.one(stage.planner(), RunGate(other.pk)).code == "gate_missing"


def test_an_old_result_expires_by_the_clock_and_is_due_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage.prepared()
    gate = stage.tested(one)
    stage.at(monkeypatch, NOON + timedelta(hours=48))
    assert verdict(one) == "gate_expired"
    assert sweep() == 1
    gate.refresh_from_db()
    assert (gate.state, gate.expired_because) == ("waiting", "old")
    assert stage.due("go_live_gate") == [(gate.pk, START - timedelta(hours=24))]
    assert verdict(one) == "gate_expired"
    stage.tested(one)
    assert verdict(one) == ""


def test_a_result_is_of_what_was_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage.prepared()
    gate = stage.tested(one)
    assert expire_gates.one(SYSTEM, ExpireGate(gate.pk)).code == "unchanged"
    CampaignGoods.objects.update(planned_quantity=11)
    assert verdict(one) == "gate_changed"
    late = START - timedelta(hours=3)
    Gate.objects.update(expires_at=START)
    stage.at(monkeypatch, late)
    outcomes = expire_gates(SYSTEM, [ExpireGate(gate.pk)] * 2)
    assert [(o.code, o.facts) for o in outcomes] == [("done", {"why": "changed"}), ("unchanged", {})]
    assert stage.due("go_live_gate")[0][1] == START  # four hours to test would be after the start
    assert stage.told()[-1] == "gate_expired"


def test_a_red_gate_tested_again_while_open_stays_due_and_a_green_one_that_fails_is_due() -> None:
    one = stage.prepared()
    stage.tested(one)
    CampaignGoods.objects.update(planned_quantity=500)
    gate = stage.tested(one)
    assert (gate.state, gate.runs) == ("red", 2)
    assert stage.due("go_live_gate") == [(gate.pk, START - timedelta(hours=24))]
    assert stage.due("go_live_gate_expiry") == []


def test_who_mends_what_is_red_is_told_until_a_test_finds_it_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage.prepared(force="满200减20")
    CampaignGoods.objects.update(planned_quantity=500)
    gate = stage.tested(one)
    retest = START - timedelta(hours=24 + 4)  # four hours before the gate is due
    assert stage.due("mend_gate_product_specialist") == [(gate.pk, retest)]
    assert stage.due("mend_gate_campaign_specialist") == [(gate.pk, retest)]
    assert stage.due("mend_gate_design") == stage.due("mend_gate_operations_supervisor") == []
    CampaignGoods.objects.update(planned_quantity=10)
    stage.at(monkeypatch, START - timedelta(hours=26))
    stage.tested(one)
    assert stage.ended("mend_gate_product_specialist") == [("done", True)]
    assert stage.due("mend_gate_campaign_specialist") == [(gate.pk, START - timedelta(hours=24))]
    Campaign.objects.update(force="")
    assert stage.tested(one).state == "green"
    assert stage.ended("mend_gate_campaign_specialist") == [("done", False)]


@pytest.mark.parametrize("end", ["override", "close"])
def test_what_no_longer_has_to_pass_has_nothing_to_mend(end: str) -> None:
    one = stage.prepared()
    CampaignGoods.objects.update(planned_quantity=500)
    stage.tested(one)
    if end == "override":
        assert override_gates.one(stage.manager(), OverrideGate(one.pk, "预售已准备")).changed
    else:
        assert close_gates.one(SYSTEM, CloseGate(one.pk)).changed
    assert stage.ended("mend_gate_product_specialist") == [("cancelled", False)]


def test_a_gate_closes_with_the_launch_and_opens_with_another_approval() -> None:
    one = stage.prepared()
    stage.tested(one)
    outcomes = close_gates(SYSTEM, [CloseGate(one.pk), CloseGate(one.pk)])
    assert [o.code for o in outcomes] == ["done", "unchanged"]
    assert verdict(one) == "gate_missing"
    assert stage.ended("go_live_gate_expiry") == [("cancelled", False)]
    assert close_gates.one(SYSTEM, CloseGate(stage.campaign(one.shop, "双11").pk)).code == "unchanged"
    assert open_gates.one(SYSTEM, OpenGate(one.pk)).changed
    assert Gate.objects.get(campaign=one).state == "waiting"
    Campaign.objects.update(starts_at=START + timedelta(days=1))
    assert open_gates.one(SYSTEM, OpenGate(one.pk)).changed
    assert stage.due("go_live_gate")[0][1] == START


def test_a_run_that_is_over_takes_no_more_checks_and_an_unfinished_one_is_red() -> None:
    one = stage.prepared()
    stage.opened(one)
    run_gates.one(stage.planner(), RunGate(one.pk))
    run = GateRun.objects.get()
    note = NoteCheck(run.pk, CheckKey.STOCK, CheckVerdict.GREEN)
    assert note_gate_checks.one(SYSTEM, note).changed
    assert note_gate_checks.one(SYSTEM, note).changed  # a run taken up again notes the same check again
    outcome = finish_gate_runs.one(SYSTEM, FinishGateRun(run.pk, "x"))
    assert outcome.code == "done"
    assert set(outcome.facts["red"]) == set(map(str, CheckKey)) - {"stock"}
    assert finish_gate_runs.one(SYSTEM, FinishGateRun(run.pk, "x")).code == "unchanged"
    assert note_gate_checks.one(SYSTEM, note).code == "gate_run_over"
    assert stage.perform() == 1  # its errand finds nothing to do
    assert GateCheck.objects.count() == 1


def test_examples_are_written_anew_under_their_name_and_dropped() -> None:
    one = stage.campaign(make.make_shop(), state="planned")
    sku = make.make_sku()
    item = SaveExample(one.pk, "满减", (ExampleLine(sku.pk, 2),), 10_000, segments=("vip", "a"))
    first = save_examples.one(stage.planner(), item)
    assert first.changed
    assert save_examples.one(stage.planner(), item).code == "unchanged"
    again = save_examples.one(stage.planner(), replace(item, expected_minor=9_000))
    assert (again.code, again.id) == ("done", first.id)
    wrong = {
        "example_unnamed": replace(item, name=" "),
        "cart_empty": replace(item, lines=()),
        "cart_quantity": replace(item, lines=(ExampleLine(sku.pk, 0),)),
        "example_amount": replace(item, expected_minor=-1),
    }
    for code, other in wrong.items():
        assert save_examples.one(stage.planner(), other).code == code
    twice = save_examples(stage.planner(), [replace(item, name="二"), replace(item, name="二", expected_minor=1)])
    assert [o.code for o in twice] == ["done", "example_twice"]
    drop = DropExample(one.pk, first.id or 0)
    assert drop_examples.one(stage.planner(), replace(drop, campaign_id=stage.campaign(one.shop, "x").pk)).code == (
        "not_found"
    )
    assert [o.code for o in drop_examples(stage.planner(), [drop, drop])] == ["done", "unchanged"]
    assert drop_examples.one(stage.planner(), drop).code == "unchanged"
    assert save_examples.one(stage.planner(), replace(item, expected_minor=9_000)).id == first.id
    assert stage.told() == ["example_saved"] * 3 + ["example_dropped", "example_saved"]


def test_what_planning_asks_costs_the_same_for_any_number() -> None:
    first, second = stage.prepared(), stage.prepared(code="双11")
    for one in (first, second):
        stage.tested(one)
    counts = []
    for ids in ([first.pk], [first.pk, second.pk]):
        with CaptureQueriesContext(connection) as queries:
            assert go_live_gate().verdicts(ids) == dict.fromkeys(ids, "")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7
    (line,) = material_shelf().materials_of([first.pk, second.pk])[first.pk]
    assert (line.id, line.state) == (Material.objects.get(campaign=first).pk, "approved")
