"""From a posted form to the item of a command: types from the dataclass, mistakes worded per field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from django.http import QueryDict
from pydantic import TypeAdapter, ValidationError

from shopkeeper.shared.clock import SHOP_ZONE, is_thinkable
from shopkeeper.shared.money import to_minor
from shopkeeper.shared.words import T

Item = TypeVar("Item")
WHOLE = ""  # the key of mistakes that belong to no single field

MISTAKES: dict[str, T] = {
    "missing": T("请填写", "Fill this in"),
    "int_parsing": T("请填整数", "Enter a whole number"),
    "int_type": T("请填整数", "Enter a whole number"),
    "int_from_float": T("请填整数", "Enter a whole number"),
    "float_parsing": T("请填数字", "Enter a number"),
    "decimal_parsing": T("请填数字", "Enter a number"),
    "bool_parsing": T("请选择是或否", "Choose yes or no"),
    "greater_than": T("要大于 {gt}", "Must be more than {gt}"),
    "greater_than_equal": T("不能小于 {ge}", "Must be at least {ge}"),
    "less_than": T("要小于 {lt}", "Must be less than {lt}"),
    "less_than_equal": T("不能大于 {le}", "Must be at most {le}"),
    "string_too_short": T("至少 {min_length} 个字", "At least {min_length:# character|# characters}"),
    "string_too_long": T("最多 {max_length} 个字", "At most {max_length:# character|# characters}"),
    "too_short": T("至少选 {min_length} 项", "Choose at least {min_length}"),
    "too_long": T("最多 {max_length} 项", "At most {max_length}"),
    "string_pattern_mismatch": T("格式不对", "Wrong format"),
    "enum": T("请从列表里选", "Choose from the list"),
    "literal_error": T("请从列表里选", "Choose from the list"),
    "date_from_datetime_parsing": T("请填日期", "Enter a date"),
    "date_parsing": T("请填日期", "Enter a date"),
    "datetime_from_date_parsing": T("请填日期和时间", "Enter date and time"),
    "datetime_parsing": T("请填日期和时间", "Enter date and time"),
    "unthinkable": T("请填近年的日期", "Enter a date of these years"),
    "money": T("请填金额，例如 12.34", "Enter an amount, for example 12.34"),
    "percent": T("请填百分数，例如 4.5", "Enter a percentage, for example 4.5"),
}
# Fields kept in hundredths are typed in wholes: an amount 12.34 is 1234 fen, a rate of 4.5 (%) 450 basis points.
IN_HUNDREDTHS = {"_minor": "money", "_bp": "percent", "basis_points": "percent"}


@dataclass(slots=True)
class FormState(Generic[Item]):
    """A form as it stands: what was entered (kept on mistakes), what is wrong, the item once all is right."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    item: Item | None = None

    @property
    def whole_error(self) -> str:
        return self.errors.get(WHOLE, "")


@lru_cache(maxsize=256)
def _adapter(item_type: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(item_type)


def read_form(posted: QueryDict, item_type: type[Item], extra: Mapping[str, Any] | None = None) -> FormState[Item]:
    """Read the fields of a dataclass from a form. `extra` values come from the page, not from the visitor."""
    if not is_dataclass(item_type):
        raise TypeError(f"{item_type} is not a dataclass")
    hints = get_type_hints(item_type)
    state: FormState[Item] = FormState()
    given: dict[str, Any] = dict(extra or {})
    for spec in fields(item_type):
        if spec.name in given:
            continue
        _take(state, given, posted, spec.name, hints[spec.name])
    try:
        item = _adapter(item_type).validate_python(given)
    except ValidationError as error:
        for mistake in error.errors(include_url=False, include_input=False):
            name = str(mistake["loc"][0]) if mistake["loc"] else WHOLE
            facts = mistake.get("ctx") or {}
            state.errors.setdefault(name, _worded(mistake["type"], _in_wholes(facts) if _typed_as(name) else facts))
    else:
        _bound_days(state, item)
        state.item = item if not state.errors else None
    return state


def _bound_days(state: FormState[Any], item: Any) -> None:
    """A day at the calendar's ends is a slip of the finger, and no sum of days can be made from it."""
    for spec in fields(item):
        value = getattr(item, spec.name)
        if isinstance(value, date) and not is_thinkable(value):
            state.errors.setdefault(spec.name, str(MISTAKES["unthinkable"]))


def _take(state: FormState[Any], given: dict[str, Any], posted: QueryDict, name: str, hint: Any) -> None:
    """Put one field's text into `given` in the shape its type takes; an empty field stays unsaid."""
    kinds = {hint, *get_args(hint), *(inner for arg in get_args(hint) for inner in get_args(arg))}
    if get_origin(hint) in (list, tuple, frozenset, set):
        given[name] = posted.getlist(name)
        state.values[name] = given[name]
        return
    text = posted.get(name, "").replace("\x00", "").strip()
    state.values[name] = text
    if bool in kinds:
        given[name] = text.lower() in {"1", "on", "true", "yes"}
    elif text == "" and str not in kinds:
        if type(None) in kinds:
            given[name] = None
    elif text == "" and name not in posted:
        return
    elif kind := _typed_as(name):
        _take_hundredths(state, given, name, text, kind)
    elif datetime in kinds:
        given[name] = _aware(text)
    else:
        given[name] = text


def _typed_as(name: str) -> str:
    """What a field kept in hundredths is typed as; empty for all others."""
    return next((kind for ending, kind in IN_HUNDREDTHS.items() if name.endswith(ending)), "")


def _take_hundredths(state: FormState[Any], given: dict[str, Any], name: str, text: str, kind: str) -> None:
    try:
        given[name] = to_minor(_percent(text) if kind == "percent" else text)
    except ValueError:
        state.errors[name] = str(MISTAKES[kind])
        given[name] = 0


def _percent(text: str) -> str:
    """Without its sign. A comma is no separator of thousands here: 4,5 may be meant as 4.5 and must not become 45."""
    if "," in text or "，" in text:
        raise ValueError(text)
    return text.rstrip("%％")


def in_wholes(hundredths: int) -> str:
    """A rate kept in hundredths as it is typed: 450 is 4.5."""
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def _in_wholes(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The bounds of a field kept in hundredths, as they would be typed."""
    return {name: in_wholes(value) if isinstance(value, int) else value for name, value in facts.items()}


def _aware(text: str) -> datetime | str:
    """A time without zone means the shop's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.tzinfo else moment.replace(tzinfo=SHOP_ZONE)


def _worded(kind: str, facts: Mapping[str, Any]) -> str:
    words = MISTAKES.get(kind)
    return words.format(**facts).text() if words else T("填得不对", "Not valid").text()
