"""O4.1: what settling would book is shown before it is booked, by the same arithmetic."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine
from shopkeeper.flows.fulfilment.settlement.commands.approve_settlements import ApproveSettlement, approve_settlements
from shopkeeper.flows.fulfilment.settlement.commands.book_refunds import BookRefund, book_refunds
from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.queries.trial import trial_of
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.pricing.models import Plan
from shopkeeper.flows.service.aftersale.commands.open_aftersale import OpenAfterSale, open_aftersale
from shopkeeper.flows.service.aftersale.states import Reason
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.fulfilment.settlement import stage
from tests.flows.fulfilment.settlement.commands.test_settlement import doubted_order

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O4.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def finance() -> Client:
    client = Client()
    client.force_login(make.make_person(Role.FINANCE), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("refunds", [(), (2_000, 1_111)])
@pytest.mark.parametrize("doubt", ["negative_margin", "paid_unlike_lines"])
def test_the_trial_is_what_is_booked_then(doubt: str, refunds: tuple[int, ...]) -> None:
    order_id = doubted_order(make.make_shop(), doubt)
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    for n, amount in enumerate(refunds):
        assert book_refunds.one(SYSTEM, BookRefund(order_id, amount, f"R{n}")).ok
    trial = trial_of(order_id)
    assert trial is not None
    actor = make.actor_with(Permission.SETTLEMENT_APPROVE)
    assert approve_settlements.one(actor, ApproveSettlement(order_id, doubt, "核对过")).changed
    booked = stage.settlement_of(order_id)
    assert (trial.income_minor, trial.commission_minor, trial.cost_minor, trial.refund_minor) == (
        booked.income_minor,
        booked.commission_minor,
        booked.cost_minor,
        booked.refund_minor,
    )
    assert trial.receivable_minor == booked.receivable_minor
    assert trial.margin_minor == (
        booked.income_minor - booked.commission_minor - booked.cost_minor - booked.refund_minor
    )
    assert trial_of(order_id) is None  # settled: nothing is tried any more


@pytest.mark.parametrize("doubt", ["cost_unknown", "currency_unlike"])
def test_without_a_cost_no_margin_is_claimed(doubt: str) -> None:
    trial = trial_of(doubted_order(make.make_shop(), doubt))
    assert trial is not None
    assert (trial.cost_minor, trial.margin_minor, trial.margin_percent) == (None, None, "")


def test_finance_sees_the_trial_and_whom_to_ask_before_it_settles() -> None:
    order_id = doubted_order(make.make_shop(), "negative_margin")
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    Order.objects.filter(id=order_id).update(refund_state="requested", signed_at=None)
    page = finance().get(reverse("settlement-record", args=[stage.settlement_of(order_id).pk])).content.decode()
    assert "试算" in page
    assert "95.02" in page  # twice 47.51, what the goods cost
    assert "−¥" in page  # the loss, before it is booked
    assert "处理中" in page
    assert reverse("price-plans") in page
    assert reverse("aftersale-list") in page
    assert "运营主管" in page
    assert "已签收" not in page  # nobody ever said so


def test_after_sale_under_way_is_named_before_it_is_settled() -> None:
    order_id = doubted_order(make.make_shop(), "negative_margin")
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    opened = open_aftersale.one(SYSTEM, OpenAfterSale(order_id, Reason.QUALITY))
    assert opened.changed
    page = finance().get(reverse("settlement-record", args=[stage.settlement_of(order_id).pk])).content.decode()
    assert opened.facts["number"] in page


def test_what_is_to_be_reviewed_is_not_settled_in_bulk() -> None:
    order_id = doubted_order(make.make_shop(), "negative_margin")
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    person = finance()
    bulk = reverse("settlement-settle")
    assert bulk not in person.get(reverse("settlement-list"), {"tab": "review"}).content.decode()
    assert bulk in person.get(reverse("settlement-list"), {"tab": "all"}).content.decode()


def test_a_sale_at_a_loss_shows_our_price_of_then_and_who_bears_the_discount() -> None:
    order_id = doubted_order(make.make_shop(), "negative_margin")
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    line = OrderLine.objects.select_related("sku").get(order_id=order_id)
    assert line.sku is not None
    address = reverse("settlement-record", args=[stage.settlement_of(order_id).pk])
    Sku.objects.filter(id=line.sku_id).update(price_minor=line.price_minor + 3_000)
    OrderLine.objects.filter(id=line.pk).update(discount_minor=200)
    Order.objects.filter(id=order_id).update(discount_minor=500)
    page = finance().get(address).content.decode()
    assert "商品档案的售价" in page
    assert "平台上卖得比定价低" in page
    assert "商品行上的，商家承担" in page
    assert "整单的，商家承担" in page
    paid_at = Order.objects.get(id=order_id).paid_at
    assert paid_at is not None
    minor, began_at = line.price_minor, paid_at - timedelta(days=2)
    plan = Plan.objects.create(
        sku_id=line.sku_id, state="ended", state_at=make.NOON, currency="CNY", cost_minor=1, sale_minor=minor,
        lowest_minor=minor, worst_minor=minor, margin_basis_points=1, target_basis_points=1, reason="x",
        valid_from=began_at, began_at=began_at, ended_at=paid_at + timedelta(hours=1), proposed_at=began_at,
        proposed_by=0,
    )  # fmt: skip
    held = finance().get(address).content.decode()
    assert reverse("price-plan", args=[plan.pk]) in held
    assert "平台上卖得比定价低" not in held
    Plan.objects.filter(id=plan.pk).update(ended_at=paid_at - timedelta(hours=1))
    assert reverse("price-plan", args=[plan.pk]) not in finance().get(address).content.decode()
