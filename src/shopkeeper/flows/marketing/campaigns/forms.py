"""Shapes of the forms of planning: a plan's goods as lines, a rate as per cent, a segment field by field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from shopkeeper.flows.marketing.campaigns.commands.save_campaign import SaveCampaign
from shopkeeper.flows.marketing.campaigns.commands.save_segment import SaveSegment
from shopkeeper.flows.marketing.campaigns.commands.writing import PlannedGoods
from shopkeeper.flows.marketing.campaigns.queries.record import ExecutionPlan
from shopkeeper.flows.marketing.campaigns.rules.segments import BadDefinition, Definition, read_definition
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.money import to_minor
from shopkeeper.shared.words import T
from shopkeeper.web.form_reading import MISTAKES, FormState, in_wholes, read_form
from shopkeeper.web.labels import refusal_text

Priced = Mapping[str, tuple[int, int]]  # SKU code → its id and price
MOST_TEXT = 100_000
NUMBERS = ("window_days", "category_id", "category_days", "min_orders", "max_orders", "paid_within_days",
           "paid_before_days")  # fmt: skip
AMOUNTS = ("min_minor", "max_minor")
FIFTHS = ("recency", "frequency", "monetary")


def goods_codes(posted: QueryDict) -> list[str]:
    """The SKU codes of the form's lines: to be looked up before it is read."""
    return [parts[0] for parts in _lines(posted.get("goods", ""))]


def read_campaign_form(posted: QueryDict, known: Priced, fixed: Mapping[str, Any]) -> FormState[SaveCampaign]:
    """The form as entered; its item once everything reads. `fixed` is what the page itself says (shop, code)."""
    errors: dict[str, str] = {}
    goods = _goods(posted.get("goods", ""), known, errors)
    state = read_form(posted, SaveCampaign, {**fixed, "goods": goods})
    state.values["goods"] = posted.get("goods", "")
    state.errors |= errors
    for name in ("code", "name"):
        if name not in fixed and not state.values.get(name):
            state.errors[name] = MISTAKES["missing"].text()
    if state.errors:
        state.item = None
    return state


def plan_values(plan: ExecutionPlan) -> dict[str, Any]:
    """The form's fields of a plan, to go on from."""
    campaign = plan.campaign
    copied = ("name", "theme", "goal_new_customers", "expected_visitors", "force", "audience", "materials", "risks")
    lines = [f"{one.code} {one.line.planned} {_amount(one.line.price_minor)}" for one in plan.goods]
    return {
        **{name: getattr(campaign, name) for name in copied},
        "starts_at": campaign.starts_at.astimezone(SHOP_ZONE),
        "ends_at": campaign.ends_at.astimezone(SHOP_ZONE),
        "goal_sales_minor": _amount(campaign.goal_sales_minor),
        "expected_conversion_bp": in_wholes(campaign.expected_conversion_bp),
        "channels": list(campaign.channels),
        "goods": "\n".join(lines),
        "rule_ids": list(map(str, campaign.rule_ids)),
        "segment_ids": list(map(str, campaign.segment_ids)),
    }


def _goods(text: str, known: Priced, errors: dict[str, str]) -> tuple[PlannedGoods, ...]:
    """Lines of "code pieces price"; without a price the shop's own."""
    goods = []
    for parts in _lines(text):
        code, pieces = parts[0], parts[1] if len(parts) > 1 else ""
        if code not in known:
            errors["goods"] = T("没有商品 {code}", "There is no SKU {code}").format(code=code).text()
            continue
        try:
            price = to_minor(parts[2]) if len(parts) > 2 else known[code][1]
        except ValueError:
            price = -1
        if not pieces.isdecimal() or not 0 < int(pieces) <= 10_000_000 or price < 0 or len(parts) > 3:
            said = T("这一行读不懂：{line}", "This line cannot be read: {line}").format(line=" ".join(parts)[:60])
            errors["goods"] = said.text()
            continue
        goods.append(PlannedGoods(known[code][0], int(pieces), price))
    return tuple(goods)


def _lines(text: str) -> list[list[str]]:
    split = (re.split(r"[\s,，;；]+", line.strip()) for line in text[:MOST_TEXT].splitlines())
    return [parts for parts in split if parts[0]]


def read_segment_form(posted: QueryDict, fixed: Mapping[str, Any]) -> tuple[FormState[SaveSegment], Definition | None]:
    """The form of a segment, and the definition it says as soon as that reads: for the count beside it."""
    said: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in (*NUMBERS, *AMOUNTS):
        text = posted.get(name, "").strip()
        if text:
            _number(said, errors, name, text)
    for name in FIFTHS:
        low, high = posted.get(f"{name}_low", ""), posted.get(f"{name}_high", "")
        if low or high:
            said[name] = [int(low) if low.isdecimal() else 1, int(high) if high.isdecimal() else 5]
    said["customers"] = posted.get("customers", "")
    said["provinces"] = _words(posted.get("provinces", ""))
    definition = None
    try:
        definition = read_definition(said) if not errors else None
    except BadDefinition as wrong:
        place = f"{wrong.field}_low" if wrong.field in FIFTHS else wrong.field
        errors[place] = refusal_text(wrong.code, "campaigns", field=wrong.field).text()
    state = read_form(posted, SaveSegment, {**fixed, "definition": {k: v for k, v in said.items() if v}})
    state.values |= {name: posted.get(name, "").strip() for name in (*NUMBERS, *AMOUNTS, "customers", "provinces")}
    state.values |= {f"{n}_{end}": posted.get(f"{n}_{end}", "") for n in FIFTHS for end in ("low", "high")}
    state.errors |= errors
    if state.errors:
        state.item = None
    return state, definition


def segment_values(definition: Definition) -> dict[str, Any]:
    """The form's fields of a definition."""
    values: dict[str, Any] = {name: getattr(definition, name) or "" for name in (*NUMBERS, "customers")}
    values |= {name: _amount(minor) for name in AMOUNTS if (minor := getattr(definition, name)) is not None}
    for name in FIFTHS:
        low, high = getattr(definition, name) or ("", "")
        values |= {f"{name}_low": low, f"{name}_high": high}
    return values | {"provinces": " ".join(definition.provinces)}


def _number(said: dict[str, Any], errors: dict[str, str], name: str, text: str) -> None:
    try:
        said[name] = to_minor(text) if name in AMOUNTS else int(text)
    except ValueError:
        errors[name] = MISTAKES["money" if name in AMOUNTS else "int_parsing"].text()


def _words(text: str) -> Sequence[str]:
    return [part for part in re.split(r"[\s,，;；、]+", text.strip()) if part]


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}" if minor % 100 else str(minor // 100)
