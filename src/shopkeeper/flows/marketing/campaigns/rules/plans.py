"""What makes a plan fit to be written down, submitted, launched; when its steps are due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.shared.clock import SHOP_ZONE

LONGEST = timedelta(days=180)
FARTHEST = timedelta(days=3 * 366)
# The fields of the execution plan that must be there before another person looks at it.
PARTS = ("theme", "goal", "conversion", "force", "goods", "audience", "channels", "budget", "risks")
# A plan that was decided on or waits for it comes back to be written again: returned, or taken back by its writers.
RETURNABLE = (CampaignState.IN_REVIEW, CampaignState.APPROVED)
WITHDRAWN = "withdrawn"
# What a material says stands at this place, followed by its title.
OF_MATERIAL = "material:"


def time_refusal(starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Why this span cannot be planned; empty where it can."""
    if ends_at <= starts_at or ends_at <= now:
        return "campaign_time_backwards"
    if ends_at - starts_at > LONGEST or starts_at - now > FARTHEST:
        return "campaign_too_long"
    return ""


def missing_parts(has: Mapping[str, bool]) -> tuple[str, ...]:
    """The parts of a plan that are not there yet, in the order of the paper."""
    return tuple(part for part in PARTS if not has[part])


class Worded(Protocol):
    """The words of a plan that buyers will hear of."""

    @property
    def name(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def force(self) -> str: ...
    @property
    def channels(self) -> Sequence[str]: ...
    @property
    def materials(self) -> str: ...


def said_in(plan: Worded, materials: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """What a plan and its materials (title, words) tell buyers, each with its place. Risks are no promises."""
    own = [(place, getattr(plan, place)) for place in ("name", "theme", "force", "materials")]
    return [*own, ("channels", "\n".join(plan.channels)), *((OF_MATERIAL + title, said) for title, said in materials)]


def plan_due_at(starts_at: datetime, now: datetime, *, days_before: int, least_hours: int) -> datetime:
    """When a plan is due: full days before the start, and never sooner than the least time to write it."""
    return max(starts_at - timedelta(days=days_before), now + timedelta(hours=least_hours))


def launch_opens_at(starts_at: datetime, minutes_before: int) -> datetime:
    """From when on a prepared campaign may be taken live."""
    return starts_at - timedelta(minutes=minutes_before)


def shifted(moments: Sequence[datetime], from_start: datetime, to_start: datetime) -> list[datetime]:
    """Moments of one campaign, as far from the start of another: by days, so that clock times stay (no zone moves)."""
    days = to_start.astimezone(SHOP_ZONE).date() - from_start.astimezone(SHOP_ZONE).date()
    return [moment + days for moment in moments]


class Move(Protocol):
    """A state a campaign moved to, with the reason."""

    @property
    def was(self) -> str: ...
    @property
    def became(self) -> str: ...
    @property
    def reason(self) -> str: ...


def returned_for(moves: Sequence[Move]) -> str:
    """Why the plan was returned, oldest move first; empty where the last decision on it was another."""
    why = ""
    for move in moves:
        if move.became == CampaignState.APPROVED:
            why = ""
        elif move.became == CampaignState.PLANNED and move.was in RETURNABLE and move.reason != WITHDRAWN:
            why = move.reason
    return why
