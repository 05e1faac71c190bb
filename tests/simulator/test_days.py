"""A few hours of the simulated shop: the invariants hold, and each planted fault makes exactly its own one false."""

import json

import pytest

from shopkeeper.config.sabotage import planting
from shopkeeper.simulator.days import Days
from shopkeeper.simulator.evidence import collect
from shopkeeper.simulator.invariants import judge
from tests.simulator.playing import stage

BROKEN_BY = {
    "oversell": "no_oversell",
    "lost": "no_order_lost",
    "doubled": "none_doubled",
    "unbalanced": "books_balanced",
    "resent": "nothing_sent_twice",
}
ORDERS = 12


def morning(shop, seed: int = 7):
    """Orders until eleven and the first shift: checked, picked, packed, handed over."""
    steps = shop.steps()
    days = Days(steps, [ORDERS], seed)
    days.plan()
    days.placing([days.shoppers.order(front) for front in [_front(n) for n in range(8)]])()
    steps.settle()
    steps.run_until(steps.day(0, 11, 20))
    return steps


def _front(number: int):
    from shopkeeper.simulator.catalogue import SHOPFRONTS

    return SHOPFRONTS[number % 3 // 2]


@pytest.mark.clause("O1.1", "O2.1", "O3.1", "G6")
def test_a_morning_keeps_every_rule(fresh_db, settings, monkeypatch) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = morning(shop)
        assert all(judge(steps.house, steps.outside).values())
        told = collect(steps.house)
    assert told["counts"]["orders"] >= 8
    assert told["counts"]["events.parcels.parcel_handed_over"] > 3
    assert told["counts"]["events.parcels.ship_back_acknowledged"] > 3
    assert {"O1.1", "O1.2", "O2.1", "O2.2", "O3.1", "G3", "G5", "G6"} <= told["clauses"].keys()
    assert json.dumps(told)


@pytest.mark.parametrize("fault", BROKEN_BY)
def test_a_planted_fault_is_found(fault: str, fresh_db, settings, monkeypatch) -> None:
    with stage(fresh_db, settings, monkeypatch, sabotage=fault) as shop:
        steps = morning(shop)
        if plant := planting(fault, fresh_db.url):
            plant()
        kept = judge(steps.house, steps.outside)
    assert [name for name, holds in kept.items() if not holds] == [BROKEN_BY[fault]]
