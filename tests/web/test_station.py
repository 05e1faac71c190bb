"""The page kind Station: what a scanner meant, and a scan that is sent twice."""

from typing import Any

import pytest
from django.test import Client

from shopkeeper.foundation import once
from shopkeeper.foundation.models import IdempotencyKey
from shopkeeper.web.station import normalise
from tests.web.conftest import Visit

SCAN = "/gallery/station/scan/"


@pytest.fixture
def station(visit: Visit, settings: Any) -> Client:
    settings.SHOPKEEPER_DEMO = True
    return visit()


def scan(client: Client, code: str, key: str, context: dict[str, str] | None = None) -> Any:
    body = {"key": key, "code": code, "scanned_at": "2026-11-23T06:00:00Z", "context": context or {}}
    return client.post(SCAN, body, content_type="application/json", headers={"Accept": "application/json"})


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("]C16901234567892\r", "6901234567892"),
        (" sf140293 8475610\t", "SF1402938475610"),
        ("ＣＭＤ：ＯＫ", "CMD:OK"),
        ("\x1d]d2abc", "ABC"),
        ("a" * 5_000, "A" * 200),
    ],
)
def test_what_the_scanner_meant(raw: str, meant: str) -> None:
    assert normalise(raw) == meant


@pytest.mark.clause("O2.1")
def test_a_scan_sent_twice_counts_once(station: Client) -> None:
    first = scan(station, "6901", "key-0001").json()
    again = scan(station, "6901", "key-0001").json()
    assert first == again
    assert first["context"] == {"picked": "1"}
    assert "A-01-02" in first["panel"]
    second = scan(station, "6901", "key-0002", first["context"]).json()
    assert second["progress"] == [2, 5]


def test_a_scan_that_broke_off_left_nothing_and_may_come_again(
    station: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(key: once.OnceKey, answer: object) -> None:
        raise RuntimeError("the process ends here")

    station.raise_request_exception = False
    with monkeypatch.context() as breaking:
        breaking.setattr(once, "keep", broken)
        assert scan(station, "6901", "key-0001").status_code == 500
    assert not IdempotencyKey.objects.exists()
    assert scan(station, "6901", "key-0001").json()["context"] == {"picked": "1"}


def test_a_wrong_piece_is_said_until_somebody_reacts(station: Client) -> None:
    answer = scan(station, "X1", "key-0001").json()
    assert (answer["verdict"], answer["repeat"]) == ("bad", True)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"key": "k"}', '{"key": "key-0001", "code": " "}', '{"code": "1"}']
)
def test_half_a_scan_is_refused(station: Client, body: str) -> None:
    answer = station.post(SCAN, body, content_type="application/json", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["detail"]


def test_a_key_is_not_reused_for_another_code(station: Client) -> None:
    scan(station, "6901", "key-0001")
    assert scan(station, "6902", "key-0001").status_code == 409


def test_a_station_tells_programs_plainly_that_nobody_is_signed_in(db: None) -> None:
    assert scan(Client(), "6901", "key-0001").status_code == 401
