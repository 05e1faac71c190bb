"""M1.1: who belongs to a segment, by what they paid; counted, overlapped, paged, without personal data."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.marketing.campaigns.commands.save_segment import (
    CountSegment,
    RetireSegment,
    SaveSegment,
    count_segments,
    retire_segments,
    save_segment,
)
from shopkeeper.flows.marketing.campaigns.queries.segments import members, overlap_of, segment_view, segments_of
from shopkeeper.flows.marketing.campaigns.rules.segments import Definition
from shopkeeper.flows.products.listing.models import Category, Product
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import destroy_keys, keys_for
from tests import factories as make
from tests.flows.marketing.campaigns import stage

pytestmark = pytest.mark.clause("M1.1")
NOW = stage.NOON


@pytest.fixture
def shop(db: None, monkeypatch: pytest.MonkeyPatch) -> Shop:
    stage.at(monkeypatch, NOW)
    return make.make_shop()


def order(shop: Shop, buyer: str, paid_minor: int = 10_000, days_ago: float = 1, **fields: Any) -> int:
    """A paid order of a buyer so long ago; their subject's number."""
    lines = fields.pop("lines", ())
    order_id = make.make_order(shop, *lines, buyer_key=buyer) if lines else None
    paid_at = NOW - timedelta(days=days_ago)
    subject = keys_for([f"buyer:{shop.pk}:{buyer}"], now=NOW).id_of(f"buyer:{shop.pk}:{buyer}")
    given = {"state": "completed", "paid_at": paid_at, "paid_minor": paid_minor, "subject_id": subject, **fields}
    if order_id is None:
        defaults = {
            "shop": shop, "platform_no": f"{buyer}-{Order.objects.count()}", "platform_state": "x", "state_at": NOW,
            "placed_at": paid_at, "modified_at": paid_at, "taken_in_at": NOW, "receiver_sealed": b"", "currency": "CNY",
            "goods_minor": paid_minor,
        }  # fmt: skip
        Order.objects.create(**defaults, **given)
    return subject


def belonging(shop: Shop, **definition: Any) -> list[int]:
    outcome = save_segment.one(stage.planner(), SaveSegment(shop.pk, "seg", "人群", definition))
    assert outcome.ok, outcome
    found = members(outcome.id or 0)
    assert outcome.result == "unchanged" or outcome.facts["size"] == len(found)
    return found


def test_only_paid_orders_of_the_window_count(shop: Shop) -> None:
    mine = order(shop, "a")
    order(shop, "unpaid", state="cancelled")
    order(shop, "back", refund_state="refunded")
    order(shop, "returned", state="returned")
    order(shop, "old", days_ago=366)
    order(make.make_shop(), "elsewhere")
    assert belonging(shop) == [mine]


def test_new_and_returning_by_the_first_order(shop: Shop) -> None:
    new = order(shop, "new", days_ago=29)
    old = order(shop, "old", days_ago=31)
    order(shop, "old", days_ago=2)
    assert belonging(shop, customers="new") == [new]
    assert belonging(shop, customers="returning") == [old]
    assert belonging(shop, customers="new", window_days=7) == []  # who bought before the window is no newcomer
    assert belonging(shop, customers="returning", window_days=7) == [old]


def test_amounts_orders_and_the_last_payment(shop: Shop) -> None:
    a, b = order(shop, "a", 10_000, 40), order(shop, "b", 30_000, 5)
    order(shop, "b", 30_000, 3)
    assert belonging(shop, min_minor=60_000) == [b]
    assert belonging(shop, max_minor=10_000) == [a]
    assert belonging(shop, min_orders=2) == [b]
    assert belonging(shop, max_orders=1) == [a]
    assert belonging(shop, paid_within_days=7) == [b]
    assert belonging(shop, paid_before_days=30) == [a]


def test_fifths_of_recency_frequency_and_amount(shop: Shop) -> None:
    """Ten buyers: the best two fifths of each are who they should be."""
    subjects = [order(shop, f"b{n}", 1_000 * (n + 1), days_ago=100 - n) for n in range(10)]
    for n in (3, 4):
        order(shop, f"b{n}", 1, days_ago=95)
    assert belonging(shop, recency=[5, 5]) == sorted(subjects[8:])
    assert belonging(shop, monetary=[1, 1]) == sorted(subjects[:2])
    assert belonging(shop, frequency=[5, 5]) == sorted(subjects[3:5])
    assert belonging(shop, recency=[5, 5], monetary=[1, 1]) == []


def test_buyers_of_a_category_and_of_those_below_it(shop: Shop) -> None:
    top = Category.objects.create(level=1, name="服饰")
    middle = Category.objects.create(level=2, name="男装", parent=top)
    leaf = Category.objects.create(level=3, name="T恤", parent=middle)
    product = Product.objects.create(code="SPU-T", title="T恤", leaf=leaf)
    shirt, other = make.make_sku(product=product), make.make_sku()
    ids = [make.make_order(shop, make.received_line(sku)) for sku in (shirt, other)]
    Order.objects.filter(id__in=ids).update(paid_at=NOW - timedelta(days=1))
    buyer = Order.objects.get(id=ids[0]).subject_id
    for category in (top, middle, leaf):
        assert buyer in belonging(shop, category_id=category.pk)
    assert belonging(shop, category_id=10**9) == []


def test_by_province(shop: Shop) -> None:
    here = order(shop, "a", province="浙江省")
    order(shop, "b", province="广东省")
    assert belonging(shop, provinces=["浙江省"]) == [here]


def test_erased_people_belong_to_no_segment(shop: Shop) -> None:
    gone, stays = order(shop, "a"), order(shop, "b")
    destroy_keys([gone], now=NOW)
    assert belonging(shop) == [stays]


def test_overlap_paging_and_recount(shop: Shop) -> None:
    subjects = sorted(order(shop, f"b{n}", 1_000 * (n + 1)) for n in range(6))
    low, high = Definition(max_minor=4_000), Definition(min_minor=3_000)
    found = overlap_of(shop.pk, low, high)
    assert (found.own, found.other, found.both) == (4, 4, 2)
    saved = save_segment.one(stage.planner(), SaveSegment(shop.pk, "all", "全部"))
    assert (saved.facts, members(saved.id, limit=4)) == ({"size": 6}, subjects[:4])
    assert members(saved.id, after=subjects[3]) == subjects[4:]
    order(shop, "b9")
    counted = count_segments.one(stage.planner(), CountSegment(saved.id))
    assert counted.facts == {"size": 7}
    assert segment_view(stage.planner(), saved.id).size == 7


def test_saved_refused_retired_and_brought_back(shop: Shop) -> None:
    who, item = stage.planner(), SaveSegment(shop.pk, "old", "老客", {"customers": "returning"})
    saved = save_segment.one(who, item)
    assert save_segment.one(who, item).result == "unchanged"
    assert save_segment(who, [item, item])[1].code == "segment_twice"
    assert save_segment.one(who, SaveSegment(shop.pk, " ", "x")).code == "segment_unnamed"
    wrong = save_segment.one(who, SaveSegment(shop.pk, "x", "x", {"min_orders": 0}))
    assert (wrong.code, wrong.facts) == ("segment_out_of_bounds", {"field": "min_orders"})
    assert retire_segments.one(who, RetireSegment(saved.id)).changed
    assert retire_segments.one(who, RetireSegment(saved.id)).result == "unchanged"
    assert count_segments.one(who, CountSegment(saved.id)).code == "segment_retired"
    assert (members(saved.id), segments_of(who)) == ([], [])
    assert save_segment.one(who, item).changed
    assert [one.code for one in segments_of(who, shop.pk)] == ["old"]
    assert segments_of(make.actor_with(shops=[make.make_shop()])) == []


MANY = """
    WITH keys AS (
        INSERT INTO foundation_subjectkey (reference_hash, wrapped, made_at)
        SELECT sha256(('s' || n)::bytea), 'x'::bytea, %(now)s FROM generate_series(1, %(buyers)s) AS n
        RETURNING id
    ), ends AS (SELECT min(id) AS low, count(*) AS people FROM keys)
    INSERT INTO intake_order (shop_id, platform_no, platform_state, state, state_at, placed_at, paid_at, modified_at,
        taken_in_at, subject_id, receiver_token, receiver_sealed, receiver_name_masked, receiver_phone_masked,
        receiver_address_masked, province, city, currency, goods_minor, freight_minor, discount_minor, paid_minor,
        has_remark, seller_flag, refund_state, open_holds, is_history)
    SELECT %(shop)s, 'n' || n, 'x', 'completed', %(now)s, %(now)s,
           %(now)s - make_interval(days => (n * 7919) %% 400), %(now)s, %(now)s,
           ends.low + (n::bigint * 104729) %% ends.people,
           '', '', '', '', '', '', '', 'CNY', 1, 0, 0, 100 + (n * 31) %% 50000, false, '', '', '{}', false
    FROM generate_series(1, %(orders)s) AS n, ends"""


def test_many_orders_take_no_time(shop: Shop) -> None:
    """Overlap of two definitions over 20,000 orders of 5,000 buyers, one statement."""
    with connection.cursor() as cursor:
        cursor.execute(MANY, {"now": NOW, "shop": shop.pk, "orders": 20_000, "buyers": 5_000})
    begun = time.perf_counter()
    found = overlap_of(shop.pk, Definition(recency=(4, 5), monetary=(4, 5)), Definition(customers="returning"))
    assert time.perf_counter() - begun < 3
    assert 0 < found.both <= found.own < found.other <= 5_000
