"""Two platforms, one stock: goods put up on both, orders of both, what platforms spoil is found, nothing oversold."""

from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.simulator.catalogue import BY_CODE, LEAVES, SHOPFRONTS, Shopfront
from shopkeeper.simulator.invariants import judge
from shopkeeper.simulator.sandboxes.running import ControlRefused
from shopkeeper.simulator.shoppers import line_of
from shopkeeper.simulator.stepping import Steps
from tests.outside import RECEIVER
from tests.simulator.playing import stage

TAOBAO, PINDUODUO = SHOPFRONTS[1], SHOPFRONTS[2]
CUP = 1  # the first product of the catalogue


def put_up(steps: Steps) -> None:
    items = [{"product_id": CUP, "shop_id": shop_id} for shop_id in (2, 3)]
    outcomes = steps.house.do("supervisor", "publishing/publish-products", items)
    assert [outcome["result"] for outcome in outcomes] == ["done", "done"], outcomes
    steps.settle()


def on_shelf(steps: Steps, front: Shopfront) -> int:
    skus: list[dict[str, Any]] = steps.outside.listing(front.session, "CUP")["skus"]
    return next(int(sku["quantity"]) for sku in skus if sku["outer_id"] == "CUP-1")


def order(steps: Steps, front: Shopfront, quantity: int) -> str:
    lines = [line_of(BY_CODE["CUP-1"], quantity)]
    form = {"session": front.session, "receiver": RECEIVER, "lines": lines, "paid": True, "buyer_nick": "tb1"}
    placed = steps.outside.place([form])[0]
    steps.settle()
    return str(placed["tid"])


@pytest.mark.clause("P4.1", "P5", "O1.1")
def test_one_stock_on_two_platforms(fresh_db, settings, monkeypatch) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = shop.steps()
        steps.settle()
        put_up(steps)
        pieces = on_shelf(steps, TAOBAO)
        assert pieces > 0
        assert on_shelf(steps, PINDUODUO) == pieces
        leaf = LEAVES[BY_CODE["CUP-1"].category]
        for front in (TAOBAO, PINDUODUO):
            assert steps.outside.listing(front.session, "CUP")["category"] == leaf.numbers[front.platform]

        number = order(steps, PINDUODUO, 3)
        ours = {row["platform_no"]: row for row in steps.house.all_rows("supervisor", "audit/orders")}
        assert ours[number]["shop_id"] == 3
        assert ours[number]["open_holds"] == []
        steps.run_until(steps.now + timedelta(minutes=5))
        assert on_shelf(steps, TAOBAO) == on_shelf(steps, PINDUODUO) == pieces - 3
        with pytest.raises(ControlRefused):
            order(steps, TAOBAO, pieces)
        assert all(judge(steps.house, steps.outside).values())


@pytest.mark.clause("P4.2")
def test_what_a_platform_spoils_is_found(fresh_db, settings, monkeypatch) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = shop.steps()
        steps.settle()
        steps.outside.misbehave("goods", "wrong_category", next=1, method="pinduoduo", key="CUP")
        steps.outside.misbehave("goods", "wrong_price", next=1, method="taobao", key="CUP", by=-500)
        put_up(steps)
        steps.run_until(steps.now + timedelta(hours=1))
        events = steps.house.get("supervisor", "audit/evidence")["events"]
        assert events.get("publishing.mismatch_found") == 2, events
