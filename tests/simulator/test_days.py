"""A few hours of the simulated shop: the invariants hold, and each planted fault makes exactly its own one false."""

import json
import random
from datetime import timedelta

import pytest

from shopkeeper.config.sabotage import NAMES, planting
from shopkeeper.simulator.campaign_desk import CampaignDesk
from shopkeeper.simulator.catalogue import BY_CODE, SHOPFRONTS, Shopfront
from shopkeeper.simulator.days import Days
from shopkeeper.simulator.evidence import collect
from shopkeeper.simulator.invariants import judge
from shopkeeper.simulator.invariants_marketing import lake_written
from shopkeeper.simulator.shoppers import Shoppers, line_of
from tests.simulator.playing import stage

BROKEN_BY = {
    "oversell": "no_oversell",
    "lost": "no_order_lost",
    "doubled": "none_doubled",
    "unbalanced": "books_balanced",
    "resent": "nothing_sent_twice",
    "stale": "listed_is_sellable",
}
BROKEN_IN_SERVICE = {
    "message_lost": "no_message_lost_or_doubled",
    "refund_doubled": "refunds_as_on_the_platform",
    "piece_lost": "returned_pieces_accounted_for",
    "survey_doubled": "one_survey_per_ticket",
}
BROKEN_IN_MARKETING = {
    "coupon_doubled": "coupons_exact",
    "overspent": "spent_within_budget",
    "mailing_claimed": "customers_written_to_once",
    "lake_lost": "lake_as_the_orders",
    "report_wrong": "reports_as_the_orders",
}
ORDERS = 12
LISTED = 2  # products on the shelves of the second team's shops


def morning(shop, seed: int = 7):
    """Orders until eleven and the first shift: checked, picked, packed, handed over."""
    steps = shop.steps()
    days = Days(steps, [ORDERS], seed)
    days.plan()
    days.put_goods_up(LISTED)
    steps.settle()
    one = {"lines": [line_of(BY_CODE["CUP-1"], 2)]}
    days.placing([days.shoppers.order(_front(n)) | (one if n == 2 else {}) for n in range(8)])()
    steps.settle()
    steps.run_until(steps.day(0, 11, 20))
    return steps


def _front(number: int) -> Shopfront:
    return SHOPFRONTS[(0, 0, 1, 2)[number % 4]]


@pytest.mark.clause("O1.1", "O2.1", "O3.1", "G6")
def test_a_morning_keeps_every_rule(fresh_db, settings, monkeypatch) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = morning(shop)
        assert all(judge(steps.house, steps.outside).values())
        told = collect(steps.house)
    assert told["counts"]["orders"] >= 8
    assert told["counts"]["events.publishing.listing_published"] == LISTED * 2
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


@pytest.mark.clause("S1.1", "S2.3", "S3.1")
def test_faults_planted_in_service_are_found_one_after_the_other(fresh_db, settings, monkeypatch) -> None:
    """Each makes its own rule false and leaves the others as they were."""
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = morning(shop)
        steps.run_until(steps.day(0, 11, 50))
        events = steps.house.get("supervisor", "audit/evidence")["events"]
        for happened in ("conversations.agent_replied", "aftersale.refund_paid", "feedback.survey_planned"):
            assert events.get(happened, 0) > 0, happened
        assert all(judge(steps.house, steps.outside).values())
        broken = set()
        for fault, rule in BROKEN_IN_SERVICE.items():
            plant = planting(fault, fresh_db.url)
            assert plant is not None
            plant()
            broken.add(rule)
            kept = judge(steps.house, steps.outside)
            assert {name for name, holds in kept.items() if not holds} == broken, fault
    assert set(NAMES) == {*BROKEN_BY, *BROKEN_IN_SERVICE, *BROKEN_IN_MARKETING}


def overnight(shop):
    """A morning, a campaign planned for tomorrow with coupons and a message, and the night: reports, a full lake."""
    steps = morning(shop)
    desk = CampaignDesk(
        steps, Shoppers(random.Random(7)), "QC", 2, "CUP-1", (steps.day(1, 10), steps.day(1, 20)), visitors=100
    )
    desk.planned()
    desk.decided()
    claims = [{"batch_id": desk.ids["batch"], "shop_id": 2, "buyer": f"AAH-{n}"} for n in range(3)]
    steps.house.do("service2", "promotions/claim-coupons", claims)
    desk.announced(steps.now + timedelta(minutes=5), most=2)
    steps.run_until(steps.day(1, 8, 10))
    lake_written(steps)
    return steps


@pytest.mark.clause("M1.2", "M2.3", "D1.1", "D2.1")
def test_faults_planted_in_marketing_and_figures_are_found_one_after_the_other(fresh_db, settings, monkeypatch) -> None:
    """Each makes its own rule false and leaves the others as they were."""
    with stage(fresh_db, settings, monkeypatch) as shop:
        steps = overnight(shop)
        events = steps.house.get("supervisor", "audit/evidence")["events"]
        for happened in ("promotions.coupon_claimed", "outreach.mailing_sent", "reports.report_made"):
            assert events.get(happened, 0) > 0, (happened, events)
        kept = judge(steps.house, steps.outside)
        assert all(kept.values()), kept
        broken = set()
        for fault, rule in BROKEN_IN_MARKETING.items():
            plant = planting(fault, fresh_db.url)
            assert plant is not None
            plant()
            broken.add(rule)
            kept = judge(steps.house, steps.outside)
            assert {name for name, holds in kept.items() if not holds} == broken, fault
