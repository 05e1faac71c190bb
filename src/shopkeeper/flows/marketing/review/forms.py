"""Action items as a form holds them: lines of what, who and until when; empty lines say nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from shopkeeper.flows.marketing.review.commands.acting import ActionWish
from shopkeeper.shared.words import T

LINES = 8
SPARE = 3  # empty lines offered below the filled ones
PARTS = ("what", "owner", "due")
FILL_IN = T("请填写", "Fill this in")
A_DAY = T("请填日期", "Enter a date")


@dataclass(frozen=True, slots=True)
class ReadActions:
    """What was posted: the wishes that are whole, the lines as entered, the mistakes by field."""

    wishes: tuple[ActionWish, ...]
    values: dict[str, str]
    errors: dict[str, str]


def read_actions(posted: QueryDict) -> ReadActions:
    """Read the lines of action items from a form."""
    wishes: list[ActionWish] = []
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for n in range(LINES):
        line = {part: posted.get(f"{part}_{n}", "").replace("\x00", "").strip()[:300] for part in PARTS}
        values |= {f"{part}_{n}": text for part, text in line.items()}
        if not any(line.values()):
            continue
        errors |= {f"{part}_{n}": str(FILL_IN) for part, text in line.items() if not text}
        day = _day(line["due"])
        if line["due"] and day is None:
            errors[f"due_{n}"] = str(A_DAY)
        if all(line.values()) and day and line["owner"].isdecimal() and len(line["owner"]) < 19:
            wishes.append(ActionWish(line["what"], int(line["owner"]), day))
    return ReadActions(tuple(wishes), values, errors)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def action_values(rows: Iterable[Any]) -> dict[str, str]:
    """Action items that are there, as a form shows them."""
    values: dict[str, str] = {}
    for n, row in enumerate(rows):
        values |= {f"what_{n}": row.what, f"owner_{n}": str(row.owner_id), f"due_{n}": row.due_on.isoformat()}
    return values


def action_lines(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines to draw: the filled ones and some to spare."""
    filled = [n for n in range(LINES) if any(values.get(f"{part}_{n}") for part in PARTS)]
    shown = min(LINES, (max(filled) + 1 if filled else 0) + SPARE)
    return [{"n": n + 1, **{part: f"{part}_{n}" for part in PARTS}} for n in range(shown)]
