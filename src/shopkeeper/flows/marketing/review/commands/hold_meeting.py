"""M4.2: the review meeting with market, engineering and service: minutes, who was there, what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.review.commands.acting import (
    ActionWish,
    Colleagues,
    Planning,
    colleagues_of,
    refusal_of,
    write_actions,
)
from shopkeeper.flows.marketing.review.commands.draft_reviews import review_label
from shopkeeper.flows.marketing.review.deadlines import REVIEW_MEETING
from shopkeeper.flows.marketing.review.events import MeetingHeld
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.sql import meetings as sql
from shopkeeper.flows.marketing.review.sql import reviews as review_sql
from shopkeeper.flows.marketing.review.states import ReviewState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.roles import Role

# Whom the policy may ask for: role, the policy's key, the refusal's code.
NEEDED = (
    (Role.MARKET, "review_meeting_needs_market", "review_meeting_without_market"),
    (Role.ENGINEERING, "review_meeting_needs_engineering", "review_meeting_without_engineering"),
    (Role.CUSTOMER_SERVICE, "review_meeting_needs_service", "review_meeting_without_service"),
)
MOST_ATTENDEES = 60


@dataclass(frozen=True, slots=True)
class HoldMeeting:
    """A meeting's minutes. `number` counts a review's meetings from 1, so that the same one sent twice counts once.

    `attendees` are people's ids; no customer's name belongs into the words.
    """

    review_id: int
    number: Annotated[int, Field(ge=1, le=100)]
    held_at: datetime
    attendees: tuple[int, ...]
    said: Annotated[str, Field(max_length=4_000)]
    decisions: Annotated[str, Field(max_length=2_000)]
    actions: tuple[ActionWish, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting to be written down, with the roles that were asked for and were not there."""

    row: review_sql.ReviewRow
    item: HoldMeeting
    missing: tuple[str, ...]

    @property
    def key(self) -> tuple[int, int]:
        return self.row.id, self.item.number


@command(clause="M4.2", permission=Permission.MEETING_HOLD, scope=ShopOf("review_review", "review_id"))
def hold_meeting(step: Step, items: Sequence[HoldMeeting]) -> list[Outcome]:
    """Write down review meetings; what was decided to be done runs from now. One that is on record is unchanged.

    Refused: "review_not_approved", "review_meeting_ahead" (its number skips one), "review_meeting_in_future",
    "review_minutes_needed", "review_attendee_unknown", "review_attendees_too_many"; where the policy refuses
    meetings without them "review_meeting_without_market", "…_engineering", "…_service"; and the refusals of action
    items ("review_action_owner_unknown", "review_action_past", …).
    """
    rows = {row.id: row for row in review_sql.LOCK.rows(ids=[item.review_id for item in items])}
    people = [person for item in items for person in item.attendees]
    colleagues = colleagues_of([*people, *(wish.owner_id for item in items for wish in item.actions)])
    held: dict[tuple[int, int], Held] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.review_id]
        so_far = row.meetings + sum(review_id == row.id for review_id, _ in held)
        missing = _missing(step, row.shop_id, item, colleagues)
        if item.number <= so_far:
            outcomes.append(unchanged(row.id))
        elif code := _refusal(step, row, item, so_far, colleagues, missing):
            outcomes.append(refused(code, row.id, meetings=so_far))
        else:
            held[row.id, item.number] = Held(row, item, tuple(role for role, _ in missing))
            outcomes.append(done(row.id, missing=[role for role, _ in missing]))
    _write(step, list(held.values()), colleagues)
    return outcomes


def _missing(step: Step, shop_id: int, item: HoldMeeting, colleagues: Colleagues) -> list[tuple[str, str]]:
    """Roles that the policy asks for and nobody there holds, each with the refusal's code."""
    policy = policies(step)
    there = {role for person in item.attendees for role in colleagues.get(person, ())}
    return [(str(role), code) for role, key, code in NEEDED if policy(key, shop_id) and role not in there]


def _refusal(
    step: Step,
    row: review_sql.ReviewRow,
    item: HoldMeeting,
    so_far: int,
    colleagues: Colleagues,
    missing: Sequence[tuple[str, str]],
) -> str:
    """Why a meeting cannot be written down; empty where it can."""
    if row.state != ReviewState.APPROVED:
        return "review_not_approved"
    if item.number > so_far + 1:
        return "review_meeting_ahead"
    if item.held_at > step.now:
        return "review_meeting_in_future"
    if not item.said.strip() or not item.decisions.strip():
        return "review_minutes_needed"
    if len(item.attendees) > MOST_ATTENDEES:
        return "review_attendees_too_many"
    if not item.attendees or any(person not in colleagues for person in item.attendees):
        return "review_attendee_unknown"
    if missing and policies(step)("review_meeting_without", row.shop_id) == "refuse":
        return missing[0][1]
    return refusal_of(step, item.actions, colleagues)


def _write(step: Step, held: Sequence[Held], colleagues: Colleagues) -> None:
    if not held:
        return
    rows = [
        {
            "review_id": one.row.id,
            "shop_id": one.row.shop_id,
            "number": one.item.number,
            "held_at": one.item.held_at,
            "said": one.item.said.strip(),
            "decisions": one.item.decisions.strip(),
            "missing": list(one.missing),
        }
        for one in held
    ]
    made = sql.RECORD.rows(now=step.now, actor_id=step.actor.id, meetings=as_json(rows))
    ids: Mapping[tuple[int, int], int] = {(row.review_id, row.number): row.id for row in made}
    attendees = [
        {"meeting_id": ids[one.key], "person_id": person, "roles": list(colleagues[person])}
        for one in held
        for person in dict.fromkeys(one.item.attendees)
    ]
    sql.ATTEND.run(attendees=as_json(attendees))
    plans = [
        Planning(one.row.id, one.row.shop_id, review_label(one.row.code, one.row.name), one.item.actions, ids[one.key])
        for one in held
    ]
    write_actions(step, plans, colleagues)
    close(step, REVIEW_MEETING, sorted({one.row.id for one in held}))
    step.emit(*(MeetingHeld(ids[one.key], one.row.id, one.row.shop_id, not one.missing) for one in held))
