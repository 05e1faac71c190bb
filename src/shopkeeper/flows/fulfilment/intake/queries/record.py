"""One order as a person looks at it: facts, lines with what is promised, holds, everything that happened."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.holds import (
    NEEDS_REASON,
    NEVER_PASSED,
    NOTE,
    SET_BY_WISHES,
    WISH,
    HoldCode,
)
from shopkeeper.flows.fulfilment.intake.models import Hold, Order, order_number
from shopkeeper.flows.fulfilment.intake.queries.cards import LineCard, OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.intake.sql import reading
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import EVENT_TYPES
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.sealed_records import ERASED_AMONG
from shopkeeper.sop.policy import read_policies


@dataclass(frozen=True, slots=True)
class LineView:
    """A line and how much of it stock is promised for."""

    card: LineCard
    promised: int
    is_known: bool


@dataclass(frozen=True, slots=True)
class HoldView:
    id: int
    code: str
    facts: dict[str, Any]
    opened_at: datetime
    cleared_at: datetime | None
    cleared_by: str
    decision: str
    reason: str
    may_be_passed: bool
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class CodeDuty:
    """The order waits for the product desk to make its code; `whose` is who took that on, else empty."""

    due_at: datetime
    whose: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """Something that happened: an event's type, or `state:<new state>`; `who` is empty for the system."""

    at: datetime
    what: str
    was: str
    who: str
    why: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OrderRecord:
    card: OrderCard
    shop: str
    warehouse: str
    has_remark: bool
    seller_flag: str
    platform_state: str
    is_history: bool
    taken_in_at: datetime
    released_at: datetime | None
    modified_at: datetime
    lines: tuple[LineView, ...]
    open_holds: tuple[HoldView, ...]
    past_holds: tuple[HoldView, ...]
    story: tuple[StoryLine, ...]
    versions: tuple[reading.MessageRow, ...]
    due_at: datetime | None
    opens_at: datetime | None
    decide_by: datetime | None
    code_duty: CodeDuty | None
    is_erased: bool


def order_record(viewer: Actor, order_id: int) -> OrderRecord | None:
    """The order, or None where there is none in the viewer's shops."""
    order = Order.objects.select_related("shop", "warehouse").filter(id=order_id).first()
    if order is None or not viewer.sees_shop(order.shop_id):
        return None
    card = orders_by_id([order_id])[order_id]
    promised = {row.order_line_id: row.promised for row in reading.PROMISED_OF.rows(order=order_id)}
    holds = list(Hold.objects.filter(order_id=order_id).order_by("id"))
    story = reading.STORY.rows(order=order_id, types=order_event_types())
    names = _names({row.actor_id for row in story} | {hold.cleared_by for hold in holds if hold.cleared_by})
    views = [hold_view(hold, names) for hold in holds]
    kinds = (deadlines.DECIDE_HOLDS, deadlines.URGENT_ORDER, deadlines.SHIP_BY, deadlines.MAKE_CODE)
    dues = reading.DUES_OF.rows(kinds=[kind.name for kind in kinds], subject=order_id)
    code = next((due for due in dues if due.kind == deadlines.MAKE_CODE.name), None)
    own = [due for due in dues if due is not code]
    return OrderRecord(
        card=card,
        shop=order.shop.name,
        warehouse=order.warehouse.name if order.warehouse else "",
        has_remark=order.has_remark,
        seller_flag=order.seller_flag,
        platform_state=order.platform_state,
        is_history=order.is_history,
        taken_in_at=order.taken_in_at,
        released_at=order.released_at,
        modified_at=order.modified_at,
        lines=tuple(LineView(line, promised.get(line.id, 0), line.sku_id is not None) for line in card.lines),
        open_holds=tuple(view for view in views if view.cleared_at is None),
        past_holds=tuple(view for view in views if view.cleared_at is not None),
        story=tuple(
            StoryLine(row.occurred_at, row.what, row.was, names.get(row.actor_id, ""), row.why, json.loads(row.data))
            for row in story
        ),
        versions=tuple(reading.MESSAGES_OF.rows(order=order_id)),
        due_at=own[0].due_at if own else None,
        opens_at=next((due.opens_at for due in own if due.kind == deadlines.DECIDE_HOLDS.name), None),
        decide_by=next((due.due_at for due in own if due.kind != deadlines.SHIP_BY.name), None),
        code_duty=CodeDuty(code.due_at, code.whose) if code else None,
        is_erased=bool(ERASED_AMONG.rows(ids=[order.subject_id])),
    )


@dataclass(frozen=True, slots=True)
class Twin:
    id: int
    number: str


def twins_of(order_id: int) -> list[Twin]:
    """Orders that make this one a suspected repeat: same shop and receiver, placed within the policy's hours."""
    rows = reading.TWINS_OF.rows(order=order_id, hours=read_policies()("repeat_order_hours"))
    return [Twin(row.id, order_number(row.id)) for row in rows]


@cache
def order_event_types() -> list[str]:
    """Every type of event whose subject is an order, whichever desk announces it."""
    return sorted(
        name
        for name, event in EVENT_TYPES.items()
        if next((f for f in event.__dataclass_fields__ if f.endswith("_id")), "") == "order_id"
    )


def _names(ids: set[int]) -> dict[int, str]:
    return dict(Person.objects.filter(id__in=ids - {0}).values_list("id", "name"))


def is_wish(code: str, facts: Mapping[str, Any]) -> bool:
    """Whether a customer's wish has set the hold."""
    return code in SET_BY_WISHES and WISH in facts


def is_kept(view: HoldView) -> bool:
    """Whether somebody holds the order by hand, with a reason."""
    return view.code == HoldCode.BY_HAND and bool(view.facts.get(NOTE)) and WISH not in view.facts


def hold_view(hold: Hold, names: dict[int, str]) -> HoldView:
    return HoldView(
        id=hold.pk,
        code=hold.code,
        facts=hold.facts,
        opened_at=hold.opened_at,
        cleared_at=hold.cleared_at,
        cleared_by=names.get(hold.cleared_by or 0, ""),
        decision=hold.decision,
        reason=hold.reason,
        may_be_passed=hold.code not in NEVER_PASSED,
        needs_reason=hold.code in NEEDS_REASON or is_wish(hold.code, hold.facts),
    )
