"""Numbers and tracking through the courier service: idempotent, classed, believed only when signed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from shopkeeper.flows.fulfilment.parcels.ports import ForgedMessage, TrackResult
from shopkeeper.integrations.couriers.kuaidi100 import Kuaidi100Courier
from shopkeeper.integrations.couriers.kuaidi100.reading import state_of, track_result
from shopkeeper.integrations.couriers.kuaidi100.signing import push_sign
from shopkeeper.integrations.outside_http import OutsideHttp
from shopkeeper.shared.outside import OutsideError
from tests.outside import Inbox, Outside, a_waybill, courier_access

_serial = iter(range(1, 10_000))


def issued(outside: Outside, courier_code: str = "yuantong") -> str:
    ref = f"{outside.shop.session}-{next(_serial)}"
    return outside.courier.order_waybill(a_waybill(ref, courier_code)).number


def heard(outside: Outside, inbox: Inbox) -> list[TrackResult | str]:
    """What came in, each believed or not."""
    verdicts: list[TrackResult | str] = []
    for _, body in inbox.posts:
        try:
            verdicts.append(outside.courier.parse_push(dict(parse_qsl(body.decode()))))
        except ForgedMessage as forged:
            verdicts.append(forged.code)
    return verdicts


def test_one_number_for_one_parcel(outside: Outside) -> None:
    ref = f"{outside.shop.session}-a"
    first = outside.courier.order_waybill(a_waybill(ref))
    assert outside.courier.order_waybill(a_waybill(ref, cargo="茶杯", count=2)) == first
    other = outside.courier.order_waybill(a_waybill(ref + "b"))
    assert other.number != first.number
    assert first.number.startswith("YT")
    assert (first.hub, first.print_data) == ("杭州集", None)
    assert first.routing_code == other.routing_code


def test_an_encrypted_receiver_brings_print_data(outside: Outside) -> None:
    ref = f"{outside.shop.session}-oaid"
    waybill = outside.courier.order_waybill(a_waybill(ref, receiver_token="1abc", platform_no="3007"))
    assert waybill.print_data is not None
    assert waybill.number in waybill.print_data


@pytest.mark.parametrize(
    "courier_code",
    ["shunfeng", "zhongtong", "yuantong", "shentong", "yunda", "jtexpress", "jd", "debangkuaidi", "ems"],
)
def test_the_platform_takes_the_numbers_of_every_courier(outside: Outside, courier_code: str) -> None:
    from shopkeeper.flows.fulfilment.parcels.ports import ShipNotice

    (no,) = outside.place()
    number = issued(outside, courier_code)
    assert outside.ship_back.send(outside.shop, ShipNotice(no, (), courier_code, number)).number == number


@pytest.mark.parametrize("what", ["down", "cut", "half_json", "server_error", "lost_answer"])
def test_passing_failures_cost_no_second_number(outside: Outside, what: str) -> None:
    outside.control.misbehave("courier", what, next=2)
    ref = f"{outside.shop.session}-again"
    number = outside.courier.order_waybill(a_waybill(ref)).number
    (parcel,) = outside.control.get("/courier/parcels", order_id=ref)["parcels"]
    assert parcel["number"] == number


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        ({"secret": "wrong"}, "auth", "503"),
        ({"key": "wrong"}, "auth", "601"),
    ],
)
def test_a_wrong_account_is_a_matter_for_a_person(
    outside: Outside, change: dict[str, str], kind: str, code: str
) -> None:
    access = replace(courier_access(outside.sandboxes.courier_url), **change)
    courier = Kuaidi100Courier(access, OutsideHttp(timeout_s=5))
    try:
        with pytest.raises(OutsideError) as caught:
            courier.order_waybill(a_waybill("x"))
    finally:
        courier.close()
    assert (caught.value.kind, caught.value.code) == (kind, code)
    assert "wrong" not in repr(access)


def test_other_refusals(outside: Outside) -> None:
    with pytest.raises(OutsideError) as caught:
        outside.courier.order_waybill(a_waybill("x", "pigeon"))
    assert (caught.value.kind, caught.value.code) == ("permanent", "700")
    late = Kuaidi100Courier(
        courier_access(outside.sandboxes.courier_url), OutsideHttp(timeout_s=5), now_s=lambda: 1_700_000_000
    )
    try:
        with pytest.raises(OutsideError) as caught:
            late.order_waybill(a_waybill("x"))
    finally:
        late.close()
    assert (caught.value.kind, caught.value.code) == ("permanent", "400")
    outside.control.misbehave("courier", "throttle", next=1)
    with pytest.raises(OutsideError) as caught:
        outside.courier.order_waybill(a_waybill("x"))
    assert (caught.value.kind, caught.value.retry_after_s) == ("throttled", 1.0)


def test_a_number_given_back(outside: Outside) -> None:
    number = issued(outside)
    outside.courier.cancel_waybill("x", "yuantong", number, "换快递")
    outside.courier.cancel_waybill("x", "yuantong", number, "换快递")
    moved = issued(outside)
    outside.control.post("/courier/moves", {"moves": [{"number": moved, "to": "picked"}]})
    with pytest.raises(OutsideError):
        outside.courier.cancel_waybill("x", "yuantong", moved, "换快递")


def test_the_way_of_a_parcel(outside: Outside, inbox: Inbox) -> None:
    number = issued(outside)
    assert outside.courier.query(number, "yuantong").events == ()
    outside.courier.subscribe(number, "yuantong", inbox.url)
    outside.courier.subscribe(number, "yuantong", inbox.url)
    start = outside.now
    due = outside.control.get("/clock")["next_at"]
    assert datetime.fromisoformat(due) == start + timedelta(hours=3)
    outside.clock(timedelta(hours=60))
    assert outside.control.settle()
    results = heard(outside, inbox)
    assert all(isinstance(result, TrackResult) for result in results)
    told = [result for result in results if isinstance(result, TrackResult)]
    assert [result.state for result in told] == ["picked", "transit", "transit", "delivering", "signed"]
    last = told[-1]
    assert (last.number, last.courier_code, last.code, last.watch) == (number, "yuantong", "301", "shutdown")
    assert [(event.at - start).total_seconds() / 3600 for event in last.events] == [3, 9, 30, 38, 44]
    assert "义乌" in last.events[0].text
    asked = outside.courier.query(number, "yuantong")
    assert asked.events == last.events
    assert (
        outside.control.get("/courier/parcels", number=number)["parcels"][0]["subscription"]["salt"] == "salt-of-ours"
    )


def test_asking_too_often_locks_the_number(outside: Outside) -> None:
    number = issued(outside)
    outside.courier.query(number, "yuantong")
    outside.clock(timedelta(minutes=10))
    with pytest.raises(OutsideError) as caught:
        outside.courier.query(number, "yuantong")
    assert caught.value.kind == "throttled"
    assert caught.value.retry_after_s is not None
    assert 1190 < caught.value.retry_after_s <= 1201
    outside.clock(timedelta(minutes=21))
    outside.courier.query(number, "yuantong")


def test_some_couriers_want_a_phone_tail(outside: Outside) -> None:
    number = issued(outside, "shunfeng")
    with pytest.raises(OutsideError) as caught:
        outside.courier.query(number, "shunfeng")
    assert (caught.value.kind, caught.value.code) == ("permanent", "408")
    assert outside.courier.query(number, "shunfeng", "5678").events == ()


@pytest.mark.parametrize(
    ("script", "states"),
    [
        ("stall", ["picked", "transit"]),
        ("refused", ["picked", "transit", "transit", "delivering", "refused", "returning", "returned"]),
        ("returning", ["picked", "transit", "transit", "problem", "returning", "returned"]),
        ("damaged", ["picked", "transit", "problem"]),
        ("silent", []),
        ([[1, "picked"], [2, "locker"]], ["picked", "signed"]),
    ],
)
def test_scripts(outside: Outside, inbox: Inbox, script: Any, states: list[str]) -> None:
    number = issued(outside)
    outside.control.post("/courier/script", {"number": number, "script": script})
    outside.courier.subscribe(number, "yuantong", inbox.url)
    outside.clock(timedelta(hours=200))
    assert outside.control.settle()
    assert [r.state for r in heard(outside, inbox) if isinstance(r, TrackResult)] == states


def test_moves_by_hand_end_the_script(outside: Outside, inbox: Inbox) -> None:
    number = issued(outside)
    outside.courier.subscribe(number, "yuantong", inbox.url)
    for to in ("picked", "stranded", "silent", "abort"):
        outside.control.post("/courier/moves", {"moves": [{"number": number, "to": to, "text": "说明"}]})
    outside.clock(timedelta(hours=200))
    assert outside.control.settle()
    told = [r for r in heard(outside, inbox) if isinstance(r, TrackResult)]
    assert [(r.state, r.code, r.watch) for r in told] == [
        ("picked", "103", "polling"),
        ("problem", "208", "polling"),
        ("problem", "208", "abort"),
    ]
    outside.courier.subscribe(number, "yuantong", inbox.url)
    assert outside.control.get("/courier/parcels", number=number)["parcels"][0]["watch"] == "polling"


def test_pushes_misbehave(outside: Outside, inbox: Inbox) -> None:
    number = issued(outside)
    outside.courier.subscribe(number, "yuantong", inbox.url)

    def push(to: str, *faults: str) -> list[TrackResult | str]:
        inbox.posts.clear()
        for fault in faults:
            outside.control.misbehave("pushes", fault, next=1)
        outside.control.post("/courier/moves", {"moves": [{"number": number, "to": to}]})
        assert outside.control.settle()
        return heard(outside, inbox)

    assert [getattr(r, "state", r) for r in push("picked", "forged")] == ["bad_signature", "picked"]
    assert [getattr(r, "state", r) for r in push("transit", "twice")] == ["transit", "transit"]
    assert push("arrived", "lost") == []
    assert [getattr(r, "state", r) for r in push("delivering", "half_json")] == ["unreadable", "delivering"]
    stale = push("signed", "stale")
    assert [getattr(r, "state", r) for r in stale] == ["signed", "delivering"]
    inbox.posts.clear()
    outside.control.misbehave("pushes", "out_of_order", next=1)
    outside.control.post(
        "/courier/moves",
        {"moves": [{"number": number, "to": "problem"}, {"number": number, "to": "returning"}]},
    )
    assert outside.control.settle()
    assert [getattr(r, "state", r) for r in heard(outside, inbox)] == ["returning", "problem"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, "unsigned"),
        ({"param": "{}"}, "unsigned"),
        ({"param": "{}", "sign": "0" * 32}, "bad_signature"),
        ({"param": "{}", "sign": "é"}, "bad_signature"),
        ({"param": "{}"}, "unreadable"),
        ({"param": "[1]"}, "unreadable"),
        ({"param": '{"lastResult":{"nu":"1","com":"x","state":"99x"}}'}, "unreadable"),
        ({"param": '{"lastResult":{"nu":"1","com":"x","data":[{"ftime":"soon"}]}}'}, "unreadable"),
        ({"param": " " * (1024 * 1024 + 1)}, "too_large"),
    ],
)
def test_pushes_not_to_be_believed(outside: Outside, form: dict[str, str], code: str) -> None:
    if code == "unreadable":
        form = {**form, "sign": push_sign(form["param"], "salt-of-ours")}
    with pytest.raises(ForgedMessage) as caught:
        outside.courier.parse_push(form)
    assert caught.value.code == code


def test_codes() -> None:
    known = {
        "0": "transit", "1001": "transit", "1003": "transit", "1": "picked", "101": "ordered",
        "103": "picked",
        "2": "problem", "203": "refused", "209": "problem", "3": "signed", "304": "signed", "4": "returned",
        "401": "returned", "5": "delivering", "501": "delivering", "6": "returning", "7": "forwarded",
        "8": "customs", "10": "customs", "13": "customs", "14": "refused",
    }  # fmt: skip
    assert {code: state_of(code) for code in known} == known
    for nonsense in ("", "9", "x", "99999"):
        with pytest.raises(ValueError, match="tracking code"):
            state_of(nonsense)


def test_events_are_ordered_and_each_once() -> None:
    row = {"ftime": "2026-11-11 10:00:00", "context": "a", "statusCode": "103", "areaName": "义乌"}
    later = {**row, "ftime": "2026-11-11 12:00:00", "statusCode": "1002"}
    result = track_result(
        json.loads(json.dumps({"nu": "1", "com": "yuantong", "state": "0", "data": [row, later, row]}))
    )
    assert [(event.at, event.code) for event in result.events] == [
        (datetime(2026, 11, 11, 2, tzinfo=UTC), "103"),
        (datetime(2026, 11, 11, 4, tzinfo=UTC), "1002"),
    ]
    assert (result.state, result.code) == ("transit", "1002")
