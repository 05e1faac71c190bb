"""The page kind Record: number, steps, what is due, one primary action; facts, people, the time line of it all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from shopkeeper.shared.words import T
from shopkeeper.web.labels import Tone
from shopkeeper.web.rendering import render_page


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a record's way; `stopped` = it ended here against the plan.

    `planned` where `at` is when it should come about; that of a `next` step always is.
    """

    label: T
    state: Literal["done", "now", "next", "stopped"] = "next"
    at: datetime | None = None
    planned: bool = False

    @property
    def is_ahead(self) -> bool:
        return self.planned or self.state == "next"


@dataclass(frozen=True, slots=True)
class Badge:
    text: T | str
    tone: Tone = "grey"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do. POST with `fields` by default; `get` is a link.

    `ask` asks for one line first (sent as `reason`); `typed` must be typed to go on: only where money leaves
    or data die. `does` and `keeps` name the dialog's two buttons by their act where the label is too short for
    it. `why_not` shows the action switched off, with the reason. `optional`: the line asked for may be empty.
    `sure` asks once more, in a sentence that names what cannot be taken back.
    """

    label: T
    url: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    method: Literal["post", "get"] = "post"
    icon: str = ""
    tone: str = ""
    ask: T | None = None
    optional: bool = False
    sure: T | None = None
    typed: str = ""
    does: T | None = None
    keeps: T | None = None
    why_not: T | None = None
    sheet: bool = False
    ref: str = field(default_factory=lambda: uuid4().hex[:8], compare=False)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the time line; `kind` is what the filter above it knows."""

    at: datetime
    what: T | str
    who: str = ""
    note: str = ""
    kind: Literal["state", "note", "outside"] = "state"
    tone: Tone = "grey"


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The head of a record. `states` names the enum whose labels word `state`; `back` is a URL name."""

    title: T
    number: str
    back: str = ""
    state: Any = None
    states: str = ""
    steps: tuple[Step, ...] = ()
    clause: str = ""
    due_at: datetime | None = None
    badges: tuple[Badge, ...] = ()
    primary: Action | None = None
    secondary: tuple[Action, ...] = ()
    more: tuple[Action, ...] = ()

    @property
    def back_url(self) -> str:
        return reverse(self.back) if self.back else ""


def render_record(
    request: HttpRequest,
    template: str,
    head: RecordHead,
    *,
    timeline: Sequence[Happening] = (),
    live: str = "",
    **context: Any,
) -> HttpResponse:
    """Render a record as a page or, asked from a list, in the side sheet.

    `timeline` is told as it happened and shown newest first: of one moment, what came of it stands above.
    """
    newest_first = sorted(timeline, key=lambda happening: happening.at)[::-1]
    return render_page(request, template, {"head": head, "timeline": newest_first, "live": live, **context})
