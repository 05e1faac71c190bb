"""M1.1: the yearly notice of holidays is entered: days worked or off otherwise than the calendar knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import calendar as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class SetCalendarDay:
    """A day of the company's calendar; it holds for every shop."""

    day: date
    is_working: bool
    name: Annotated[str, Field(max_length=40)] = ""


@command(clause="M1.1", permission=Permission.CALENDAR_EDIT, scope=EVERYWHERE)
def set_calendar_days(step: Step, items: Sequence[SetCalendarDay]) -> list[Outcome]:
    """Enter days, a later word on a day before an earlier one. The same again: unchanged.

    What counts working days counts by it from now on; a deadline already set keeps its time.
    """
    said = {item.day: item for item in items}
    rows = [
        {"day": item.day, "is_working": item.is_working, "name": item.name.strip()} for _, item in sorted(said.items())
    ]
    put = {row.day for row in sql.PUT_DAYS.rows(days=as_json(rows), now=step.now, actor_id=step.actor.id)}
    last = {item.day: place for place, item in enumerate(items)}
    return [done() if item.day in put and last[item.day] == place else unchanged() for place, item in enumerate(items)]
