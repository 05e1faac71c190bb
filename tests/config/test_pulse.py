"""The worker's hands: an outside system that keeps one of them waiting does not hold up the others."""

import threading
from datetime import timedelta

import pytest

from shopkeeper.config import pulse
from shopkeeper.foundation.errands import DONE, Errand, ErrandResult, ErrandRow, enqueue
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.clock import machine_now

PATIENCE_S = 20.0


@pytest.mark.clause("P5")
def test_a_platform_that_keeps_one_waiting_holds_up_nobody_else(fresh_db, monkeypatch: pytest.MonkeyPatch) -> None:
    answered, told, stop = threading.Event(), threading.Event(), threading.Event()

    def hang(rows: list[ErrandRow]) -> list[ErrandResult]:
        assert answered.wait(PATIENCE_S)
        return [DONE] * len(rows)

    def tell(rows: list[ErrandRow]) -> list[ErrandResult]:
        told.set()
        return [DONE] * len(rows)

    monkeypatch.setattr(pulse, "performers", lambda: {"a_slow_pull": hang, "push_stock": tell})
    ago = machine_now() - timedelta(seconds=1)
    enqueue([Errand("a_slow_pull", 1, ago), Errand("push_stock", 1, ago)])
    threads = [threading.Thread(target=pulse.perform_for_ever, args=(stop.is_set,)) for _ in range(pulse.HANDS)]
    for thread in threads:
        thread.start()
    try:
        assert told.wait(PATIENCE_S), "the push waited for the pull"
        assert not answered.is_set()
    finally:
        answered.set()
        stop.set()
        for thread in threads:
            thread.join(PATIENCE_S)
    assert not ErrandEntry.objects.exists()
