"""O3.2: what a courier service pushes is believed only with a good signature; else nothing changes."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from shopkeeper.flows.fulfilment.parcels.hooks import LONGEST_PUSH, tracking_pushes
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.parcels.sql import tracking
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.integrations.couriers.kuaidi100 import Kuaidi100Access, Kuaidi100Courier
from shopkeeper.shared.clock import SHOP_ZONE
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.2")
SALT = "salt-of-ours"


@pytest.fixture
def door() -> Any:
    courier = Kuaidi100Courier(Kuaidi100Access("C", "K", "S", SALT, "http://127.0.0.1:9", "http://127.0.0.1:9"))
    yield tracking_pushes(lambda: courier)
    courier.close()


def param_of(parcel: Parcel, at: datetime, code: str = "103", text: str = "已揽收") -> str:
    said = f"{at.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M:%S}"
    row = {"time": said, "ftime": said, "context": text, "areaName": "杭州", "status": "", "statusCode": code}
    last = {"message": "ok", "nu": parcel.number, "com": parcel.courier, "state": code[:1], "ischeck": "0",
            "status": "200", "condition": "F00", "data": [row]}  # fmt: skip
    return json.dumps({"status": "polling", "message": "", "autoCheck": "0", "comOld": "", "comNew": "",
                       "lastResult": last}, ensure_ascii=False)  # fmt: skip


def post(door: Any, param: str, salt: str = SALT) -> Any:
    sign = hashlib.md5((param + salt).encode(), usedforsecurity=False).hexdigest().upper()
    return door(RequestFactory().post("/hooks/courier/kuaidi100", {"param": param, "sign": sign}))


def test_a_signed_push_is_taken_in(clock: None, door: Any) -> None:
    parcel = making.sent_parcel()
    for _ in range(2):  # told twice
        answer = post(door, param_of(parcel, NOON + timedelta(hours=3)))
        assert answer.status_code == 200
        assert json.loads(answer.content) == {"result": True, "returnCode": "200", "message": "成功"}
    assert making.again(parcel).state == ParcelState.IN_TRANSIT
    assert len(tracking.SCANS.rows(ids=[parcel.pk])) == 1


def test_a_forged_push_changes_nothing(clock: None, door: Any) -> None:
    parcel = making.sent_parcel()
    answer = post(door, param_of(parcel, NOON, "301"), salt="guessed")
    assert answer.status_code == 403
    assert making.again(parcel).state == ParcelState.HANDED_OVER
    assert not tracking.SCANS.rows(ids=[parcel.pk])


def test_half_a_push_changes_nothing(clock: None, door: Any) -> None:
    parcel = making.sent_parcel()
    param = param_of(parcel, NOON)
    assert post(door, param[: len(param) // 2]).status_code in (400, 403)
    assert door(RequestFactory().post("/x", {})).status_code in (400, 403)
    assert door(RequestFactory().get("/x")).status_code == 405
    assert not tracking.SCANS.rows(ids=[parcel.pk])


def test_a_push_too_long_is_not_read(clock: None, door: Any) -> None:
    assert post(door, "x" * (LONGEST_PUSH + 1)).status_code == 413


def test_a_stale_push_does_not_turn_the_parcel_back(clock: None, door: Any) -> None:
    parcel = making.sent_parcel()
    post(door, param_of(parcel, NOON + timedelta(hours=9), "5", "派送中"))
    post(door, param_of(parcel, NOON + timedelta(hours=3), "103"))
    assert making.again(parcel).state == ParcelState.DELIVERING


def test_a_number_of_nobody_is_answered_as_taken(clock: None, door: Any) -> None:
    parcel = Parcel(number="YT7777777777777", courier="yuantong")
    assert post(door, param_of(parcel, NOON)).status_code == 200
