"""The second platform's door: what is not signed, fresh, authorised and within bounds gets its refusal."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shopkeeper.shared.outside import OutsideError
from shopkeeper.simulator.sandboxes.pinduoduo.gateway import pdd_sign
from tests.outside import RECEIVER, Mall

FULL = "pdd.order.information.get"
LIST = "pdd.order.number.list.increment.get"


def ask(mall: Mall, leave_out: str = "", **params: str) -> dict[str, Any]:
    """One call made by hand, signed right for what it says."""
    sent = {
        "client_id": mall.shop.app_key,
        "access_token": mall.shop.session,
        "timestamp": str(int(time.time())),
        "data_type": "JSON",
        **params,
    }
    sent.pop(leave_out, None)
    sent.setdefault("sign", pdd_sign(sent, "its secret"))
    if leave_out == "sign":
        del sent["sign"]
    answer = httpx.post(mall.shop.base_url, data=sent, trust_env=False)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"sign": "0" * 32}, 20004),
        ({"sign": "é"}, 20004),
        ({"leave_out": "sign"}, 10000),
        ({"timestamp": str(int(time.time()) - 1800)}, 10000),
        ({"timestamp": str(int(time.time()) + 1800)}, 10000),
        ({"timestamp": "now"}, 10000),
        ({"leave_out": "timestamp"}, 10000),
        ({"client_id": "unknown"}, 10002),
        ({"leave_out": "client_id"}, 10000),
        ({"access_token": "another's"}, 10019),
        ({"access_token": "sandbox-token-1"}, 10019),
        ({"leave_out": "access_token"}, 10019),
        ({"type": "pdd.nonsense"}, 10001),
        ({"leave_out": "type"}, 10000),
        ({"order_sn": "1-1"}, 50001),
        ({"leave_out": "order_sn"}, 10000),
    ],
)
def test_refusals(mall: Mall, params: dict[str, str], code: int) -> None:
    (number,) = mall.place()
    error = ask(mall, **{"type": FULL, "order_sn": number, **params})["error_response"]
    assert error["error_code"] == code
    assert error["error_msg"]
    assert error["sub_msg"]


def window(mall: Mall, since: datetime, **other: str) -> dict[str, str]:
    times = {
        "start_updated_at": str(int(since.timestamp())),
        "end_updated_at": str(int(mall.outside.now.timestamp())),
    }
    return {"type": LIST, "order_status": "5", "refund_status": "5", "is_lucky_flag": "0", **times, **other}


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_updated_at": "1700000000", "end_updated_at": "1700001801"},
        {"start_updated_at": "1700000002", "end_updated_at": "1700000001"},
        {"start_updated_at": "2026-11-11 00:00:00"},
        {"page_size": "101"},
        {"page_size": "0"},
        {"page": "0"},
        {"order_status": "6"},
        {"leave_out": "is_lucky_flag"},
        {"leave_out": "end_updated_at"},
    ],
)
def test_windows_and_pages_have_bounds(mall: Mall, wrong: dict[str, str]) -> None:
    assert ask(mall, **window(mall, mall.outside.now, **wrong))["error_response"]["error_code"] == 10000


def test_the_list_is_newest_first_counted_or_continued_and_shows_paid_orders_only(mall: Mall) -> None:
    since = mall.outside.now
    numbers = mall.place(7)
    mall.place(paid=False)
    first = ask(mall, **window(mall, since, page_size="3"))["order_sn_increment_get_response"]
    assert (first["total_count"], "has_next" in first) == (7, False)
    assert [one["order_sn"] for one in first["order_sn_list"]] == numbers[:3:-1]
    pages = [
        ask(mall, **window(mall, since, page_size="3", page=str(page), use_has_next="true"))
        for page in (1, 2, 3, 4)
    ]  # fmt: skip
    inside = [page["order_sn_increment_get_response"] for page in pages]
    assert [page["has_next"] for page in inside] == [True, True, False, False]
    assert all("total_count" not in page for page in inside)
    assert inside[3]["order_sn_list"] == []
    mall.act(numbers[0], "refund")
    asked = window(mall, since, refund_status="2")
    assert [o["order_sn"] for o in ask(mall, **asked)["order_sn_increment_get_response"]["order_sn_list"]] == [
        numbers[0]
    ]


def test_the_receiver_is_a_cipher_while_open_and_starred_always(mall: Mall) -> None:
    (number,) = mall.place()
    (other,) = mall.place(receiver={**RECEIVER, "name": "李四"})

    def seen(which: str) -> dict[str, Any]:
        info: dict[str, Any] = ask(mall, type=FULL, order_sn=which)["order_info_get_response"]["order_info"]
        return info

    info = seen(number)
    assert info["receiver_name"].startswith("~AgAAA")
    assert RECEIVER["name"] not in str(info)
    assert RECEIVER["mobile"] not in str(info)
    assert (info["receiver_name_mask"], info["receiver_phone_mask"]) == ("王**", "138****5678")
    assert info["open_address_id"] != seen(other)["open_address_id"]
    mall.act(number, "hold")
    assert seen(number)["receiver_name"] == ""
    assert seen(number)["receiver_name_mask"] == "王**"


def test_an_order_is_for_one_kind_of_goods_and_its_gifts(mall: Mall) -> None:
    lines = [
        {"outer_sku_id": "A", "num": 2, "price": "10.05"},
        {"outer_sku_id": "G", "num": 1, "price": "3.00", "gift": True},
    ]
    (number,) = mall.place(lines=lines, discount_fee="1.00", platform_discount="2.10", post_fee="6")
    info = ask(mall, type=FULL, order_sn=number)["order_info_get_response"]["order_info"]
    assert (info["goods_amount"], info["discount_amount"], info["pay_amount"]) == (20.1, 3.1, 23.0)
    assert (info["seller_discount"], info["platform_discount"]) == (1.0, 2.1)
    assert [gift["outer_id"] for gift in info["gift_list"]] == ["G"]
    with pytest.raises(Exception, match="one kind"):
        mall.place(lines=[lines[0], lines[0]])


def test_calls_are_limited_per_shop_and_method(mall: Mall) -> None:
    mall.control.post("/limits", {"pdd_increment_per_minute": 2})
    try:
        kinds = []
        for _ in range(3):
            try:
                asked = {k: v for k, v in window(mall, mall.outside.now).items() if k != "type"}
                mall.gateway.call(mall.shop, LIST, **asked)
                kinds.append("ok")
            except OutsideError as error:
                kinds.append(error.kind)
                assert error.retry_after_s
        assert kinds == ["ok", "ok", "throttled"]
    finally:
        mall.control.post("/limits", {"pdd_increment_per_minute": 3_000})


@pytest.mark.parametrize(
    ("paid", "do"),
    [
        (True, "pay"), (True, "cancel"), (True, "confirm"), (True, "release"), (True, "refund_agree"),
        (False, "hold"), (False, "refund"), (False, "confirm"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_changes_nothing(mall: Mall, paid: bool, do: str) -> None:
    (number,) = mall.place(paid=paid)
    before = mall.control.order(number)
    with pytest.raises(Exception, match=number):
        mall.act(number, do)
    assert mall.control.order(number) == before


def test_a_note_and_its_colour(mall: Mall) -> None:
    (number,) = mall.place()
    note = {"type": "pdd.order.note.update", "order_sn": number, "note": "核对"}
    for wrong in (
        {"tag": "1"},
        {"tag": "9", "tag_name": "红"},
        {"tag": "1", "tag_name": "红红红红"},
        {"note": "长" * 301},
    ):
        assert "error_response" in ask(mall, **{**note, **wrong})
    assert ask(mall, **note, tag="1", tag_name="红")["order_note_update_response"]["success"]
    assert mall.control.order(number)["seller_memo"] == "核对"


def test_numbers_tell_the_day_and_come_one_after_the_other(mall: Mall) -> None:
    first, second = mall.place(2)
    day = (mall.outside.now - timedelta(seconds=2)).astimezone(UTC) + timedelta(hours=8)
    assert first.startswith(day.strftime("%y%m%d-"))
    assert int(second.replace("-", "")) - int(first.replace("-", "")) == 1000
