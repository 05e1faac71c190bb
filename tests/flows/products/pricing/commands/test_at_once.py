"""Two people at once on one plan or SKU: one decision, one lasting price, no half of anything."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.pricing.commands.decide_prices import (
    ApprovePrice,
    ReturnPrice,
    approve_prices,
    return_prices,
)
from shopkeeper.flows.products.pricing.commands.propose_prices import propose_prices
from shopkeeper.flows.products.pricing.models import Plan
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.products.pricing import stage

pytestmark = pytest.mark.clause("P3.2")


def at_once(*calls: Callable[[], Outcome]) -> list[str]:
    """Run calls in threads that start together; their codes, in order."""
    meet, codes = threading.Barrier(len(calls)), [""] * len(calls)

    def run(place: int) -> None:
        meet.wait(10)
        codes[place] = calls[place]().code
        connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return codes


def test_two_managers_decide_once(fresh_db: FreshDatabase) -> None:
    one, other = stage.manager(), stage.manager()
    for _ in range(5):
        plan = stage.proposed(make.make_sku(), 2_400)
        codes = at_once(
            lambda plan=plan: approve_prices.one(one, ApprovePrice(plan.pk, "清仓")),
            lambda plan=plan: return_prices.one(other, ReturnPrice(plan.pk, "太低")),
        )
        assert sorted(codes) == ["done", "plan_decided"]
        assert stage.state_of(plan) == ("in_force" if codes[0] == "done" else "returned")
    assert not Deadline.objects.filter(kind="price_approval").exists()


def test_of_many_lasting_prices_proposed_at_once_one_holds(fresh_db: FreshDatabase) -> None:
    sku = make.make_sku()
    prices = [4_500, 4_600, 4_700, 4_800]
    codes = at_once(
        *(lambda price=price: propose_prices.one(stage.specialist(), stage.wish(sku, price)) for price in prices)
    )
    assert codes == ["done"] * 4
    holding = Plan.objects.get(state="in_force")
    assert Plan.objects.filter(state="ended").count() == 3
    assert Sku.objects.get(id=sku.pk).price_minor == holding.sale_minor
