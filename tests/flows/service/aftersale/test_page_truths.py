"""The case page says what is so: what is under way, what is missing, whose word an answer is, which amount is which."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.service.aftersale.commands.pay_refunds import RefundAnswer, record_refund_answers
from shopkeeper.flows.service.aftersale.models import AfterSaleCase
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.states import Shot, Solution
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.aftersale import stage
from tests.flows.service.aftersale.test_pages import BOTH, page_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def agent(language: str = "zh") -> Client:
    return signed_in(Role.CUSTOMER_SERVICE, language=language)


@BOTH
def test_a_case_whose_refund_runs_offers_nothing_and_says_what_runs(language: str) -> None:
    case = stage.graded()
    page = page_of(
        signed_in(Role.OPERATIONS_SUPERVISOR, Role.CUSTOMER_SERVICE, language=language), "aftersale-case", case.pk
    )
    assert reverse("aftersale-offer", args=[case.pk]) not in page
    assert reverse("aftersale-refuse", args=[case.pk]) not in page
    assert ("已商定的方案正在执行" if language == "zh" else "What was agreed is being carried out") in page
    assert ("退款中" if language == "zh" else "the refund is on its way") in page
    # What is left of the pieces' money, not what was paid for them.
    assert ("还可退 ¥0.00" if language == "zh" else "¥0.00 can still go back") in page
    assert ("已退或在退" if language == "zh" else "Given back or on its way") in page


def test_the_offer_is_not_filled_in_for_nothing_while_evidence_is_missing() -> None:
    case = stage.opened()
    page = page_of(agent(), "aftersale-case", case.pk)
    assert "还缺有效凭证" in page
    assert "请主管说明原因后放行" in page
    assert "<fieldset disabled>" in page
    boss = page_of(signed_in(Role.OPERATIONS_SUPERVISOR, Role.CUSTOMER_SERVICE), "aftersale-case", case.pk)
    assert "<fieldset disabled>" not in boss
    assert "你可以不等凭证给方案" in boss
    stage.proven(case)
    assert "还缺有效凭证" not in page_of(agent(), "aftersale-case", case.pk)


def test_evidence_is_judged_only_while_it_decides_anything() -> None:
    case = stage.proven(stage.opened())
    assert 'name="verdict"' in page_of(agent(), "aftersale-case", case.pk)
    stage.accepted(case)
    assert 'name="verdict"' not in page_of(agent(), "aftersale-case", case.pk)


@BOTH
def test_the_buyers_answer_names_who_entered_it(language: str) -> None:
    person = make.make_person(Role.CUSTOMER_SERVICE)
    case = stage.offered()
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert (
        client.post(reverse("aftersale-answer", args=[case.pk]), {"number": "1", "answer": "accepted"}).status_code
        == 302
    )
    page = page_of(client, "aftersale-case", case.pk)
    assert (f"{person.name}（代买家登记）" if language == "zh" else f"{person.name}, entered for the buyer") in page


def test_a_case_that_waits_for_pictures_says_so_in_its_head() -> None:
    case = stage.opened()
    assert agent().post(reverse("aftersale-ask", args=[case.pk]), {"shots": [str(Shot.TAGS)]}).status_code == 302
    assert AfterSaleCase.objects.get(id=case.pk).state == "evidence"
    page = page_of(agent(), "aftersale-case", case.pk)
    head = re.search(r'<header class="sk-record-head".*?</header>', page, re.DOTALL)
    assert head is not None
    assert "等买家举证" in head[0]


@BOTH
def test_a_refund_names_the_lines_amount_as_such(language: str) -> None:
    page = page_of(agent(language), "aftersale-refund", stage.refund_of(stage.graded()).pk)
    assert ("整行实付" if language == "zh" else "Paid for the line") in page
    assert ("共 2 件" if language == "zh" else "2 pieces") in page


def test_the_work_list_says_what_only_the_buyer_can_do() -> None:
    client = agent()
    case = stage.opened()
    assert client.post(reverse("aftersale-ask", args=[case.pk]), {"shots": [str(Shot.TAGS)]}).status_code == 302
    refund = stage.refund_of(stage.graded())
    record_refund_answers.one(SYSTEM, RefundAnswer(refund.pk, "waiting", "buyer_must_ask"))
    page = client.get("/?flow=").content.decode()
    assert "给出售后方案：等买家举证" in page
    assert "退款到账：等买家在平台申请" in page


def test_a_refund_shows_what_it_rests_on_asks_once_more_and_says_who_acts_next() -> None:
    supervisor = stage.agent(Permission.OUTSIDE_POLICY)
    bare = stage.refund_of(stage.accepted(stage.opened(), Solution.REFUND_ONLY, supervisor, refund_minor=100, why="老"))
    boss = signed_in(Role.OPERATIONS_SUPERVISOR)
    page = page_of(boss, "aftersale-refund", bare.pk)
    assert "批准把 ¥1.00 退给买家" in page
    assert "这张售后单没有凭证" in page
    back = stage.refund_of(stage.graded())
    page = page_of(boss, "aftersale-refund", back.pk)
    assert "良品，重新上架" in page
    assert "在会话里或打电话请买家到平台订单页申请" in page
