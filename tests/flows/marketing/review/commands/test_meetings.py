"""M4.2: the meeting with its attendees, what was decided and by whom it is done, and the template."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.review.commands.end_actions import (
    DropReviewAction,
    FinishReviewAction,
    drop_review_actions,
    finish_review_actions,
)
from shopkeeper.flows.marketing.review.commands.hold_meeting import hold_meeting
from shopkeeper.flows.marketing.review.commands.make_template import MakeTemplate, make_template
from shopkeeper.flows.marketing.review.models import ActionItem, Attendance, Meeting, Template
from shopkeeper.flows.marketing.review.rules.learning import kept_learned
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop import sweeper
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.review import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M4.2")]


@pytest.fixture(autouse=True)
def just_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.END)


def test_minutes_with_attendees_by_role_and_actions_that_run_at_once() -> None:
    review, manager = stage.approved(), stage.person(Role.OPERATIONS_MANAGER)
    owner = make.make_person(Role.DESIGN)
    item = stage.minutes(review, actions=(stage.wish(owner, what="换主图"),))
    outcome = hold_meeting.one(manager, item)
    assert outcome.changed
    assert outcome.facts == {"missing": []}
    assert hold_meeting.one(manager, item).code == "unchanged"
    meeting = Meeting.objects.get()
    roles = [role for one in Attendance.objects.order_by("person_id") for role in one.roles]
    assert roles == ["market", "engineering", "customer_service"]
    action = ActionItem.objects.get(meeting=meeting)
    assert (action.number, action.state, action.role) == (2, "open", "design")
    assert stage.due("review_action_design", action.pk) == action.due_at
    assert stage.ended("review_meeting") == [("done", False)]
    second = replace(item, number=2, held_at=business_time.now())
    assert hold_meeting(manager, [second, second])[1].code == "unchanged"
    assert Meeting.objects.count() == 2


def test_a_meeting_held_too_late_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    review = stage.approved()
    due = stage.due("review_meeting", review.pk)
    assert due is not None
    stage.at(monkeypatch, due + timedelta(hours=1))
    sweeper.sweep()
    stage.met(review)
    assert stage.ended("review_meeting") == [("done", True)]


def test_market_engineering_and_service_must_be_there() -> None:
    review, manager = stage.approved(), stage.person(Role.OPERATIONS_MANAGER)
    for there, code in (
        ((Role.ENGINEERING, Role.CUSTOMER_SERVICE), "review_meeting_without_market"),
        ((Role.MARKET, Role.CUSTOMER_SERVICE), "review_meeting_without_engineering"),
        ((Role.MARKET, Role.ENGINEERING), "review_meeting_without_service"),
    ):
        assert hold_meeting.one(manager, stage.minutes(review, *there)).code == code
    set_policy.one(SYSTEM, SetPolicy("review_meeting_needs_engineering", False, "小活动"))
    assert hold_meeting.one(manager, stage.minutes(review, Role.MARKET, Role.CUSTOMER_SERVICE)).changed


def test_by_policy_a_meeting_without_them_is_kept_and_marked() -> None:
    review, manager = stage.approved(), stage.person(Role.OPERATIONS_MANAGER)
    set_policy.one(SYSTEM, SetPolicy("review_meeting_without", "flag", "试行"))
    outcome = hold_meeting.one(manager, stage.minutes(review, Role.MARKET))
    assert outcome.facts == {"missing": ["engineering", "customer_service"]}
    assert Meeting.objects.get().missing == ["engineering", "customer_service"]


def test_what_is_no_meeting_is_refused() -> None:
    manager = stage.person(Role.OPERATIONS_MANAGER)
    waiting = stage.submitted()
    assert hold_meeting.one(manager, stage.minutes(waiting)).code == "review_not_approved"
    review = stage.approved()
    good = stage.minutes(review)
    wrong = {
        "review_meeting_ahead": replace(good, number=2),
        "review_meeting_in_future": replace(good, held_at=business_time.now() + timedelta(hours=1)),
        "review_minutes_needed": replace(good, decisions=" "),
        "review_attendee_unknown": replace(good, attendees=(*good.attendees, 10**9)),
        "review_attendees_too_many": replace(good, attendees=good.attendees * 30),
        "review_action_past": replace(good, actions=(stage.wish(day=stage.START.date()),)),
    }
    for code, item in wrong.items():
        assert hold_meeting.one(manager, item).code == code
    assert Meeting.objects.count() == 0
    with pytest.raises(NotAllowed):
        hold_meeting.one(stage.person(Role.CAMPAIGN_SPECIALIST), good)


def test_an_owner_finishes_what_they_were_given(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = stage.person(Role.WAREHOUSE)
    stage.approved(None, None, stage.wish(owner), stage.wish(owner, what="改流程"))
    action = ActionItem.objects.order_by("number")[0].pk
    stranger = stage.person(Role.WAREHOUSE)
    assert finish_review_actions.one(stranger, FinishReviewAction(action, "好了")).code == "review_action_not_yours"
    assert finish_review_actions.one(owner, FinishReviewAction(action, " ")).code == "review_note_needed"
    item = FinishReviewAction(action, "已加安全库存")
    assert [o.code for o in finish_review_actions(owner, [item, item])] == ["done", "unchanged"]
    row = ActionItem.objects.get(pk=action)
    assert (row.state, row.note, row.ended_by) == ("done", "已加安全库存", owner.id)
    assert stage.ended("review_action_warehouse") == [("done", False)]
    other = ActionItem.objects.exclude(pk=action).get()
    stage.at(monkeypatch, other.due_at + timedelta(minutes=1))
    sweeper.sweep()
    manager = stage.person(Role.OPERATIONS_MANAGER)
    assert drop_review_actions.one(manager, DropReviewAction(other.pk, "")).code == "review_note_needed"
    assert drop_review_actions.one(manager, DropReviewAction(other.pk, "合并到新流程")).changed
    assert drop_review_actions.one(manager, DropReviewAction(other.pk, "合并到新流程")).code == "unchanged"
    assert stage.ended("review_action_warehouse")[-1] == ("cancelled", True)
    late = finish_review_actions.one(manager, FinishReviewAction(other.pk, "好了"))
    assert late.code == "review_action_not_running"


def test_a_reviewed_campaign_becomes_a_template_with_what_it_taught() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    for n in range(20):
        stage.sold(shop, sku, stage.START + timedelta(hours=20, minutes=n), quantity=2)
    review = stage.drafted(stage.campaign(shop, sku))
    manager = stage.person(Role.OPERATIONS_MANAGER)
    item = MakeTemplate(review.campaign_id, "开场备货要足")
    assert make_template.one(manager, item).code == "review_not_approved"
    stage.approved(review)
    assert make_template.one(manager, item).code == "review_meeting_needed"
    stage.met(review)
    assert [outcome.code for outcome in make_template(manager, [item, item])] == ["done", "unchanged"]
    assert make_template.one(manager, item).code == "unchanged"
    made = Template.objects.get()
    assert Campaign.objects.get(pk=review.campaign_id).is_template
    learned = kept_learned(made.learned)
    assert (learned.orders, learned.sales_minor, learned.basket_minor) == (20, 200_000, 10_000)
    assert learned.hourly_bp[20] == 10_000
    assert learned.best_hours == [20]
    assert learned.goods[0].sell_through_bp == 4_000
    assert stage.told()[-1] == "review.template_made"


def test_a_campaign_without_a_review_is_no_template() -> None:
    outcome = make_template.one(SYSTEM, MakeTemplate(stage.campaign().pk))
    assert outcome.code == "review_not_approved"
