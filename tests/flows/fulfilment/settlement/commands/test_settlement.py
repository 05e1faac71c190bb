"""O4.1: settled by itself where everything is known, by a person where not; refunds; signed days."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine
from shopkeeper.flows.fulfilment.settlement.commands.approve_settlements import (
    ApproveSettlement,
    approve_settlements,
)
from shopkeeper.flows.fulfilment.settlement.commands.book_refunds import BookRefund, book_refunds
from shopkeeper.flows.fulfilment.settlement.commands.close_days import CloseDay, close_days
from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.flows.fulfilment.settlement.models import DayClose, Refund
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.queries import books_balanced
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from tests import factories as make
from tests.flows.fulfilment.settlement import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O4.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def books(order_id: int, kind: str = "settlement") -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account, sum(amount_minor)::bigint FROM settlement_entry "
            "WHERE settlement_id = %s AND kind = %s GROUP BY account",
            [stage.settlement_of(order_id).pk, kind],
        )
        return dict(cursor.fetchall())


def settled_order(shop: Shop, **fields: Any) -> int:
    order_id = stage.completed_order(shop, **fields)
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).changed
    return order_id


def test_an_order_is_settled_with_balanced_entries() -> None:
    shop = make.make_shop()
    order_id = settled_order(shop, freight_minor=800, paid_minor=10_800)
    assert books(order_id) == {
        "goods_revenue": -10_000,
        "freight_income": -800,
        "platform_receivable": 10_300,
        "platform_commission": 500,
        "cost_of_goods": 4_000,
        "inventory": -4_000,
    }
    settlement = stage.settlement_of(order_id)
    assert (settlement.state, settlement.settled_on) == ("settled", date(2026, 6, 1))
    assert (settlement.receivable_minor, settlement.income_minor, settlement.cost_minor) == (
        10_300,
        10_800,
        4_000,
    )
    assert not Deadline.objects.filter(kind="settlement").exists()
    assert books_balanced()


def test_settling_twice_books_once() -> None:
    order_id = settled_order(make.make_shop())
    before = books(order_id)
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).code == "unchanged"
    assert books(order_id) == before


def test_the_same_order_twice_in_a_batch_books_once() -> None:
    order_id = stage.completed_order(make.make_shop())
    assert [o.code for o in settle_orders(SYSTEM, [SettleOrder(order_id)] * 2)] == ["done", "unchanged"]
    assert books_balanced()


def test_commission_and_bearer_follow_the_shops_policy() -> None:
    shop = make.make_shop()
    for key, value in (("commission_basis_points", 100), ("order_discount_borne_by", "platform")):
        PolicyValue.objects.create(key=key, shop=shop, value=value, set_at=make.NOON, set_by=1, reason="合同")
    order_id = settled_order(shop, discount_minor=1_000, paid_minor=9_000)
    found = books(order_id)
    assert found["platform_commission"] == 90
    assert found["subsidy_receivable"] == 1_000
    assert "merchant_discount" not in found


def test_the_currency_is_kept() -> None:
    shop = make.make_shop(currency="BRL")
    sku = stage.stocked_sku(shop, currency="BRL")
    order_id = stage.completed_order(shop, make.received_line(sku))
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).changed
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT currency FROM settlement_entry")
        assert cursor.fetchall() == [("BRL",)]


def doubted_order(shop: Shop, doubt: str) -> int:
    order_id = stage.completed_order(shop)
    line = OrderLine.objects.select_related("sku").get(order_id=order_id)
    assert line.sku is not None
    if doubt == "negative_margin":
        type(line.sku).objects.filter(id=line.sku_id).update(cost_minor=4_751)
    elif doubt == "currency_unlike":
        type(line.sku).objects.filter(id=line.sku_id).update(currency="USD")
    elif doubt == "paid_unlike_lines":
        Order.objects.filter(id=order_id).update(paid_minor=9_999)
    else:
        OrderLine.objects.filter(id=line.pk).update(sku=None)
    return order_id


DOUBTS = ["negative_margin", "currency_unlike", "paid_unlike_lines", "cost_unknown"]


@pytest.mark.parametrize("doubt", DOUBTS)
def test_what_a_person_must_look_at_is_refused_and_stays_due(doubt: str) -> None:
    order_id = doubted_order(make.make_shop(), doubt)
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).code == doubt
    settlement = stage.settlement_of(order_id)
    assert (settlement.state, settlement.doubt) == ("review", doubt)
    assert Deadline.objects.filter(kind="settlement", subject_id=settlement.pk).exists()
    assert books(order_id) == {}
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).code == doubt


@pytest.mark.parametrize("doubt", DOUBTS)
def test_finance_decides_what_was_doubted(doubt: str) -> None:
    order_id = doubted_order(make.make_shop(), doubt)
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    finance = make.actor_with(Permission.SETTLEMENT_APPROVE)
    cost = 3_000 if doubt in ("currency_unlike", "cost_unknown") else None
    wish = ApproveSettlement(order_id, doubt, "与平台账单核对无误", cost)
    assert approve_settlements.one(finance, wish).changed
    settlement = stage.settlement_of(order_id)
    assert (settlement.state, settlement.approved_reason) == ("settled", "与平台账单核对无误")
    assert settlement.settled_by == finance.id
    assert sum(books(order_id).values()) == 0
    assert books(order_id).get("difference", 0) == (1 if doubt == "paid_unlike_lines" else 0)
    assert approve_settlements.one(finance, wish).code == "unchanged"
    assert books_balanced()


def test_an_approval_must_fit_what_was_seen() -> None:
    order_id = doubted_order(make.make_shop(), "cost_unknown")
    finance = make.actor_with(Permission.SETTLEMENT_APPROVE)
    wishes = [
        ApproveSettlement(order_id, "cost_unknown", "  "),
        ApproveSettlement(order_id, "cost_unknown", "核对"),
        ApproveSettlement(order_id, "negative_margin", "核对"),
    ]
    codes = [o.code for o in approve_settlements(finance, wishes)]
    assert codes == ["reason_needed", "cost_needed", "doubt_changed"]
    assert stage.settlement_of(order_id).state == "review"


def test_an_order_not_completed_is_not_settled() -> None:
    order_id = stage.signed_order(make.make_shop())
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).code == "not_completed"


def test_only_who_may_settles_and_only_own_shops() -> None:
    order_id = stage.completed_order(make.make_shop())
    with pytest.raises(NotAllowed):
        settle_orders.one(make.actor_with(Permission.SETTLEMENT_VIEW), SettleOrder(order_id))
    stranger = make.actor_with(Permission.SETTLEMENT_SETTLE, shops=[make.make_shop()])
    assert settle_orders.one(stranger, SettleOrder(order_id)).code == "not_found"
    assert stage.settlement_of(order_id).state == "due"


def test_a_refund_after_settlement_is_reversed_by_its_own_entries_once() -> None:
    order_id = settled_order(make.make_shop())
    for _ in range(2):
        book_refunds.one(SYSTEM, BookRefund(order_id, 2_000, "event:1"))
    assert books(order_id, "refund") == {
        "refunds": 2_000,
        "platform_receivable": -1_900,
        "platform_commission": -100,
    }
    settlement = stage.settlement_of(order_id)
    assert (settlement.refund_minor, settlement.commission_minor, settlement.receivable_minor) == (
        2_000,
        400,
        7_600,
    )
    assert books_balanced()


def test_a_refund_before_settlement_waits_for_it() -> None:
    order_id = stage.signed_order(make.make_shop())
    assert book_refunds.one(SYSTEM, BookRefund(order_id, 10_000, "event:2")).changed
    assert Refund.objects.get(order_id=order_id).booked_at is None
    stage.confirm(order_id)
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).changed
    assert sum(books(order_id, "refund").values()) == 0
    settlement = stage.settlement_of(order_id)
    assert (settlement.refund_minor, settlement.commission_minor, settlement.receivable_minor) == (
        10_000,
        0,
        0,
    )
    assert Refund.objects.get(order_id=order_id).booked_at is not None
    assert books_balanced()


def test_a_refund_of_nothing_is_refused() -> None:
    order_id = settled_order(make.make_shop())
    assert book_refunds.one(SYSTEM, BookRefund(order_id, 0, "event:3")).code == "refund_not_positive"


def test_the_database_refuses_an_unbalanced_settlement() -> None:
    order_id = settled_order(make.make_shop())
    settlement = stage.settlement_of(order_id)
    insert = """INSERT INTO settlement_entry (settlement_id, shop_id, kind, account, currency, amount_minor,
                                              booked_on, booked_at, actor_id)
                VALUES (%s, %s, 'settlement', 'difference', 'CNY', 1, '2026-06-01', '2026-06-01T04:00:00Z', 0)"""
    with (
        pytest.raises(IntegrityError, match="do not balance"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert, [settlement.pk, settlement.shop_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert books_balanced()


def test_figures_that_differ_from_the_entries_are_found() -> None:
    order_id = settled_order(make.make_shop())
    assert books_balanced()
    type(stage.settlement_of(order_id)).objects.update(receivable_minor=1)
    assert not books_balanced()


def test_settling_many_costs_as_many_statements_as_one() -> None:
    shop = make.make_shop()
    settled_order(shop)  # the day's first has its signature set, once
    counts = []
    for number in (1, 8):
        items = [SettleOrder(stage.completed_order(shop)) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert all(o.changed for o in settle_orders(SYSTEM, items))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20


def test_a_shops_day_is_signed_when_all_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    finance = make.actor_with(Permission.DAY_CLOSE, shops=[shop])
    order_id = stage.completed_order(shop)
    day = CloseDay(shop.pk, date(2026, 6, 1))
    assert close_days.one(finance, day).code == "day_not_over"
    stage.at(monkeypatch, make.NOON + timedelta(days=1))
    refusal = close_days.one(finance, day)
    assert (refusal.code, refusal.facts) == ("day_unsettled", {"count": 1})
    stage.at(monkeypatch, make.NOON)
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    stage.at(monkeypatch, make.NOON + timedelta(days=1))
    assert [o.code for o in close_days(finance, [day, day])] == ["done", "unchanged"]
    closed = DayClose.objects.get()
    assert (closed.settlement_count, closed.refund_count, closed.closed_by) == (1, 0, finance.id)
    assert closed.totals["platform_receivable"] == 9_500
    assert sum(closed.totals.values()) == 0
    assert close_days.one(finance, day).code == "unchanged"
    foreign = CloseDay(make.make_shop().pk, date(2026, 6, 1))
    assert close_days.one(finance, foreign).code == "not_found"
    assert close_days.one(SYSTEM, CloseDay(10**9, date(2026, 6, 1))).code == "not_found"


def test_a_refund_after_the_day_was_signed_belongs_to_its_own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    order_id = settled_order(shop)
    stage.at(monkeypatch, make.NOON + timedelta(days=1))
    assert close_days.one(SYSTEM, CloseDay(shop.pk, date(2026, 6, 1))).changed
    assert book_refunds.one(SYSTEM, BookRefund(order_id, 500, "event:9")).changed
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT booked_on FROM settlement_entry WHERE kind = 'refund'")
        assert cursor.fetchall() == [(date(2026, 6, 2),)]
