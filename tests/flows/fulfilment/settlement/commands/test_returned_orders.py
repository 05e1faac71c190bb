"""O4.1: an order that came back and was refunded in full has an end, and its books balance."""

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.commands.close_returned_orders import (
    CloseReturnedOrder,
    close_returned_orders,
)
from shopkeeper.flows.fulfilment.intake.events import OrderRefunded, OrderReturned
from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.events import ParcelReturned
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.settlement import reactions
from shopkeeper.flows.fulfilment.settlement.commands.book_refunds import BookRefund, book_refunds
from shopkeeper.flows.fulfilment.settlement.commands.complete_orders import CompleteOrder, complete_orders
from shopkeeper.flows.fulfilment.settlement.commands.end_returned_orders import (
    CloseCameBack,
    SettleReturned,
    close_came_back,
    settle_returned,
)
from shopkeeper.flows.fulfilment.settlement.queries import books_balanced
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Event, Recorded
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.settlement import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O4.1")]


def heard(*events: Event) -> list[Recorded]:
    return [Recorded(number, 1, event, make.NOON, 0, "O4.1") for number, event in enumerate(events, start=1)]


def refunded(shop: Shop, to: OrderState = OrderState.SIGNED) -> int:
    """An order that left, whose lines were all refunded."""
    order_id = stage.packed_order(shop, to=to)
    Order.objects.filter(id=order_id).update(refund_state="refunded")
    OrderLine.objects.filter(order_id=order_id).update(refund_state="refunded")
    return order_id


def close(order_id: int, reason: str = "七天无理由", **fields: bool) -> Outcome:
    return close_returned_orders.one(SYSTEM, CloseReturnedOrder(order_id, reason, **fields))


def codes(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.code for outcome in outcomes]


@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.SIGNED])
def test_a_refunded_order_is_closed_once(state: OrderState) -> None:
    order_id = refunded(make.make_shop(), state)
    twice = [CloseReturnedOrder(order_id, "七天无理由")] * 2
    assert codes(close_returned_orders(SYSTEM, twice)) == ["done", "unchanged"]
    assert close(order_id).facts == {"state": "returned"}
    assert Order.objects.get().state == OrderState.RETURNED


def test_what_is_not_at_its_end_is_refused() -> None:
    shop = make.make_shop()
    kept, waiting = stage.signed_order(shop), make.make_order(shop, make.received_line(stage.stocked_sku(shop)))
    assert [close(kept).code, close(waiting).code, close(refunded(shop), " ").code] == [
        "not_refunded", "not_sent", "reason_needed",
    ]  # fmt: skip
    done = stage.completed_order(shop)
    assert (close(done).code, close(done).facts) == ("unchanged", {"state": "completed"})
    mine = make.actor_with(Permission.ORDER_CLOSE, shops=[make.make_shop()])
    assert close_returned_orders.one(mine, CloseReturnedOrder(kept, "退货")).code == "not_found"
    with pytest.raises(NotAllowed):
        close_returned_orders(make.actor_with(Permission.ORDER_CANCEL), [CloseReturnedOrder(kept, "退货")])


def test_a_returned_order_goes_nowhere_else() -> None:
    order_id = refunded(make.make_shop())
    assert close(order_id).changed
    assert complete_orders.one(SYSTEM, CompleteOrder(order_id)).code == "order_returned"
    assert advance_orders.one(SYSTEM, AdvanceOrder(order_id, OrderState.SIGNED)).code == "wrong_state"


@pytest.mark.parametrize(("goods_back", "cost"), [(True, 0), (False, 4_000)])
def test_the_books_of_a_returned_order_balance(goods_back: bool, cost: int) -> None:
    """Sale, commission and refund cancel out; only goods that are gone cost something."""
    shop = make.make_shop()
    order_id = refunded(shop)
    assert close(order_id, are_goods_back=goods_back).changed
    book_refunds.one(SYSTEM, BookRefund(order_id, 10_000, "case:7"))
    for _ in range(2):
        reactions.settle_sent_back(SYSTEM, heard(OrderReturned(order_id, shop.pk, goods_back)))
    books = stage.settlement_of(order_id)
    assert (books.state, books.are_goods_back) == ("settled", goods_back)
    assert (books.income_minor, books.refund_minor, books.commission_minor) == (10_000, 10_000, 0)
    assert (books.cost_minor, books.receivable_minor) == (cost, 0)
    assert books_balanced()
    assert not Deadline.objects.filter(kind__in=["settlement", "receipt_watch"]).exists()


def test_a_refund_told_after_the_end_is_booked_too() -> None:
    shop = make.make_shop()
    order_id = refunded(shop)
    assert close(order_id).changed
    reactions.settle_sent_back(SYSTEM, heard(OrderReturned(order_id, shop.pk, True)))
    book_refunds.one(SYSTEM, BookRefund(order_id, 10_000, "case:7"))
    assert stage.settlement_of(order_id).receivable_minor == 0
    assert books_balanced()


def test_goods_that_are_back_need_no_cost_and_others_do() -> None:
    shop = make.make_shop()
    back, gone = refunded(shop), refunded(shop)
    OrderLine.objects.update(sku=None)  # nobody can say what the pieces cost
    close_returned_orders(SYSTEM, [CloseReturnedOrder(back, "退货"), CloseReturnedOrder(gone, "丢件", False)])
    settle_returned(SYSTEM, [SettleReturned(back, True), SettleReturned(gone, False)])
    assert stage.settlement_of(back).state == "settled"
    assert (stage.settlement_of(gone).state, stage.settlement_of(gone).doubt) == ("review", "cost_unknown")
    assert Deadline.objects.filter(kind="settlement").count() == 1


@pytest.mark.parametrize(("parcel", "goods_back"), [("returned", True), ("lost", False)])
def test_money_and_parcel_both_back_end_the_order_by_themselves(parcel: str, goods_back: bool) -> None:
    shop = make.make_shop()
    order_id = stage.packed_order(shop, to=OrderState.SHIPPED)
    parcel_id = a_parcel(order_id, shop, "refused")
    comes_back = heard(ParcelReturned(parcel_id, order_id, shop.pk, shop.default_warehouse_id or 0))
    Order.objects.filter(id=order_id).update(refund_state="refunded")
    reactions.close_refunded(SYSTEM, heard(OrderRefunded(order_id, shop.pk, 10_000)))
    assert Order.objects.get(id=order_id).state == OrderState.SHIPPED  # its parcel is still on the way
    assert close_came_back.one(SYSTEM, CloseCameBack(order_id)).code == "unchanged"
    Parcel.objects.filter(id=parcel_id).update(state=parcel)
    for _ in range(2):
        reactions.close_refunded(SYSTEM, comes_back)
    assert close_came_back.one(SYSTEM, CloseCameBack(order_id)).code == "unchanged"
    assert Order.objects.get(id=order_id).state == OrderState.RETURNED
    reactions.settle_sent_back(SYSTEM, heard(OrderReturned(order_id, shop.pk, goods_back)))
    assert stage.settlement_of(order_id).state == "settled"


def a_parcel(order_id: int, shop: Shop, state: str) -> int:
    parcel = Parcel(order_id=order_id, shop=shop, warehouse=shop.default_warehouse, state=state, state_at=make.NOON)
    parcel.courier, parcel.number, parcel.opened_at = "shunfeng", f"SF{order_id:013d}", make.NOON
    parcel.handed_over_at = make.NOON
    parcel.save()
    return parcel.pk


def test_it_is_closed_from_the_orders_page() -> None:
    shop = make.make_shop()
    order_id = refunded(shop)
    client = Client()
    client.force_login(make.make_person("customer_service"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("intake-order", args=[order_id])).content.decode()
    assert "退货关闭（货已退回）" in page
    body = {"ids": order_id, "reason": "七天无理由", "goods": "back", "form_token": "t"}
    assert client.post(reverse("intake-close-returned"), body).status_code == 302
    page = client.get(reverse("intake-order", args=[order_id])).content.decode()
    assert "退货关闭" in page
    assert "七天无理由" in page
    assert "退货关闭（货已退回）" not in page
    listed = client.get(reverse("intake-orders"), {"tab": "returned"}).content.decode()
    assert Order.objects.get().number in listed
