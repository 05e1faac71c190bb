"""Single calls gathered into batches: each gets its own answer, errors reach everybody, nobody is left waiting."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from shopkeeper.foundation import gathering
from shopkeeper.foundation.gathering import Gatherer
from shopkeeper.shared.errors import BusinessError


class Recorder:
    """A batch that doubles numbers and remembers what it was asked, slowly where wished."""

    def __init__(self, pause_s: float = 0.0) -> None:
        self.batches: list[list[int]] = []
        self.pause_s = pause_s

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        time.sleep(self.pause_s)
        return [item * 2 for item in items]


def test_a_lone_call_is_answered_by_itself() -> None:
    run, gatherer = Recorder(), Gatherer[int, int]()
    assert gatherer.call("k", 4, run) == 8
    assert run.batches == [[4]]
    assert not gatherer._waiting


def test_concurrent_calls_share_batches_and_each_gets_its_own_answer() -> None:
    run, gatherer, start = Recorder(0.01), Gatherer[int, int](), threading.Barrier(64)

    def call(n: int) -> int:
        start.wait(10)
        return gatherer.call("k", n, run)

    with ThreadPoolExecutor(64) as callers:
        assert list(callers.map(call, range(64))) == [n * 2 for n in range(64)]
    assert sorted(n for batch in run.batches for n in batch) == list(range(64))
    assert len(run.batches) < 32
    assert not gatherer._waiting


def test_unlike_keys_never_share_a_batch() -> None:
    run, gatherer, start = Recorder(0.005), Gatherer[int, int](), threading.Barrier(16)

    def call(n: int) -> int:
        start.wait(10)
        return gatherer.call(n % 2, n, run)

    with ThreadPoolExecutor(16) as callers:
        list(callers.map(call, range(16)))
    assert all(len({n % 2 for n in batch}) == 1 for batch in run.batches)


def test_no_batch_is_larger_than_allowed() -> None:
    run, gatherer, start = Recorder(0.005), Gatherer[int, int](largest=5), threading.Barrier(24)

    def call(n: int) -> int:
        start.wait(10)
        return gatherer.call("k", n, run)

    with ThreadPoolExecutor(24) as callers:
        assert list(callers.map(call, range(24))) == [n * 2 for n in range(24)]
    assert max(map(len, run.batches)) <= 5


def test_an_error_reaches_everybody_in_the_batch_and_the_next_one_goes_on() -> None:
    gatherer, start = Gatherer[int, int](), threading.Barrier(8)
    attempts = []

    def run(items: Sequence[int]) -> list[int]:
        attempts.append(len(items))
        if len(attempts) == 1:
            time.sleep(0.02)
            raise OSError("the disk is full")
        return list(items)

    def call(n: int) -> str:
        start.wait(10)
        try:
            return str(gatherer.call("k", n, run))
        except OSError as error:
            return str(error)

    with ThreadPoolExecutor(8) as callers:
        said = list(callers.map(call, range(8)))
    assert said.count("the disk is full") == attempts[0]
    assert gatherer.call("k", 3, run) == 3
    assert not gatherer._waiting


def test_whoever_waits_too_long_is_told_and_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PATIENCE_S", 0.05)
    gatherer, is_running, go_on = Gatherer[int, int](), threading.Event(), threading.Event()

    def slow(items: Sequence[int]) -> list[int]:
        is_running.set()
        go_on.wait(10)
        return list(items)

    with ThreadPoolExecutor(1) as callers:
        first = callers.submit(gatherer.call, "k", 1, slow)
        is_running.wait(10)
        with pytest.raises(BusinessError) as refused:
            gatherer.call("k", 2, slow)
        go_on.set()
        assert (refused.value.code, first.result(10)) == ("in_progress", 1)
    assert not gatherer._waiting
