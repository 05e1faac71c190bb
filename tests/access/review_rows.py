"""A shop's reviews of campaigns, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.review.commands.acting import ActionWish
from shopkeeper.flows.marketing.review.models import ActionItem, Review
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.shared.clock import day_of, machine_now
from tests import factories as make

HOUR = timedelta(hours=1)
MEETING_ROLES = ("market", "engineering", "customer_service")


@dataclass
class Reviews:
    """A report that is written, one that waits for approval, and one that is approved and met about."""

    draft: int
    submitted: int
    approved: int
    campaign: int
    action: int
    person: Person


def reviews_of(shop: Shop) -> Reviews:
    """Three campaigns that are over, each with its review in another state."""
    owner = make.make_person("warehouse")
    draft, submitted, approved = (_drafted(shop, code) for code in ("R1", "R2", "R3"))
    for review in (submitted, approved):
        _run("complete_review", review_id=review, worked="好", not_worked="缺货", advice="备货", actions=(wish(owner),))
        _run("submit_review", review_id=review)
    Review.objects.filter(id=approved).update(submitted_by=owner.pk, completed_by=owner.pk)
    _run("approve_review", review_id=approved)
    _run("hold_meeting", **_minutes(approved))
    campaign = Review.objects.get(id=approved).campaign_id
    action = ActionItem.objects.get(review_id=approved).pk
    return Reviews(draft, submitted, approved, campaign, action, owner)


def _drafted(shop: Shop, code: str) -> int:
    now = machine_now()
    times = {"starts_at": now - 48 * HOUR, "ends_at": now - 24 * HOUR}
    moments = dict.fromkeys(("state_at", "made_at", "saved_at", "decided_at", "launched_at"), now - 48 * HOUR)
    people = dict.fromkeys(("made_by", "saved_by", "decided_by", "launched_by"), 0)
    campaign = Campaign.objects.create(
        shop=shop, code=code, name=f"活动{code}", state="ended", ended_at=now - 24 * HOUR, **times, **moments, **people
    )
    return _run("draft_reviews", campaign_id=campaign.pk)


def wish(owner: Person) -> ActionWish:
    return ActionWish("提前备货", owner.pk, day_of(machine_now() + timedelta(days=3)))


def _minutes(review_id: int) -> dict[str, Any]:
    there = tuple(make.make_person(role).pk for role in MEETING_ROLES)
    words = {"said": "市场：流量集中在晚上", "decisions": "提前备货"}
    return {"review_id": review_id, "number": 1, "held_at": machine_now() - HOUR, "attendees": there, **words}


def _run(_command: str, /, **fields: Any) -> int:
    outcome = COMMANDS[_command].one(SYSTEM, COMMANDS[_command].item(**fields))
    assert outcome.ok, (_command, outcome)
    return outcome.id or 0


def _item(_command: str, /, **fields: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[_command].item(
        **{name: value(place) if callable(value) else value for name, value in fields.items()}
    )


def _draft(place: Any) -> int:
    return place.reviews.draft


def _submitted(place: Any) -> int:
    return place.reviews.submitted


REVIEW_ITEMS: dict[str, Callable[[Any], Any]] = {
    "approve_review": _item("approve_review", review_id=_submitted),
    "complete_review": _item("complete_review", review_id=_draft, worked="力度合适"),
    "drop_review_actions": _item("drop_review_actions", action_id=lambda p: p.reviews.action, reason="不做了"),
    "finish_review_actions": _item("finish_review_actions", action_id=lambda p: p.reviews.action, note="已备货"),
    "hold_meeting": _item(
        "hold_meeting",
        review_id=lambda p: p.reviews.approved,
        number=2,
        held_at=machine_now() - HOUR,
        attendees=lambda p: (p.reviews.person.pk,),
        said="仓库：备货要早",
        decisions="提前一周",
    ),
    "make_template": _item("make_template", campaign_id=lambda p: p.reviews.campaign),
    "refresh_review": _item("refresh_review", review_id=_draft),
    "return_review": _item("return_review", review_id=_submitted, reason="缺客服反馈"),
    "submit_review": _item("submit_review", review_id=_draft),
}
