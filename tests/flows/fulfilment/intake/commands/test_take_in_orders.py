import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.flows.fulfilment.intake.models import Hold, Order
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.products.stock.models import Promise, Stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.1")]


def test_a_clean_order_waits_for_the_check_with_stock_promised() -> None:
    shop = make.make_shop()
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 5)
    outcome = take_in_orders.one(SYSTEM, make.received_order(shop, make.received_line(sku, 2)))
    order = Order.objects.get(id=outcome.id)
    assert (order.state, order.open_holds) == ("to_check", [])
    assert order.receiver_name_masked == "张**"
    assert Promise.objects.get(order_id=order.id).quantity == 2
    assert Stock.objects.get(sku=sku).promised == 2


def test_the_same_version_again_changes_nothing() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    order = make.received_order(shop, make.received_line(sku))
    first = take_in_orders.one(SYSTEM, order)
    again = take_in_orders.one(SYSTEM, order)
    assert (again.code, again.id) == ("unchanged", first.id)
    assert Order.objects.count() == 1
    assert Promise.objects.count() == 1


def test_an_older_version_that_comes_late_changes_nothing() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    order = make.received_order(shop, make.received_line(sku))
    take_in_orders.one(SYSTEM, order)
    older = replace(order, modified_at=order.modified_at - timedelta(minutes=1), state="unpaid", paid_at=None)
    assert take_in_orders.one(SYSTEM, older).code == "unchanged"
    assert Order.objects.get().state == "to_check"


HOLDS = {
    "unknown_sku": lambda o, sku: replace(o, lines=(make.received_line(None),)),
    "odd_amount": lambda o, sku: replace(o, paid_minor=o.paid_minor - 1),
    "address_incomplete": lambda o, sku: replace(o, receiver=make.received_receiver(address="")),
    "address_unreachable": lambda o, sku: replace(o, receiver=make.received_receiver(province="台湾省")),
    "bad_phone": lambda o, sku: replace(o, receiver=make.received_receiver(phone="12")),
    "buyer_remark": lambda o, sku: replace(o, buyer_remark="请发顺丰 🙏"),
    "suspected_test": lambda o, sku: replace(o, buyer_remark="测试勿发"),
    "refund_open": lambda o, sku: replace(o, lines=(replace(o.lines[0], refund_state="requested"),)),
    "platform_hold": lambda o, sku: replace(o, state="held_by_platform"),
    "no_lines": lambda o, sku: replace(o, lines=(), goods_minor=0, paid_minor=0),
}


@pytest.mark.clause("O1.3")
@pytest.mark.parametrize("code", sorted(HOLDS))
def test_what_is_odd_is_held_and_nothing_is_lost(code: str) -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    outcome = take_in_orders.one(SYSTEM, HOLDS[code](make.received_order(shop, make.received_line(sku)), sku))
    order = Order.objects.get(id=outcome.id)
    assert order.state == "to_check"
    assert code in order.open_holds
    assert Hold.objects.filter(order=order, code=code, cleared_at=None).exists()


@pytest.mark.clause("O1.3")
@pytest.mark.parametrize("quantity", [0, -1, 10**9])
def test_an_odd_quantity_is_held_and_promised_nothing(quantity: int) -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    order = make.received_order(shop, make.received_line(sku, quantity))
    outcome = take_in_orders.one(SYSTEM, order)
    assert "odd_quantity" in Order.objects.get(id=outcome.id).open_holds
    assert Stock.objects.get(sku=sku).promised == 0


def test_a_quantity_beyond_all_bounds_is_refused_alone() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    good = make.received_order(shop, make.received_line(sku))
    bad = make.received_order(shop, make.received_line(sku, 10**12))
    assert [o.code for o in take_in_orders(SYSTEM, [good, bad])] == ["done", "amount_unreadable"]
    assert Order.objects.count() == 1


def test_a_poison_row_is_singled_out_and_the_rest_goes_through() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    orders = [make.received_order(shop, make.received_line(sku)) for _ in range(7)]
    orders[3] = replace(orders[3], seller_flag="\x00")
    outcomes = take_in_orders(SYSTEM, orders)
    assert [o.ok for o in outcomes] == [True, True, True, False, True, True, True]
    assert outcomes[3].code == "bad_data"
    assert Order.objects.count() == 6


def test_half_a_surrogate_pair_is_a_poison_row_too() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    orders = [make.received_order(shop, make.received_line(sku)) for _ in range(3)]
    orders[1] = replace(orders[1], lines=(make.received_line(sku, title="T\ud83d"),))
    assert [o.code for o in take_in_orders(SYSTEM, orders)] == ["done", "bad_data", "done"]


@pytest.mark.clause("P5")
def test_the_last_piece_goes_to_who_paid_first() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 1)
    later = make.received_order(shop, make.received_line(sku))
    earlier = replace(make.received_order(shop, make.received_line(sku)), paid_at=later.paid_at - timedelta(seconds=1))
    a, b = take_in_orders(SYSTEM, [later, earlier])
    assert Order.objects.get(id=a.id).open_holds == ["short_stock"]
    assert Order.objects.get(id=b.id).open_holds == []


def test_four_byte_characters_are_kept() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    order = make.received_order(
        shop, make.received_line(sku, title="𠮷野家 👕"), receiver=make.received_receiver(name="𠮷田")
    )
    outcome = take_in_orders.one(SYSTEM, order)
    assert Order.objects.get(id=outcome.id).lines.get().title == "𠮷野家 👕"


def test_without_permission_or_in_a_foreign_shop_nothing_changes() -> None:
    shop, foreign, sku = make.make_shop(), make.make_shop(), make.make_sku()
    order = make.received_order(shop, make.received_line(sku))
    with pytest.raises(NotAllowed):
        take_in_orders.one(make.actor_with(), order)
    stranger = make.actor_with(Permission.ORDER_TAKE_IN, shops=[foreign])
    assert take_in_orders.one(stranger, order).code == "not_found"
    assert not Order.objects.exists()


def test_the_statements_of_a_batch_do_not_grow_with_it() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 10_000)
    take_in_orders.one(SYSTEM, make.received_order(shop, make.received_line(sku)))
    counts = []
    for size in (2, 200):
        orders = [make.received_order(shop, make.received_line(sku), make.received_line(sku)) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            take_in_orders(SYSTEM, orders)
        counts.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
    assert counts[0] == counts[1]
    assert counts[0] <= 11


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), split=st.booleans())
def test_versions_converge_whatever_their_order_of_arrival(seed: int, split: bool) -> None:
    """Placed, paid, address changed, refund asked, closed: any order and any repetition ends the same."""
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    line = make.received_line(sku)
    paid = make.received_order(shop, line)
    base = paid.modified_at
    versions = [
        replace(paid, state="unpaid", paid_at=None, modified_at=base - timedelta(minutes=9)),
        paid,
        replace(
            paid, receiver=make.received_receiver(address="北山街5号里"), receiver_token="new",
            modified_at=base + timedelta(minutes=1),
        ),
        replace(paid, lines=(replace(line, refund_state="requested"),), modified_at=base + timedelta(minutes=2)),
        replace(paid, state="closed", lines=(replace(line, refund_state="refunded"),),
                modified_at=base + timedelta(minutes=3)),
    ]  # fmt: skip
    rng = random.Random(seed)
    last = rng.randint(1, len(versions))
    expected = Order(**_facts(_arrive(versions[:last], together=False)))
    other = replace_number(versions[:last])
    shuffled = other + rng.choices(other, k=2)
    rng.shuffle(shuffled)
    arrived = Order(**_facts(_arrive(shuffled, together=split)))
    assert arrived.state == expected.state
    assert sorted(arrived.open_holds) == sorted(expected.open_holds)
    assert arrived.receiver_address_masked == expected.receiver_address_masked
    assert arrived.refund_state == expected.refund_state
    both = Order.objects.filter(platform_no__endswith=paid.platform_no).values("id")
    assert Promise.objects.filter(order_id__in=both).count() == (2 if expected.state == "to_check" else 0)


def replace_number(versions: list) -> list:
    return [
        replace(v, platform_no="Z" + v.platform_no, buyer_ref="z", receiver_token="z" + v.receiver_token)
        for v in versions
    ]


def _arrive(versions: list, *, together: bool) -> int:
    if together:
        take_in_orders(SYSTEM, versions)
    else:
        for version in versions:
            take_in_orders(SYSTEM, [version])
    return Order.objects.get(platform_no=versions[0].platform_no).id


def _facts(order_id: int) -> dict:
    names = ["state", "open_holds", "receiver_address_masked", "refund_state"]
    return Order.objects.filter(id=order_id).values(*names).get()


def _promised(order_id: int) -> list[int]:
    return sorted(Promise.objects.filter(order_id=order_id).values_list("quantity", flat=True))


def test_a_changed_quantity_is_promised_anew_and_a_refunded_line_wants_nothing() -> None:
    shop, sku, other = make.make_shop(), make.make_sku(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 50)
    make.stock_up(other, shop.default_warehouse, 50)
    order = make.received_order(shop, make.received_line(sku, 1), make.received_line(other, 2))
    order_id = make.take_in(order)[0]
    later = order.modified_at + timedelta(minutes=1)
    more = replace(order, lines=(replace(order.lines[0], quantity=3), order.lines[1]), modified_at=later)
    make.take_in(more)
    assert _promised(order_id) == [2, 3]
    refunded = replace(more.lines[1], refund_state="refunded")
    make.take_in(replace(more, lines=(more.lines[0], refunded), modified_at=later + timedelta(minutes=1)))
    assert _promised(order_id) == [3]
    assert Stock.objects.get(sku=other).promised == 0


@pytest.mark.clause("O1.3")
def test_goods_that_change_in_the_warehouse_call_the_order_back() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 50)
    line = make.received_line(sku, 1)
    order = make.received_order(shop, line)
    order_id = make.take_in(order)[0]
    make.release(shop, order_id)
    make.take_in(
        replace(order, lines=(replace(line, quantity=2),), modified_at=order.modified_at + timedelta(minutes=1))
    )
    assert (Order.objects.get(id=order_id).state, "lines_changed" in Order.objects.get(id=order_id).open_holds) == (
        "to_check", True,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["shipped", "done"])
@pytest.mark.parametrize("first", ["unpaid", "to_ship"])
def test_what_was_sent_elsewhere_is_not_sent_again(state: str, first: str) -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 50)
    paid = make.received_order(shop, make.received_line(sku))
    start = replace(paid, state=first, paid_at=paid.paid_at if first == "to_ship" else None)
    order_id = make.take_in(start)[0]
    make.take_in(replace(paid, state=state, modified_at=paid.modified_at + timedelta(minutes=1)))
    order = Order.objects.get(id=order_id)
    assert order.state == "to_check"
    assert "shipped_elsewhere" in order.open_holds


def test_two_changes_in_the_same_second_are_both_taken() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 50)
    paid = make.received_order(shop, make.received_line(sku))
    order_id = make.take_in(replace(paid, state="unpaid", paid_at=None))[0]
    make.take_in(paid)
    assert Order.objects.get(id=order_id).state == "to_check"
    make.take_in(replace(paid, lines=(replace(paid.lines[0], refund_state="requested"),)))
    assert Order.objects.get(id=order_id).refund_state == "requested"
    assert take_in_orders.one(SYSTEM, paid).code == "unchanged"


@pytest.mark.clause("O1.3")
def test_an_order_without_a_warehouse_is_held_until_the_shop_has_one() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    warehouse, shop.default_warehouse = shop.default_warehouse, None
    shop.save()
    make.stock_up(sku, warehouse, 5)
    order = make.received_order(shop, make.received_line(sku))
    order_id = make.take_in(order)[0]
    assert "no_warehouse" in Order.objects.get(id=order_id).open_holds
    shop.default_warehouse = warehouse
    shop.save()
    make.take_in(replace(order, modified_at=order.modified_at + timedelta(minutes=1)))
    assert Order.objects.get(id=order_id).open_holds == []
    assert _promised(order_id) == [1]
