"""The doors of S3: every page opens for who may, in both languages; forms reach their command; others get 403."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.service.conversations.models import Conversation
from shopkeeper.flows.service.feedback.commands.invite_surveys import InviteSurvey, invite_surveys
from shopkeeper.flows.service.feedback.commands.sign_summaries import CompleteSummary, complete_summaries
from shopkeeper.flows.service.feedback.models import DailySummary, Improvement, Problem, Recovery, Survey
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.conversations import stage as talks
from tests.flows.service.feedback import stage

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def signed_in(*roles: str, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(*roles, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@BOTH
@pytest.mark.clause("S3.1")
def test_satisfaction_shows_figures_and_ratings_without_their_words(language: str) -> None:
    shop = talks.open_shop()
    survey = stage.rated(2, "电话 13812341234", shop)
    stage.rated(5, "", shop)
    client = signed_in(Role.CUSTOMER_SERVICE, language=language)
    page = page_of(client, "feedback-surveys")
    assert f"PJ{survey.pk:010d}" in page
    assert "50.0%" in page
    assert ("满意率" if language == "zh" else "Satisfied") in page
    assert "13812341234" not in page
    assert f"PJ{survey.pk:010d}" in page_of(client, "feedback-surveys", score="low")
    assert f"PJ{survey.pk:010d}" not in page_of(client, "feedback-surveys", score="5")
    assert f"PJ{survey.pk:010d}" in page_of(client, "feedback-surveys", q=f"GD{survey.ticket_id:010d}")
    assert client.get(reverse("feedback-surveys"), {"counts": "1"}).status_code == 200
    record = page_of(client, "feedback-survey", survey.pk)
    assert "13812341234" not in record
    assert "★★☆☆☆" in record


@pytest.mark.clause("S3.1")
def test_the_agent_sees_the_link_to_pass_on_and_a_viewer_does_not() -> None:
    survey = stage.planned(stage.resolved().pk)
    assert invite_surveys.one(SYSTEM, InviteSurvey(survey.pk)).changed
    agent = signed_in(Role.CUSTOMER_SERVICE)
    assert f"/survey/{survey.pk}-" in page_of(agent, "feedback-survey", survey.pk)
    assert f"/survey/{survey.pk}-" not in page_of(signed_in(Role.DATA_SPECIALIST), "feedback-survey", survey.pk)
    assert agent.post(reverse("feedback-survey-pass-on", args=[survey.pk])).status_code == 302
    survey.refresh_from_db()
    assert survey.state == "invited"
    assert f"/survey/{survey.pk}-" not in page_of(agent, "feedback-survey", survey.pk)


@BOTH
@pytest.mark.clause("S3.1")
def test_a_recovery_is_recorded_on_its_page(language: str) -> None:
    recovery = stage.low()
    client = signed_in(Role.CUSTOMER_SERVICE, language=language)
    assert "data-due=" in page_of(client, "feedback-recoveries")
    page_of(client, "feedback-recovery", recovery.pk)
    place = reverse("feedback-recovery-record", args=[recovery.pk])
    refused = client.post(place, {"attempt": "1", "outcome": "explained", "note": ""})
    assert refused.status_code == 422
    assert ("请写明与客户沟通" if language == "zh" else "Note what was said") in refused.content.decode()
    assert client.post(place, {"attempt": "1", "outcome": "explained", "note": "补寄了一件"}).status_code == 302
    recovery.refresh_from_db()
    assert recovery.state == "done"
    assert "补寄了一件" not in page_of(client, "feedback-recovery", recovery.pk)


@pytest.mark.clause("S3.1")
def test_a_recovery_leads_to_the_customer_and_says_both_numbers() -> None:
    recovery = stage.low()
    survey = recovery.survey
    assert survey.ticket is not None
    page = page_of(signed_in(Role.CUSTOMER_SERVICE), "feedback-recovery", recovery.pk)
    head = page[page.index("sk-record-head") : page.index("</header>", page.index("sk-record-head"))]
    assert survey.ticket.number in head and f"PJ{survey.pk:010d}" in head
    talk = Conversation.objects.get(ticket_id=survey.ticket_id)
    assert f"{reverse('conversations-desk')}?open={talk.pk}" in page
    assert reverse("tickets-ticket", args=[survey.ticket_id]) in page


@pytest.mark.clause("S3.1")
def test_a_recovery_without_a_conversation_shows_the_masked_phone() -> None:
    ticket = stage.resolved(customer_phone="13812345678")
    survey = stage.planned(ticket.pk)
    Survey.objects.filter(pk=survey.pk).update(score=1)
    recovery = Recovery.objects.create(
        survey=survey,
        shop=ticket.shop,
        subject_id=survey.subject_id,
        score=1,
        state_at=make.NOON,
        opened_at=make.NOON,
        due_at=make.NOON,
    )
    page = page_of(signed_in(Role.CUSTOMER_SERVICE), "feedback-recovery", recovery.pk)
    assert ticket.customer_phone_masked in page
    assert "13812345678" not in page
    assert reverse("personal-reveal", kwargs={"kind": "tickets.ticket", "record_id": ticket.pk}) in page
    Ticket.objects.filter(pk=ticket.pk).update(customer_phone_masked="")
    page = page_of(signed_in(Role.CUSTOMER_SERVICE), "feedback-recovery", recovery.pk)
    assert "请到平台的聊天工具里联系买家" in page


@pytest.mark.clause("S3.2")
def test_an_improvements_example_is_a_link_for_who_may_open_it(monkeypatch: pytest.MonkeyPatch) -> None:
    task = stage.improving(stage.a_problem(monkeypatch))
    example = reverse("tickets-ticket", args=[task.problem.examples[0]])
    assert example in page_of(signed_in(Role.OPERATIONS_SUPERVISOR), "feedback-improvement", task.pk)
    ticket = Ticket.objects.get(pk=task.problem.examples[0])
    page = page_of(signed_in(Role.WAREHOUSE), "feedback-improvement", task.pk)  # may not open it: what it was about
    assert example not in page and ticket.number in page
    assert all(f"“{word}”" in page for word in ticket.suggestion_words) and ticket.suggestion_words
    assert ticket.order_id is None or f"JY{ticket.order_id:010d}" in page


@BOTH
@pytest.mark.clause("S3.2")
def test_a_summary_is_completed_signed_and_printed(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    problem = stage.a_problem(monkeypatch)
    summary = problem.summary
    agent = signed_in(Role.CUSTOMER_SERVICE, language=language)
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR, language=language)
    assert problem.shop.name in page_of(agent, "feedback-summaries")
    page = page_of(agent, "feedback-summary", summary.pk)
    assert "纯棉白T恤" in page
    assert ("新出现" if language == "zh" else "New") in page
    complete = reverse("feedback-summary-complete", args=[summary.pk])
    assert agent.post(complete, {"remarks": " "}).status_code == 422
    assert agent.post(complete, {"remarks": "<b>尺码</b>集中在新款"}).status_code == 302
    assert "&lt;b&gt;" in page_of(supervisor, "feedback-summary", summary.pk)
    assert supervisor.post(reverse("feedback-summary-sign", args=[summary.pk])).status_code == 302
    summary.refresh_from_db()
    assert summary.state == "signed"
    pdf = agent.get(reverse("feedback-summary-document", args=[summary.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF-")
    sheet = agent.get(reverse("feedback-summary-document", args=[summary.pk, "xlsx"]))
    with zipfile.ZipFile(io.BytesIO(sheet.content)) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert "纯棉白T恤" in cells
    assert f"GD{problem.examples[0]:010d}" in cells
    assert agent.get(reverse("feedback-summary-document", args=[summary.pk, "docx"])).status_code == 404


@pytest.mark.clause("S3.2")
def test_who_wrote_the_remarks_sees_why_they_cannot_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = stage.a_problem(monkeypatch).summary
    person = make.make_person(Role.OPERATIONS_SUPERVISOR)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("feedback-summary-complete", args=[summary.pk]), {"remarks": "正常"}).status_code == 302
    assert "请客服核对后再保存一次" in page_of(client, "feedback-summary", summary.pk)


@pytest.mark.clause("S3.2")
def test_who_is_to_sign_is_not_offered_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose remarks they are does not sign them: a correction would lock the only supervisor out."""
    summary = stage.a_problem(monkeypatch).summary
    agent, supervisor = signed_in(Role.CUSTOMER_SERVICE), signed_in(Role.OPERATIONS_SUPERVISOR)
    complete = reverse("feedback-summary-complete", args=[summary.pk])
    assert complete in page_of(supervisor, "feedback-summary", summary.pk), "nobody wrote them yet: they may"
    assert agent.post(complete, {"remarks": "正常"}).status_code == 302
    shown = page_of(supervisor, "feedback-summary", summary.pk)
    assert complete not in shown
    assert "签发的人不写" in shown
    assert complete in page_of(agent, "feedback-summary", summary.pk)


@BOTH
@pytest.mark.clause("S3.2")
def test_a_task_goes_from_the_summary_to_its_owner_and_back(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    problem = stage.a_problem(monkeypatch)
    agent = signed_in(Role.CUSTOMER_SERVICE, language=language)
    place = reverse("feedback-improve", args=[problem.summary_id, problem.pk])
    assert 'value="product_specialist" selected' in agent.get(place).content.decode()
    form = {"owner": "product_specialist", "what": "核对尺码表", "due_at": "2020-01-01T18:00"}
    assert agent.post(place, form).status_code == 422
    assert agent.post(place, {**form, "due_at": "2026-06-03T18:00"}).status_code == 302
    task = Improvement.objects.get(problem=problem)
    assert f"GJ{task.pk:010d}" in page_of(agent, "feedback-summary", problem.summary_id)
    others = signed_in(Role.WAREHOUSE, language=language)
    assert 'name="reply"' not in page_of(others, "feedback-improvement", task.pk)
    reply = reverse("feedback-improvement-reply", args=[task.pk])
    assert others.post(reply, {"reply": "代回"}).status_code == 422
    owner = signed_in(Role.PRODUCT_SPECIALIST, language=language)
    assert f"GJ{task.pk:010d}" in page_of(owner, "feedback-improvements", owner="product_specialist")
    assert 'name="reply"' in page_of(owner, "feedback-improvement", task.pk)
    assert owner.post(reply, {"reply": "已改尺码表"}).status_code == 302
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR, language=language)
    measure = reverse("feedback-improvement-measure", args=[task.pk])
    assert supervisor.post(measure).status_code == 422
    stage.at(monkeypatch, business_time.now() + timedelta(days=7))
    assert supervisor.post(measure).status_code == 302
    page_of(supervisor, "feedback-improvement", task.pk)
    assert supervisor.post(reverse("feedback-improvement-close", args=[task.pk]), {}).status_code == 302
    task.refresh_from_db()
    assert task.state == "closed"
    assert f"GJ{task.pk:010d}" in page_of(supervisor, "feedback-improvements", tab="closed")


@BOTH
@pytest.mark.clause("S3.1", "S3.2")
def test_empty_lists_say_what_belongs_there(language: str) -> None:
    client = signed_in(Role.OPERATIONS_SUPERVISOR, language=language)
    said = {
        "feedback-surveys": ("还没有评价", "No ratings yet"),
        "feedback-recoveries": ("没有需要挽回", "Nobody to win back"),
        "feedback-summaries": ("还没有工单日报", "No summaries yet"),
        "feedback-improvements": ("这里没有改进任务", "No improvements here"),
    }
    for name, (zh, en) in said.items():
        assert (zh if language == "zh" else en) in page_of(client, name)


@pytest.mark.clause("S3.1", "S3.2")
def test_others_and_other_shops_see_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = talks.open_shop()
    recovery = stage.low(shop=shop)
    problem = stage.a_problem(monkeypatch, shop)
    task = stage.improving(problem)
    stranger = signed_in(Role.OPERATIONS_SUPERVISOR, shops=[make.make_shop()])
    nobody = signed_in(Role.DESIGN)
    places = {
        "feedback-survey": recovery.survey_id,
        "feedback-recovery": recovery.pk,
        "feedback-summary": problem.summary_id,
        "feedback-improvement": task.pk,
    }
    for name, pk in places.items():
        assert stranger.get(reverse(name, args=[pk])).status_code == 404
        assert nobody.get(reverse(name, args=[pk])).status_code == 403
    for name in ("feedback-surveys", "feedback-recoveries", "feedback-summaries", "feedback-improvements"):
        assert shop.name not in page_of(stranger, name)
        assert nobody.get(reverse(name)).status_code == 403
    assert stranger.get(reverse("feedback-improve", args=[problem.summary_id, problem.pk])).status_code == 404
    assert stranger.get(reverse("feedback-summary-document", args=[problem.summary_id, "pdf"])).status_code == 404


@pytest.mark.clause("S3.2")
def test_a_hostile_name_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and remarks are text on the paper, whatever they look like."""
    problem = stage.a_problem(monkeypatch, make.make_shop(name="#panic() $x$ <店> " + "长" * 60))
    assert isinstance(problem, Problem)
    assert complete_summaries.one(SYSTEM, CompleteSummary(problem.summary_id, "#include \u202e" + "字" * 1_900)).changed
    client = signed_in(Role.OPERATIONS_SUPERVISOR, language="en")
    answer = client.get(reverse("feedback-summary-document", args=[problem.summary_id, "pdf"]))
    assert answer.content.startswith(b"%PDF-")
    assert DailySummary.objects.get(pk=problem.summary_id).state == "completed"
