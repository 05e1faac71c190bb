"""Orders take their pieces from the platform's shelf; what is not there, or off sale, is not sold."""

from datetime import timedelta

import pytest

from shopkeeper.flows.products.publishing.ports import QuantityWish
from shopkeeper.simulator.sandboxes.running import ControlRefused
from tests.integrations.test_goods import a_draft
from tests.outside import Front, Mall, Outside, an_order

pytestmark = [pytest.mark.clause("P5")]


def on_shelf(front: Front, sku: str = "CUP-1") -> int:
    listing = front.control.listing(front.session, "CUP")
    return int(next(one["quantity"] for one in listing["skus"] if one["outer_id"] == sku))


def test_orders_take_pieces_with_the_shelf_s_numbers_and_prices(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    order = front.order("CUP-1", 2, paid=True)
    line = order["orders"][0]
    assert (str(line["num_iid"]), line["sku_id"], line["price"]) == (made.item_no, made.sku_nos["CUP-1"], "128.00")
    assert on_shelf(front) == 5
    assert front.order("CUP-1", 5)["orders"][0]["num"] == 5
    assert on_shelf(front) == 0


def test_more_than_there_is_is_refused_by_the_platform(front: Front) -> None:
    front.goods.publish(front.shop, a_draft())
    with pytest.raises(ControlRefused, match="7 on the shelf"):
        front.order("CUP-1", 8)
    with pytest.raises(ControlRefused):
        front.order("CUP-2", 1)
    assert on_shelf(front) == 7
    lines = [{"outer_sku_id": "CUP-1", "num": 4}] * (2 if front.shop.platform == "taobao" else 1)
    forms = [an_order(front.session, front.outside.now, lines=lines) for _ in range(2)]
    answer = front.control.post("/platform/orders", {"orders": forms})
    wanted = ([], [0, 1]) if front.shop.platform == "taobao" else ([0], [1])  # eight in one cart, or four twice
    assert (list(range(len(answer["orders"]))), [one["order"] for one in answer["refused"]]) == wanted


def test_what_was_pushed_last_counts(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    front.order("CUP-1", 7)
    wish = QuantityWish(made.item_no, made.sku_nos["CUP-1"], "CUP-1", 1)
    front.goods.set_quantities(front.shop, [wish])
    front.order("CUP-1", 1)
    with pytest.raises(ControlRefused):
        front.order("CUP-1", 1)


def test_off_sale_blocked_or_lost_is_not_sold(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    front.goods.take_down(front.shop, made.item_no)
    with pytest.raises(ControlRefused):
        front.order("CUP-1", 1)
    front.goods.put_up(front.shop, made.item_no)
    front.control.spoil(front.session, "CUP", "block_sku", sku="CUP-1")
    with pytest.raises(ControlRefused):
        front.order("CUP-1", 1)


def test_an_unpaid_order_given_up_gives_its_pieces_back_once(front: Front) -> None:
    front.goods.publish(front.shop, a_draft())
    number = front.order("CUP-1", 3, paid=False)["tid"]
    assert on_shelf(front) == 4
    front.control.act(number, "cancel")
    assert on_shelf(front) == 7
    with pytest.raises(ControlRefused):
        front.control.act(number, "cancel")
    assert on_shelf(front) == 7


def test_buyers_pay_the_price_they_see(front: Front) -> None:
    front.goods.publish(front.shop, a_draft())
    front.control.spoil(front.session, "CUP", "wrong_price", by=-2800)
    assert front.order("CUP-1", 1)["payment"] == "100.00"


def test_goods_never_listed_are_sold_as_they_come(front: Front) -> None:
    line = {"outer_sku_id": "ELSE-1", "title": "别的", "num": 999, "price": "1.00"}
    form = an_order(front.session, front.outside.now, lines=[line])
    assert front.control.place([form])[0]["payment"] == "999.00"


def test_the_shelf_outlives_a_restart_of_its_memory(outside: Outside, mall: Mall) -> None:
    """The control door names what it does not know."""
    for path, form in (
        ("/platform/listings/actions", {"actions": [{"session": mall.shop.session, "outer_id": "NO", "do": "mend"}]}),
        ("/platform/listings/actions", {"actions": [{"outer_id": "NO"}]}),
        ("/shops", {"platform": "ebay"}),
        ("/misbehave", {"where": "goods", "what": "slow", "next": 1}),
    ):
        with pytest.raises(ControlRefused):
            outside.control.post(path, form)
    outside.clock(timedelta(seconds=1))
