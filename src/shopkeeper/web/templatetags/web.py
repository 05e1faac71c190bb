"""Tags of the page kinds: values as they are shown, states, actions, fields, cards, cells."""

from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import uuid4

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from shopkeeper.foundation import business_time
from shopkeeper.foundation.documents.charts import Chart, chart_svg
from shopkeeper.foundation.documents.code128 import encode
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.web import plugs, shown
from shopkeeper.web.command_forms import TOKEN_FIELD, new_token
from shopkeeper.web.form_reading import FormState
from shopkeeper.web.labels import label_of
from shopkeeper.web.listing import BulkAction, Column, ListQuery
from shopkeeper.web.template_blocks import add_blocks

register = template.Library()
add_blocks(register)
NOTHING = mark_safe('<span class="sk-meta">–</span>')
BARCODE_ROOM_MM = 200.0
ROOMS = (("narrow", 480), ("wide", 820))
BARCODE_HEIGHT = 46


def _now(context: template.Context) -> datetime:
    """Business time, read once per rendering."""
    shell = context.get("shell")
    return shell.now if shell is not None else business_time.now()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; give a label where no word stands beside it."""
    return _icon(_sprite(), name, label)


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("build/icons.svg")


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, label: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="sk-icon" {}><use href="{}#{}"></use></svg>', spoken, sprite, name)


@register.simple_tag
def money(amount: Money | int | None, currency: str = "CNY") -> SafeString:
    """An amount of minor units or a Money; red with a minus when negative."""
    if amount is None:
        return NOTHING
    value = amount if isinstance(amount, Money) else Money(int(amount), currency or "CNY")
    sign, text = shown.money_parts(value)
    kind = "sk-money is-negative" if value.minor < 0 else "sk-money"
    return SafeString(f'<span class="{kind}"><small>{escape(sign)}</small>{text}</span>')


@register.simple_tag
def big(value: float | None) -> SafeString | str:
    """A big number as people say it, the exact one on hover."""
    if value is None:
        return NOTHING
    return format_html('<span title="{}">{}</span>', shown.number(value), shown.big(value))


@register.simple_tag
def number(value: float | None) -> SafeString | str:
    return NOTHING if value is None else shown.number(value)


@register.simple_tag
def basis_points(value: int | None) -> SafeString | str:
    """A rate kept in 1/10,000 as per cent: 1250 is 12.5%."""
    return NOTHING if value is None else f"{value / 100:.1f}%"


@register.simple_tag(takes_context=True)
def when(context: template.Context, at: datetime | None) -> SafeString:
    """A moment as people say it; the exact one on hover."""
    if at is None:
        return NOTHING
    said, exact = shown.moment(at, _now(context)), shown.exact(at)
    return SafeString(f'<time class="sk-nowrap" datetime="{at.isoformat()}" title="{exact}">{said}</time>')


@register.simple_tag
def day(on: date | None) -> SafeString:
    if on is None:
        return NOTHING
    return format_html('<time datetime="{}" title="{}">{}</time>', on.isoformat(), shown.weekday(on), f"{on:%Y-%m-%d}")


@register.simple_tag(takes_context=True)
def countdown(context: template.Context, due_at: datetime | None) -> SafeString:
    """What is left of a deadline; ticks in the browser from the server's business time."""
    if due_at is None:
        return NOTHING
    text, tone = shown.countdown(due_at, _now(context))
    ms = int(due_at.timestamp() * 1000)
    return SafeString(
        f'<time class="sk-countdown" data-due="{ms}" data-tone="{tone}" datetime="{due_at.isoformat()}" '
        f'title="{shown.exact(due_at)}">{icon("clock")}<span data-due-text>{text}</span></time>'
    )


@register.simple_tag
def chip(value: Any, family: str = "") -> SafeString:
    """A state as dot and word; `family` names the enum where the value is plain text."""
    if value in (None, ""):
        return NOTHING
    label = label_of(value, family)
    return SafeString(f'<span class="sk-chip tone-{label.tone}">{escape(label.text)}</span>')


@register.simple_tag
def copyable(text: Any) -> SafeString:
    """A number with a button that copies it."""
    if text in (None, ""):
        return NOTHING
    shown_text = escape(text)
    label = escape(T("复制 {x}", "Copy {x}").format(x=text).text())
    return SafeString(
        f'<span class="sk-copy"><span>{shown_text}</span><button type="button" class="sk-icon-button is-small" '
        f'data-copy="{shown_text}" aria-label="{label}">{icon("copy")}</button></span>'
    )


@register.inclusion_tag("web/parts/chart.html")
def chart(drawn: Chart) -> dict[str, Any]:
    """A chart with the table of its figures behind it. `chart_svg` escapes what it is given.

    Drawn for each room it may find itself in, of which the style shows one: what is written in it stays legible.
    """
    has_values = any(point.value is not None for point in drawn.points)
    return {
        "title": drawn.title,
        "drawings": [(room, SafeString(chart_svg(drawn, width=width))) for room, width in ROOMS] if has_values else [],
        "series": [name or drawn.unit for name in drawn.series],
        "rows": [(step, [shown.figure(value, drawn.is_rate) for value in values]) for step, values in drawn.table],
    }


@register.inclusion_tag("web/parts/masked.html", takes_context=True)
def masked(context: template.Context, text: Any, reveal: str = "", field: str = "") -> dict[str, Any]:
    """Masked personal data with the way to reveal it: a reason, which is logged. `reveal` is the POST address."""
    ref = f"reveal-{uuid4().hex[:8]}"
    return {"text": text, "reveal": reveal, "field": field, "ref": ref, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def empty(zh: str, en: str, drawing: str = "inbox") -> SafeString:
    """What belongs here and the first step, where there is nothing yet."""
    return format_html('<div class="sk-empty">{}{}</div>', icon(drawing), T(zh, en).text())


@register.simple_tag
def alert(tone: str, zh: str, en: str, **facts: Any) -> SafeString:
    name = {"red": "alert-circle", "amber": "alert-triangle", "green": "circle-check"}.get(tone, "info-circle")
    return format_html(
        '<div class="sk-alert tone-{}" role="{}">{}<div class="sk-alert-body">{}</div></div>',
        tone,
        "alert" if tone == "red" else "note",
        icon(name),
        T(zh, en, facts).text(),
    )


@register.simple_tag
def progress(done: int, of: int) -> SafeString:
    return format_html(
        '<span class="sk-progress"><progress class="{}" max="{}" value="{}" aria-label="{}/{}"></progress>'
        "<span>{}/{}</span></span>",
        "is-done" if done >= of else "",
        max(of, 1),
        done,
        done,
        of,
        done,
        of,
    )


@register.simple_tag
def clause(id: str) -> SafeString:
    """The tag of a clause; it opens the clause's text where the procedure's pages exist."""
    if not id:
        return mark_safe("")
    name = plugs.clause_name(id)
    words = format_html("<b>{}</b>{}", id, f" {name}" if name else "")
    try:
        return format_html('<a class="sk-clause" href="{}" data-sheet>{}</a>', reverse("sop-clause", args=[id]), words)
    except NoReverseMatch:
        return format_html('<span class="sk-clause">{}</span>', words)


@register.simple_tag(takes_context=True)
def form_token(context: template.Context) -> SafeString:
    """Hidden fields of every form: the guard against forgery and the token that makes a double click safe."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        context.get("csrf_token", ""),
        TOKEN_FIELD,
        new_token(),
    )


@register.inclusion_tag("web/parts/action.html", takes_context=True)
def action(context: template.Context, what: Any, kind: str = "btn", primary: bool = False) -> dict[str, Any]:
    """An Action as a button with its own form; `kind` 'menu' draws it as a line of a menu."""
    shape = "sk-menu-item" if kind == "menu" else kind
    if primary:
        shape += " btn-primary"
    elif what.tone:
        shape += f" tone-{what.tone}"
    return {"action": what, "classes": shape, "primary": primary, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("web/parts/bulk_action.html", takes_context=True)
def bulk_action(context: template.Context, bulk: BulkAction, list_query: str) -> dict[str, Any]:
    """A bulk action with its own form; the chosen rows are included when it is sent."""
    return {
        "bulk": bulk,
        "url": reverse(bulk.url),
        "list_query": list_query,
        "ref": f"bulk-{bulk.name}",
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def list_url(asked: ListQuery, name: str, value: str) -> str:
    """The list's address with one parameter changed."""
    return asked.url(**{name: value})


@register.simple_tag(takes_context=True)
def title_again(context: template.Context) -> SafeString | str:
    """The page's block `title` once more, as its heading."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    title = blocks.get_block("title") if blocks else None
    return title.nodelist.render(context) if title else ""


@register.simple_tag
def sort_link(asked: ListQuery, column: Column) -> SafeString:
    """A column's head that sorts: up, down, and back to the list's own order."""
    up, down = column.sort, f"-{column.sort}"
    following = {up: down, down: ""}.get(asked.sort, up)
    mark = {up: icon("chevron-up"), down: icon("chevron-down")}.get(asked.sort, icon("arrows-sort"))
    url = asked.url(sort=following)
    return format_html(
        '<a class="sk-sort" href="{}" hx-get="{}" hx-target="#list" hx-push-url="true">{}{}</a>',
        url,
        url,
        str(column.label),
        mark,
    )


@register.inclusion_tag("web/parts/field.html")
def field(state: FormState[Any], name: str, zh: str, en: str, **options: Any) -> dict[str, Any]:
    """A form field: label above, help under it, the mistake with its remedy, what was entered kept.

    `mark_zh`, `mark_en` say beside the label of a field that may be empty when it is needed all the same.
    """
    kind = options.pop("type", "text")
    ident = options.pop("id", f"field-{name}")  # to be given where a page has two forms with a field of that name
    value = state.values.get(name, options.pop("value", ""))
    if isinstance(value, datetime):
        value = (value.astimezone(SHOP_ZONE) if value.tzinfo else value).strftime("%Y-%m-%dT%H:%M")
    elif isinstance(value, date):
        value = value.isoformat()  # what a browser reads, whatever the language of the page
    help_text = T(options.pop("help_zh", ""), options.pop("help_en", "")).text()
    mark = T(options.pop("mark_zh", ""), options.pop("mark_en", "")).text()
    choices = [(str(key), str(label), str(key) == str(value)) for key, label in options.pop("options", ())]
    required = options.pop("required", True)
    attributes = format_html_join("", ' {}="{}"', [(k.replace("_", "-"), v) for k, v in options.items()])
    return {
        "name": name,
        "id": ident,
        "label": T(zh, en).text(),
        "kind": kind,
        "value": "" if value is None else value,
        "checked": str(value).lower() in {"1", "on", "true", "yes"},
        "help": help_text,
        "mark": mark,
        "error": state.errors.get(name, ""),
        "choices": choices,
        "required": required,
        "attributes": attributes,
    }


@register.simple_tag
def barcode(text: str) -> SafeString:
    """Code 128 as a drawing, for command sheets on screen and on paper from the browser."""
    widths = encode(text, BARCODE_ROOM_MM).widths
    bars, at = [], 0
    for position, width in enumerate(widths):
        if position % 2 == 0:
            bars.append((at, width, BARCODE_HEIGHT))
        at += width
    drawn = format_html_join("", '<rect x="{}" y="0" width="{}" height="{}"></rect>', bars)
    return format_html(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        at,
        BARCODE_HEIGHT,
        text,
        drawn,
    )


@register.filter
def initials(name: str) -> str:
    """One character for an avatar: the last of a Chinese name, the first of others."""
    text = str(name).strip()
    parts = ["".join(run) for ascii_only, run in groupby(text, key=str.isascii) if not ascii_only]
    return parts[0][-1] if parts else text[:1].upper()
