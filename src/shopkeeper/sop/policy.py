"""Policy: every number of the procedure is a typed, bounded value with history, per shop or for all."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T

POLICY_KEYS: dict[str, "PolicyKey"] = {}
Value = int | bool | str


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """One policy value: its default, its bounds or choices, and the clause it belongs to."""

    name: str
    default: Value
    clause: str
    label: T
    min: int | None = None
    max: int | None = None
    unit: T | str = ""
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        POLICY_KEYS[self.name] = self

    def check(self, value: object) -> Value:
        """Return the value if it may be set; raise BusinessError naming the bound it breaks."""
        if isinstance(self.default, bool):
            if isinstance(value, bool):
                return value
        elif isinstance(self.default, int):
            if isinstance(value, int) and not isinstance(value, bool):
                if (self.min is None or value >= self.min) and (self.max is None or value <= self.max):
                    return value
                raise BusinessError("policy_out_of_bounds", key=self.name, min=self.min, max=self.max)
        elif isinstance(value, str):
            if self.choices and value not in self.choices:
                raise BusinessError("policy_not_a_choice", key=self.name, choices=", ".join(self.choices))
            if not self.choices:
                clock_times(value)
            return value
        raise BusinessError("policy_wrong_type", key=self.name)


def clock_times(text: str) -> list[time]:
    """Read '9:00,14:00,18:00'; raise BusinessError for anything else."""
    try:
        return [datetime.strptime(part.strip(), "%H:%M").time() for part in text.split(",")]  # noqa: DTZ007
    except (ValueError, TypeError) as error:
        raise BusinessError("policy_not_clock_times", value=text) from error


@dataclass(frozen=True, slots=True)
class CurrentRow:
    key: str
    shop_id: int | None
    value: str


CURRENT = Statement(
    """
    SELECT DISTINCT ON (key, shop_id) key, shop_id, value::text FROM sop_policyvalue
    ORDER BY key, shop_id, id DESC""",
    row=CurrentRow,
)

Policies = Callable[..., Any]


def read_policies() -> Policies:
    """All current values in one statement: a function (key, shop_id=None) -> value, shop before general."""
    current = {(row.key, row.shop_id): json.loads(row.value) for row in CURRENT.rows()}

    def value(key: str, shop_id: int | None = None) -> Any:
        general = current.get((key, None), POLICY_KEYS[key].default)
        return current.get((key, shop_id), general) if shop_id is not None else general

    return value


def policies(step: Step) -> Policies:
    """The policy values a command judges by; read once per transaction."""
    if "policies" not in step.memory:
        step.memory["policies"] = read_policies()
    reader: Policies = step.memory["policies"]
    return reader
