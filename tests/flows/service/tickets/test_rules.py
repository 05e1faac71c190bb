"""The pure judgement of service: types, stages, clocks, who gets what, search."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.service.tickets.rules.assignment import Free, Waiting, distribute, fits
from shopkeeper.flows.service.tickets.rules.classification import (
    WORDS,
    features_of,
    language_of,
    lessons,
    suggest,
)
from shopkeeper.flows.service.tickets.rules.clocks import duty_spans, next_duty, on_duty, reply_due_at
from shopkeeper.flows.service.tickets.rules.interceptions import next_state
from shopkeeper.flows.service.tickets.rules.searching import fill, grams_of, unknown_places
from shopkeeper.flows.service.tickets.rules.stages import stage_of, way_of
from shopkeeper.flows.service.tickets.rules.tickets import priority_of

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


@pytest.mark.clause("S1.2")
@pytest.mark.parametrize(
    ("text", "stage", "kind"),
    [
        ("这件衣服是什么材质的？会起球吗", "pre_sale", "product"),
        ("165 55kg 选什么尺码？会不会偏小", "pre_sale", "size"),
        ("有优惠券吗，能不能便宜点", "pre_sale", "price"),
        ("怎么还不发货！都三天了", "in_sale", "shipping"),
        ("物流三天不更新了，到哪了", "in_sale", "logistics"),
        ("地址写错了，帮我改地址", "in_sale", "address_change"),
        ("不想要了，帮我取消订单", "in_sale", "cancel"),
        ("想退货，怎么申请七天无理由", "after_sale", "return_exchange"),
        ("收到有破损，掉色严重", "after_sale", "quality"),
        ("麻烦开个发票，抬头是公司", "after_sale", "invoice"),
        ("再不解决我就投诉到12315", "after_sale", "complaint"),
        ("你好在吗", "pre_sale", "other"),
        ("Where is my parcel? tracking shows nothing", "in_sale", "logistics"),
        ("Please cancel my order", "in_sale", "cancel"),
        ("I need to change the address", "in_sale", "address_change"),
        ("It arrived broken", "after_sale", "quality"),
        ("Is it in stock? what material?", "pre_sale", "product"),
    ],
)
def test_the_type_follows_the_words_and_says_which(text: str, stage: str, kind: str) -> None:
    found = suggest(text, stage, {})
    assert found.kind == kind
    assert bool(found.words) == (kind != "other")
    assert all(word in text.casefold() for word in found.words)


@pytest.mark.clause("S1.2")
def test_the_stage_decides_between_equals() -> None:
    assert suggest("退", "after_sale", {}).kind == "return_exchange"
    even = {("快递", "quality"): 3}  # as good a word for both
    assert suggest("快递", "in_sale", even).kind == "logistics"
    assert suggest("快递", "after_sale", even).kind == "quality"


def test_a_longer_word_speaks_for_itself() -> None:
    assert features_of("不想要了") == ("不想要了",)
    assert features_of("scammer") == ()  # no word inside a word


@pytest.mark.clause("S1.2")
def test_corrections_change_what_is_suggested_and_a_change_of_mind_takes_them_back() -> None:
    text = "活动什么时候发货"
    before = suggest(text, "in_sale", {})
    taught = lessons(before.features, before.kind, "price")
    weights = {key: 3 * points for key, points in taught.items()}
    assert suggest(text, "in_sale", weights).kind == "price"
    assert lessons(before.features, "price", "price") == {}


@given(st.text(max_size=300))
def test_any_text_gets_a_type(text: str) -> None:
    found = suggest(text, "pre_sale", {})
    assert found.score >= 0
    assert set(found.words) <= set(found.features) <= set(WORDS)
    assert language_of(text) in ("zh", "en")


@pytest.mark.clause("S1.2")
def test_the_stage_is_the_orders_real_state() -> None:
    assert stage_of(None) == "pre_sale"
    assert stage_of("unpaid") == "pre_sale"
    for state in ("to_check", "released", "picking", "to_pack", "packed", "shipped"):
        assert stage_of(state) == "in_sale"
        assert stage_of(state, "requested") == "after_sale"
    for state in ("signed", "completed", "cancelled"):
        assert stage_of(state) == "after_sale"


@pytest.mark.clause("S2.2")
def test_what_is_offered_is_decided_by_the_orders_real_state() -> None:
    ways = {str(state): str(way_of(state)) for state in OrderState}
    assert ways["unpaid"] == ways["to_check"] == "before_release"
    assert {ways[state] for state in ("released", "picking", "to_pack", "packed")} == {"from_warehouse"}
    assert ways["shipped"] == "interception"
    assert {ways[state] for state in ("signed", "completed", "cancelled")} == {"too_late"}


def test_what_the_parcel_outruns_is_urgent() -> None:
    assert priority_of("cancel", "in_sale") == "urgent"
    assert priority_of("cancel", "after_sale") == "normal"
    assert priority_of("complaint", "pre_sale") == "high"


@pytest.mark.clause("S1.1")
def test_off_duty_the_first_reply_is_due_after_the_start_of_duty() -> None:
    spans = duty_spans([time(8), time(23)])
    assert on_duty(NOON, spans)
    assert reply_due_at(NOON, spans, seconds=10, off_duty_minutes=30) == NOON + timedelta(seconds=10)
    night = datetime(2026, 6, 1, 18, 0, tzinfo=UTC)  # 02:00 in Shanghai
    assert next_duty(night, spans) == datetime(2026, 6, 2, 0, 0, tzinfo=UTC)
    assert reply_due_at(night, spans, seconds=10, off_duty_minutes=30) == datetime(2026, 6, 2, 0, 30, tzinfo=UTC)
    over_midnight = duty_spans([time(20), time(2)])
    assert on_duty(datetime(2026, 6, 1, 17, 0, tzinfo=UTC), over_midnight)
    assert on_duty(night, duty_spans([]))  # without hours always


def agent(id_: int, **fields: object) -> Free:
    base: dict[str, object] = {
        "kinds": (), "stages": (), "languages": (), "shop_ids": (), "knows": None, "load": 0, "capacity": 2,
        "last_assigned_at": None,
    }  # fmt: skip
    return Free(id_, **{**base, **fields})  # type: ignore[arg-type]


def waiting(id_: int, **fields: object) -> Waiting:
    base: dict[str, object] = {
        "shop_id": 1, "kind": "size", "stage": "pre_sale", "language": "zh", "priority_rank": 0, "next_due_at": NOON,
    }  # fmt: skip
    return Waiting(id_, **{**base, **fields})  # type: ignore[arg-type]


@pytest.mark.clause("S1.2")
def test_skill_first_then_load_then_who_waited_longest() -> None:
    tickets = [waiting(1), waiting(2), waiting(3)]
    agents = [agent(1, load=1), agent(2), agent(3, kinds=("invoice",))]
    assert distribute(tickets, agents) == {1: 2, 2: 1, 3: 2}
    assert distribute([waiting(9, shop_id=5)], [agent(1, knows=(1,))]) == {}
    assert distribute([waiting(9)], [agent(1, last_assigned_at=NOON), agent(2)]) == {9: 2}


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6),
    st.lists(st.sampled_from(["size", "price", "invoice"]), max_size=12),
)
def test_nobody_beyond_capacity_nobody_without_the_skill(loads: list[tuple[int, int]], kinds: list[str]) -> None:
    agents = [
        agent(n, load=load, capacity=capacity, kinds=("size",) if n % 2 else ())
        for n, (load, capacity) in enumerate(loads)
    ]
    tickets = [waiting(n, kind=kind) for n, kind in enumerate(kinds)]
    given_to = distribute(tickets, agents)
    by_id = {a.id: a for a in agents}
    for ticket_id, agent_id in given_to.items():
        assert fits(by_id[agent_id], tickets[ticket_id])
    for a in agents:
        assert a.load + list(given_to.values()).count(a.id) <= max(a.capacity, a.load)
    left = [t for t in tickets if t.id not in given_to]
    full = {a.id for a in agents if a.load + list(given_to.values()).count(a.id) >= a.capacity}
    assert all(a.id in full for t in left for a in agents if fits(a, t))


@pytest.mark.clause("S2.2")
@pytest.mark.parametrize(
    ("kind", "state", "parcel", "becomes"),
    [
        ("return", "requested", "in_transit", None),
        ("return", "accepted", "returning", "returning"),
        ("return", "requested", "refused", "returning"),
        ("return", "returning", "returning", None),
        ("return", "returning", "returned", "received"),
        ("return", "accepted", "signed", "failed"),
        ("return", "returning", "lost", "failed"),
        ("redirect", "accepted", "signed", "redirected"),
        ("redirect", "requested", "signed", "failed"),
    ],
)
def test_tracking_tells_how_an_interception_ends(kind: str, state: str, parcel: str, becomes: str | None) -> None:
    assert next_state(kind, state, parcel) == becomes


@pytest.mark.clause("S2.1")
def test_search_is_by_pairs_of_characters_and_whole_words() -> None:
    assert grams_of("退货运费 USB-C") == ["c", "usb", "货运", "运费", "退货"]
    assert grams_of("衣") == ["衣"]


@pytest.mark.clause("S2.1")
def test_places_are_filled_and_what_is_missing_shows() -> None:
    assert fill("订单{order}，库存{stock}", {"order": "JY1"}, "〔待补〕") == "订单JY1，库存〔待补〕"
    assert unknown_places("{order} {phone} {}") == ["", "phone"]
