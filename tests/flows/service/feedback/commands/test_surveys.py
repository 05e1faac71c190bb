"""S3.1: who is asked, how the invitation reaches them, once; what they answer is kept, and a low score acted on."""

from datetime import timedelta

import pytest

from shopkeeper.flows.service.aftersale.models import AfterSaleCase
from shopkeeper.flows.service.conversations.models import Conversation, Message
from shopkeeper.flows.service.feedback.commands.invite_surveys import (
    InviteSurvey,
    PassOnSurvey,
    invite_surveys,
    pass_on_surveys,
)
from shopkeeper.flows.service.feedback.commands.plan_surveys import (
    PlanCaseSurvey,
    PlanSurvey,
    plan_case_surveys,
    plan_surveys,
)
from shopkeeper.flows.service.feedback.commands.submit_surveys import (
    ExpireSurvey,
    SubmitSurvey,
    expire_surveys,
    submit_surveys,
)
from shopkeeper.flows.service.feedback.models import Recovery, Survey
from shopkeeper.flows.service.feedback.queries.links import survey_url
from shopkeeper.flows.service.tickets.commands.end_tickets import (
    ReopenTicket,
    ResolveTicket,
    reopen_tickets,
    resolve_tickets,
)
from shopkeeper.flows.service.tickets.commands.take_tickets import TakeTicket, take_tickets
from shopkeeper.flows.service.tickets.states import Resolution
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.personal import destroy_keys, open_json
from shopkeeper.sop.models import PolicyValue
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.service.aftersale import stage as cases
from tests.flows.service.conversations import stage as talks
from tests.flows.service.feedback import stage
from tests.flows.service.tickets.stage import all_events, events_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S3.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def set_policy(key: str, value: object) -> None:
    PolicyValue.objects.create(key=key, value=value, set_at=stage.NOON, set_by=0, reason="试")


def invited(survey: Survey) -> Survey:
    assert invite_surveys.one(SYSTEM, InviteSurvey(survey.pk)).changed
    survey.refresh_from_db()
    return survey


def test_a_resolved_ticket_is_asked_about_once_after_the_minutes() -> None:
    ticket = stage.resolved()
    first, second = plan_surveys(SYSTEM, [PlanSurvey(ticket.pk), PlanSurvey(ticket.pk)])
    assert (first.changed, second.changed) == (True, False)
    survey = Survey.objects.get(ticket=ticket)
    assert stage.due("survey_invite", survey.pk) == stage.NOON + timedelta(minutes=30)
    assert not plan_surveys.one(SYSTEM, PlanSurvey(ticket.pk)).changed


def test_silence_doubles_and_policy_decide_whom_we_ask() -> None:
    silent = stage.resolved(resolution=Resolution.NO_ANSWER)
    assert not plan_surveys.one(SYSTEM, PlanSurvey(silent.pk)).changed
    set_policy("survey_tickets", "all")
    assert plan_surveys.one(SYSTEM, PlanSurvey(silent.pk)).changed
    set_policy("survey_tickets", "none")
    assert not plan_surveys.one(SYSTEM, PlanSurvey(stage.resolved().pk)).changed


@pytest.mark.parametrize("channel", ["widget", "platform"])
def test_the_invitation_is_a_line_of_the_systems_and_no_reply(channel: str) -> None:
    shop = talks.open_shop()
    talk = stage.chat(shop, channel=channel)
    before = Conversation.objects.get(pk=talk.pk)
    survey = invited(stage.planned(talk.ticket_id))
    assert (survey.state, survey.way, survey.invited_at) == ("invited", channel, stage.NOON)
    line = Message.objects.filter(conversation=talk).latest("sequence")
    assert line.sender == "bot"
    assert survey_url(survey.pk) in open_json(line.subject_id, bytes(line.body_sealed))["text"]
    after = Conversation.objects.get(pk=talk.pk)
    assert (after.replied_at, after.replied_by, after.state) == (before.replied_at, before.replied_by, "ended")
    assert line.delivery == ("pending" if channel == "platform" else "")
    assert stage.due("survey_invite", survey.pk) is None
    assert stage.due("survey_expiry", survey.pk) == stage.NOON + timedelta(days=7)
    assert not invite_surveys.one(SYSTEM, InviteSurvey(survey.pk)).changed
    assert Message.objects.filter(conversation=talk, client_id=f"survey:{survey.pk}").count() == 1
    assert survey_url(survey.pk) not in all_events()


def test_the_sweeper_sends_it_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    survey = stage.planned(stage.chat(talks.open_shop()).ticket_id)
    stage.at(monkeypatch, stage.NOON + timedelta(minutes=31))
    sweep()
    survey.refresh_from_db()
    assert survey.state == "invited"


def test_who_has_no_chat_gets_the_link_from_an_agent() -> None:
    survey = invited(stage.planned(stage.resolved().pk))
    assert (survey.state, survey.way, survey.invited_at) == ("by_hand", "hand", None)
    agent = stage.person(Role.CUSTOMER_SERVICE)
    assert pass_on_surveys.one(agent, PassOnSurvey(survey.pk)).changed
    assert not pass_on_surveys.one(agent, PassOnSurvey(survey.pk)).changed
    survey.refresh_from_db()
    assert (survey.state, survey.invited_at) == ("invited", stage.NOON)


def test_what_is_not_for_agents_is_refused_to_be_passed_on() -> None:
    survey = stage.planned(stage.resolved().pk)
    outcome = pass_on_surveys.one(stage.person(Role.CUSTOMER_SERVICE), PassOnSurvey(survey.pk))
    assert outcome.code == "survey_not_by_hand"


def test_one_customer_is_asked_once_in_the_policys_days(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = talks.open_shop()
    first = invited(stage.planned(stage.chat(shop, customer="anna").ticket_id))
    second = stage.planned(stage.chat(shop, customer="anna", client_id="again").ticket_id)
    other = stage.planned(stage.chat(shop, customer="bert").ticket_id)
    outcomes = invite_surveys(SYSTEM, [InviteSurvey(second.pk), InviteSurvey(other.pk)])
    assert [outcome.changed for outcome in outcomes] == [False, True]
    second.refresh_from_db()
    assert (second.state, second.skip_reason) == ("skipped", "asked_recently")
    assert first.state == "invited"
    stage.at(monkeypatch, stage.NOON + timedelta(days=8))
    third = stage.planned(stage.chat(shop, customer="anna", client_id="later").ticket_id)
    assert invited(third).state == "invited"


def test_two_surveys_of_one_customer_in_one_batch_are_one_invitation() -> None:
    shop = talks.open_shop()
    both = [stage.planned(stage.chat(shop, customer="anna", client_id=f"c{n}").ticket_id) for n in range(2)]
    outcomes = invite_surveys(SYSTEM, [InviteSurvey(survey.pk) for survey in both])
    assert [outcome.changed for outcome in outcomes] == [True, False]


def test_a_reopened_ticket_is_asked_about_when_it_is_settled_for_good() -> None:
    ticket = stage.resolved()
    survey = stage.planned(ticket.pk)
    assert reopen_tickets.one(SYSTEM, ReopenTicket(ticket.pk, "又来问")).changed
    assert not invite_surveys.one(SYSTEM, InviteSurvey(survey.pk)).changed
    survey.refresh_from_db()
    assert (survey.state, survey.skip_reason) == ("skipped", "reopened")
    ticket.refresh_from_db()
    if ticket.state == "open":
        assert take_tickets.one(stage.person(Role.CUSTOMER_SERVICE), TakeTicket(ticket.pk)).changed
    assert resolve_tickets.one(SYSTEM, ResolveTicket(ticket.pk, Resolution.ANSWERED)).changed
    assert plan_surveys.one(SYSTEM, PlanSurvey(ticket.pk)).changed
    assert Survey.objects.filter(ticket=ticket).count() == 1
    survey.refresh_from_db()
    assert survey.state == "planned"


def test_an_erased_customer_is_left_alone() -> None:
    survey = stage.planned(stage.chat(talks.open_shop()).ticket_id)
    destroy_keys([survey.subject_id], now=stage.NOON)
    assert not invite_surveys.one(SYSTEM, InviteSurvey(survey.pk)).changed
    survey.refresh_from_db()
    assert survey.skip_reason == "erased"


def test_a_settled_case_without_a_ticket_is_asked_about_too() -> None:
    case = cases.opened()
    assert isinstance(case, AfterSaleCase)
    first, second = plan_case_surveys(SYSTEM, [PlanCaseSurvey(case.pk), PlanCaseSurvey(case.pk)])
    assert (first.changed, second.changed) == (True, False)
    assert invited(Survey.objects.get(case=case)).way == "hand"
    ticket = stage.resolved()
    AfterSaleCase.objects.filter(pk=case.pk).update(ticket_id=ticket.pk)
    Survey.objects.filter(case=case).delete()
    assert not plan_case_surveys.one(SYSTEM, PlanCaseSurvey(case.pk)).changed


def test_a_rating_is_kept_sealed_and_counts_once() -> None:
    survey = stage.asked()
    words = "客服小王很耐心 13812341234"
    assert submit_surveys.one(SYSTEM, SubmitSurvey(survey.pk, 5, words)).changed
    assert not submit_surveys.one(SYSTEM, SubmitSurvey(survey.pk, 1, "改成一星")).changed
    survey.refresh_from_db()
    assert (survey.score, survey.state, survey.has_comment) == (5, "answered", True)
    assert open_json(survey.subject_id, bytes(survey.comment_sealed)) == {"comment": words}
    assert words.encode() not in bytes(survey.comment_sealed)
    assert words not in all_events()
    assert stage.due("survey_expiry", survey.pk) is None
    assert not Recovery.objects.exists()
    assert events_of("feedback.survey_answered")[0]["score"] == 5
    assert "13812341234" not in repr(SubmitSurvey(survey.pk, 5, words))


def test_a_low_score_is_somebodys_task_at_once() -> None:
    recovery = stage.low("态度差")
    assert (recovery.score, recovery.state) == (1, "open")
    assert stage.due("recovery", recovery.pk) == stage.NOON + timedelta(hours=24)
    set_policy("survey_low_score", 1)
    assert not Recovery.objects.filter(survey=stage.rated(2)).exists()


def test_an_expired_link_takes_no_rating(monkeypatch: pytest.MonkeyPatch) -> None:
    survey = stage.asked()
    assert not expire_surveys.one(SYSTEM, ExpireSurvey(survey.pk)).changed
    stage.at(monkeypatch, stage.NOON + timedelta(days=7))
    assert submit_surveys.one(SYSTEM, SubmitSurvey(survey.pk, 5)).code == "survey_expired"
    sweep()
    survey.refresh_from_db()
    assert survey.state == "expired"
    assert submit_surveys.one(SYSTEM, SubmitSurvey(survey.pk, 5)).code == "survey_expired"


def test_who_was_not_asked_cannot_rate() -> None:
    survey = stage.planned(stage.resolved().pk)
    assert submit_surveys.one(SYSTEM, SubmitSurvey(survey.pk, 5)).code == "survey_not_open"


def test_a_comment_of_an_erased_customer_is_not_kept() -> None:
    survey = stage.asked()
    destroy_keys([survey.subject_id], now=stage.NOON)
    assert submit_surveys.one(SYSTEM, SubmitSurvey(survey.pk, 4, "谢谢")).changed
    survey.refresh_from_db()
    assert (survey.score, survey.has_comment) == (4, False)


def test_statements_do_not_grow_with_the_batch(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    shop = make.make_shop()
    items = [PlanSurvey(stage.resolved(shop).pk) for _ in range(6)]
    with django_assert_max_num_queries(14):
        assert all(outcome.changed for outcome in plan_surveys(SYSTEM, items))
    surveys = [InviteSurvey(pk) for pk in Survey.objects.values_list("pk", flat=True)]
    with django_assert_max_num_queries(22):
        assert all(outcome.changed for outcome in invite_surveys(SYSTEM, surveys))
