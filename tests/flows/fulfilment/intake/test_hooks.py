"""O1.1: the door for pushed messages: what is forged, stale or half changes nothing at all."""

import json
import time
from typing import Any

import pytest
from django.test import Client

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.foundation.models import ErrandEntry, Shop
from shopkeeper.foundation.personal import seal_secret
from shopkeeper.integrations.platforms.taobao.signing import message_sign
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.1")]
BODY = json.dumps(
    {
        "id": "m1",
        "topic": "taobao_trade_TradeBuyerPay",
        "pub_time": "2026-11-11 00:00:05",
        "content": json.dumps({"tid": 3007}),
    }
).encode()


@pytest.fixture
def shop() -> Shop:
    secrets = seal_secret(json.dumps({"app_secret": "s", "session": "t"}))
    return make.make_shop(code="flagship", app_key="k", credentials_sealed=secrets)


def post(body: bytes, *, secret: str = "s", age_s: int = 0, code: str = "flagship", **headers: str) -> Any:
    timestamp = str(int(time.time()) - age_s)
    signed = {"Event-Sign": message_sign("k", secret, timestamp, body), "Event-Timestamp": timestamp, **headers}
    return Client().post(f"/hooks/platform/{code}", body, content_type="application/json", headers=signed)


def test_a_genuine_message_is_fetched_once(shop: Shop) -> None:
    assert [post(BODY).status_code for _ in range(2)] == [200, 200]
    errand = ErrandEntry.objects.get()
    assert (errand.kind, errand.shop_id, errand.data) == ("fetch_order", shop.pk, {"platform_no": "3007"})


FORGED: dict[str, tuple[bytes, dict[str, Any], int]] = {
    "another secret": (BODY, {"secret": "x"}, 403),
    "another body": (BODY + b" ", {"Event-Sign": "0" * 64}, 403),
    "no signature": (BODY, {"Event-Sign": ""}, 403),
    "stale": (BODY, {"age_s": 3_600}, 403),
    "from the future": (BODY, {"age_s": -3_600}, 403),
    "half a JSON": (BODY[:50], {}, 403),
    "no JSON": (b"<xml/>", {}, 403),
    "empty": (b"", {}, 403),
    "an order number that is none": (BODY.replace(b"3007", b'\\"1 or 1=1\\"'), {}, 403),
    "too large": (b"[" * 300_000, {}, 413),
    "an unknown shop": (BODY, {"code": "nobody"}, 404),
}


@pytest.mark.parametrize("name", sorted(FORGED))
def test_what_cannot_be_believed_changes_nothing(shop: Shop, name: str) -> None:
    body, how, status = FORGED[name]
    assert post(body, **how).status_code == status
    assert not ErrandEntry.objects.exists()
    assert not Order.objects.exists()


def test_a_shop_that_files_made_has_no_such_door(shop: Shop) -> None:
    Shop.objects.filter(id=shop.pk).update(platform="file")
    assert post(BODY).status_code == 404


def test_only_a_post_is_heard(shop: Shop) -> None:
    assert Client().get("/hooks/platform/flagship").status_code == 405
