"""The demo shop: its past ends in the middle of work, and alive it goes on by itself without spoiling anything."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from shopkeeper.simulator import past
from shopkeeper.simulator.invariants import judge
from shopkeeper.simulator.living import Living
from tests.simulator.playing import stage


def states(steps) -> Counter:
    return Counter(row["state"] for row in steps.house.all_rows("supervisor", "audit/orders"))


def kinds_of_work(steps, who: str) -> set[str]:
    return {work["kind"] for work in steps.house.work(who)}


def test_the_past_begins_at_eight_some_days_ago() -> None:
    now = datetime(2026, 6, 20, 17, 30, tzinfo=UTC)  # the 21st in the shops
    assert past.start_of(now) == datetime(2026, 6, 12, 0, 0, tzinfo=UTC)


@pytest.mark.soak
@pytest.mark.clause("G2")
def test_the_past_leaves_work_at_every_station(fresh_db, settings, monkeypatch) -> None:
    for name, count in {"OLD": 10, "LAST_WEEK": 40, "YESTERDAY": 0, "TODAY": 0}.items():
        monkeypatch.setattr(past, name, count)
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = shop.steps()
        past.play_past(steps, steps.day(5, 15, 45), lambda done, total: None)
        assert all(judge(steps.house, steps.outside).values())
        found = states(steps)
        assert {"completed", "shipped", "picking", "to_pack", "to_check"} <= found.keys()
        assert {"wave_pick", "order_pack"} <= kinds_of_work(steps, "packer")
        assert "decide_holds" in kinds_of_work(steps, "orders")


def test_the_living_shop_takes_orders_and_its_second_shop_works_by_itself(fresh_db, settings, monkeypatch) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = shop.steps()
        continuous = {"key": "check_mode", "value": "continuous", "reason": "随到随审", "shop_id": 2}
        steps.house.do("supervisor", "sop/set-policy", [continuous])
        living = Living(steps.house, steps.outside, 7)
        living.staff.steps = steps
        for _ in range(12):
            living.somebody_orders()
        steps.settle()
        for _ in range(2):
            living.second_shop_works()
            steps.settle()
        for _ in range(12):
            steps.run_until(steps.now + timedelta(hours=1))
            living.a_parcel_moves()
            steps.settle()
        living.somebody_confirms()
        steps.settle()
        assert states(steps)["shipped"] + states(steps)["signed"] + states(steps)["completed"] > 0
        assert all(judge(steps.house, steps.outside).values())
