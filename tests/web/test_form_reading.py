"""Forms become items: types from the dataclass, mistakes per field, what was typed is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import pytest
from django.http import QueryDict
from pydantic import Field

from shopkeeper.shared.words import speaking
from shopkeeper.web.form_reading import FormState, read_form


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Sample:
    sku: Annotated[str, Field(min_length=3)]
    quantity: Annotated[int, Field(gt=0, le=99)]
    price_minor: Annotated[int, Field(le=10_000_000)]
    margin_bp: Annotated[int | None, Field(ge=0, lt=10_000)] = None
    until_at: datetime | None = None
    colour: Colour = Colour.RED
    fragile: bool = False
    ids: tuple[int, ...] = ()
    shop_id: int = 0


def read(**posted: Any) -> FormState[Sample]:
    query = QueryDict(mutable=True)
    for name, value in {"sku": "TEA-1", "quantity": "3", "price_minor": "12.34", **posted}.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return read_form(query, Sample, {"shop_id": 7})


def test_a_day_at_the_end_of_the_calendar_is_a_slip_of_the_finger() -> None:
    for typed in ("9999-12-31T23:59", "0001-01-01T00:00"):
        state = read(until_at=typed)
        assert (state.item, state.errors) == (None, {"until_at": "请填近年的日期"})


def test_a_good_form_becomes_the_item() -> None:
    state = read(until_at="2026-11-23T14:00", fragile="1", ids=["4", "5"], shop_id="999")
    assert state.errors == {}
    assert state.item == Sample(
        "TEA-1", 3, 1234, None, datetime(2026, 11, 23, 6, tzinfo=UTC), Colour.RED, True, (4, 5), 7
    ), "a time without zone is the shop's; the page's own values cannot be posted over"


@pytest.mark.parametrize(
    ("field", "typed", "mistake"),
    [
        ("quantity", "0", "要大于 0"),
        ("quantity", "-1", "要大于 0"),
        ("quantity", "1000000000", "不能大于 99"),
        ("quantity", "三", "请填整数"),
        ("quantity", "", "请填写"),
        ("sku", "ab", "至少 3 个字"),
        ("price_minor", "12,3x", "请填金额，例如 12.34"),
        ("price_minor", "100000.01", "不能大于 100000"),
        ("margin_bp", "100", "要小于 100"),
        ("margin_bp", "many", "请填百分数，例如 4.5"),
        ("margin_bp", "4,5", "请填百分数，例如 4.5"),
        ("until_at", "gestern", "填得不对"),
        ("colour", "blue", "请从列表里选"),
    ],
)
def test_a_mistake_stays_with_its_field_and_keeps_the_text(field: str, typed: str, mistake: str) -> None:
    with speaking("zh"):
        state = read(**{field: typed})
    assert state.item is None
    assert list(state.errors) == [field]
    assert state.errors[field] == mistake or field == "until_at"
    assert state.values[field] == typed


def test_rates_are_typed_in_per_cent_and_kept_in_basis_points() -> None:
    for typed, kept in (("4.5", 450), ("35 %", 3_500), ("35％", 3_500), ("0", 0), ("", None)):
        item = read(margin_bp=typed).item
        assert item is not None and item.margin_bp == kept


def test_four_byte_characters_and_nulls_are_survived() -> None:
    state = read(sku="茶🍵罐\x00")
    assert state.item is not None
    assert state.item.sku == "茶🍵罐"
