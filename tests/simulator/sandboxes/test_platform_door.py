"""The platform's door: what is not signed, fresh, authorised and within bounds gets the platform's
refusal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shopkeeper.shared.outside import OutsideError
from shopkeeper.simulator.sandboxes.taobao.gateway import top_sign
from shopkeeper.simulator.sandboxes.taobao.masking import mask_address, mask_name, mask_phone
from shopkeeper.simulator.sandboxes.world import china_text
from tests.outside import RECEIVER, Outside

FULL = "taobao.trade.fullinfo.get"
LIST = "taobao.trades.sold.increment.get"


def ask(outside: Outside, how: str = "hmac-sha256", leave_out: str = "", **params: str) -> dict[str, Any]:
    """One call made by hand, signed right for what it says."""
    sent = {
        "app_key": outside.shop.app_key,
        "session": outside.shop.session,
        "timestamp": china_text(datetime.now(UTC)),
        "sign_method": how,
        **params,
    }
    sent.pop(leave_out, None)
    sent.setdefault("sign", top_sign(sent, "its secret", how))
    if leave_out == "sign":
        del sent["sign"]
    answer = httpx.post(outside.shop.base_url, data=sent, trust_env=False)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"sign": "0" * 64}, 25),
        ({"leave_out": "sign"}, 24),
        ({"timestamp": china_text(datetime.now(UTC) - timedelta(minutes=30))}, 31),
        ({"timestamp": china_text(datetime.now(UTC) + timedelta(minutes=30))}, 31),
        ({"timestamp": "now"}, 31),
        ({"leave_out": "timestamp"}, 30),
        ({"app_key": "unknown"}, 29),
        ({"leave_out": "app_key"}, 28),
        ({"session": "another's"}, 27),
        ({"session": "sandbox-session-1"}, 27),
        ({"leave_out": "session"}, 26),
        ({"method": "taobao.nonsense"}, 22),
        ({"leave_out": "method"}, 21),
        ({"how": "sha1"}, 40),
        ({"leave_out": "fields"}, 40),
        ({"tid": "1"}, 15),
    ],
)
def test_refusals(outside: Outside, params: dict[str, str], code: int) -> None:
    (number,) = outside.place()
    call = {"method": FULL, "tid": number, "fields": "tid", **params}
    assert ask(outside, **call)["error_response"]["code"] == code


@pytest.mark.parametrize("how", ["md5", "hmac", "hmac-sha256"])
def test_every_signature_method(outside: Outside, how: str) -> None:
    (number,) = outside.place()
    answer = ask(outside, how, method=FULL, tid=number, fields="tid,status")
    assert answer["trade_fullinfo_get_response"]["trade"] == {
        "tid": int(number),
        "status": "WAIT_SELLER_SEND_GOODS",
    }


@pytest.mark.parametrize(
    "window",
    [
        {"start_modified": "2026-11-11 00:00:00", "end_modified": "2026-11-12 00:00:01"},
        {"start_modified": "2026-11-12 00:00:00", "end_modified": "2026-11-11 00:00:00"},
        {"start_modified": "2026-11-11", "end_modified": "2026-11-11 01:00:00"},
        {"start_modified": "2026-11-11 00:00:00"},
        {"start_modified": "2026-11-11 00:00:00", "end_modified": "2026-11-11 01:00:00", "page_size": "101"},
        {"start_modified": "2026-11-11 00:00:00", "end_modified": "2026-11-11 01:00:00", "page_size": "0"},
        {"start_modified": "2026-11-11 00:00:00", "end_modified": "2026-11-11 01:00:00", "page_no": "0"},
        {"start_modified": "2026-11-11 00:00:00", "end_modified": "2026-11-11 01:00:00", "page_no": "x"},
    ],
)
def test_windows_and_pages_have_bounds(outside: Outside, window: dict[str, str]) -> None:
    error = ask(outside, method=LIST, fields="tid", **window)["error_response"]
    assert error["code"] in (40, 41)
    assert error["sub_code"].startswith("isv.")


def window_of(outside: Outside, since: datetime) -> dict[str, str]:
    return {"start_modified": china_text(since), "end_modified": china_text(outside.now)}


def test_list_is_newest_first_partial_and_counted_or_continued(outside: Outside) -> None:
    since = outside.now
    numbers = outside.place(7)
    asked = {
        "method": LIST,
        "fields": "tid,modified,buyer_message,receiver_address,orders.oid",
        "page_size": "3",
    }
    asked |= window_of(outside, since)
    first = ask(outside, **asked)["trades_sold_increment_get_response"]
    assert (first["total_results"], "has_next" in first) == (7, False)
    listed = first["trades"]["trade"]
    assert [str(t["tid"]) for t in listed] == numbers[:3:-1]
    assert set(listed[0]) == {"tid", "modified", "orders"}
    assert set(listed[0]["orders"]["order"][0]) == {"oid"}
    pages = [
        ask(outside, **asked, page_no=str(page), use_has_next="true")["trades_sold_increment_get_response"]
        for page in (1, 2, 3, 4)
    ]
    assert [page["has_next"] for page in pages] == [True, True, False, False]
    assert all("total_results" not in page for page in pages)
    assert "trades" not in pages[3]


def test_the_receiver_is_starred_everywhere_but_behind_its_token(outside: Outside) -> None:
    (number,) = outside.place()
    (other,) = outside.place(receiver={**RECEIVER, "name": "李四"})
    everything = "tid,oaid,receiver_name,receiver_mobile,receiver_address,receiver_state,receiver,raw,session"
    trade = ask(outside, method=FULL, tid=number, fields=everything)["trade_fullinfo_get_response"]["trade"]
    assert (trade["receiver_name"], trade["receiver_mobile"]) == ("王**", "138****5678")
    assert trade["receiver_address"] == "文*西路***号*幢***室"
    assert not {"receiver", "raw", "session"} & set(trade)
    assert trade["oaid"] == outside.control.order(number)["oaid"] != outside.control.order(other)["oaid"]
    query = f'[{{"oaid":"{trade["oaid"]}","tid":"{number}","scene":"1004"}}]'
    answer = ask(outside, method="top.oaid.decrypt", query_list=query)["top_oaid_decrypt_response"]
    plain = answer["receiver_list"]["receiver"][0]
    assert (plain["name"], plain["address_detail"]) == (RECEIVER["name"], RECEIVER["address"])
    assert "-" in plain["mobile"]
    assert RECEIVER["mobile"] not in str(plain)
    for wrong in (query.replace(number, other), query.replace("1004", "9"), "[]", "x", '["x"]'):
        assert "error_response" in ask(outside, method="top.oaid.decrypt", query_list=wrong)


def test_masks() -> None:
    assert [mask_name(n) for n in ("王小二", "王", "")] == ["王**", "王", ""]
    assert [mask_phone(p) for p in ("13812345678", "123", "")] == ["138****5678", "1**", ""]
    assert mask_address("") == ""


def test_calls_are_limited_per_app_until_the_ban_ends(outside: Outside) -> None:
    (number,) = outside.place()
    outside.control.post("/limits", {"app_calls_per_minute": 3, "app_ban_s": 2})
    try:
        kinds = []
        for _ in range(5):
            try:
                outside.gateway.call(outside.shop, FULL, tid=number, fields="tid")
                kinds.append("ok")
            except OutsideError as error:
                kinds.append(error.kind)
                assert error.retry_after_s is not None
                assert 0 < error.retry_after_s <= 2
        assert kinds == ["ok", "ok", "ok", "throttled", "throttled"]
    finally:
        outside.control.post("/limits", {"app_calls_per_minute": 60_000, "app_ban_s": 1})


def test_refunds_are_listed(outside: Outside) -> None:
    since = outside.now
    (number,) = outside.place()
    outside.control.act(number, "refund", reason="拍错了")
    asked = {"method": "taobao.refunds.receive.get", "fields": "refund_id,tid,status,reason,refund_fee"}
    answer = ask(outside, **asked, **window_of(outside, since))["refunds_receive_get_response"]
    assert answer["total_results"] == 1
    refund = answer["refunds"]["refund"][0]
    assert (str(refund["tid"]), refund["status"], refund["reason"]) == (number, "WAIT_SELLER_AGREE", "拍错了")
    assert refund["refund_fee"] == "79.80"


def test_the_control_door_wants_its_token(outside: Outside) -> None:
    url = f"http://127.0.0.1:{outside.sandboxes.ports['control']}/_control/clock"
    assert httpx.get(url, trust_env=False).status_code == 403
    assert httpx.get(url, headers={"X-Control-Token": "guess"}, trust_env=False).status_code == 403
    assert (
        httpx.get(outside.shop.base_url.replace("/router/rest", "/_control/clock"), trust_env=False).status_code == 404
    )
