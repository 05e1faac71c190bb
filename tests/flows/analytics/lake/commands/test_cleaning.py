"""D1.2: what is suspected waits for a person; confirmed, put back, or taken out by hand; the record keeps all of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.analytics.lake.commands.decide_set_asides import (
    ConfirmSetAside,
    PutBack,
    confirm_set_asides,
    put_back,
)
from shopkeeper.flows.analytics.lake.commands.keep_sources import (
    ListStaffVisitor,
    ListTestBuyer,
    UnlistSource,
    list_staff_visitors,
    list_test_buyers,
    unlist_sources,
)
from shopkeeper.flows.analytics.lake.commands.set_aside_orders import SetAsideOrder, set_aside_orders
from shopkeeper.flows.analytics.lake.models import CleaningDay, KnownSource, SetAside
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.queries.quarantine import excluded
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.analytics.lake import stage
from tests.flows.analytics.lake.stage import NOON

pytestmark = [pytest.mark.clause("D1.2"), pytest.mark.usefixtures("own_lake")]


def burst(shop: Shop, n: int = 4) -> list[int]:
    """One buyer's orders within minutes, written and so judged."""
    orders = [stage.order(shop, buyer_ref="brusher", at=NOON + timedelta(minutes=m)) for m in range(n)]
    stage.write()
    return orders


def suspects(shop: Shop) -> list[int]:
    burst(shop)
    return list(SetAside.objects.order_by("id").values_list("id", flat=True))


def ended() -> list[tuple[str, bool]]:
    """How the deadlines of confirming ended, and whether late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = 'cleaning_confirm'")
        return list(cursor.fetchall())


def test_a_burst_of_one_buyer_is_out_until_somebody_looked() -> None:
    shop = make.make_shop()
    honest = stage.order(shop)
    burst(shop)
    assert [row["order_id"] for row in stage.rows("orders")] == [honest]
    assert {row["mark"] for row in stage.rows("order_lines", with_set_aside=True)} == {"", "repeat_buyer"}
    found = SetAside.objects.first()
    assert found is not None
    assert (found.state, found.facts) == ("suspected", {"orders": 4, "limit": 4, "minutes": 30})
    day = CleaningDay.objects.get()
    due = Deadline.objects.get(kind="cleaning_confirm")
    assert (due.subject_id, due.due_at, due.role) == (day.pk, NOON + timedelta(hours=24), "data_specialist")


def test_the_first_of_a_burst_follow_when_the_last_one_comes() -> None:
    shop = make.make_shop()
    burst(shop, 3)
    assert len(stage.rows("orders")) == 3
    stage.order(shop, buyer_ref="brusher", at=NOON + timedelta(minutes=3))
    stage.write()
    stage.write()
    assert stage.rows("orders") == []
    assert stage.write().changed is False, "a verdict that is written is at rest"


def test_certain_verdicts_need_nobody() -> None:
    shop = make.make_shop()
    stage.order(shop, price=0, paid_minor=0)
    stage.write()
    found = SetAside.objects.get()
    assert (found.rule, found.state, found.day) == ("zero_value", "confirmed", None)
    assert not Deadline.objects.filter(kind="cleaning_confirm").exists()


def test_a_suspected_test_counts_once_somebody_passed_it() -> None:
    shop = make.make_shop()
    stage.order(shop, buyer_remark="测试订单，请勿发货")
    stage.write()
    assert SetAside.objects.get().rule == "test_order"


def test_confirming_the_last_one_ends_the_days_deadline() -> None:
    shop = make.make_shop()
    ids = suspects(shop)
    first = confirm_set_asides(SYSTEM, [ConfirmSetAside(id_) for id_ in ids[:-1]])
    assert all(outcome.changed for outcome in first)
    assert Deadline.objects.filter(kind="cleaning_confirm").exists()
    last = confirm_set_asides(SYSTEM, [ConfirmSetAside(ids[-1]), ConfirmSetAside(ids[-1])])
    assert [outcome.changed for outcome in last] == [True, False]
    assert ended() == [("done", False)]


def test_too_late_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = suspects(make.make_shop())
    stage.at(monkeypatch, NOON + timedelta(hours=24, seconds=1))
    sweep()
    assert Deadline.objects.get(kind="cleaning_confirm").late_at is not None
    confirm_set_asides(SYSTEM, [ConfirmSetAside(id_) for id_ in ids])
    assert ended() == [("done", True)]


def test_put_back_counts_again_and_stays_so() -> None:
    shop = make.make_shop()
    ids = suspects(shop)
    outcomes = put_back(SYSTEM, [PutBack(ids[0], "老客户分批采购"), PutBack(ids[1], " ")])
    assert [outcome.code for outcome in outcomes] == ["done", "reason_needed"]
    assert put_back.one(SYSTEM, PutBack(ids[0], "再来一次")).changed is False
    stage.write()
    assert len(stage.rows("orders")) == 1
    stage.order(shop, buyer_ref="brusher", at=NOON + timedelta(minutes=9))
    stage.write()
    stage.write()
    assert len(stage.rows("orders")) == 1, "what a person put back no rule takes out again"
    assert confirm_set_asides.one(SYSTEM, ConfirmSetAside(ids[0])).code == "was_put_back"


def test_a_confirmed_verdict_can_be_put_back_too() -> None:
    ids = suspects(make.make_shop())
    confirm_set_asides.one(SYSTEM, ConfirmSetAside(ids[0]))
    assert put_back.one(SYSTEM, PutBack(ids[0], "核对后是真实订单")).changed
    row = SetAside.objects.get(id=ids[0])
    assert (row.state, row.decided_reason) == ("put_back", "核对后是真实订单")


def test_by_hand_needs_a_reason_and_a_second_person() -> None:
    shop = make.make_shop()
    order_id = stage.order(shop, price=8_800)
    stage.write()
    one, other = make.actor_with(Permission.CLEAN), make.actor_with(Permission.CLEAN)
    outcomes = set_aside_orders(
        one, [SetAsideOrder(order_id, ""), SetAsideOrder(order_id, "运营自拍"), SetAsideOrder(order_id, "运营自拍")]
    )
    assert [outcome.code for outcome in outcomes] == ["reason_needed", "done", "unchanged"]
    stage.write()
    assert stage.rows("orders") == []
    [left_out] = excluded(SYSTEM, day_of(NOON), day_of(NOON))
    assert (left_out.rule, left_out.row_count, left_out.amount_minor) == ("by_hand", 1, 8_800)
    found = SetAside.objects.get()
    assert confirm_set_asides.one(one, ConfirmSetAside(found.pk)).code == "own_verdict"
    assert confirm_set_asides.one(other, ConfirmSetAside(found.pk)).changed
    assert put_back.one(one, PutBack(found.pk, "弄错了")).changed
    assert set_aside_orders.one(other, SetAsideOrder(order_id, "确实是自拍")).changed
    found.refresh_from_db()
    assert (found.state, found.found_by, found.reason) == ("suspected", other.id, "确实是自拍")


def test_other_shops_verdicts_do_not_exist() -> None:
    shop, mine = make.make_shop(), make.make_shop()
    ids = suspects(shop)
    stranger = make.actor_with(Permission.CLEAN, shops=[mine])
    assert confirm_set_asides.one(stranger, ConfirmSetAside(ids[0])).code == "not_found"
    with pytest.raises(NotAllowed):
        put_back.one(make.actor_with(), PutBack(ids[0], "x"))


def test_test_buyers_and_staff_are_listed_once_and_taken_off() -> None:
    shop = make.make_shop()
    order_id = stage.order(shop, buyer_ref="tester")
    wanted = [ListTestBuyer(order_id, ""), ListTestBuyer(order_id, "小李的测试号"), ListTestBuyer(order_id, "小李")]
    assert [outcome.code for outcome in list_test_buyers(SYSTEM, wanted)] == ["who_is_needed", "done", "unchanged"]
    stage.write()
    assert SetAside.objects.get().rule == "test_buyer"
    stage.order(shop, buyer_ref="tester", at=NOON + timedelta(hours=3))
    stage.write()
    assert stage.rows("orders") == []
    visitors = [ListStaffVisitor("visitor-0001", "客服办公室"), ListStaffVisitor("visitor-0001", "x")]
    assert [outcome.code for outcome in list_staff_visitors(SYSTEM, visitors)] == ["done", "unchanged"]
    source = KnownSource.objects.get(kind="test_buyer")
    assert [o.changed for o in unlist_sources(SYSTEM, [UnlistSource(source.pk)] * 2)] == [True, False]
    stage.order(shop, buyer_ref="tester", at=NOON + timedelta(hours=9))
    stage.write()
    assert len(stage.rows("orders")) == 1


def test_deciding_takes_as_many_statements_for_many_as_for_few() -> None:
    ids = suspects(make.make_shop())
    with CaptureQueriesContext(
        connection,
    ) as few:
        confirm_set_asides(SYSTEM, [ConfirmSetAside(id_) for id_ in ids[:1]])
    with CaptureQueriesContext(connection) as many:
        put_back(SYSTEM, [PutBack(id_, "真实") for id_ in ids])
    assert abs(len(many) - len(few)) <= 1
