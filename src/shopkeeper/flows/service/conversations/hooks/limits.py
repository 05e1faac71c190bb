"""The public doors' bounds: so many requests a minute from one address, and refusals in both languages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from shopkeeper.flows.service.conversations.words import REFUSALS
from shopkeeper.web.knocks import KNOCKS

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
