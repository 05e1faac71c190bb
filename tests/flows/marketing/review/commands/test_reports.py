"""M4.1: the report is completed by a person, submitted in time, and approved by another; figures are drawn again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.review.commands.acting import ActionWish
from shopkeeper.flows.marketing.review.commands.approve_review import (
    ApproveReview,
    ReturnReview,
    approve_review,
    return_review,
)
from shopkeeper.flows.marketing.review.commands.complete_review import (
    CompleteReview,
    SubmitReview,
    complete_review,
    submit_review,
)
from shopkeeper.flows.marketing.review.commands.refresh_review import (
    RedrawReview,
    RefreshReview,
    redraw_reviews,
    refresh_review,
)
from shopkeeper.flows.marketing.review.models import ActionItem, Figures
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop import sweeper
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.review import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M4.1")]


@pytest.fixture(autouse=True)
def just_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.END)


def test_figures_drawn_again_keep_the_earlier_version_and_what_was_left() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.stock_up(sku, warehouse, 40)
    shop = make.make_shop(warehouse)
    order_id = stage.sold(shop, sku, stage.START + timedelta(hours=1))
    review = stage.drafted(stage.campaign(shop, sku))
    left = stage.figures_of(review).goods[0].left
    writer = stage.person(Role.CAMPAIGN_SPECIALIST)
    assert refresh_review.one(writer, RefreshReview(review.pk)).code == "unchanged"
    stage.refunded(order_id, 2_000)
    make.stock_up(sku, warehouse, 10)
    outcome = refresh_review.one(writer, RefreshReview(review.pk))
    assert outcome.facts == {"version": 2}
    assert stage.figures_of(review).sales.refund_minor == 2_000
    assert stage.figures_of(review).goods[0].left == left
    assert [row.figures["sales"]["refund_minor"] for row in Figures.objects.order_by("version")] == [0, 2_000]
    assert stage.told()[-1] == "review.review_redrawn"


def test_until_it_is_submitted_a_report_is_drawn_again_each_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = make.make_sku()
    shop = make.make_shop()
    order_id = stage.sold(shop, sku, stage.START + timedelta(hours=1))
    review = stage.drafted(stage.campaign(shop, sku))
    first = stage.due("review_redraw", review.pk)
    assert first is not None
    stage.refunded(order_id, 2_000)
    stage.at(monkeypatch, first)
    sweeper.sweep()
    assert stage.figures_of(review).sales.refund_minor == 2_000
    assert stage.due("review_redraw", review.pk) == first + timedelta(days=1)
    assert redraw_reviews.one(SYSTEM, RedrawReview(review.pk)).code == "unchanged"
    stage.submitted(review)
    assert stage.due("review_redraw", review.pk) is None
    assert refresh_review.one(SYSTEM, RefreshReview(review.pk)).code == "review_not_draft"


def test_the_words_of_people_and_their_action_items() -> None:
    review, writer = stage.drafted(), stage.person(Role.CAMPAIGN_SPECIALIST)
    owner = make.make_person(Role.WAREHOUSE)
    item = CompleteReview(
        review.pk, "力度合适", "缺货", "多备货", (stage.wish(owner), stage.wish(owner, what="改页面"))
    )
    assert complete_review.one(writer, item).changed
    assert complete_review.one(writer, item).code == "unchanged"
    assert complete_review.one(writer, replace(item, actions=item.actions[1:])).changed
    review.refresh_from_db()
    assert (review.worked, review.completed_by, review.state) == ("力度合适", writer.id, "draft")
    (action,) = ActionItem.objects.all()
    assert (action.what, action.role, action.state) == ("改页面", "warehouse", "planned")
    assert stage.due("review_action_warehouse", action.pk) is None


def test_one_batch_writes_a_report_once() -> None:
    review = stage.drafted()
    item = CompleteReview(review.pk, "好", "坏", "改", (stage.wish(),))
    outcomes = complete_review(SYSTEM, [item, item])
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
    assert ActionItem.objects.count() == 1


def test_action_items_need_words_an_owner_and_a_day_to_come() -> None:
    review, owner = stage.drafted(), make.make_person(Role.WAREHOUSE)
    today = business_time.now().date()
    wrong = {
        "review_action_without_words": ActionWish("  ", owner.pk, today + timedelta(days=2)),
        "review_action_owner_unknown": ActionWish("改", 10**9, today + timedelta(days=2)),
        "review_action_past": ActionWish("改", owner.pk, today - timedelta(days=1)),
    }
    for code, wish in wrong.items():
        assert complete_review.one(SYSTEM, CompleteReview(review.pk, actions=(wish,))).code == code
    nobody = make.make_person()
    item = CompleteReview(review.pk, actions=(stage.wish(nobody),))
    assert complete_review.one(SYSTEM, item).code == "review_action_owner_unknown"
    many = CompleteReview(review.pk, actions=(stage.wish(owner),) * 31)
    assert complete_review.one(SYSTEM, many).code == "review_actions_too_many"
    assert ActionItem.objects.count() == 0


def test_a_report_is_submitted_only_whole() -> None:
    review, writer = stage.drafted(), stage.person(Role.CAMPAIGN_SPECIALIST)
    words = {"worked": "好", "not_worked": "坏", "advice": "改"}
    lacking = ["review_worked_needed", "review_not_worked_needed", "review_advice_needed", "review_actions_needed"]
    for n, code in enumerate(lacking):
        assert submit_review.one(writer, SubmitReview(review.pk)).code == code
        parts = dict(list(words.items())[: n + 1])
        complete_review.one(writer, CompleteReview(review.pk, **parts, actions=() if n < 3 else (stage.wish(),)))
    outcomes = submit_review(writer, [SubmitReview(review.pk), SubmitReview(review.pk)])
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
    assert stage.ended("review_report") == [("done", False)]
    assert stage.due("review_approval", review.pk) == business_time.now() + timedelta(hours=24)
    assert complete_review.one(writer, CompleteReview(review.pk, "再改")).code == "review_not_draft"


def test_a_report_handed_in_late_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    review = stage.drafted()
    stage.at(monkeypatch, review.due_at + timedelta(minutes=1))
    sweeper.sweep()
    stage.submitted(review)
    assert stage.ended("review_report") == [("done", True)]


def test_another_person_approves_and_the_campaign_is_reviewed() -> None:
    writer = stage.person(Role.OPERATIONS_MANAGER)
    review = stage.submitted(by=writer)
    assert approve_review.one(writer, ApproveReview(review.pk)).code == "own_review"
    manager = stage.person(Role.OPERATIONS_MANAGER)
    outcomes = approve_review(manager, [ApproveReview(review.pk), ApproveReview(review.pk)])
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
    assert Campaign.objects.get(pk=review.campaign_id).state == "reviewed"
    action = ActionItem.objects.get()
    assert action.state == "open"
    assert stage.due("review_action_warehouse", action.pk) == action.due_at
    assert stage.due("review_meeting", review.pk) is not None
    assert stage.ended("review_approval") == [("done", False)]
    assert stage.told()[-2:] == ["review.action_opened", "review.review_approved"]


def test_a_report_that_is_not_submitted_is_not_decided() -> None:
    review, manager = stage.drafted(), stage.person(Role.OPERATIONS_MANAGER)
    assert approve_review.one(manager, ApproveReview(review.pk)).code == "review_not_submitted"
    assert return_review.one(manager, ReturnReview(review.pk, "太短")).code == "review_not_submitted"


def test_a_report_sent_back_has_time_to_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    review = stage.submitted()
    manager = stage.person(Role.OPERATIONS_MANAGER)
    assert return_review.one(manager, ReturnReview(review.pk, " ")).code == "review_reason_needed"
    late = review.due_at + timedelta(hours=1)
    stage.at(monkeypatch, late)
    assert return_review.one(manager, ReturnReview(review.pk, "缺客服反馈")).changed
    assert return_review.one(manager, ReturnReview(review.pk, "缺客服反馈")).code == "unchanged"
    review.refresh_from_db()
    assert (review.state, review.decision_reason) == ("draft", "缺客服反馈")
    assert stage.due("review_report", review.pk) == late + timedelta(hours=24)
    assert stage.due("review_redraw", review.pk) is not None
    assert submit_review.one(SYSTEM, SubmitReview(review.pk)).changed


def test_roles_and_shops_are_kept_apart() -> None:
    review = stage.drafted()
    with pytest.raises(NotAllowed):
        complete_review.one(stage.person(Role.WAREHOUSE), CompleteReview(review.pk, "好"))
    with pytest.raises(NotAllowed):
        approve_review.one(stage.person(Role.CAMPAIGN_SPECIALIST), ApproveReview(review.pk))
    elsewhere = stage.person(Role.OPERATIONS_MANAGER, shops=[make.make_shop()])
    assert refresh_review.one(elsewhere, RefreshReview(review.pk)).code == "not_found"


def test_the_database_itself_refuses_a_report_approved_by_its_writer() -> None:
    review = stage.submitted()
    with connection.cursor() as cursor, pytest.raises(Exception, match="review_approved_by_another"):
        cursor.execute(
            "UPDATE review_review SET state = 'approved', decided_by = submitted_by WHERE id = %s", [review.pk]
        )
