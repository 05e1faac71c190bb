"""Plans from proposal to end: judged, approved by another, in force at their time, and what they leave behind."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.products.listing.models import Category, Product, Sku
from shopkeeper.flows.products.pricing import ports
from shopkeeper.flows.products.pricing.commands.change_in_time import (
    EndPrice,
    KeepPriceDays,
    StartPrice,
    end_prices,
    keep_price_days,
    start_prices,
)
from shopkeeper.flows.products.pricing.commands.decide_prices import (
    ApprovePrice,
    ReturnPrice,
    approve_prices,
    return_prices,
)
from shopkeeper.flows.products.pricing.commands.import_prices import ImportPrice, import_prices
from shopkeeper.flows.products.pricing.commands.propose_prices import propose_prices
from shopkeeper.flows.products.pricing.commands.set_target_margins import SetTargetMargin, set_target_margins
from shopkeeper.flows.products.pricing.commands.withdraw_price import WithdrawPrice, withdraw_price
from shopkeeper.flows.products.pricing.models import Plan, PriceDay
from shopkeeper.flows.products.pricing.queries.in_force import prices_in_force
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.products.pricing import stage
from tests.flows.products.stock.stage import deadlines_closed

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P3.2")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def put(sku: Any) -> tuple[int, int, int]:
    """What the SKU itself says: price, floor, strike-through price."""
    return Sku.objects.values_list("price_minor", "floor_minor", "list_minor").get(id=sku.pk)


def code(sku: Any, sale_minor: int = 5_000, **fields: Any) -> str:
    return propose_prices.one(stage.specialist(), stage.wish(sku, sale_minor, **fields)).code


def test_a_plan_that_meets_its_target_is_in_force_at_once() -> None:
    sku = make.make_sku()
    outcome = propose_prices.one(
        stage.specialist(), stage.wish(sku, 4_800, discount_minor=4_500, member_minor=4_200, list_minor=5_000)
    )
    assert outcome.facts == {
        "state": "in_force",
        "margin_basis_points": 5_238,
        "target_basis_points": 2_000,
        "worst_minor": 4_200,
    }
    plan = Plan.objects.get()
    assert (plan.state, plan.cost_minor, plan.lowest_minor, plan.began_at) == ("in_force", 2_000, 4_200, make.NOON)
    assert put(sku) == (4_800, 4_200, 5_000)
    assert PriceDay.objects.values_list("day", "lowest_minor").get() == (date(2026, 6, 1), 4_200)
    assert not Deadline.objects.filter(kind="price_approval").exists()


def test_the_same_plan_again_is_unchanged() -> None:
    sku = make.make_sku()
    timed = {"valid_from": make.NOON + HOUR, "valid_to": make.NOON + DAY}
    for fields in ({}, timed, {"sale_minor": 2_200}):
        codes = [code(sku, **fields) for _ in range(2)]
        assert codes == ["done", "unchanged"], fields
    assert Plan.objects.count() == 3


def test_below_its_target_a_plan_waits_for_a_manager_and_nothing_changes() -> None:
    sku = make.make_sku()
    plan = stage.proposed(sku, 2_400)
    assert (plan.state, plan.margin_basis_points) == ("proposed", 1_666)
    assert put(sku)[0] == 5_000
    deadline = Deadline.objects.get(kind="price_approval")
    assert (deadline.subject_id, deadline.role, deadline.label) == (plan.pk, "operations_manager", sku.code)
    assert deadline.due_at == make.NOON + 8 * HOUR
    outcomes = [approve_prices.one(stage.manager(), ApprovePrice(plan.pk, "清理换季库存")) for _ in range(2)]
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
    plan.refresh_from_db()
    assert (plan.state, plan.decision_reason, plan.decided_at) == ("in_force", "清理换季库存", make.NOON)
    assert put(sku)[0] == 2_400
    assert deadlines_closed("price_approval") == [(plan.pk, "done", False)]


def test_nobody_approves_or_returns_their_own_proposal() -> None:
    boss = stage.manager()
    plan = stage.proposed(make.make_sku(), 2_400, by=boss)
    assert approve_prices.one(boss, ApprovePrice(plan.pk, "可以")).code == "own_proposal"
    assert return_prices.one(boss, ReturnPrice(plan.pk, "不行")).code == "own_proposal"
    assert stage.state_of(plan) == "proposed"
    with pytest.raises(NotAllowed):
        approve_prices.one(stage.specialist(), ApprovePrice(plan.pk, "可以"))


def test_a_decision_needs_a_reason_and_is_made_once() -> None:
    plan = stage.proposed(make.make_sku(), 2_400)
    boss = stage.manager()
    assert approve_prices.one(boss, ApprovePrice(plan.pk, " ")).code == "reason_needed"
    assert return_prices.one(boss, ReturnPrice(plan.pk, "")).code == "reason_needed"
    codes = [return_prices.one(boss, ReturnPrice(plan.pk, "毛利太低")).code for _ in range(2)]
    assert codes == ["done", "unchanged"]
    assert stage.state_of(plan) == "returned"
    assert approve_prices.one(boss, ApprovePrice(plan.pk, "可以")).code == "plan_decided"
    assert not Deadline.objects.filter(kind="price_approval").exists()


def test_a_returned_plan_is_work_until_it_is_proposed_again_or_withdrawn() -> None:
    plans = [stage.proposed(make.make_sku(), 2_400) for _ in range(2)]
    for plan in plans:
        return_prices.one(stage.manager(), ReturnPrice(plan.pk, "毛利太低"))
    duties = Deadline.objects.filter(kind="returned_price").order_by("subject_id")
    assert [(d.subject_id, d.role, d.label) for d in duties] == [
        (plan.pk, "product_specialist", plan.sku.code) for plan in plans
    ]
    assert duties[0].due_at == make.NOON + 24 * HOUR
    shop = make.make_shop()
    stage.proposed(plans[0].sku, 4_000, shop_id=shop.pk)  # in another place: the returned one is not mended by it
    assert duties.count() == 2
    stage.proposed(plans[0].sku, 4_000)
    assert deadlines_closed("returned_price") == [(plans[0].pk, "done", False)]
    assert withdraw_price.one(stage.specialist(), WithdrawPrice(plans[1].pk, "不要了")).changed
    assert [stage.state_of(plan) for plan in plans] == ["returned", "withdrawn"]
    assert deadlines_closed("returned_price")[1:] == [(plans[1].pk, "cancelled", False)]


def test_nobody_decided_in_time_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = stage.proposed(make.make_sku(), 2_400)
    stage.at(monkeypatch, make.NOON + 9 * HOUR)
    sweep()
    approve_prices.one(stage.manager(), ApprovePrice(plan.pk, "补批"))
    assert deadlines_closed("price_approval") == [(plan.pk, "done", True)]


def test_by_policy_every_plan_waits() -> None:
    set_policy.one(SYSTEM, SetPolicy("price_approval", "always", "试行"))
    assert stage.proposed(make.make_sku(), 9_000).state == "proposed"


def test_the_nearest_target_counts() -> None:
    sku = make.make_sku()
    top = Category.objects.create(level=1, name="服装")
    middle = Category.objects.create(level=2, parent=top, name="女装")
    sku.product.leaf = Category.objects.create(level=3, parent=middle, name="T恤")
    sku.product.save()
    codes = [
        set_target_margins.one(SYSTEM, SetTargetMargin(category, points, reason)).code
        for category, points, reason in (
            (top.pk, 1_000, "引流"), (middle.pk, 7_000, "高端线"), (middle.pk, 7_000, "高端线"), (middle.pk, 1, " "),
            (0, 1, "x"), (middle.pk, 9_501, "x"),
        )
    ]  # fmt: skip
    refusals = ["reason_needed", "category_unknown", "target_out_of_bounds"]
    assert codes == ["done", "done", "unchanged", *refusals]
    assert stage.proposed(sku, 5_000).target_basis_points == 7_000
    assert set_target_margins.one(SYSTEM, SetTargetMargin(middle.pk, None, "恢复")).changed
    assert stage.proposed(make.make_sku(product=sku.product), 5_000).target_basis_points == 1_000


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sale_minor": 0}, "price_zero"),
        ({"sale_minor": -5}, "price_negative"),
        ({"sale_minor": 1_999}, "price_below_cost"),
        ({"cost_minor": 0}, "cost_unknown_for_price"),
        ({"discount_minor": 5_001}, "price_out_of_order"),
        ({"list_minor": 5_001}, "strike_above_lowest"),
        ({"list_minor": 4_000}, "strike_not_above_sale"),
        ({"reason": " "}, "reason_needed"),
        ({"valid_to": make.NOON}, "price_time_backwards"),
        ({"valid_from": make.NOON + 400 * DAY}, "price_too_far_ahead"),
    ],
)
def test_prices_that_cannot_be_are_refused(fields: dict[str, Any], expected: str) -> None:
    assert code(make.make_sku(), **fields) == expected
    assert not Plan.objects.exists()


def test_skus_that_cannot_be_priced_are_refused() -> None:
    gone = make.make_sku(is_delisted=True)
    assert code(gone) == "sku_delisted_price"
    Sku.objects.filter(id=gone.pk).update(is_delisted=False, price_minor=0)
    assert code(gone, list_minor=6_000) == "strike_without_history"
    gone.pk = 0
    assert code(gone) == "sku_unknown"


def test_the_price_of_a_draft_was_offered_to_nobody() -> None:
    draft = make.make_sku()
    Product.objects.filter(id=draft.product_id).update(state="draft")
    assert code(draft, sale_minor=4_000, list_minor=5_000) == "strike_without_history"
    Product.objects.filter(id=draft.product_id).update(approved_version=1)  # edited since; on sale before
    assert code(draft, sale_minor=4_000, list_minor=5_000) == "done"


def test_a_general_price_is_for_who_sees_all_shops() -> None:
    sku, shop, foreign = make.make_sku(), make.make_shop(), make.make_shop()
    clerk = stage.specialist(shops=[shop])
    assert propose_prices.one(clerk, stage.wish(sku)).code == "not_all_shops"
    assert propose_prices.one(clerk, stage.wish(sku, shop_id=foreign.pk)).code == "not_found"
    assert propose_prices.one(clerk, stage.wish(sku, shop_id=shop.pk)).changed


def test_one_proposal_at_a_time_and_it_can_be_withdrawn() -> None:
    sku = make.make_sku()
    plan = stage.proposed(sku, 2_400)
    assert code(sku, 2_300) == "proposal_waits"
    assert withdraw_price.one(stage.specialist(), WithdrawPrice(plan.pk, "")).code == "reason_needed"
    codes = [withdraw_price.one(stage.specialist(), WithdrawPrice(plan.pk, "改价")).code for _ in range(2)]
    assert codes == ["done", "unchanged"]
    assert deadlines_closed("price_approval") == [(plan.pk, "cancelled", False)]
    assert code(sku, 2_300) == "done"


def test_what_the_law_allowed_when_proposed_it_may_forbid_when_approved() -> None:
    sku = make.make_sku()
    waiting = stage.proposed(sku, 2_400, list_minor=4_900)
    shop = make.make_shop()
    assert stage.proposed(sku, 4_500, shop_id=shop.pk).state == "in_force"
    assert approve_prices.one(stage.manager(), ApprovePrice(waiting.pk, "可以")).code == "strike_above_lowest"
    assert stage.state_of(waiting) == "proposed"


def test_a_scheduled_plan_begins_at_its_time_and_the_lasting_one_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = make.make_sku()
    lasting = stage.proposed(sku, 5_000)
    start, end = make.NOON + DAY, make.NOON + 2 * DAY
    passing = stage.proposed(sku, 4_000, valid_from=start, valid_to=end, list_minor=5_000)
    assert passing.state == "scheduled"
    assert put(sku)[0] == 5_000
    assert start_prices.one(SYSTEM, StartPrice(passing.pk)).code == "unchanged"
    assert end_prices.one(SYSTEM, EndPrice(lasting.pk)).code == "unchanged"
    stage.at(monkeypatch, start)
    sweep()
    assert [stage.state_of(plan) for plan in (lasting, passing)] == ["in_force", "in_force"]
    assert put(sku) == (4_000, 4_000, 5_000)
    stage.at(monkeypatch, end)
    sweep()
    assert [stage.state_of(plan) for plan in (lasting, passing)] == ["in_force", "ended"]
    assert put(sku) == (5_000, 5_000, 0)
    assert not Deadline.objects.filter(kind__in=["price_start", "price_end"]).exists()


def test_a_lasting_plan_gives_way_to_the_next() -> None:
    sku = make.make_sku()
    first, second = stage.proposed(sku, 5_000), stage.proposed(sku, 5_500)
    assert [stage.state_of(plan) for plan in (first, second)] == ["ended", "in_force"]
    assert withdraw_price.one(stage.specialist(), WithdrawPrice(second.pk, "x")).code == "price_lasts"
    assert put(sku)[0] == 5_500


def test_a_passing_plan_is_ended_early_and_none_lies_over_another() -> None:
    sku = make.make_sku()
    stage.proposed(sku, 5_000)
    passing = stage.proposed(sku, 4_500, valid_to=make.NOON + DAY)
    assert code(sku, 4_400, valid_from=make.NOON + HOUR, valid_to=make.NOON + 3 * DAY) == "price_overlaps"
    assert code(sku, 4_400, valid_from=make.NOON + DAY, valid_to=make.NOON + 3 * DAY) == "done"
    assert withdraw_price.one(stage.specialist(), WithdrawPrice(passing.pk, "提前结束")).changed
    assert stage.state_of(passing) == "ended"
    assert put(sku)[0] == 5_000
    assert deadlines_closed("price_end") == [(passing.pk, "cancelled", False)]


def test_a_start_that_became_unlawful_is_withdrawn_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = make.make_sku()
    stage.proposed(sku, 5_000)
    later = stage.proposed(sku, 4_800, valid_from=make.NOON + DAY, list_minor=5_000)
    stage.proposed(sku, 4_500, valid_to=make.NOON + 3 * HOUR)
    stage.at(monkeypatch, make.NOON + DAY)
    sweep()
    assert stage.state_of(later) == "withdrawn"
    assert start_prices.one(SYSTEM, StartPrice(later.pk)).code == "unchanged"


def test_the_lowest_of_the_seven_days_before_counts_and_older_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = make.make_sku()
    stage.proposed(sku, 4_000)
    stage.at(monkeypatch, make.NOON + HOUR)
    stage.proposed(sku, 6_000)
    assert code(sku, 5_000, list_minor=6_000) == "strike_above_lowest"
    stage.at(monkeypatch, make.NOON + 9 * DAY)
    assert code(sku, 5_000, list_minor=6_001) == "strike_above_lowest"
    assert code(sku, 5_000, list_minor=6_000) == "done"


@pytest.mark.parametrize("in_one_shop", [False, True])
def test_the_price_a_sku_had_before_its_first_plan_counts_too(
    monkeypatch: pytest.MonkeyPatch, in_one_shop: bool
) -> None:
    """Sold for 50, raised to 80, "80 struck through, now 70" the next day: nobody ever had to pay 80."""
    sku, shop_id = make.make_sku(), make.make_shop().pk if in_one_shop else None
    stage.proposed(sku, 8_000, shop_id=shop_id)
    stage.at(monkeypatch, make.NOON + DAY)
    assert code(sku, 7_000, list_minor=8_000, shop_id=shop_id) == "strike_above_lowest"
    stage.at(monkeypatch, make.NOON + 9 * DAY)
    assert code(sku, 7_000, list_minor=8_000, shop_id=shop_id) == "done"


def test_every_day_keeps_its_lowest_price(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = make.make_sku()
    stage.proposed(sku, 5_000, member_minor=4_700)
    for day in range(1, 3):
        due_at = Deadline.objects.get(kind="price_days").due_at
        stage.at(monkeypatch, due_at)
        sweep()
        assert PriceDay.objects.count() == day + 1
    assert keep_price_days.one(SYSTEM, KeepPriceDays(1)).changed
    assert set(PriceDay.objects.values_list("lowest_minor", flat=True)) == {4_700}


def test_a_shop_has_its_own_price_and_the_floor_is_the_least_of_all() -> None:
    sku, shop = make.make_sku(), make.make_shop()
    stage.proposed(sku, 5_000)
    stage.proposed(sku, 4_600, shop_id=shop.pk)
    assert put(sku) == (5_000, 4_600, 0)
    assert prices_in_force([sku.pk], shop.pk)[sku.pk].sale_minor == 4_600
    assert prices_in_force([sku.pk])[sku.pk].sale_minor == 5_000
    passing = stage.proposed(sku, 4_800, valid_to=make.NOON + DAY)
    assert prices_in_force([sku.pk])[sku.pk].plan_id == passing.pk
    assert prices_in_force([sku.pk], shop.pk)[sku.pk].sale_minor == 4_600


def test_the_worst_that_may_combine_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    class TenPercent:
        def worst_prices(self, offered: Collection[ports.Offered]) -> dict[ports.Offered, int]:
            return {one: one.price_minor * 9 // 10 for one in offered}

    monkeypatch.setattr(ports, "_stack", [ports.NothingStacks()])
    ports.provide_promotion_stack(TenPercent())
    sku = make.make_sku()
    plan = stage.proposed(sku, 2_600)
    assert (plan.worst_minor, plan.margin_basis_points, plan.state) == (2_340, 1_452, "proposed")


def row(sku: Any, **fields: Any) -> ImportPrice:
    return ImportPrice(sku_code=sku.code, **{"sale_minor": 4_800, "reason": "导入", **fields})


def test_a_file_is_tried_out_without_effect_and_then_proposed_once() -> None:
    good, low, gone = make.make_sku(), make.make_sku(), make.make_sku(is_delisted=True)

    def rows(dry: bool) -> list[ImportPrice]:
        return [
            row(good, is_dry_run=dry),
            row(good, sale_minor=4_900, is_dry_run=dry),
            row(low, sale_minor=2_100, is_dry_run=dry),
            row(gone, is_dry_run=dry),
            ImportPrice("NOPE", 100, "导入", is_dry_run=dry),
        ]

    refused = ["sku_delisted_price", "sku_unknown"]
    tried = import_prices(stage.specialist(), rows(True))
    assert [o.code for o in tried] == ["done", "row_twice", "done", *refused]
    assert [tried[0].facts["state"], tried[2].facts["state"]] == ["in_force", "proposed"]
    assert not Plan.objects.exists()
    assert [o.code for o in import_prices(stage.specialist(), rows(False))] == ["done", "row_twice", "done", *refused]
    assert import_prices(stage.specialist(), rows(False))[0].code == "unchanged"
    assert Plan.objects.count() == 2


def test_thirty_plans_take_the_statements_of_one() -> None:
    counts = []
    for size in (1, 30):
        wishes = [stage.wish(make.make_sku(), 4_800, list_minor=5_000) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert all(outcome.changed for outcome in propose_prices(stage.specialist(), wishes))
        counts.append(len(queries))
    assert counts[0] - counts[1] in (0, 1)  # the first plan of the house also sets the daily clock
    assert counts[1] <= 27


def test_thirty_decisions_take_the_statements_of_one() -> None:
    counts = []
    for size in (1, 1, 30):
        plans = [stage.proposed(make.make_sku(), 2_300) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            outcomes = approve_prices(stage.manager(), [ApprovePrice(plan.pk, "清仓") for plan in plans])
        assert all(outcome.changed for outcome in outcomes)
        counts.append(len(queries))
    assert counts[1] == counts[2]
