"""Clients as they should be: they ask again, with the same key, until they are answered. And one as it should not."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from shopkeeper.simulator.house import House

PATIENCE_S = 40.0
ANSWER_TIMEOUT_S = 12.0
ASK_AGAIN_S = 0.2


class GaveUp(Exception):
    """Nobody answered for as long as anybody would wait."""


class Progress:
    """How many requests were begun; whoever kills waits here for the moment to do it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.count = 0

    def step(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def wait_for(self, count: int, over: Callable[[], bool], timeout_s: float) -> bool:
        """Until so many requests were begun; False when it is over before, or takes too long."""
        end = time.monotonic() + timeout_s
        with self._changed:
            while self.count < count:
                if over() or time.monotonic() > end:
                    return False
                self._changed.wait(0.05)
        return True


class StubbornHouse(House):
    """Asks again after broken lines and 5xx, with the same Idempotency-Key.

    Now and then it loses an answer that did come, as radios in a warehouse do. `careless`: it sends no key
    and takes every repetition for a new scan.
    """

    def __init__(
        self,
        address: str,
        tokens: Mapping[str, str],
        name: str,
        progress: Progress,
        *,
        loses: float = 0.1,
        careless: bool = False,
    ) -> None:
        super().__init__(address, tokens)
        self._name = name
        self._progress = progress
        self._loses = loses
        self._careless = careless
        self._keys = itertools.count(1)
        self._luck = random.Random(name)
        self.repeats = 0

    def _send(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._tokens[who]}"}
        if method == "POST" and not self._careless:
            headers["Idempotency-Key"] = f"{self._name}-{next(self._keys)}"
        end = time.monotonic() + PATIENCE_S
        trouble = ""
        for attempt in itertools.count():
            if attempt:
                self.repeats += 1
                time.sleep(ASK_AGAIN_S)
                more = _as_new_scans(more, attempt) if self._careless else more
            if time.monotonic() > end:
                raise GaveUp(f"{method} {path} after {attempt} tries: {trouble}")
            self._progress.step()
            try:
                answer = self._client.request(method, path, headers=headers, timeout=ANSWER_TIMEOUT_S, **more)
            except httpx.TransportError as error:
                trouble = repr(error)
                continue
            if _must_be_asked_again(answer):
                trouble = f"{answer.status_code} {answer.text[:300]}"
                continue
            if method == "POST" and not attempt and self._luck.random() < self._loses:
                trouble = "the answer was lost"
                continue
            return answer
        raise AssertionError("unreachable")


def _must_be_asked_again(answer: httpx.Response) -> bool:
    """A fault of theirs, or the first request with this key has not ended."""
    return answer.status_code >= 500 or (answer.status_code == 409 and answer.json()["code"] == "in_progress")


def _as_new_scans(more: dict[str, Any], attempt: int) -> dict[str, Any]:
    """What a client makes of a repeated scan that forgets the key it used."""
    if "json" not in more:
        return more
    items = [
        {**item, "key": f"{item['key'].split('#')[0]}#{attempt}"} if "key" in item else item
        for item in more["json"]["items"]
    ]
    return {**more, "json": {**more["json"], "items": items}}
