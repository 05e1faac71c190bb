"""How often somebody outside may knock: counted per process and minute, by address or by customer. Machine time."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW_S = 60.0
KNOCKERS_MAX = 20_000


class Knocks:
    """Times of the last minute by key; the keys longest unheard of are forgotten first."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allowed(self, key: str, limit: int) -> bool:
        """Count one knock; False for those beyond the limit, which are not counted."""
        now = self._now()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while times and times[0] <= now - WINDOW_S:
                times.popleft()
            while len(self._times) > KNOCKERS_MAX:
                self._times.popitem(last=False)
            if len(times) >= limit:
                return False
            times.append(now)
            return True

    def forget(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._times.clear()


KNOCKS = Knocks()
