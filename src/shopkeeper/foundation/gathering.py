"""Single calls of a hot command, gathered for a moment into one batch; each caller gets its own outcome.

One row's lock is then taken once for all who ask for it at that moment. Whoever comes first waits a millisecond and
runs the batch for everybody; who comes while it runs forms the next one. Only calls of the same actor with the same
reason share a batch, and nobody waits with a transaction open.
"""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from shopkeeper.shared.errors import BusinessError

Item = TypeVar("Item")
Answer = TypeVar("Answer")
WINDOW_S = 0.001
LARGEST = 1_000
PATIENCE_S = 60.0


@dataclass(slots=True, eq=False)
class _Call(Generic[Item, Answer]):
    """One caller: what it asks, and what comes of it. `woken` is set with an answer, an error, or the lead."""

    item: Item
    woken: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None
    error: BaseException | None = None
    leads: bool = False


class Gatherer(Generic[Item, Answer]):
    """Gathers concurrent calls by key. Thread-safe; holds nothing once all are answered."""

    def __init__(self, window_s: float = WINDOW_S, largest: int = LARGEST) -> None:
        self._window_s = window_s
        self._largest = largest
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, list[_Call[Item, Answer]]] = {}

    def call(self, key: Hashable, item: Item, run: Callable[[Sequence[Item]], Sequence[Answer]]) -> Answer:
        """This call's own answer. `run` answers a batch item by item; what it raises, every caller of it gets.

        Raises BusinessError "in_progress" where the batch before takes too long.
        """
        own: _Call[Item, Answer] = _Call(item)
        with self._lock:
            queue = self._waiting.get(key)
            if queue is None:
                self._waiting[key] = [own]
                own.leads = True
            else:
                queue.append(own)
        if own.leads:
            time.sleep(self._window_s)
        elif not own.woken.wait(PATIENCE_S):
            self._give_up(key, own)
        if own.leads:
            self._lead(key, run)
        if own.error is not None:
            raise own.error
        return cast("Answer", own.answer)  # set by whoever led

    def _lead(self, key: Hashable, run: Callable[[Sequence[Item]], Sequence[Answer]]) -> None:
        """Run what waits, answer everybody in it, and hand the lead to the first who came meanwhile."""
        with self._lock:
            queue = self._waiting[key]
            batch, self._waiting[key] = queue[: self._largest], queue[self._largest :]
        try:
            answers = run([call.item for call in batch])
            for call, answer in zip(batch, answers, strict=True):
                call.answer = answer
        except BaseException as error:  # whatever it is: nobody may be left waiting
            for call in batch:
                call.error = error
        finally:
            self._pass_on(key)
            for call in batch:
                call.woken.set()

    def _give_up(self, key: Hashable, own: _Call[Item, Answer]) -> None:
        """Leave the queue; whoever was just made to lead, or is being answered, stays."""
        with self._lock:
            queue = self._waiting.get(key, [])
            if own.leads or own.woken.is_set():
                return
            if own in queue:
                queue.remove(own)
        raise BusinessError("in_progress")

    def _pass_on(self, key: Hashable) -> None:
        with self._lock:
            queue = self._waiting[key]
            if not queue:
                del self._waiting[key]
                return
            queue[0].leads = True
            queue[0].woken.set()
