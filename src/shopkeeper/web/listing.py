"""The page kind List: saved-view tabs, search for pasted numbers, filters, columns, key paging, bulk choice.

A desk declares a Listing once; `read` turns the address into a ListQuery, `render` shows the rows it got.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import get_template
from django.urls import reverse

from shopkeeper.shared.words import T
from shopkeeper.web.labels import Tone
from shopkeeper.web.rendering import render_page

PAGE_SIZE = 50
MOST_NUMBERS = 1_000
MOST_IDS = 10_000
ALL = "all"  # the tab that holds what every other one holds
NOT_THE_QUESTION = frozenset({"after", "counts", "export", "open"})
Choices = Sequence[tuple[str, T | str]]


@dataclass(frozen=True, slots=True)
class Column:
    """`always` columns head the card on phones and cannot be hidden; `shown` is the default."""

    name: str
    label: T
    align: Literal["start", "end", "center"] = "start"
    always: bool = False
    shown: bool = True
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: T
    tone: Tone = "grey"
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """A chip; `choices` may also be given when rendering. `dates` takes a span of days."""

    name: str
    label: T
    choices: Choices = ()
    kind: Literal["choice", "dates", "switch"] = "choice"


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Posted to the page named `url` with the chosen rows; `ask` asks for one line, sent as `reason`.

    `does` and `keeps` name the dialog's two buttons by their act where the label is too short for it.
    """

    name: str
    label: T
    url: str
    primary: bool = False
    icon: str = ""
    tone: str = ""
    ask: T | None = None
    does: T | None = None
    keeps: T | None = None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What was asked of a list, read from its address."""

    tab: str = ""
    text: str = ""
    numbers: list[str] = field(default_factory=list)
    filters: dict[str, Any] = field(default_factory=dict)
    sort: str = ""
    after: str = ""
    limit: int = PAGE_SIZE
    counting: bool = False
    exporting: bool = False
    params: QueryDict = field(default_factory=QueryDict)

    @property
    def after_id(self) -> int | None:
        """The place in a list that stands in the order of ids; None for the beginning and for what is no id."""
        return int(self.after) if self.after.isdecimal() and len(self.after) < 19 else None

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays when the question changes: neither the place in the list nor the open sheet."""
        return [(k, str(v)) for k, v in self.params.items() if v and k not in NOT_THE_QUESTION]

    def url(self, **changes: str) -> str:
        """The list's address with changes; an empty value takes a parameter out."""
        params = dict(self.kept)
        params.update(changes)
        return "?" + urlencode({name: value for name, value in params.items() if value})

    @property
    def here(self) -> str:
        return self.url(after=self.after)

    @property
    def cleared(self) -> str:
        """The same tab without search and filters."""
        return self.url(**{name: "" for name, _ in self.kept if name not in {"tab", "sort"}})


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows chosen for a bulk action: their ids, or everything that the list's question matches."""

    ids: list[int]
    all_matching: bool
    asked: ListQuery
    reason: str


@dataclass(frozen=True, slots=True)
class FilterView:
    """A filter as its chip shows it."""

    filter: Filter
    choices: Choices
    value: Any
    asked: ListQuery

    @property
    def from_name(self) -> str:
        return f"{self.filter.name}_from"

    @property
    def to_name(self) -> str:
        return f"{self.filter.name}_to"

    @property
    def clear_url(self) -> str:
        return self.asked.url(**{self.filter.name: "", self.from_name: "", self.to_name: ""})

    @property
    def said(self) -> str:
        """The chosen value in words."""
        if self.filter.kind == "dates":
            return " – ".join(part for part in self.value or () if part)
        return next((str(label) for value, label in self.choices if value == self.value), str(self.value or ""))


@dataclass(frozen=True, slots=True)
class Listing:
    """One list, declared once. See WEB page kinds; `record` is the URL name of a row's page, by row.id.

    Rows stay as they are while somebody reads; `refreshes` names the event after which they are fetched anew.
    """

    key: str
    title: T
    columns: tuple[Column, ...]
    clause: str = ""
    record: str = ""
    tabs: tuple[Tab, ...] = ()
    filters: tuple[Filter, ...] = ()
    search: T | None = None
    bulk: tuple[BulkAction, ...] = ()
    live: str = ""
    arrivals: str = ""
    refreshes: str = ""
    exports: bool = False

    def read(self, request: HttpRequest) -> ListQuery:
        """Read the address; unknown tabs, filters and sorts fall back to the default instead of failing."""
        return self._read(request.GET)

    def _read(self, params: QueryDict) -> ListQuery:
        tabs = [tab.name for tab in self.tabs]
        tab = params.get("tab", "")
        text = params.get("q", "").replace("\x00", "").strip()[:20_000]
        words = [word for word in re.split(r"[\s,;，；、]+", text) if word]
        sorts = {sort for c in self.columns if c.sort for sort in (c.sort, f"-{c.sort}")}
        sort = params.get("sort", "")
        return ListQuery(
            tab=tab if tab in tabs else (tabs[0] if tabs else ""),
            text=text,
            numbers=words[:MOST_NUMBERS] if len(words) > 1 else [],
            filters={f.name: value for f in self.filters if (value := _filter_value(f, params))},
            sort=sort if sort in sorts else "",
            after=params.get("after", "").replace("\x00", "")[:200],
            counting="counts" in params,
            exporting="export" in params,
            params=params,
        )

    def chosen(self, request: HttpRequest) -> Chosen:
        """Read a bulk action's form: ids, or the question of the list it was sent from."""
        asked = self._read(QueryDict(request.POST.get("list_query", "").lstrip("?")))
        ids = [int(text) for text in request.POST.getlist("ids")[:MOST_IDS] if text.isdecimal() and len(text) < 19]
        return Chosen(ids, request.POST.get("all_matching") == "1", asked, request.POST.get("reason", "").strip())

    def shown_columns(self, request: HttpRequest) -> list[Column]:
        """The person's choice of columns, kept in a cookie of this list."""
        wanted = request.COOKIES.get(f"sk_cols_{self.key}", "")
        names = set(wanted.split(".")) if wanted else {c.name for c in self.columns if c.shown}
        return [column for column in self.columns if column.always or column.name in names]

    def counters(self, request: HttpRequest, counts: Mapping[str, int]) -> HttpResponse:
        """The tabs' counters, swapped in after the page has loaded and whenever something happened."""
        tabs = [(tab, counts.get(tab.name, 0)) for tab in self.tabs if tab.counted]
        html = get_template("web/parts/counters.html").render({"listing": self, "tabs": tabs}, request)
        return HttpResponse(html)

    def render(
        self,
        request: HttpRequest,
        asked: ListQuery,
        template: str,
        *,
        rows: Sequence[Any],
        next_key: str = "",
        total: int | None = None,
        choices: Mapping[str, Choices] | None = None,
        **context: Any,
    ) -> HttpResponse:
        """Show rows. `total` (when cheaply known) names what "select all matching" would take."""
        given = choices or {}
        filters = [FilterView(f, given.get(f.name, f.choices), asked.filters.get(f.name), asked) for f in self.filters]
        shown = self.shown_columns(request)
        view = {
            "listing": self,
            "asked": asked,
            "rows": [(row, reverse(self.record, args=[row.id]) if self.record else "") for row in rows],
            "next_url": asked.url(after=next_key) if next_key else "",
            "total": total,
            "filters": filters,
            "columns": shown,
            "column_choice": [(column, column in shown) for column in self.columns if not column.always],
            "is_filtered": bool(asked.text or asked.filters),
            "list_query": asked.url(),
            "in_all_url": self.in_all(asked),
            **context,
        }
        return render_page(request, template, view)

    def in_all(self, asked: ListQuery) -> str:
        """Where the same search looks in every tab; empty where it does already, or nothing is searched."""
        has_all = any(tab.name == ALL for tab in self.tabs)
        return asked.url(tab=ALL) if asked.text and has_all and asked.tab != ALL else ""


def _filter_value(filter_: Filter, params: QueryDict) -> Any:
    """A filter's value from the address; spans of days as (from, to), each a day or empty."""
    if filter_.kind == "dates":
        span = tuple(_day(params.get(f"{filter_.name}_{end}", "")) for end in ("from", "to"))
        return span if any(span) else None
    return params.get(filter_.name, "").replace("\x00", "")[:100]


def _day(text: str) -> str:
    return text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else ""
