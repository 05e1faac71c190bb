"""Campaigns that are over, with what they sold, and their reviews in every state."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.settlement.models import Refund
from shopkeeper.flows.marketing.campaigns.models import BudgetItem, Campaign, CampaignGoods, CampaignRule
from shopkeeper.flows.marketing.review.commands.acting import ActionWish
from shopkeeper.flows.marketing.review.commands.approve_review import ApproveReview, approve_review
from shopkeeper.flows.marketing.review.commands.complete_review import (
    CompleteReview,
    SubmitReview,
    complete_review,
    submit_review,
)
from shopkeeper.flows.marketing.review.commands.draft_reviews import DraftReview, draft_reviews
from shopkeeper.flows.marketing.review.commands.hold_meeting import HoldMeeting, hold_meeting
from shopkeeper.flows.marketing.review.models import Figures, Review
from shopkeeper.flows.marketing.review.rules.figures import ReviewFigures, kept_figures
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from shopkeeper.web.visitor import actor_of
from tests import factories as make

START = datetime(2026, 6, 17, 16, 0, tzinfo=UTC)  # 18 June, midnight in Shanghai
END = START + timedelta(days=2)  # to the end of 19 June
_count = itertools.count(1)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def person(*roles: str, shops: list[Shop] | None = None) -> Actor:
    """Somebody with these roles."""
    found = actor_of(make.make_person(*roles, shops=shops).pk)
    assert found is not None
    return found


def campaign(shop: Shop | None = None, *skus: Any, state: str = "ended", **fields: Any) -> Campaign:
    """A campaign that ran on 18 and 19 June and is over; a hundred pieces of each SKU were set aside."""
    n = next(_count)
    started, ended = fields.pop("starts_at", START), fields.pop("ends_at", END)
    defaults: dict[str, Any] = {
        "code": f"C{n}", "name": f"年中大促{n}", "theme": "年中清仓", "goal_sales_minor": 100_000,
        "goal_new_customers": 2, "expected_visitors": 500, "expected_conversion_bp": 300, "state": state,
        "state_at": ended, "starts_at": started, "ends_at": ended, "launched_at": started, "launched_by": 0,
        "ended_at": ended if state in ("ended", "reviewed") else None, "made_at": started, "made_by": 0,
        "saved_at": started, "saved_by": 0, "decided_at": started, "decided_by": 0,
    }  # fmt: skip
    made = Campaign.objects.create(shop=shop or make.make_shop(), **{**defaults, **fields})
    for sku in skus:
        CampaignGoods.objects.create(campaign=made, sku=sku, planned_quantity=100, price_minor=sku.price_minor)
    return made


def sold(shop: Shop, sku: Any, when: datetime, *, quantity: int = 1, buyer: str = "", **fields: Any) -> int:
    """An order of one line, paid at a moment."""
    line = make.received_line(sku, quantity, **fields)
    ref = {"buyer_ref": buyer} if buyer else {}
    goods = line.price_minor * quantity
    order = make.received_order(
        shop, line, placed_at=when - timedelta(minutes=1), paid_at=when, modified_at=when, ship_by_at=when,
        goods_minor=goods, paid_minor=line.paid_minor, discount_minor=goods - line.paid_minor, **ref,
    )  # fmt: skip
    return make.take_in(order)[0]


def refunded(order_id: int, minor: int) -> None:
    order = Order.objects.get(pk=order_id)
    Refund.objects.create(
        order=order, shop_id=order.shop_id, reference=f"R{next(_count)}", refund_minor=minor, noted_at=END
    )


def budget(of: Campaign, kind: str, planned: int, spent: int) -> None:
    BudgetItem.objects.create(campaign=of, shop_id=of.shop_id, kind=kind, planned_minor=planned, spent_minor=spent)


def runs_on(of: Campaign, rule_id: int) -> None:
    CampaignRule.objects.create(campaign=of, rule_id=rule_id)


def drafted(of: Campaign | None = None) -> Review:
    of = of or campaign()
    outcome = draft_reviews.one(SYSTEM, DraftReview(of.pk))
    assert outcome.changed, outcome
    return Review.objects.get(pk=outcome.id)


def figures_of(review: Review) -> ReviewFigures:
    review.refresh_from_db()
    return kept_figures(Figures.objects.get(review=review, version=review.version).figures)


def wish(owner: Person | Actor | None = None, day: date | None = None, what: str = "提前一周备货") -> ActionWish:
    owner_id = owner.id if isinstance(owner, Actor) else owner.pk if owner else make.make_person(Role.WAREHOUSE).pk
    return ActionWish(what, owner_id, day or (business_time.now() + timedelta(days=3)).date())


def completed(review: Review | None = None, by: Actor | None = None, *wishes: ActionWish) -> Review:
    review = review or drafted()
    item = CompleteReview(review.pk, "满减力度合适", "开场一小时缺货", "多备热销尺码", wishes or (wish(),))
    assert complete_review.one(by or person(Role.CAMPAIGN_SPECIALIST), item).changed
    review.refresh_from_db()
    return review


def submitted(review: Review | None = None, by: Actor | None = None, *wishes: ActionWish) -> Review:
    by = by or person(Role.CAMPAIGN_SPECIALIST)
    review = completed(review, by, *wishes)
    assert submit_review.one(by, SubmitReview(review.pk)).changed
    review.refresh_from_db()
    return review


def approved(review: Review | None = None, by: Actor | None = None, *wishes: ActionWish) -> Review:
    review = submitted(review, None, *wishes)
    outcome = approve_review.one(by or person(Role.OPERATIONS_MANAGER), ApproveReview(review.pk))
    assert outcome.changed, outcome
    review.refresh_from_db()
    return review


def minutes(review: Review, *roles: str, number: int = 1, **fields: Any) -> HoldMeeting:
    """A meeting an hour ago, attended by somebody of each role."""
    there = tuple(make.make_person(role).pk for role in roles or (Role.MARKET, Role.ENGINEERING, Role.CUSTOMER_SERVICE))
    given = {"held_at": business_time.now() - timedelta(hours=1), "attendees": there, **fields}
    return HoldMeeting(review.pk, number, said="市场：流量集中在晚上", decisions="下次提前备货", **given)


def met(review: Review | None = None, *roles: str) -> Review:
    review = review or approved()
    outcome = hold_meeting.one(person(Role.OPERATIONS_MANAGER), minutes(review, *roles))
    assert outcome.changed, outcome
    return review


def due(kind: str, subject_id: int) -> datetime | None:
    """When a deadline is due; None where none is set."""
    return Deadline.objects.filter(kind=kind, subject_id=subject_id).values_list("due_at", flat=True).first()


def ended(kind: str) -> list[tuple[str, bool]]:
    """How deadlines of a kind ended, and whether late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = %s ORDER BY closed_at", [kind])
        return cursor.fetchall()


def told() -> list[str]:
    """The types of what this desk announced, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type FROM foundation_event WHERE type LIKE 'review.%' ORDER BY id")
        return [type_ for (type_,) in cursor.fetchall()]
