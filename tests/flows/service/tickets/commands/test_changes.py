"""S2.2: an order that is still with us is changed or cancelled: held, told the platform, followed to its end."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.commands.decide_holds import DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.models import Hold, Order
from shopkeeper.flows.fulfilment.intake.queries import receivers_of
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.service.tickets import performers
from shopkeeper.flows.service.tickets.commands.answer_changes import (
    AnswerChange,
    ConfirmChange,
    FollowChange,
    WithdrawChange,
    answer_changes,
    confirm_changes,
    follow_changes,
    withdraw_changes,
)
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.commands.wishes import ReceiverWish
from shopkeeper.flows.service.tickets.models import OrderChange
from shopkeeper.flows.service.tickets.ports import NewReceiver
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import ErrandResult, ErrandRow
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.foundation.personal import destroy_keys
from shopkeeper.foundation.shop_access import ShopAccess
from shopkeeper.shared.outside import OutsideError
from shopkeeper.sop import sweeper
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.settlement.stage import packed_order, signed_order
from tests.flows.service.tickets.stage import NOON, actor_of, all_events, at, events_of, make_ticket, was_late

pytestmark = pytest.mark.clause("S2.2")
WISH = ReceiverWish("李雷", "13700005678", "江苏省", "南京市", "鼓楼区", "中山北路1号2栋303室")


@dataclass
class FakePlatform:
    """A platform that says what it is told to say, and remembers what it was asked."""

    error: OutsideError | None = None
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def change_address(self, shop: ShopAccess, platform_no: str, receiver: NewReceiver) -> None:
        self._say(platform_no, receiver)

    def close(self, shop: ShopAccess, platform_no: str, reason: str) -> None:
        self._say(platform_no, reason)

    def _say(self, platform_no: str, what: Any) -> None:
        self.asked.append((platform_no, what))
        if self.error:
            raise self.error


class NoCourier:
    def intercept(self, request: Any) -> Any:
        raise AssertionError("no parcel is to be stopped here")


def tell(platform: FakePlatform | None, change_id: int) -> ErrandResult:
    """Perform the errand of one change."""
    gateways = performers.Gateways(
        {"taobao": platform} if platform else {},
        lambda ids: {id_: ShopAccess(id_, "taobao", "http://127.0.0.1:9", "app", "s", "s") for id_ in ids},
        NoCourier(),
    )
    rows: Sequence[ErrandRow] = [ErrandRow(1, "change_order", change_id, None, {}, 1)]
    return performers.change_orders(gateways, rows)[0]


def begin(order_id: int, kind: str = "address", **fields: Any) -> OrderChange:
    wish = {"receiver": WISH} if kind == "address" else {}
    outcome = request_changes.one(SYSTEM, RequestChange(order_id, kind, "wrong_address", **{**wish, **fields}))
    assert outcome.changed, outcome
    return OrderChange.objects.get(pk=outcome.id)


def state_of(order_id: int) -> tuple[str, list[str]]:
    order = Order.objects.get(pk=order_id)
    return order.state, order.open_holds


def clean_order(shop: Any) -> int:
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    return make.make_order(shop, make.received_line(sku))


def test_before_release_the_order_is_held_and_the_platform_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    shop = make.make_shop()
    order_id = clean_order(shop)
    change = begin(order_id)
    assert (change.way, change.state) == ("before_release", "requested")
    assert state_of(order_id) == ("to_check", ["address_changed"])
    due = Deadline.objects.get(kind="order_change", subject_id=change.pk)
    assert due.due_at == NOON + timedelta(hours=2)
    platform = FakePlatform()
    assert tell(platform, change.pk).ending == "done"
    ((platform_no, receiver),) = platform.asked
    assert platform_no == Order.objects.get(pk=order_id).platform_no
    assert (receiver.name, receiver.city) == ("李雷", "南京市")
    change.refresh_from_db()
    assert change.state == "acknowledged"
    assert ErrandEntry.objects.filter(kind="fetch_order", shop_id=shop.pk).exists()


def test_the_change_is_done_when_our_order_shows_it_and_goes_on(db: None) -> None:
    shop = make.make_shop()
    order_id = clean_order(shop)
    change = begin(order_id)
    tell(FakePlatform(), change.pk)
    # A newer version with the old address, as when it is shipped, shows nothing of the change.
    assert follow_changes.one(SYSTEM, FollowChange(order_id)).code == "unchanged"
    assert follow_changes.one(SYSTEM, FollowChange(order_id, address_changed=True)).changed
    change.refresh_from_db()
    assert (change.state, change.ended_at is not None) == ("done", True)
    assert state_of(order_id) == ("to_check", [])
    assert not was_late("order_change", change.pk)


def test_no_order_goes_on_with_the_old_address_while_the_change_is_made(db: None) -> None:
    order_id = clean_order(make.make_shop())
    change = begin(order_id)
    checker = make.actor_with("fulfilment.order.check")
    for code in ("address_changed", "*"):
        assert decide_holds.one(checker, DecideHold(order_id, code, "核对过")).code == "change_under_way"
    assert state_of(order_id) == ("to_check", ["address_changed"])
    tell(FakePlatform(), change.pk)
    follow_changes.one(SYSTEM, FollowChange(order_id, address_changed=True))
    assert state_of(order_id) == ("to_check", [])


def test_what_a_person_said_was_made_and_is_not_there_is_taken_back(db: None) -> None:
    order_id = clean_order(make.make_shop())
    change = begin(order_id)
    tell(None, change.pk)
    agent = make.actor_with("service.change.record", "service.change.request")
    assert confirm_changes.one(agent, ConfirmChange(change.pk, "后台截图")).changed
    assert withdraw_changes.one(agent, WithdrawChange(change.pk)).changed
    change.refresh_from_db()
    assert (change.state, state_of(order_id)) == ("refused", ("to_check", ["address_changed"]))
    checker = make.actor_with("fulfilment.order.check")
    assert decide_holds.one(checker, DecideHold(order_id, "address_changed", "按旧地址发")).changed


def test_in_the_warehouse_it_is_called_back_from_the_pick(db: None) -> None:
    order_id = packed_order(make.make_shop(), to=OrderState.PACKED)
    change = begin(order_id)
    assert change.way == "from_warehouse"
    assert state_of(order_id) == ("to_check", ["address_changed"])
    assert events_of("intake.order_held")[-1]["order_id"] == order_id


def test_cancelled_on_the_platform_our_order_ends_too(db: None) -> None:
    order_id = packed_order(make.make_shop(), to=OrderState.TO_PACK)
    change = begin(order_id, "cancel")
    assert state_of(order_id)[0] == "to_check"
    tell(FakePlatform(), change.pk)
    change.refresh_from_db()
    assert (change.state, state_of(order_id)[0]) == ("done", "cancelled")
    assert tell(FakePlatform(), change.pk).ending == "done"  # the errand once more: nothing is said twice


def test_a_paid_order_waits_for_the_buyers_refund_and_is_told_again(db: None) -> None:
    shop = make.make_shop()
    order_id = clean_order(shop)
    change = begin(order_id, "cancel")
    assert tell(FakePlatform(OutsideError("permanent", "buyer_must_apply")), change.pk).ending == "done"
    change.refresh_from_db()
    assert (change.state, change.answer_code) == ("by_hand", "buyer_must_apply")
    ErrandEntry.objects.all().delete()
    Order.objects.filter(pk=order_id).update(refund_state="requested")
    assert follow_changes.one(SYSTEM, FollowChange(order_id)).changed
    assert ErrandEntry.objects.get(kind="change_order").subject_id == change.pk
    tell(FakePlatform(), change.pk)
    change.refresh_from_db()
    assert (change.state, state_of(order_id)[0]) == ("done", "cancelled")


def test_where_the_platform_has_no_door_a_person_does_it_with_evidence(db: None) -> None:
    order_id = clean_order(make.make_shop())
    change = begin(order_id, "cancel")
    assert tell(None, change.pk).ending == "done"
    change.refresh_from_db()
    assert (change.state, change.answer_code) == ("by_hand", "no_platform")
    agent = actor_of(make.make_person("customer_service"))
    assert confirm_changes.one(agent, ConfirmChange(change.pk, " ")).code == "evidence_needed"
    assert confirm_changes.one(agent, ConfirmChange(change.pk, "后台订单页可见")).changed
    assert confirm_changes.one(agent, ConfirmChange(change.pk, "后台订单页可见")).code == "unchanged"
    assert state_of(order_id)[0] == "cancelled"


def test_refused_by_the_platform_the_order_stays_held_for_people(db: None) -> None:
    order_id = clean_order(make.make_shop())
    change = begin(order_id)
    assert tell(FakePlatform(OutsideError("permanent", "not_changeable")), change.pk).ending == "done"
    change.refresh_from_db()
    assert (change.state, change.answer_code) == ("refused", "not_changeable")
    assert state_of(order_id) == ("to_check", ["address_changed"])
    agent = actor_of(make.make_person("customer_service"))
    assert confirm_changes.one(agent, ConfirmChange(change.pk, "x")).code == "change_ended"
    assert withdraw_changes.one(agent, WithdrawChange(change.pk)).code == "change_ended"


def test_a_platform_in_trouble_is_asked_again(db: None) -> None:
    change = begin(clean_order(make.make_shop()))
    result = tell(FakePlatform(OutsideError("throttled", "busy", retry_after_s=7)), change.pk)
    assert (result.ending, result.retry_after_seconds) == ("retry", 7)
    change.refresh_from_db()
    assert (change.state, change.attempts) == ("requested", 1)


def test_not_carried_out_in_time_is_late(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    change = begin(clean_order(make.make_shop()), "cancel")
    at(monkeypatch, NOON + timedelta(hours=2))
    sweeper.sweep()
    assert Deadline.objects.get(kind="order_change", subject_id=change.pk).late_at is not None
    answer_changes.one(SYSTEM, AnswerChange(change.pk, "acknowledged"))
    assert was_late("order_change", change.pk)


def test_withdrawn_the_order_goes_on_but_anothers_hold_stays(db: None) -> None:
    shop = make.make_shop()
    first, second = clean_order(shop), clean_order(shop)
    change = begin(first, "cancel")
    assert withdraw_changes.one(SYSTEM, WithdrawChange(change.pk)).changed
    assert withdraw_changes.one(SYSTEM, WithdrawChange(change.pk)).code == "unchanged"
    assert state_of(first) == ("to_check", [])
    from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders

    hold_orders.one(SYSTEM, HoldOrder(second, "by_hand", {"why": "电话核实"}))
    withdraw_changes.one(SYSTEM, WithdrawChange(begin(second, "cancel").pk))
    assert state_of(second) == ("to_check", ["by_hand"])
    assert Hold.objects.get(order_id=second, cleared_at=None).facts == {"why": "电话核实"}


def test_what_cannot_be_helped_is_refused_with_its_reason(db: None) -> None:
    shop = make.make_shop()
    shipped = packed_order(shop, to=OrderState.SHIPPED)
    signed = signed_order(shop)
    waiting = clean_order(shop)
    stranger = make_ticket(shop, "取消订单", customer_ref="somebody-else")
    outcomes = request_changes(
        SYSTEM,
        [
            RequestChange(shipped, "cancel", "changed_mind"),
            RequestChange(signed, "cancel", "changed_mind"),
            RequestChange(waiting, "address", "wrong_address"),
            RequestChange(waiting, "address", "wrong_address", receiver=ReceiverWish(" ", "12345", "a", "b", "", "c")),
            RequestChange(waiting, "cancel", "changed_mind", ticket_id=stranger.pk),
        ],
    )
    codes = ["already_shipped", "order_ended", "address_needed", "address_needed", "not_their_order"]
    assert [outcome.code for outcome in outcomes] == codes
    assert outcomes[0].facts["way"] == "interception"
    assert outcomes[3].facts["missing"] == ["name"]
    assert not OrderChange.objects.exists()
    assert state_of(waiting) == ("to_check", [])


@pytest.mark.parametrize("phone", ["1381234", "abc", "1380000567", "12345678"])
def test_what_is_no_phone_number_is_not_sent_to_the_platform(db: None, phone: str) -> None:
    order_id = clean_order(make.make_shop())
    wish = RequestChange(order_id, "address", "wrong_address", receiver=replace(WISH, phone=phone), fills_up=True)
    assert request_changes.one(SYSTEM, wish).code == "bad_phone"
    assert not OrderChange.objects.exists() and state_of(order_id) == ("to_check", [])


def test_asked_twice_it_is_one_change(db: None) -> None:
    order_id = clean_order(make.make_shop())
    item = RequestChange(order_id, "cancel", "changed_mind")
    outcomes = request_changes(SYSTEM, [item, item])
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
    assert request_changes.one(SYSTEM, item).id == outcomes[0].id
    assert OrderChange.objects.count() == 1


def test_another_shops_order_does_not_exist(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    order_id = clean_order(shop)
    actor = actor_of(make.make_person("customer_service", shops=[other]), shops=[other])
    assert request_changes.one(actor, RequestChange(order_id, "cancel", "changed_mind")).code == "not_found"


def test_the_new_receiver_is_nowhere_in_plain(db: None) -> None:
    change = begin(clean_order(make.make_shop()))
    assert change.receiver_address_masked == "江苏省 南京市 鼓楼区中山北路1号****"
    assert "李雷" not in all_events() and "13700005678" not in all_events()
    assert "李雷" not in repr(WISH)
    assert "李雷" not in str(list(ErrandEntry.objects.values_list("data", flat=True)))


def test_an_erased_customers_wish_is_not_carried_on(db: None) -> None:
    change = begin(clean_order(make.make_shop()))
    destroy_keys([change.subject_id], now=NOON)
    platform = FakePlatform()
    tell(platform, change.pk)
    change.refresh_from_db()
    assert (change.state, change.answer_code, platform.asked) == ("refused", "erased", [])


def test_another_wish_than_the_one_under_way_is_refused_and_the_same_is_no_news(db: None) -> None:
    order_id = clean_order(make.make_shop())
    change = begin(order_id)
    same = RequestChange(order_id, "address", "away", receiver=WISH)
    assert (same_said := request_changes.one(SYSTEM, same)).code == "unchanged"
    assert same_said.id == change.pk
    elsewhere = replace(WISH, address="别处 9 号 901")
    for wish in (
        RequestChange(order_id, "address", "wrong_address", receiver=elsewhere),
        RequestChange(order_id, "cancel", "changed_mind"),
    ):
        outcome = request_changes.one(SYSTEM, wish)
        assert (outcome.code, outcome.facts["change_id"]) == ("other_change_open", change.pk)
    withdraw_changes.one(SYSTEM, WithdrawChange(change.pk))
    assert begin(order_id, receiver=elsewhere).pk != change.pk


def test_what_is_left_empty_stays_as_it_is_on_the_order(db: None) -> None:
    shop = make.make_shop()
    order_id = clean_order(shop)
    now = receivers_of([order_id])[order_id]
    only_phone = ReceiverWish("", "13700005678", now.province, now.city, "", "")
    assert request_changes.one(SYSTEM, RequestChange(order_id, "address", "other", receiver=only_phone)).code == (
        "address_needed"
    )
    begin(order_id, receiver=only_phone, fills_up=True)
    platform = FakePlatform()
    tell(platform, OrderChange.objects.get().pk)
    ((_, receiver),) = platform.asked
    assert (receiver.name, receiver.phone, receiver.address) == (now.name, "13700005678", now.address)
    other = clean_order(shop)
    for parts in (("", "", now.province, now.city, "", ""), ("", "", "海南省", "三亚市", "", "")):
        wish = RequestChange(other, "address", "other", receiver=ReceiverWish(*parts), fills_up=True)
        assert request_changes.one(SYSTEM, wish).code == "address_needed"


def test_another_city_needs_its_district_or_the_old_one_would_stay(db: None) -> None:
    order_id = clean_order(make.make_shop())
    moved = ReceiverWish("许静", "13700005678", "江苏省", "苏州市", "", "平江路 12 号")
    wish = RequestChange(order_id, "address", "other", receiver=moved, fills_up=True)
    assert request_changes.one(SYSTEM, wish).code == "district_needed"
    assert not OrderChange.objects.exists()
    assert begin(order_id, receiver=replace(moved, district="姑苏区"), fills_up=True).state == "requested"


def test_the_platform_refuses_what_a_person_asked_for_there(db: None) -> None:
    order_id = clean_order(make.make_shop())
    change = begin(order_id)
    tell(None, change.pk)
    agent = actor_of(make.make_person("customer_service"))
    assert confirm_changes.one(agent, ConfirmChange(change.pk, " ", is_refused=True)).code == "evidence_needed"
    assert confirm_changes.one(agent, ConfirmChange(change.pk, "平台客服：已打单", is_refused=True)).changed
    change.refresh_from_db()
    assert (change.state, change.answer_code, change.evidence) == ("refused", "refused_by_hand", "平台客服：已打单")
    assert events_of("tickets.change_answered")[-1]["answer"] == "refused"
    assert state_of(order_id) == ("to_check", ["address_changed"])


def test_after_a_change_that_came_to_nothing_the_order_is_passed_with_a_reason_only(db: None) -> None:
    order_id = clean_order(make.make_shop())
    change = begin(order_id)
    tell(FakePlatform(OutsideError("permanent", "not_changeable")), change.pk)
    checker = make.actor_with("fulfilment.order.check")
    for code in ("address_changed", "*"):
        assert decide_holds.one(checker, DecideHold(order_id, code)).code == "reason_needed"
    assert decide_holds.one(checker, DecideHold(order_id, "*", "买家同意按原地址发")).changed


def test_the_order_desk_has_nothing_to_decide_until_the_changes_time_is_over(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOON)
    order_id = clean_order(make.make_shop())
    change = begin(order_id)
    duty = Deadline.objects.get(kind="decide_holds", subject_id=order_id)
    assert (duty.opens_at, duty.due_at) == (change.due_at, change.due_at + timedelta(hours=4))
    at(monkeypatch, NOON + timedelta(minutes=10))
    tell(FakePlatform(OutsideError("permanent", "not_changeable")), change.pk)
    duty.refresh_from_db()
    assert (duty.opens_at, duty.due_at) == (None, NOON + timedelta(hours=4, minutes=10))
