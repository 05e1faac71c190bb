"""Short answers after an action: carried in a header for fragments, in the session's messages over a redirect."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Toast:
    """`undo` is a URL that takes the action back within ten seconds."""

    tone: Literal["green", "amber", "red", "blue"]
    text: str
    details: list[str] = field(default_factory=list)
    undo: str = ""
    reference: str = ""


def attach(response: HttpResponse, toasts: Sequence[Toast], events: Sequence[str] = ()) -> HttpResponse:
    """Put toasts and DOM events into the header that htmx turns into events."""
    told: dict[str, Any] = {key: {} for key in events}
    if toasts:
        told["sk:toast"] = {"toasts": [asdict(toast) for toast in toasts]}
    if told:
        response["HX-Trigger"] = json.dumps(told)  # ASCII: header values cannot hold Chinese
    return response


def keep(request: HttpRequest, toasts: Sequence[Toast]) -> None:
    """Show the toasts on the next whole page."""
    for toast in toasts:
        messages.info(request, json.dumps(asdict(toast), ensure_ascii=False), extra_tags="toast")


def kept(request: HttpRequest) -> str:
    """The kept toasts as JSON for the page; reading them uses them up."""
    stored = [json.loads(str(message)) for message in messages.get_messages(request) if "toast" in message.tags]
    return json.dumps(stored, ensure_ascii=False)
