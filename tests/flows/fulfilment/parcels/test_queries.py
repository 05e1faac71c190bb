"""What the pages and programs read: only one's own, by key, in a fixed number of statements."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import CancelParcel, cancel_parcels
from shopkeeper.flows.fulfilment.parcels.commands.record_ship_backs import ShipBackAnswer, record_ship_backs
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.queries import Wanted
from shopkeeper.foundation.actor import SYSTEM
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.2")


def stranger() -> Any:
    return factories.actor_with(Permission.PARCEL_VIEW, shops=[factories.make_shop()])


def test_each_parcel_stands_under_its_tab(clock: None) -> None:
    waiting, numbered, packed = making.open_parcel(), making.numbered_parcel(), making.packed_parcel()
    sent, troubled, signed = making.sent_parcel(), making.sent_parcel(), making.sent_parcel()
    making.hear(troubled, making.scan("209", NOON + timedelta(hours=1)))
    making.hear(signed, making.scan("301", NOON + timedelta(hours=1)))
    found = {tab: [row.id for row in queries.parcel_list(SYSTEM, Wanted(tab)).rows] for tab in
             ("to_number", "to_pack", "to_hand_over", "on_the_way", "trouble", "signed")}  # fmt: skip
    assert found == {
        "to_number": [waiting.pk],
        "to_pack": [numbered.pk],
        "to_hand_over": [packed.pk],
        "on_the_way": [troubled.pk, sent.pk],
        "trouble": [troubled.pk],
        "signed": [signed.pk],
    }
    assert queries.parcel_counts(SYSTEM) == {
        "to_number": 1, "to_pack": 1, "to_hand_over": 1, "on_the_way": 2, "trouble": 1, "recalled": 0,
    }  # fmt: skip


def test_parcels_are_found_by_any_of_their_numbers(clock: None) -> None:
    parcel, other = making.sent_parcel(), making.sent_parcel()
    for text in (
        parcel.number or "",
        (parcel.number or "").lower(),
        parcel.label,
        parcel.order.number,
        parcel.order.platform_no,
    ):
        assert [row.id for row in queries.parcel_list(SYSTEM, Wanted(texts=[text])).rows] == [parcel.pk], text
    both = Wanted(texts=[parcel.number or "", other.label])
    assert {row.id for row in queries.parcel_list(SYSTEM, both).rows} == {parcel.pk, other.pk}
    assert queries.parcel_list(SYSTEM, Wanted(texts=["没有这个"])).rows == []


def test_pages_follow_by_key(clock: None) -> None:
    shop = factories.make_shop()
    ids = [making.open_parcel(shop=shop).pk for _ in range(5)]
    seen, after = [], ""
    while True:
        found = queries.parcel_list(SYSTEM, Wanted(after=after, limit=2))
        seen += [row.id for row in found.rows]
        after = found.next_key
        if not after:
            break
    assert seen == ids[::-1]


@pytest.mark.parametrize("read", [queries.parcel_list, queries.case_list, queries.ship_back_list])
def test_one_row_or_many_take_the_same_statements(clock: None, read: Any) -> None:
    counts = []
    for size in (1, 4):
        for _ in range(size):
            parcel = making.sent_parcel()
            making.hear(parcel, making.scan("209", NOON + timedelta(hours=1)))
        with CaptureQueriesContext(connection) as statements:
            rows = read(SYSTEM, Wanted("")).rows
        assert len(rows) >= size
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 4


def test_nobody_sees_what_is_not_theirs(clock: None) -> None:
    parcel = making.sent_parcel()
    making.hear(parcel, making.scan("209", NOON + timedelta(hours=1)))
    case_id = queries.case_list(SYSTEM, Wanted("")).rows[0].id
    elsewhere = factories.actor_with(Permission.PARCEL_VIEW, warehouses=[factories.make_warehouse()])
    for viewer in (stranger(), elsewhere):
        assert queries.parcel_list(viewer, Wanted()).rows == []
        assert queries.case_list(viewer, Wanted("")).rows == []
        assert queries.ship_back_list(viewer, Wanted("")).rows == []
        assert queries.parcel_record(viewer, parcel.pk) is None
        assert queries.case_record(viewer, case_id) is None
        assert queries.parcel_ids(viewer, Wanted()) == []
        assert queries.parcel_counts(viewer)["on_the_way"] == 0
        assert queries.case_counts(viewer) == {}
        assert queries.ship_back_counts(viewer) == {}


def test_a_record_tells_the_whole_story_without_names(clock: None) -> None:
    parcel = making.sent_parcel()
    record_ship_backs.one(SYSTEM, ShipBackAnswer(parcel.pk, "acknowledged", "T1 YT1"))
    making.hear(parcel, making.scan("301", NOON + timedelta(hours=1), "已签收，签收人：张小明"))
    record = queries.parcel_record(SYSTEM, parcel.pk)
    assert record is not None
    assert [line.type.split(".")[1] for line in record.story] == [
        "parcel_opened", "parcel_numbered", "parcel_packed", "parcel_handed_over", "ship_back_acknowledged",
    ]  # fmt: skip
    assert record.ship_back is not None
    assert (record.ship_back.state, record.ship_back.notice_via) == ("acknowledged", "platform")
    assert "张小明" not in repr(record)
    assert "13812341234" not in repr(record)


def test_other_desks_get_what_is_not_void(clock: None) -> None:
    void, sent = making.numbered_parcel(), making.sent_parcel()
    cancel_parcels.one(SYSTEM, CancelParcel(void.pk, "不要了"))
    cards = queries.parcels_of_orders([void.order_id, sent.order_id])
    assert {order_id: card.id for order_id, card in cards.items()} == {sent.order_id: sent.pk}
    assert queries.all_parcels_of_orders([sent.order_id])[sent.order_id][0].number == sent.number
