"""P5: shops are told the newest quantity, until it holds; read back every hour; the last piece is sold once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.products.publishing.commands.push_stock import PushStock, push_stock
from shopkeeper.flows.products.publishing.commands.record_pushes import RecordPush, record_pushes
from shopkeeper.flows.products.publishing.commands.sweep_stock import SweepStock, sweep_stock
from shopkeeper.flows.products.publishing.models import Listing, ListingSku
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.ports import OutsideError
from shopkeeper.flows.products.publishing.queries.stock_board import push_board
from shopkeeper.flows.products.stock.models import Stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry, Shop
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.products.publishing import stage

pytestmark = pytest.mark.clause("P5")


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    stage.at(monkeypatch, make.NOON)


@pytest.fixture
def platform(noon: None) -> stage.FakePlatform:
    return stage.FakePlatform()


def selling(platform: stage.FakePlatform, pieces: int = 10, shop: Shop | None = None, skus: int = 1) -> Listing:
    """A product on sale with so many pieces of each variant."""
    shop, product = shop or stage.make_front(), stage.make_product(skus=skus)
    for sku in product.skus.all():
        make.stock_up(sku, shop.default_warehouse, pieces)
    return stage.on_sale(platform, product, shop)


def changed(listing: Listing, *, at=None) -> PushStock:
    return PushStock(stage.sku_of(listing).sku_id, listing.shop.default_warehouse_id, at)


def set_free(listing: Listing, pieces: int) -> None:
    Stock.objects.filter(sku_id=stage.sku_of(listing).sku_id).update(on_hand=pieces, promised=0)


def test_an_order_taken_in_and_stock_received_reach_the_shop(fresh_db) -> None:
    """From the events of stock through this desk's reader to the platform, with nothing called by hand."""
    platform = stage.FakePlatform()
    listing = selling(platform)
    sku = stage.only_sku(listing.product)
    make.make_released_order(listing.shop, make.received_line(sku, 3))
    stage.react()
    stage.perform(platform)
    assert platform.quantity(sku.code) == 7
    make.stock_up(sku, listing.shop.default_warehouse, 4)
    stage.react()
    stage.perform(platform)
    assert platform.quantity(sku.code) == 11
    row = stage.sku_of(listing)
    assert (row.told, row.told_seq == row.wanted_seq) == (11, True)


def test_the_newest_value_wins_and_nothing_is_queued(platform) -> None:
    listing = selling(platform)
    for pieces in (9, 5, 8):
        set_free(listing, pieces)
        assert push_stock.one(SYSTEM, changed(listing)).changed
    assert push_stock.one(SYSTEM, changed(listing)).code == "unchanged"
    stage.perform(platform)
    assert [[wish.quantity for wish in batch] for batch in platform.wishes] == [[8]]


def test_a_late_answer_does_not_undo_a_newer_wish(platform) -> None:
    listing = selling(platform)
    row = stage.sku_of(listing)
    old = RecordPush(row.pk, 9, row.wanted_seq + 1, make.NOON)
    set_free(listing, 9)
    push_stock.one(SYSTEM, changed(listing))
    set_free(listing, 2)
    push_stock.one(SYSTEM, changed(listing))
    assert record_pushes.one(SYSTEM, old).changed
    row.refresh_from_db()
    assert (row.told, row.told_seq < row.wanted_seq) == (9, True)
    stage.perform(platform)
    assert platform.quantity(stage.only_sku(listing.product).code) == 2
    assert record_pushes.one(SYSTEM, old).code == "unchanged"


def test_told_until_it_holds_and_one_variants_trouble_is_not_the_others(platform, monkeypatch) -> None:
    listing = selling(platform, skus=2)
    first, second = listing.product.skus.order_by("id")
    platform.sku_trouble[first.code] = [OutsideError("transient", "busy")]
    Stock.objects.filter(sku__in=[first, second]).update(on_hand=4)
    push_stock(SYSTEM, [PushStock(sku.pk, listing.shop.default_warehouse_id) for sku in (first, second)])
    stage.perform(platform)
    assert (platform.quantity(first.code), platform.quantity(second.code)) == (10, 4)
    stage.at(monkeypatch, make.NOON + timedelta(seconds=3))
    stage.perform(platform)
    assert platform.quantity(first.code) == 4
    assert not ErrandEntry.objects.filter(kind="push_stock").exists()


def test_a_shop_that_is_away_is_asked_again_with_what_is_newest_then(platform, monkeypatch) -> None:
    listing = selling(platform)
    platform.trouble["set_quantities"] = [OutsideError("throttled", "isp.limit", retry_after_s=5)]
    set_free(listing, 6)
    push_stock.one(SYSTEM, changed(listing))
    stage.perform(platform)
    set_free(listing, 1)
    push_stock.one(SYSTEM, changed(listing))
    stage.perform(platform)
    code = stage.only_sku(listing.product).code
    assert platform.quantity(code) == 10
    stage.at(monkeypatch, make.NOON + timedelta(seconds=6))
    stage.perform(platform)
    assert platform.quantity(code) == 1


def test_refused_for_good_is_shown_and_tried_again_by_the_sweep(platform) -> None:
    listing = selling(platform)
    code = stage.only_sku(listing.product).code
    platform.sku_trouble[code] = [OutsideError("permanent", "in_promotion")]
    set_free(listing, 6)
    push_stock.one(SYSTEM, changed(listing))
    stage.perform(platform)
    assert stage.sku_of(listing).error == "in_promotion"
    assert push_board(SYSTEM, make.NOON)[0].refused == 1
    assert not ErrandEntry.objects.filter(kind="push_stock").exists()
    assert sweep_stock.one(SYSTEM, SweepStock(listing.shop_id)).changed
    stage.perform(platform)
    assert platform.quantity(code) == 6
    assert push_board(SYSTEM, make.NOON)[0].refused == 0


def test_shares_safety_stock_and_caps_are_each_shops_own(platform) -> None:
    warehouse = make.make_warehouse()
    big, small = stage.make_front(warehouse=warehouse), stage.make_front(warehouse=warehouse)
    product = stage.make_product()
    sku = stage.only_sku(product)
    make.stock_up(sku, warehouse, 100)
    for shop in (big, small):
        stage.on_sale(platform if shop is big else stage.FakePlatform(), product, shop)
    for key, value in (("stock_share_percent", 30), ("stock_kept_back", 11), ("stock_most", 20)):
        assert set_policy.one(SYSTEM, SetPolicy(key, value, "分店铺", small.pk)).ok
    push_stock.one(SYSTEM, PushStock(sku.pk, warehouse.pk))
    by_shop = dict(ListingSku.objects.filter(sku=sku).values_list("shop_id", "wanted"))
    assert by_shop == {big.pk: 100, small.pk: 20}
    Stock.objects.filter(sku=sku).update(on_hand=50)
    push_stock.one(SYSTEM, PushStock(sku.pk, warehouse.pk))
    by_shop = dict(ListingSku.objects.filter(sku=sku).values_list("shop_id", "wanted"))
    assert by_shop == {big.pk: 50, small.pk: 11}  # floor((50 - 11) * 30 %)


def test_the_hourly_sweep_proves_equality_and_puts_right_what_is_not(platform, monkeypatch) -> None:
    listing = selling(platform)
    code = stage.only_sku(listing.product).code
    deadline = Deadline.objects.get(kind="stock_sweep", subject_id=listing.shop_id)
    assert (deadline.due_at, deadline.role) == (make.NOON + timedelta(hours=1), "")
    platform.spoil_sku(code, quantity=99)
    stage.at(monkeypatch, make.NOON + timedelta(minutes=61))
    sweep()
    stage.perform(platform)
    assert platform.quantity(code) == 10
    row = stage.sku_of(listing)
    assert (row.seen, row.told) == (99, 10)
    deadline.refresh_from_db()
    assert deadline.due_at == make.NOON + timedelta(minutes=121)
    assert deadline.late_at is None
    sweep_stock.one(SYSTEM, SweepStock(listing.shop_id))
    stage.perform(platform)
    row.refresh_from_db()
    assert row.seen == 10
    assert push_board(SYSTEM, make.NOON + timedelta(hours=2))[0].disagreeing == 0


def test_what_buyers_took_a_moment_ago_is_not_put_back_on_the_shelf(platform, monkeypatch) -> None:
    """An order that is not here yet: told the old quantity again, the shop would sell the piece twice."""
    listing = selling(platform)
    code = stage.only_sku(listing.product).code
    platform.spoil_sku(code, quantity=9)
    sweep_stock.one(SYSTEM, SweepStock(listing.shop_id))
    stage.perform(platform)
    assert (platform.quantity(code), stage.sku_of(listing).seen) == (9, 9)
    stage.at(monkeypatch, make.NOON + timedelta(minutes=61))
    sweep_stock.one(SYSTEM, SweepStock(listing.shop_id))
    stage.perform(platform)
    assert platform.quantity(code) == 10  # nothing came of it in an hour: the shop has simply lost a piece


def test_a_change_nobody_announced_is_found_by_the_sweep(platform) -> None:
    listing = selling(platform)
    set_free(listing, 3)
    sweep_stock.one(SYSTEM, SweepStock(listing.shop_id))
    stage.perform(platform)
    assert platform.quantity(stage.only_sku(listing.product).code) == 3


def test_a_shop_that_sells_nothing_is_not_swept(noon) -> None:
    assert sweep_stock.one(SYSTEM, SweepStock(stage.make_front().pk)).code == "unchanged"


def test_the_delay_from_change_to_the_platforms_word_is_on_the_board(platform, monkeypatch) -> None:
    listing = selling(platform)
    set_free(listing, 6)
    push_stock.one(SYSTEM, changed(listing, at=make.NOON - timedelta(seconds=1)))
    stage.at(monkeypatch, make.NOON + timedelta(seconds=1))
    stage.perform(platform)
    row = push_board(SYSTEM, make.NOON + timedelta(seconds=2))[0]
    assert (row.pushes, row.waiting, row.worst_s) == (1, 0, 2.0)
    assert push_board(make.actor_with(Permission.LISTING_VIEW, shops=[]), make.NOON) == []


def test_pushing_costs_as_many_statements_for_one_as_for_many(platform) -> None:
    shop = stage.make_front()
    listings = [selling(platform, shop=shop) for _ in range(8)]

    def cost(batch: list[Listing], pieces: int) -> int:
        for listing in batch:
            set_free(listing, pieces)
        items = [changed(one) for one in batch]
        with CaptureQueriesContext(connection) as queries:
            assert all(outcome.changed for outcome in push_stock(SYSTEM, items))
        return len(queries)

    assert cost(listings[:1], 3) == cost(listings, 2)


def test_stock_that_changes_while_goods_are_on_their_way_is_told_afterwards(noon) -> None:
    class Slow(stage.FakePlatform):
        def publish(self, shop, draft):
            published = super().publish(shop, draft)
            Stock.objects.update(on_hand=2)
            return published

    platform, shop, product = Slow(), stage.make_front(), stage.make_product()
    sku = stage.only_sku(product)
    make.stock_up(sku, shop.default_warehouse, 9)
    stage.wanted(product, shop)
    # The threads of a performer share no connection with the test: the call is made in this one.
    listing = Listing.objects.get(product=product)
    from shopkeeper.flows.products.publishing import performers as own

    original = own._each
    own._each = lambda jobs, ask: {key: ask(job) for key, job in jobs.items()}
    try:
        stage.perform(platform)
    finally:
        own._each = original
    listing.refresh_from_db()
    assert listing.state == "on_sale"
    assert platform.quantity(sku.code) == 2


def test_the_last_piece_is_sold_once_whatever_two_shops_show(fresh_db) -> None:
    """Both platforms showed one piece and both sold it: one order has it, the other waits for stock."""
    warehouse = make.make_warehouse()
    shops = [make.make_shop(warehouse, platform=name) for name in ("taobao", "pinduoduo")]
    sku = make.make_sku()
    make.stock_up(sku, warehouse, 1)
    received = [make.received_order(shop, make.received_line(sku, 1)) for shop in shops]
    for shop in shops:
        make.open_session(shop)
    meet = threading.Barrier(2)
    ids: list[int] = []

    def take(order) -> None:
        meet.wait(5)
        ids.extend(make.take_in(order))
        connection.close()

    threads = [threading.Thread(target=take, args=(order,)) for order in received]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stock = Stock.objects.get(sku=sku)
    assert (stock.on_hand, stock.promised) == (1, 1)
    codes = sorted(
        tuple(Order.objects.get(id=id_).holds.filter(cleared_at=None).values_list("code", flat=True)) for id_ in ids
    )
    assert codes == [(), ("short_stock",)]
