"""M1.2: resource slots of the platform: noted with their deadline, applied for, granted or refused with the cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.deadlines import SLOT
from shopkeeper.flows.marketing.campaigns.events import SlotAnswered
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import campaigns as campaign_sql
from shopkeeper.flows.marketing.campaigns.sql import preparation as sql
from shopkeeper.flows.marketing.campaigns.states import SLOT_FLOW, CampaignState, SlotState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.states import Ending

OF_SLOT = ShopOf("campaigns_slotapplication", "slot_id")
OVER = (CampaignState.ENDED, CampaignState.REVIEWED, CampaignState.CANCELLED)
Amount = Annotated[int, Field(ge=0, le=10**13)]


@dataclass(frozen=True, slots=True)
class AddSlot:
    """A slot to be applied for by `apply_by`; the cost is what is expected, in minor units."""

    campaign_id: int
    place: Annotated[str, Field(min_length=1, max_length=80)]
    starts_at: datetime
    ends_at: datetime
    apply_by: datetime
    expected_cost_minor: Amount = 0

    @property
    def key(self) -> tuple[int, str, datetime]:
        return self.campaign_id, self.place.strip(), self.starts_at


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=ShopOf("campaigns_campaign", "campaign_id"))
def add_slots(step: Step, items: Sequence[AddSlot]) -> list[Outcome]:
    """Note slots to apply for; each is due at its own time. The same place from the same moment: unchanged.

    Done with `facts`: slot_id. Refused: "slot_unnamed", "slot_time_backwards", "apply_by_past", "campaign_over".
    """
    rows = {row.id: row for row in campaign_sql.LOCK.rows(campaigns=sorted({item.campaign_id for item in items}))}
    verdicts = [_refusal(step, item, rows[item.campaign_id]) for item in items]
    fit = {item.key: item for item, code in zip(items, verdicts, strict=True) if not code}
    said = [
        {
            "campaign_id": item.campaign_id,
            "shop_id": rows[item.campaign_id].shop_id,
            "place": item.place.strip(),
            "starts_at": item.starts_at,
            "ends_at": item.ends_at,
            "apply_by": item.apply_by,
            "expected_cost_minor": item.expected_cost_minor,
        }
        for item in fit.values()
    ]
    made = sql.ADD_SLOTS.rows(slots=as_json(said), now=step.now, actor_id=step.actor.id) if said else []
    fresh = {(row.campaign_id, row.place, row.starts_at): row.id for row in made}
    arm(
        step,
        [_armed(id_, fit[key].apply_by, rows[key[0]].shop_id, rows[key[0]].code, key[1]) for key, id_ in fresh.items()],
    )
    outcomes = []
    for item, code in zip(items, verdicts, strict=True):
        slot_id = fresh.pop(item.key, None) if not code else None
        if code:
            outcomes.append(refused(code, item.campaign_id))
        else:
            outcomes.append(done(item.campaign_id, slot_id=slot_id) if slot_id else unchanged(item.campaign_id))
    return outcomes


def _refusal(step: Step, item: AddSlot, row: campaign_sql.CampaignRow) -> str:
    if not item.place.strip() or "\x00" in item.place:
        return "slot_unnamed"
    if item.ends_at <= item.starts_at:
        return "slot_time_backwards"
    if row.state in OVER:
        return "campaign_over"
    return "apply_by_past" if item.apply_by <= step.now else ""


def _armed(slot_id: int, due_at: datetime, shop_id: int, code: str, place: str) -> Arm:
    return Arm(SLOT, slot_id, due_at, shop_id=shop_id, label=f"{code} {place}")


@dataclass(frozen=True, slots=True)
class ApplySlot:
    """Applied for on the platform; `reference` is its number there, if any."""

    slot_id: int
    reference: Annotated[str, Field(max_length=80)] = ""


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=OF_SLOT)
def apply_slots(step: Step, items: Sequence[ApplySlot]) -> list[Outcome]:
    """Note that slots were applied for: their deadline is met. Refused: "slot_closed". Applied already: unchanged."""
    rows = _held(items)
    fresh: dict[int, ApplySlot] = {}
    outcomes = []
    for item in items:
        row = rows[item.slot_id]
        if row.state in (SlotState.APPLIED, SlotState.GRANTED) or item.slot_id in fresh:
            outcomes.append(unchanged(row.id))
        elif row.state != SlotState.TO_APPLY:
            outcomes.append(refused("slot_closed", row.id))
        else:
            fresh[row.id] = item
            outcomes.append(done(row.id))
    references = [item.reference.strip() for item in fresh.values()]
    sql.NOTE_APPLIED.run(slots=list(fresh), references=references, now=step.now)
    step.move(SLOT_FLOW, list(fresh), SlotState.APPLIED)
    close(step, SLOT, list(fresh))
    return outcomes


@dataclass(frozen=True, slots=True)
class AnswerSlot:
    """What the platform said. `cost_minor` is needed for a granted one, `answer` for a refused one."""

    slot_id: int
    granted: bool
    cost_minor: Amount | None = None
    answer: Annotated[str, Field(max_length=300)] = ""


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=OF_SLOT)
def answer_slots(step: Step, items: Sequence[AnswerSlot]) -> list[Outcome]:
    """Write down what the platform answered. Answered so already: unchanged.

    Refused: "slot_not_applied", "slot_cost_missing", "reason_needed" for a refusal, "slot_closed".
    """
    rows = _held(items)
    fresh: dict[int, AnswerSlot] = {}
    outcomes = []
    for item in items:
        row = rows[item.slot_id]
        before = fresh.get(row.id)
        code = _answer_refusal(item, _wanted(before) if before else row.state)
        if code == "same":
            outcomes.append(unchanged(row.id))
            continue
        if not code:
            fresh[row.id] = item
        outcomes.append(refused(code, row.id) if code else done(row.id))
    sql.NOTE_ANSWERED.run(
        slots=list(fresh),
        costs=[item.cost_minor if item.granted else None for item in fresh.values()],
        answers=[item.answer.strip() for item in fresh.values()],
        now=step.now,
    )
    for state in (SlotState.GRANTED, SlotState.REFUSED):
        step.move(SLOT_FLOW, [id_ for id_, item in fresh.items() if _wanted(item) == state], state)
    step.emit(
        *(
            SlotAnswered(id_, rows[id_].campaign_id, rows[id_].shop_id, str(_wanted(item)))
            for id_, item in fresh.items()
        )
    )
    return outcomes


def _wanted(item: AnswerSlot) -> SlotState:
    return SlotState.GRANTED if item.granted else SlotState.REFUSED


def _answer_refusal(item: AnswerSlot, state: str) -> str:
    if state == _wanted(item):
        return "same"
    if state == SlotState.TO_APPLY:
        return "slot_not_applied"
    if state != SlotState.APPLIED:
        return "slot_closed"
    if item.granted:
        return "slot_cost_missing" if item.cost_minor is None else ""
    return "" if item.answer.strip() else "reason_needed"


@dataclass(frozen=True, slots=True)
class DropSlot:
    slot_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=OF_SLOT)
def drop_slots(step: Step, items: Sequence[DropSlot]) -> list[Outcome]:
    """Give up slots. Refused: "reason_needed", "slot_closed" once refused. Dropped already: unchanged."""
    rows = _held(items)
    reasons: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.slot_id]
        if row.state == SlotState.DROPPED or row.id in reasons:
            outcomes.append(unchanged(row.id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        elif row.state == SlotState.REFUSED:
            outcomes.append(refused("slot_closed", row.id))
        else:
            reasons[row.id] = item.reason.strip()
            outcomes.append(done(row.id))
    for reason in sorted(set(reasons.values())):
        step.move(SLOT_FLOW, [id_ for id_, why in reasons.items() if why == reason], SlotState.DROPPED, reason)
    close(step, SLOT, list(reasons), Ending.CANCELLED)
    return outcomes


def _held(items: Sequence[Any]) -> dict[int, sql.SlotRow]:
    return {row.id: row for row in sql.LOCK_SLOTS.rows(slots=sorted({item.slot_id for item in items}))}
