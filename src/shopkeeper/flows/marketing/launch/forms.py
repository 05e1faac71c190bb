"""Shapes of the forms: a brief with one line per word that must be said, an example cart with rows."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import QueryDict

from shopkeeper.flows.marketing.launch.commands.write_brief import WriteBrief
from shopkeeper.flows.marketing.launch.commands.write_examples import ExampleLine, SaveExample
from shopkeeper.flows.marketing.launch.queries.gates import ExampleView
from shopkeeper.flows.marketing.launch.states import MaterialKind
from shopkeeper.shared.money import Money, to_minor
from shopkeeper.shared.words import T
from shopkeeper.web.form_reading import MISTAKES, FormState, read_form
from shopkeeper.web.labels import refusal_text

ROWS = 4
MOST_ROWS = 50
DIGITS = 9


def read_brief(posted: QueryDict, campaigns: Collection[str]) -> FormState[WriteBrief]:
    """A brief as entered; its item once everything reads. `campaigns` are those it may be for."""
    given = posted.copy()
    given.setlist("must_say", [line for line in posted.get("must_say", "")[:2_000].splitlines() if line.strip()])
    for name in ("width", "height"):
        if not given.get(name, "").strip():
            given[name] = "0"
    state = read_form(given, WriteBrief)
    state.values |= {name: posted.get(name, "") for name in ("must_say", "width", "height", "due_at")}
    if posted.get("campaign_id", "") not in campaigns:
        state.errors.setdefault("campaign_id", MISTAKES["enum"].text())
    is_sized = state.values.get("kind") in (MaterialKind.POSTER, MaterialKind.VIDEO)
    for name in ("width", "height"):
        if is_sized and not state.values[name].strip():
            state.errors.setdefault(name, MISTAKES["missing"].text())
    state.item = None if state.errors else state.item
    return state


def example_rows(values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The rows of an example form: (SKU code, pieces, what the line comes to), and always some empty ones."""
    codes, counts, paid = values.get("code", ()), values.get("quantity", ()), values.get("paid", ())
    filled = sum(map(bool, codes))
    return [
        tuple(column[n] if n < len(column) else "" for column in (codes, counts, paid))  # type: ignore[misc]
        for n in range(max(ROWS, min(filled + 1, MOST_ROWS)))
    ]


def values_of(example: ExampleView) -> dict[str, Any]:
    """The form's fields of an example that stands, to go on from."""
    return {
        "name": example.name,
        "code": [sku for sku, _, _ in example.lines],
        "quantity": [str(count) for _, count, _ in example.lines],
        "paid": ["" if paid is None else _amount(paid) for _, _, paid in example.lines],
        "expected_minor": _amount(example.expected_minor),
        "freight_minor": _amount(example.freight_minor) if example.freight_minor else "",
        "level": example.level,
        "is_new": "1" if example.is_new else "",
        "rule_ids": [str(id_) for id_ in example.rule_ids],
    }


def read_example(posted: QueryDict, campaign_id: int, ids: Mapping[str, int]) -> FormState[SaveExample]:
    """An example as entered; `ids` are the SKUs of the codes named."""
    state: FormState[SaveExample] = FormState()
    for name in ("name", "expected_minor", "freight_minor", "level", "is_new"):
        state.values[name] = posted.get(name, "").replace("\x00", "").strip()
    for name in ("code", "quantity", "paid", "rule_ids"):
        state.values[name] = [text.strip() for text in posted.getlist(name)[:MOST_ROWS]]
    lines = [_line(state, row, ids) for row in example_rows(state.values) if row[0]]
    if not lines:
        state.errors.setdefault("lines", refusal_text("cart_empty").text())
    if not state.values["name"]:
        state.errors["name"] = MISTAKES["missing"].text()
    expected = _money(state, "expected_minor", state.values["expected_minor"])
    if not state.values["expected_minor"]:
        state.errors["expected_minor"] = MISTAKES["missing"].text()
    freight = _money(state, "freight_minor", state.values["freight_minor"])
    if not state.errors:
        state.item = SaveExample(
            campaign_id,
            state.values["name"][:80],
            tuple(line for line in lines if line),
            expected or 0,
            state.values["level"][:40],
            is_new=bool(state.values["is_new"]),
            rule_ids=tuple(int(text) for text in state.values["rule_ids"] if text.isdecimal() and len(text) < 19),
            freight_minor=freight or 0,
        )
    return state


def _line(state: FormState[SaveExample], row: tuple[str, str, str], ids: Mapping[str, int]) -> ExampleLine | None:
    code, count, paid = row
    if code not in ids:
        state.errors.setdefault("lines", T("没有商家编码 {x}", "There is no SKU {x}").format(x=code[:60]).text())
        return None
    if count and not (count.isdecimal() and len(count) < DIGITS):
        state.errors.setdefault("lines", MISTAKES["int_parsing"].text())
        return None
    return ExampleLine(ids[code], int(count or 1), _money(state, "lines", paid))


def _money(state: FormState[SaveExample], name: str, text: str) -> int | None:
    """An amount as typed; None where nothing is."""
    if not text:
        return None
    try:
        return to_minor(text)
    except ValueError:
        state.errors.setdefault(name, MISTAKES["money"].text())
        return None


def _amount(minor: int) -> str:
    return str(Money(minor)).replace(",", "")
