"""The customer's own door: expired, used, forged and another's links; two hands at once; a script in the comment."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.service.feedback.models import Recovery, Survey
from shopkeeper.flows.service.feedback.queries.links import survey_token, survey_url
from shopkeeper.foundation.personal import open_json
from shopkeeper.sop.roles import Role
from shopkeeper.web.knocks import KNOCKS
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.service.feedback import stage

pytestmark = pytest.mark.clause("S3.1")
SCRIPT = "<script>alert('x')</script>态度好"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)
    KNOCKS.forget()


def address(survey: Survey) -> str:
    return reverse("survey", args=[survey_token(survey.pk)])


def send(survey: Survey, score: str = "5", comment: str = "", client: Client | None = None) -> tuple[int, str]:
    answer = (client or Client()).post(address(survey), {"score": score, "comment": comment})
    return answer.status_code, answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh", "您对这次服务满意吗"), ("en", "How was our service")])
def test_the_page_opens_for_nobody_in_particular(language: str, words: str) -> None:
    survey = stage.asked()
    assert survey_url(survey.pk).endswith(address(survey))
    client = Client()
    client.cookies["sk_lang"] = language
    answer = client.get(address(survey))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert page.count('name="score"') == 5
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_rating_is_taken_once_and_a_reused_link_says_so() -> None:
    survey = stage.asked()
    status, page = send(survey, "4", "不错")
    assert status == 200
    assert "谢谢您的评价" in page
    status, page = send(survey, "1", "改主意了")
    assert status == 410
    assert "已经评价过" in page
    assert Client().get(address(survey)).status_code == 410
    survey.refresh_from_db()
    assert survey.score == 4
    assert open_json(survey.subject_id, bytes(survey.comment_sealed)) == {"comment": "不错"}


@pytest.mark.django_db
def test_an_expired_link_says_so_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    survey = stage.asked()
    stage.at(monkeypatch, stage.NOON + timedelta(days=8))
    for status, page in ((send(survey)), (410, Client().get(address(survey)).content.decode())):
        assert status == 410
        assert "已过期" in page
    survey.refresh_from_db()
    assert survey.score is None


@pytest.mark.django_db
def test_another_customers_link_cannot_be_made_from_ones_own() -> None:
    own, other = stage.asked(), stage.asked()
    proof = survey_token(own.pk).partition("-")[2]
    for forged in (f"{other.pk}-{proof}", f"{other.pk}-", f"{other.pk}", "0-x", f"１-{proof}", "-", "%00"):
        place = reverse("survey", args=[forged])
        assert Client().get(place).status_code == 404
        assert Client().post(place, {"score": "1"}).status_code == 404
    send(own, "5")
    other.refresh_from_db()
    assert other.score is None


@pytest.mark.django_db
@pytest.mark.parametrize("score", ["", "0", "6", "5.0", "five", "５"])
def test_without_stars_the_words_are_kept_and_nothing_is_rated(score: str) -> None:
    survey = stage.asked()
    status, page = send(survey, score, "写了很多")
    assert status == 422
    assert "写了很多" in page
    assert "请先选择" in page
    survey.refresh_from_db()
    assert survey.state == "invited"


@pytest.mark.django_db
def test_a_script_in_a_comment_is_words_wherever_it_is_shown() -> None:
    survey = stage.asked()
    status, page = send(survey, "", SCRIPT)
    assert status == 422
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert send(survey, "1", SCRIPT)[0] == 200
    client = Client()
    person = make.make_person(Role.CUSTOMER_SERVICE)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    recovery = Recovery.objects.get(survey=survey)
    for name, pk in (("feedback-survey", survey.pk), ("feedback-recovery", recovery.pk)):
        shown = client.get(reverse(name, args=[pk])).content.decode()
        assert "alert(" not in shown  # sealed until somebody says why
    revealed = client.post(
        reverse("personal-reveal", args=["feedback.survey", survey.pk]), {"reason": "处理低分", "field": "comment"}
    )
    told = revealed.content.decode()
    assert "<script>" not in told
    assert "&lt;script&gt;" in told
    assert "态度好" in told


@pytest.mark.django_db
def test_a_comment_is_cut_and_odd_bytes_do_not_break_it() -> None:
    survey = stage.asked()
    assert send(survey, "3", "好\x00" * 900)[0] == 200
    survey.refresh_from_db()
    assert len(open_json(survey.subject_id, bytes(survey.comment_sealed))["comment"]) == 900
    other = stage.asked()
    assert send(other, "3", "长" * 5_000)[0] == 200
    other.refresh_from_db()
    assert len(open_json(other.subject_id, bytes(other.comment_sealed))["comment"]) == 1_000


@pytest.mark.django_db
def test_who_knocks_too_often_waits_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    survey = stage.asked()
    monkeypatch.setattr("shopkeeper.flows.service.feedback.hooks.KNOCKS_PER_MINUTE", 2)
    codes = [Client().get(address(survey)).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.django_db
def test_a_form_of_another_site_is_refused() -> None:
    survey = stage.asked()
    assert Client(enforce_csrf_checks=True).post(address(survey), {"score": "5"}).status_code == 403


def test_two_submits_at_once_are_one_rating(fresh_db: FreshDatabase) -> None:
    survey = stage.asked()
    meet = threading.Barrier(4)
    answers: list[int] = []

    def submit(score: int) -> None:
        meet.wait(5)
        answers.append(send(survey, str(score))[0])
        connection.close()

    threads = [threading.Thread(target=submit, args=(score,)) for score in (1, 1, 5, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 410, 410, 410]
    survey.refresh_from_db()
    assert survey.state == "answered"
    assert Recovery.objects.filter(survey=survey).count() == (1 if survey.score == 1 else 0)
