"""How often somebody outside may knock: counted per process and minute, by address or by customer. Machine time."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from shopkeeper.flows.service.conversations.words import REFUSALS

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
Door = Callable[..., HttpResponse]


def limited(name: str, per_minute: int) -> Callable[[Door], Door]:
    """At most so many requests a minute from one address; else 429 with words."""

    def decorate(door: Door) -> Door:
        @wraps(door)
        def knock(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not KNOCKS.allowed(f"{name}:{request.META.get('REMOTE_ADDR', '')}", per_minute):
                return refuse("slow_down", 429, {"Retry-After": "30"})
            return door(request, *args, **kwargs)

        return knock

    return decorate


def refuse(code: str, status: int, headers: dict[str, str] | None = None, **facts: Any) -> JsonResponse:
    """A refusal in both languages, for pages that show it to a customer."""
    words = REFUSALS.get(code)
    body = {"code": code, "words": words.format(**facts).both() if words else None}
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})
