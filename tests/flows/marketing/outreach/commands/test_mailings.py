"""A mailing from draft to approval: what is refused, who may decide, what is late."""

from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.marketing.outreach.commands.approve_mailings import (
    ApproveMailing,
    ReturnMailing,
    approve_mailings,
    return_mailings,
)
from shopkeeper.flows.marketing.outreach.commands.save_mailings import save_mailings
from shopkeeper.flows.marketing.outreach.commands.stop_mailings import StopMailing, stop_mailings
from shopkeeper.flows.marketing.outreach.commands.submit_mailings import SubmitMailing, submit_mailings
from shopkeeper.flows.marketing.outreach.models import Mailing
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.reactions import stop_with_campaigns
from shopkeeper.flows.products.publishing.commands.add_terms import AddTerm, add_terms
from shopkeeper.flows.products.publishing.states import Severity
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests import outreach_makers as outreach
from tests.flows.marketing.outreach import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M1.2")]
NOON = make.NOON


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


@pytest.fixture
def shop():
    return make.make_shop()


def ready(shop, buyers: int = 1, **fields):
    """A campaign and a segment with buyers who agreed."""
    for order in outreach.make_buyers(shop, buyers):
        outreach.agree(order)
    return outreach.make_campaign(shop, **fields), outreach.make_segment(shop)


def writer():
    return make.actor_with(Permission.MAILING_EDIT)


def approver():
    return make.actor_with(Permission.MAILING_APPROVE)


def test_a_draft_is_saved_rewritten_and_the_same_again_changes_nothing(shop) -> None:
    campaign, segment = ready(shop)
    item = outreach.a_mailing(campaign, segment)
    saved = save_mailings.one(writer(), item)
    again = outreach.a_mailing(campaign, segment, mailing_id=saved.id)
    assert save_mailings.one(writer(), again).code == "unchanged"
    other = outreach.a_mailing(campaign, segment, mailing_id=saved.id, text="改过的正文")
    assert save_mailings.one(writer(), other).changed
    assert Mailing.objects.get().text == "改过的正文"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "  "}, "mailing_unworded"),
        ({"signature": " 掌 "}, "mailing_unworded"),
        ({"template": ""}, "template_needed"),
        ({"channel": "email", "subject": ""}, "subject_needed"),
        ({"text": "长" * 301}, "sms_too_long"),
        ({"text": "{name}您好"}, "variables_unknown"),
        ({"planned_at": NOON}, "mailing_time_past"),
    ],
)
def test_what_cannot_be_saved_says_why(shop, fields, code) -> None:
    campaign, segment = ready(shop)
    assert save_mailings.one(writer(), outreach.a_mailing(campaign, segment, **fields)).code == code
    assert not Mailing.objects.exists()


def test_segments_of_other_shops_and_prohibited_words_are_refused(shop) -> None:
    campaign, segment = ready(shop)
    foreign = outreach.make_segment(make.make_shop())
    assert save_mailings.one(writer(), outreach.a_mailing(campaign, foreign)).code == "segment_not_of_shop"
    assert add_terms.one(SYSTEM, AddTerm("全网最低价", Severity.BLOCK, "price", "价格虚假")).ok
    refusal = save_mailings.one(writer(), outreach.a_mailing(campaign, segment, text="今晚全网最低价"))
    assert (refusal.code, refusal.facts) == ("words_prohibited", {"words": "全网最低价"})


def test_handing_in_counts_who_would_get_it_and_what_it_costs(shop) -> None:
    campaign, segment = ready(shop, buyers=3)
    outreach.make_buyers(shop, 2)  # without consent
    mailing_id = save_mailings.one(writer(), outreach.a_mailing(campaign, segment)).id
    outcome = submit_mailings.one(writer(), SubmitMailing(mailing_id))
    assert outcome.facts == {"would_get": 3, "cost_minor": 14}  # 3 messages at 45 yuan a thousand, rounded up
    assert submit_mailings.one(writer(), SubmitMailing(mailing_id)).code == "unchanged"
    due = Deadline.objects.get(kind="mailing_review")
    assert (due.subject_id, due.role, due.due_at) == (mailing_id, "operations_manager", NOON + timedelta(hours=24))


@pytest.mark.parametrize(
    ("campaign", "mailing", "code"),
    [
        ({"state": "planned"}, {}, "campaign_not_running"),
        ({"ends_at": NOON + timedelta(days=2)}, {"planned_at": NOON + timedelta(days=3)}, "mailing_after_campaign"),
        ({"budget_minor": 4}, {}, "over_message_budget"),
        ({"budget_minor": None}, {}, "over_message_budget"),
        ({}, {"channel": "email", "subject": "好物节"}, "nobody_to_write_to"),
    ],
)
def test_what_cannot_be_handed_in_says_why(shop, campaign, mailing, code) -> None:
    of, segment = ready(shop, **campaign)
    mailing_id = save_mailings.one(writer(), outreach.a_mailing(of, segment, **mailing)).id
    assert submit_mailings.one(writer(), SubmitMailing(mailing_id)).code == code
    assert Mailing.objects.get().state == "draft"


def test_another_person_approves(shop) -> None:
    campaign, segment = ready(shop)
    both = make.actor_with(Permission.MAILING_EDIT, Permission.MAILING_APPROVE)
    mailing_id = save_mailings.one(both, outreach.a_mailing(campaign, segment)).id
    assert approve_mailings.one(approver(), ApproveMailing(mailing_id)).code == "mailing_not_in_review"
    assert submit_mailings.one(writer(), SubmitMailing(mailing_id)).changed
    assert approve_mailings.one(both, ApproveMailing(mailing_id)).code == "own_mailing"
    assert approve_mailings.one(approver(), ApproveMailing(mailing_id)).changed
    assert approve_mailings.one(approver(), ApproveMailing(mailing_id)).code == "unchanged"
    assert Deadline.objects.get(kind="mailing_send").due_at == NOON + timedelta(hours=1)
    assert not Deadline.objects.filter(kind="mailing_review").exists()
    with pytest.raises(NotAllowed):
        approve_mailings.one(writer(), ApproveMailing(mailing_id))


def test_two_mailings_do_not_spend_the_same_money(shop) -> None:
    campaign, segment = ready(shop, budget_minor=8)
    first = outreach.make_mailing(outreach.a_mailing(campaign, segment), "in_review")
    second = outreach.make_mailing(outreach.a_mailing(campaign, segment, name="返场"), "in_review")
    assert approve_mailings.one(approver(), ApproveMailing(first)).changed
    refusal = approve_mailings.one(approver(), ApproveMailing(second))
    assert (refusal.code, refusal.facts) == ("over_message_budget", {"cost": "0.05", "left": "0.03"})


def test_a_mailing_is_returned_with_the_reason(shop) -> None:
    campaign, segment = ready(shop)
    mailing_id = outreach.make_mailing(outreach.a_mailing(campaign, segment), "in_review")
    assert return_mailings.one(approver(), ReturnMailing(mailing_id, " ")).code == "reason_needed"
    assert return_mailings.one(approver(), ReturnMailing(mailing_id, "力度没写清")).changed
    kept = Mailing.objects.get()
    assert (kept.state, kept.decision_reason) == ("draft", "力度没写清")
    assert return_mailings.one(approver(), ReturnMailing(mailing_id, "力度没写清")).code == "unchanged"
    assert submit_mailings.one(writer(), SubmitMailing(mailing_id)).changed


def test_an_approval_that_is_not_given_in_time_is_late(shop, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, segment = ready(shop)
    mailing_id = outreach.make_mailing(
        outreach.a_mailing(campaign, segment, planned_at=NOON + timedelta(days=2)), "in_review"
    )
    stage.at(monkeypatch, NOON + timedelta(hours=25))
    sweep()
    assert Deadline.objects.get(kind="mailing_review").late_at is not None
    assert approve_mailings.one(approver(), ApproveMailing(mailing_id)).changed
    with connection.cursor() as cursor:
        cursor.execute("SELECT was_late FROM sop_deadlineclosed WHERE kind = 'mailing_review'")
        assert cursor.fetchall() == [(True,)]


def test_whatever_waits_can_be_stopped(shop) -> None:
    campaign, segment = ready(shop)
    stopper = make.actor_with(Permission.MAILING_STOP)
    mailing_id = outreach.make_mailing(outreach.a_mailing(campaign, segment))
    assert stop_mailings.one(stopper, StopMailing(mailing_id, "")).code == "reason_needed"
    assert stop_mailings.one(stopper, StopMailing(mailing_id, "写错了时间")).changed
    assert stop_mailings.one(stopper, StopMailing(mailing_id, "写错了时间")).code == "unchanged"
    assert not Deadline.objects.filter(kind__startswith="mailing_").exists()
    assert approve_mailings.one(approver(), ApproveMailing(mailing_id)).code == "mailing_over"


def test_mailings_end_with_their_campaign(shop) -> None:
    campaign, segment = ready(shop)
    mailing_id = outreach.make_mailing(outreach.a_mailing(campaign, segment))
    happened = [_Recorded(_Ended(campaign.pk))] * 2
    stop_with_campaigns(SYSTEM, happened)
    kept = Mailing.objects.get(id=mailing_id)
    assert (kept.state, kept.stop_reason) == ("stopped", "campaign_not_running")


def two_mailings(shop) -> tuple[int, int]:
    """In review, each for more than half of what the campaign may spend on messages."""
    campaign, segment = ready(shop, budget_minor=9)
    return tuple(outreach.make_mailing(outreach.a_mailing(campaign, segment), "in_review") for _ in range(2))


def test_mailings_approved_together_share_the_money(shop) -> None:
    first, second = two_mailings(shop)
    outcomes = approve_mailings(approver(), [ApproveMailing(first), ApproveMailing(second)])
    assert [outcome.code for outcome in outcomes] == ["done", "over_message_budget"]


class _Ended:
    def __init__(self, campaign_id: int) -> None:
        self.campaign_id = campaign_id


class _Recorded:
    def __init__(self, event: _Ended) -> None:
        self.event = event


def test_rows_of_other_shops_do_not_exist(shop) -> None:
    campaign, segment = ready(shop)
    mailing_id = outreach.make_mailing(outreach.a_mailing(campaign, segment), "in_review")
    stranger = make.actor_with(*Permission, shops=[make.make_shop()])
    assert approve_mailings.one(stranger, ApproveMailing(mailing_id)).code == "not_found"
    assert save_mailings.one(stranger, outreach.a_mailing(campaign, segment)).code == "not_found"
