"""G3: policy values as they stand, and how they came to be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.foundation.models import Person
from shopkeeper.shared.words import T, unit_for
from shopkeeper.sop.models import PolicyValue
from shopkeeper.sop.policy import POLICY_KEYS, PolicyKey, read_policies
from shopkeeper.web.shown import money_text


@dataclass(frozen=True, slots=True)
class PolicyRow:
    key: PolicyKey
    value: Any
    is_default: bool
    shop_id: int | None = None

    @property
    def said(self) -> str:
        return said(self.key, self.value)

    @property
    def said_default(self) -> str:
        return said(self.key, self.key.default)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    at: datetime
    who: str
    key: str
    label: T
    value: Any
    shop: str
    reason: str


def said(key: PolicyKey, value: Any) -> str:
    """A value as one says it: money as money, yes or no, else the number with its unit."""
    unit = key.unit if isinstance(key.unit, T) else T(key.unit, key.unit)
    if isinstance(value, bool):
        return T("是", "Yes").text() if value else T("否", "No").text()
    if isinstance(value, int) and unit.zh.split(" ")[0] == "分":
        per = T(unit.zh.removeprefix("分"), unit.en.removeprefix("fen").removeprefix("minor units"))
        return f"{money_text(value)}{per}"
    return f"{value} {unit_for(value, unit)}".strip()


def policy_rows(shop_id: int | None = None) -> list[PolicyRow]:
    """Every key in clause order with its value (for one shop, or in general)."""
    value = read_policies()
    keys = sorted(POLICY_KEYS.values(), key=lambda key: (key.clause, key.name))
    return [PolicyRow(k, v := value(k.name, shop_id), v == k.default, shop_id) for k in keys]


def policy_changes(key: str = "", limit: int = 50) -> list[ChangeRow]:
    """The latest changes, newest first."""
    rows = PolicyValue.objects.select_related("shop").order_by("-id")
    if key:
        rows = rows.filter(key=key)
    found = list(rows[:limit])
    names = dict(Person.objects.filter(id__in={row.set_by for row in found}).values_list("id", "name"))
    return [
        ChangeRow(
            row.set_at,
            names.get(row.set_by, "-"),
            row.key,
            POLICY_KEYS[row.key].label if row.key in POLICY_KEYS else T(row.key, row.key),
            said(POLICY_KEYS[row.key], row.value) if row.key in POLICY_KEYS else row.value,
            row.shop.name if row.shop else "",
            row.reason,
        )
        for row in found
    ]
