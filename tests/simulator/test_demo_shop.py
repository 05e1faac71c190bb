"""The demo shop: its past ends in the middle of work, and alive it goes on by itself without spoiling anything."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from shopkeeper.simulator import past, service_desk
from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.invariants import judge
from shopkeeper.simulator.living import Living
from shopkeeper.simulator.service.front import Customer
from shopkeeper.simulator.service.lines import MOVES_TO, MOVING, PASSED_ON, TALKS
from shopkeeper.simulator.service.living import WAIT_MOST
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
    for name, count in {"OLD": 10, "LAST_WEEK": 40, "YESTERDAY": 0, "TODAY": 0, "LISTING_DAY": 5}.items():
        monkeypatch.setattr(past, name, count)
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = shop.steps()
        assert past.play_past(steps, steps.day(5, 15, 45), lambda done, total: None) == []
        assert all(judge(steps.house, steps.outside).values())
        found = states(steps)
        assert {"completed", "shipped", "picking", "to_pack", "to_check"} <= found.keys()
        assert {"wave_pick", "order_pack"} <= kinds_of_work(steps, "packer")
        assert "decide_holds" in kinds_of_work(steps, "orders")
        for front in SHOPFRONTS[1:]:  # both platforms sell what the house put up
            assert steps.outside.listing(front.session, "TEA")["on_sale"]
        found = rows_behind_pages(steps.house)
        assert all(found.values()), [address for address, count in found.items() if not count]
        waiting = steps.house.get("manager", "conversations/queue", whose="mine")
        assert [row["waits"] for row in waiting] == [True]  # whoever opens the desk sees somebody in the queue


PAGES = {
    "research/lines": {},
    "research/strategies": {},
    "research/candidates": {},
    "research/lists": {},
    "listing/products": {"state": "draft"},
    "publishing/reviews": {},
    "publishing/mismatches": {},
    "conversations/calls": {},
    "tickets/tickets": {},
    "tickets/articles": {},
    "aftersale/cases": {"state": "settled"},
    "aftersale/returns": {"state": ""},
    "feedback/surveys": {"state": "answered"},
    "feedback/summaries": {"state": ""},
    "campaigns/campaigns": {},
    "campaigns/segments": {},
    "review/templates": {},
    "launch/materials": {"tab": "approved"},
    "outreach/consents": {},
    "watch/alerts": {},
    "watch/sheets": {},
    "collection/figures": {},
    "reports/reports": {},
    "decisions/findings": {},
}


def rows_behind_pages(house) -> dict[str, int]:
    """How many rows each page would show, read with the manager's eyes."""
    found = {}
    for address, query in PAGES.items():
        answer = house.get("manager", address, **query)
        found[address] = len(answer if isinstance(answer, list) else answer.get("items", answer.get("rows", [])))
    return found


@pytest.mark.clause("S1.1")
def test_living_customers_are_answered_and_one_of_the_first_shop_goes_on_waiting(
    fresh_db, settings, monkeypatch
) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = shop.steps()
        service_desk.opened(steps.house)
        steps.settle()
        living = Living(steps.house, steps.outside, 7)
        living.rng.seed(7)  # alive it is never the same twice
        living.service.clock = living.service.desk.steps = steps
        living.service.rng = random.Random(7)  # alive it is never the same twice
        first, second = living.service.first, living.service.second
        for _ in range(14):
            living.service.somebody_writes()
            steps.settle()
        for _ in range(2):
            living.service.second_desk_works()
            living.service.first_desk_helps_out()
            living.service.talks_go_on()
            steps.settle()
        living.service.second_desk_works()
        living.service.first_desk_helps_out()
        assert not living.service.counter.waiting(second)
        assert 0 < len(living.service.counter.waiting(first)) <= WAIT_MOST
        said = {row["content"] for front in SHOPFRONTS[:2] for row in chats(steps, front)}
        assert said & {talk.answer for talk in TALKS}


@pytest.mark.clause("S2.2")
def test_another_address_is_filed_not_claimed_and_the_console_shows_what_was_made_by_hand(
    fresh_db, settings, monkeypatch
) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = shop.steps()
        service_desk.opened(steps.house)
        living = Living(steps.house, steps.outside, 7)
        living.service.clock = living.service.desk.steps = steps
        placed = [living.shoppers.order(front) for front in SHOPFRONTS[1:]]
        asked, other = (str(order["tid"]) for order in steps.outside.place(placed))
        steps.run_until(steps.now + timedelta(seconds=20))  # platforms tell versions apart by the second
        ids = {row["platform_no"]: row["id"] for row in steps.house.all_rows("supervisor", "audit/orders")}
        talk = next(talk for talk in TALKS if talk.goes_on == MOVING)
        uid = next(order["buyer_open_uid"] for order in placed if order["session"] == SHOPFRONTS[1].session)
        living.service.customers.begin([(Customer(SHOPFRONTS[1], uid, "买家", asked), talk)])
        for _ in range(2):
            steps.settle()
            living.service._answer(living.service.second)
            steps.settle()
            living.service.customers.go_on()
        said = [row["content"] for row in chats(steps, SHOPFRONTS[1])]
        assert said[-1] == PASSED_ON
        steps.settle()
        assert steps.outside.order(asked)["receiver"]["address"] == MOVES_TO["address"]  # by the platform's own door
        rows = living.service.counter.open_talks(living.service.second)
        living.service.counter.end(living.service.second, rows)
        tickets = steps.house.get("supervisor", "tickets/tickets", kind="address_change")["items"]
        assert [row["state"] for row in tickets] == ["assigned"]
        living.service.addresses.settle(living.service.second)  # the change is made meanwhile
        assert steps.house.get("supervisor", f"tickets/tickets/{tickets[0]['id']}")["resolution"] == "changed"

        receiver = {"name": "江一帆", "phone": "13812340000", **MOVES_TO}
        wish = {"order_id": ids[other], "kind": "address", "reason": "other", "receiver": receiver}
        change = steps.house.do("service2", "tickets/request-changes", [wish])[0]["id"]
        steps.settle()
        living.service.addresses.console_shows_them()
        assert steps.outside.order(other)["receiver"]["name"] != "江一帆"  # nobody said yet that it was made
        steps.house.do("service2", "tickets/confirm-changes", [{"change_id": change, "evidence": "后台可见"}])
        steps.settle()
        assert steps.house.get("supervisor", f"tickets/changes/{change}")["state"] == "acknowledged"
        steps.run_until(steps.now + timedelta(seconds=20))
        living.service.addresses.console_shows_them()
        steps.settle()
        assert steps.outside.order(other)["receiver"]["name"] == "江一帆"
        assert steps.house.get("supervisor", f"tickets/changes/{change}")["state"] == "done"


def chats(steps, front) -> list:
    return steps.outside.get("/platform/chats", session=front.session)["lines"]


def test_the_living_shop_takes_orders_and_its_second_shop_works_by_itself(fresh_db, settings, monkeypatch) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = shop.steps()
        continuous = {"key": "check_mode", "value": "continuous", "reason": "随到随审", "shop_id": 2}
        steps.house.do("supervisor", "sop/set-policy", [continuous])
        living = Living(steps.house, steps.outside, 7)
        living.rng.seed(7)  # alive it is never the same twice
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
