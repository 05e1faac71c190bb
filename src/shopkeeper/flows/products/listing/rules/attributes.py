"""A product's attributes against its category's template: required, one of, a number with a unit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.states import AttributeKind

NAME_MOST = 40
VALUE_MOST = 200
MOST_ATTRIBUTES = 60
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(\D*)")


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """One attribute of a template. `units` empty: a bare number."""

    name: str
    kind: str = AttributeKind.TEXT
    is_required: bool = False
    choices: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def unfit_rule(rule: AttributeRule) -> str:
    """Why a template's line cannot stand; empty where it can."""
    if not 0 < len(rule.name.strip()) <= NAME_MOST or any(mark in rule.name for mark in ":：;；\n"):
        return "attribute_name_unreadable"
    if rule.kind not in set(AttributeKind):
        return "attribute_kind_unknown"
    if rule.kind == AttributeKind.CHOICE and not rule.choices:
        return "attribute_without_choices"
    return ""


def check_attributes(attributes: Mapping[str, str], template: Sequence[AttributeRule]) -> list[Finding]:
    """What is missing or not as the template wants it; attributes the template does not know are allowed."""
    findings = []
    for rule in template:
        value = attributes.get(rule.name, "").strip()
        if not value:
            if rule.is_required:
                findings.append(Finding("attribute_missing", "attributes", {"name": rule.name}))
        elif rule.kind == AttributeKind.CHOICE and value not in rule.choices:
            wanted = " / ".join(rule.choices)
            findings.append(
                Finding("attribute_not_a_choice", "attributes", {"name": rule.name, "value": value, "choices": wanted})
            )
        elif rule.kind == AttributeKind.NUMBER:
            findings += _check_number(rule, value)
    return findings


def _check_number(rule: AttributeRule, value: str) -> list[Finding]:
    found = _NUMBER.fullmatch(value)
    if not found:
        return [Finding("attribute_not_a_number", "attributes", {"name": rule.name, "value": value})]
    unit = found.group(2).strip()
    if unit in rule.units or (not rule.units and not unit):
        return []
    wanted = " / ".join(rule.units) or "–"
    return [Finding("attribute_unit", "attributes", {"name": rule.name, "value": value, "units": wanted})]
