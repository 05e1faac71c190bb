"""O4.2: not confirmed for seven days: customer service asks; what the buyer said decides what follows."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.settlement.commands.open_follow_ups import OpenFollowUp, open_follow_ups
from shopkeeper.flows.fulfilment.settlement.commands.record_follow_up import RecordFollowUp, record_follow_up
from shopkeeper.flows.fulfilment.settlement.commands.watch_receipts import WatchReceipt, watch_receipts
from shopkeeper.flows.fulfilment.settlement.models import FollowUp, FollowUpAttempt
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.service.aftersale.commands.end_aftersale import CloseAfterSale, close_aftersale
from shopkeeper.flows.service.aftersale.commands.open_aftersale import OpenAfterSale, open_aftersale
from shopkeeper.flows.service.aftersale.states import Reason
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.personal import Erased, destroy_keys, open_json
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.fulfilment.settlement import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O4.2")]

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def follow_up_due_of(order_id: int) -> datetime:
    return Deadline.objects.get(kind="receipt_watch", subject_id=order_id).due_at


def opened(monkeypatch: pytest.MonkeyPatch) -> FollowUp:
    """A follow-up as the sweeper opens it, a week after the signing."""
    order_id = stage.watched_order(make.make_shop())
    stage.at(monkeypatch, make.NOON + WEEK)
    sweep()
    return FollowUp.objects.get(order_id=order_id)


def record(followup: FollowUp, outcome: str, attempt: int = 1, note: str = "") -> str:
    agent = make.actor_with(Permission.FOLLOW_UP_RECORD)
    item = RecordFollowUp(followup.pk, attempt, outcome, note)  # type: ignore[arg-type]
    return record_follow_up.one(agent, item).code


def test_the_buyer_is_asked_exactly_seven_days_after_signing(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = stage.watched_order(make.make_shop())
    assert follow_up_due_of(order_id) == make.NOON + WEEK
    stage.at(monkeypatch, make.NOON + WEEK - timedelta(seconds=1))
    assert sweep() == 0
    assert not FollowUp.objects.exists()
    stage.at(monkeypatch, make.NOON + WEEK)
    assert sweep() == 1
    followup = FollowUp.objects.get()
    assert (followup.state, followup.due_at) == ("open", make.NOON + WEEK + timedelta(hours=24))
    duty = Deadline.objects.get(kind="follow_up")
    assert (duty.subject_id, duty.role, duty.due_at) == (followup.pk, "customer_service", followup.due_at)
    assert not Deadline.objects.filter(kind="receipt_watch").exists()
    assert sweep() == 0


def parcel_of(order_id: int, state: str, signed_at: datetime | None) -> None:
    order = Order.objects.get(id=order_id)
    Parcel.objects.create(
        order=order, shop_id=order.shop_id, warehouse_id=order.warehouse_id, courier="yuantong", courier_reason="",
        number=f"YT{order_id:013d}", state=state, state_at=make.NOON, opened_at=make.NOON,
        handed_over_at=make.NOON, signed_at=signed_at,
    )  # fmt: skip


def test_the_days_count_from_the_parcels_own_signing() -> None:
    order_id = stage.signed_order(make.make_shop())
    signed = make.NOON - timedelta(hours=20)  # heard of only now
    parcel_of(order_id, "signed", signed)
    watch_receipts.one(SYSTEM, WatchReceipt(order_id))
    assert follow_up_due_of(order_id) == signed + WEEK


def test_while_the_parcel_comes_back_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = stage.watched_order(make.make_shop())
    parcel_of(order_id, "returning", None)
    stage.at(monkeypatch, make.NOON + WEEK)
    agent = make.actor_with(Permission.FOLLOW_UP_OPEN)
    assert open_follow_ups.one(agent, OpenFollowUp(order_id)).code == "parcel_not_kept"
    sweep()
    assert not FollowUp.objects.exists()
    assert follow_up_due_of(order_id) == make.NOON + WEEK + timedelta(hours=24)


def test_policy_may_count_from_shipping(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    for key, value in (("follow_up_from", "shipped"), ("follow_up_days", 10)):
        PolicyValue.objects.create(key=key, shop=shop, value=value, set_at=make.NOON, set_by=1, reason="大促")
    order_id = stage.packed_order(shop, to=OrderState.SHIPPED)
    stage.at(monkeypatch, make.NOON + timedelta(days=2))
    assert watch_receipts.one(SYSTEM, WatchReceipt(order_id)).changed
    assert follow_up_due_of(order_id) == make.NOON + timedelta(days=10)


def test_before_signing_nothing_is_watched() -> None:
    order_id = stage.packed_order(make.make_shop(), to=OrderState.SHIPPED)
    assert watch_receipts.one(SYSTEM, WatchReceipt(order_id)).code == "unchanged"
    assert not Deadline.objects.filter(kind="receipt_watch").exists()


def test_a_longer_policy_set_meanwhile_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    order_id = stage.watched_order(shop)
    PolicyValue.objects.create(key="follow_up_days", shop=shop, value=9, set_at=make.NOON, set_by=1, reason="长假")
    stage.at(monkeypatch, make.NOON + WEEK)
    sweep()
    assert not FollowUp.objects.exists()
    assert follow_up_due_of(order_id) == make.NOON + timedelta(days=9)


def test_completion_ends_the_watch_and_the_open_follow_up(monkeypatch: pytest.MonkeyPatch) -> None:
    followup = opened(monkeypatch)
    stage.confirm(followup.order_id)
    followup.refresh_from_db()
    assert (followup.state, followup.outcome) == ("closed", "not_needed")
    assert not Deadline.objects.filter(kind__in=["follow_up", "receipt_watch"]).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending FROM sop_deadlineclosed WHERE kind = 'follow_up'")
        assert cursor.fetchall() == [("cancelled",)]
    assert record(followup, "will_confirm") == "follow_up_ended"


def test_who_will_confirm_is_watched_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    followup = opened(monkeypatch)
    assert record(followup, "will_confirm", note="周末回家就点") == "done"
    assert record(followup, "will_confirm", note="周末回家就点") == "unchanged"
    followup.refresh_from_db()
    assert (followup.state, followup.outcome, followup.attempts) == ("answered", "will_confirm", 1)
    assert follow_up_due_of(followup.order_id) == make.NOON + 2 * WEEK
    assert watch_receipts.one(SYSTEM, WatchReceipt(followup.order_id)).code == "unchanged"
    stage.at(monkeypatch, make.NOON + 2 * WEEK)
    sweep()
    assert FollowUp.objects.filter(order_id=followup.order_id, state="open").count() == 1


def test_a_problem_needs_words_and_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    followup = opened(monkeypatch)
    assert record(followup, "has_problem") == "note_needed"
    assert record(followup, "has_problem", note="领口开线") == "done"
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM foundation_event WHERE type = 'settlement.buyer_reported_problem'")
        rows = cursor.fetchall()
    assert len(rows) == 1
    assert "领口开线" not in rows[0][0]
    assert not Deadline.objects.filter(kind__in=["follow_up", "receipt_watch"]).exists()


def test_nobody_reached_is_tried_again_up_to_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    followup = opened(monkeypatch)
    for attempt in (1, 2):
        assert record(followup, "not_reached", attempt) == "done"
        assert record(followup, "not_reached", attempt) == "unchanged"
        followup.refresh_from_db()
        assert (followup.state, followup.attempts, followup.outcome) == ("open", attempt, "")
        assert Deadline.objects.get(kind="follow_up").due_at == make.NOON + WEEK + timedelta(hours=24)
    assert record(followup, "not_reached", 9) == "attempt_ahead"
    assert record(followup, "not_reached", 3) == "done"
    followup.refresh_from_db()
    assert (followup.state, followup.outcome, followup.attempts) == ("closed", "not_reached", 3)
    assert not Deadline.objects.filter(kind="follow_up").exists()


def test_the_note_is_sealed_with_the_buyers_key(monkeypatch: pytest.MonkeyPatch) -> None:
    followup = opened(monkeypatch)
    record(followup, "confirmed", note="找她爱人 13900001111")
    tried = FollowUpAttempt.objects.get(followup=followup)
    subject = Order.objects.get(id=followup.order_id).subject_id
    assert tried.subject_id == subject
    assert b"13900001111" not in bytes(tried.note_sealed)
    assert open_json(subject, bytes(tried.note_sealed)) == {"note": "找她爱人 13900001111"}
    destroy_keys([subject], now=make.NOON)
    with pytest.raises(Erased):
        open_json(subject, bytes(tried.note_sealed))


def test_while_a_refund_is_open_the_buyer_is_left_in_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = stage.watched_order(make.make_shop())
    Order.objects.filter(id=order_id).update(refund_state="requested")
    stage.at(monkeypatch, make.NOON + WEEK)
    sweep()
    assert not FollowUp.objects.exists()
    assert follow_up_due_of(order_id) == make.NOON + WEEK + timedelta(hours=24)
    Order.objects.filter(id=order_id).update(refund_state="refunded")
    stage.at(monkeypatch, make.NOON + WEEK + timedelta(hours=24))
    sweep()
    assert not FollowUp.objects.exists()
    assert not Deadline.objects.filter(kind="receipt_watch").exists()


def test_a_person_may_not_ask_too_early_or_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    agent = make.actor_with(Permission.FOLLOW_UP_OPEN)
    order_id = stage.watched_order(make.make_shop())
    assert open_follow_ups.one(agent, OpenFollowUp(order_id)).code == "too_early"
    stage.at(monkeypatch, make.NOON + WEEK)
    codes = [o.code for o in open_follow_ups(agent, [OpenFollowUp(order_id)] * 2)]
    assert codes == ["done", "unchanged"]
    refunding = stage.watched_order(make.make_shop())
    Order.objects.filter(id=refunding).update(refund_state="requested")
    stage.at(monkeypatch, make.NOON + 3 * WEEK)
    assert open_follow_ups.one(agent, OpenFollowUp(refunding)).code == "refund_open"
    stage.confirm(order_id)
    assert open_follow_ups.one(agent, OpenFollowUp(order_id)).code == "not_awaited"


def test_a_cancelled_order_is_no_longer_watched() -> None:
    order_id = stage.watched_order(make.make_shop())
    stage.advance_orders.one(SYSTEM, stage.AdvanceOrder(order_id, OrderState.CANCELLED))
    assert watch_receipts.one(SYSTEM, WatchReceipt(order_id)).changed
    assert not Deadline.objects.filter(kind="receipt_watch").exists()


def test_only_who_may_records_and_only_in_own_shops(monkeypatch: pytest.MonkeyPatch) -> None:
    followup = opened(monkeypatch)
    item = RecordFollowUp(followup.pk, 1, "will_confirm")
    with pytest.raises(NotAllowed):
        record_follow_up.one(make.actor_with(Permission.FOLLOW_UP_VIEW), item)
    stranger = make.actor_with(Permission.FOLLOW_UP_RECORD, shops=[make.make_shop()])
    assert record_follow_up.one(stranger, item).code == "not_found"
    followup.refresh_from_db()
    assert (followup.state, followup.attempts) == ("open", 0)


def test_while_an_after_sale_case_is_open_the_buyer_is_left_in_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = stage.watched_order(make.make_shop())
    case = open_aftersale.one(SYSTEM, OpenAfterSale(order_id, Reason.QUALITY))
    assert case.changed, case
    stage.at(monkeypatch, make.NOON + timedelta(days=7))
    sweep()
    assert not FollowUp.objects.filter(order_id=order_id).exists()
    agent = make.actor_with(Permission.FOLLOW_UP_OPEN)
    assert open_follow_ups.one(agent, OpenFollowUp(order_id)).code == "case_open"
    assert close_aftersale.one(SYSTEM, CloseAfterSale(case.id or 0, "withdrawn")).changed
    stage.at(monkeypatch, make.NOON + timedelta(days=9))
    sweep()
    assert FollowUp.objects.filter(order_id=order_id, state="open").exists()
