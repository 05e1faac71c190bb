"""Two hands at the same rows: together from one moment, or one while the other has not committed yet."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

WAITS_S = 0.3


def together(*runs: Callable[[], Any]) -> list[Any]:
    """What each of these gives, begun in threads at the same moment."""
    answers: list[Any] = [None] * len(runs)
    meet = threading.Barrier(len(runs))

    def go(place: int) -> None:
        meet.wait(5)
        answers[place] = _closing(runs[place])

    _through([threading.Thread(target=go, args=(place,)) for place in range(len(runs))])
    return answers


def while_held(hold: Callable[[], Any], run: Callable[[], Any]) -> tuple[Any, Any]:
    """What both give, where `run` comes while `hold` has done its work and not committed yet."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(_closing(run)))
    with transaction.atomic():
        held = hold()
        thread.start()
        time.sleep(WAITS_S)
    thread.join()
    return held, answers[0]


def _closing(run: Callable[[], Any]) -> Any:
    try:
        return run()
    finally:
        connection.close()


def _through(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
