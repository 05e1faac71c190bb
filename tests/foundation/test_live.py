"""The live channel's memory: a page hears what happened between its rendering and its connection."""

import asyncio
from typing import Any

import pytest

from shopkeeper.foundation import live
from shopkeeper.foundation.live import KEPT_MAX, LOOK_AGAIN, OLDEST_PAGE_MS, QUEUE_MAX, Hub

NOTICE = '{"shop": %s, "events": [{"type": "listing.image_inspected", "count": 1}]}'


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub that listens since the moment 1,000, at a clock of its own."""
    clock = iter(range(1_000, 10_000_000))
    monkeypatch.setattr(live, "now_ms", lambda: next(clock))
    made = Hub()
    made._whole_from = live.now_ms()
    return made


def test_a_page_hears_what_happened_since_it_was_asked_for(hub: Hub) -> None:
    hub.publish(NOTICE % 1)
    hub.publish(NOTICE % 2)
    assert [payload for _, payload in hub.missed(None, 1_002)] == [NOTICE % 2]
    assert [payload for _, payload in hub.missed(None, 1_001)] == [NOTICE % 1, NOTICE % 2]


def test_nobody_hears_of_other_shops(hub: Hub) -> None:
    hub.publish(NOTICE % 1)
    hub.publish(NOTICE % 2)
    hub.publish(NOTICE % "null")
    assert [payload for _, payload in hub.missed(frozenset({2}), 1_000)] == [NOTICE % 2, NOTICE % "null"]


def test_who_was_away_too_long_looks_again(hub: Hub) -> None:
    assert [payload for _, payload in hub.missed(None, 999)] == [LOOK_AGAIN]
    for _ in range(KEPT_MAX + 1):
        hub.publish(NOTICE % 1)
    assert [payload for _, payload in hub.missed(None, 1_001)] == [LOOK_AGAIN]
    assert len(hub.missed(None, 1_990)) == 13
    assert [payload for _, payload in hub.missed(None, 2_000 - QUEUE_MAX)] == [LOOK_AGAIN]


def test_old_notices_are_forgotten(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.publish(NOTICE % 1)
    monkeypatch.setattr(live, "now_ms", lambda: 1_001 + OLDEST_PAGE_MS + 1)
    hub.publish(NOTICE % 2)
    assert [payload for _, payload in hub.missed(None, 1_001)] == [LOOK_AGAIN]


def test_while_nobody_listens_nothing_is_promised(hub: Hub) -> None:
    hub._whole_from = None
    hub.publish(NOTICE % 1)
    assert hub.missed(None, 1_000) == []


def test_a_stream_begins_with_what_was_missed(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def listening() -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(hub, "_listen", listening)
    hub.publish(NOTICE % 1)

    async def first() -> Any:
        with hub.stream(None, since=1_001) as queue:
            return await queue.get()

    assert asyncio.run(first()) == (1_001, NOTICE % 1)


def test_a_browser_that_comes_back_says_what_it_heard_last() -> None:
    heard: dict[str, Any] = {"headers": [(b"last-event-id", b"4711")]}
    assert live._since(heard, {"age": ["5"]}) == 4_712
    assert live._since({"headers": []}, {}) is None
    assert live._since({"headers": []}, {"age": ["x"]}) is None
