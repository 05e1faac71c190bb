"""The page kind Station: one scan field, an answer to be read from two metres, scans that are never lost or doubled."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Literal, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from shopkeeper.foundation import once
from shopkeeper.foundation.commands import retrying
from shopkeeper.foundation.once import OnceKey, once_key
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T
from shopkeeper.web.pages import AnsweredBefore, render_block, render_page

TOO_EARLY = 425
LONGEST_CODE = 200
_PREFIXES = re.compile(r"^(?:\]C1|\]E0|\]Q3|\]D2)")


@dataclass(frozen=True, slots=True)
class StationKey:
    """A function key (or a button) that stands for a command barcode."""

    key: str
    code: str
    label: T


@dataclass(frozen=True, slots=True)
class Station:
    """A station, declared once. `scan_url` is the URL name of the POST door; `back` where Leave leads."""

    title: T
    clause: str
    prompt: T
    scan_url: str
    back: str = ""
    note: T | str = ""
    keys: tuple[StationKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as it arrived: the code without prefixes, in upper case; `context` is what the last answer set."""

    key: str
    code: str
    scanned_at: datetime | None
    context: dict[str, str]
    once: OnceKey


def render_station(
    request: HttpRequest,
    station: Station,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    state: Mapping[str, str] | None = None,
    next_step: T | str = "",
    progress: tuple[int, int] | None = None,
    prompt: T | str = "",
    detail: T | str = "",
) -> HttpResponse:
    """Show the station. `state` is the context its first scan carries (for example the list being picked);
    `prompt` what the field waits for where that is not the station's own, `detail` what is being worked on."""
    view = {
        "station": station,
        "scan_address": reverse(station.scan_url),
        "back_address": reverse(station.back) if station.back else "/",
        "state_json": json.dumps(dict(state or {})),
        "next_step": next_step,
        "progress": progress,
        "prompt": prompt or station.prompt,
        "detail": detail,
        **(context or {}),
    }
    return render_page(request, template, view)


def normalise(raw: str) -> str:
    """What the scanner meant: no symbology prefix, no controls or spaces, full width as half width, upper case."""
    text = "".join(c for c in unicodedata.normalize("NFKC", raw) if c.isprintable() and not c.isspace())
    return _PREFIXES.sub("", text.upper())[:LONGEST_CODE]


def read_scan(request: HttpRequest) -> Scan:
    """Read a scan and claim its key, in the transaction that `one_scan` opened.

    A key that was answered before ends the page with that first answer.
    """
    try:
        body = json.loads(request.body)
        key, code = str(body["key"]), normalise(str(body["code"]))
        context = {str(k): str(v) for k, v in dict(body.get("context") or {}).items()}
        at = datetime.fromisoformat(body["scanned_at"]) if body.get("scanned_at") else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BusinessError("bad_scan") from error
    if not code or not 8 <= len(key) <= 64:
        raise BusinessError("bad_scan")
    visit = cast("Any", request)
    visit.scan_key = once_key(visit.actor.id, f"scan:{key}", code.encode())
    try:
        known = once.claim(visit.scan_key, patience_s=0)
    except BusinessError as busy:
        if busy.code != "in_progress":
            raise
        raise AnsweredBefore(JsonResponse({"code": busy.code}, status=TOO_EARLY)) from busy
    if known:
        raise AnsweredBefore(JsonResponse(known.answer))
    return Scan(key, code, at if at and at.tzinfo else machine_now(), context, visit.scan_key)


def one_scan(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run a scan's page in one transaction: what it does and its answer under the scan's key are both there, or
    neither. Goes between `@page` and a function that calls `read_scan`."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        def run() -> HttpResponse | BusinessError:
            with transaction.atomic():
                try:
                    return view(request, *args, **kwargs)
                except BusinessError as error:  # what is on record of it stays; the key may be used again
                    key = getattr(request, "scan_key", None)
                    if key:
                        once.forget(key)
                    return error

        answer = retrying(run)
        if isinstance(answer, BusinessError):
            raise answer
        return answer

    return door


@dataclass(frozen=True, slots=True)
class Answer:
    """What the station shows and says; `repeat` says it until somebody reacts, `context` goes with later scans,
    `prompt` is what the field waits for from now on (None: as before)."""

    verdict: Literal["good", "warn", "bad"]
    title: T | str
    detail: T | str = ""
    say: T | str | None = None
    progress: tuple[int, int] | None = None
    next: T | str | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    repeat: bool = False
    open_url: str = ""
    prompt: T | str | None = None

    @classmethod
    def good(cls, title: T | str, detail: T | str = "", **rest: Any) -> "Answer":
        return cls("good", title, detail, **rest)

    @classmethod
    def warn(cls, title: T | str, detail: T | str = "", **rest: Any) -> "Answer":
        return cls("warn", title, detail, **rest)

    @classmethod
    def bad(cls, title: T | str, detail: T | str = "", **rest: Any) -> "Answer":
        return cls("bad", title, detail, **rest)

    def respond(
        self, request: HttpRequest, scan: Scan, panel: str = "", context: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        """The answer as JSON, remembered under the scan's key; `panel` names a block (`desk/page.html#panel`)."""
        body: dict[str, Any] = {
            "verdict": self.verdict,
            "title": str(self.title),
            "detail": str(self.detail),
            "say": str(self.title if self.say is None else self.say),
            "context": dict(self.context),
            "repeat": self.repeat,
            "open_url": self.open_url,
        }
        if self.progress:
            body["progress"] = list(self.progress)
        if self.next is not None:
            body["next"] = str(self.next)
        if self.prompt is not None:
            body["prompt"] = str(self.prompt)
        if panel:
            body["panel"] = render_block(request, panel, dict(context or {}))
        once.keep(scan.once, body)
        return JsonResponse(body)
