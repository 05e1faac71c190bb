"""The doors of O4: every page opens for who may, in both languages; forms reach their command; others get 403."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.flows.fulfilment.settlement.events import BuyerReportedProblem
from shopkeeper.flows.fulfilment.settlement.models import DayClose, FollowUp
from shopkeeper.flows.service.aftersale.commands.open_aftersale import OpenAfterSale, open_aftersale
from shopkeeper.flows.service.aftersale.states import Reason
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.flows.service.tickets.reactions import take_up_problems
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import open_json
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.fulfilment.settlement import stage
from tests.flows.fulfilment.settlement.commands.test_settlement import doubted_order

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O4.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def signed_in(*roles: str, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    person = make.make_person(*roles, shops=shops)
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def settled(shop: Shop) -> int:
    order_id = stage.completed_order(shop)
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).changed
    return stage.settlement_of(order_id).pk


@pytest.mark.parametrize("language", ["zh", "en"])
def test_finance_reads_list_record_and_day(language: str) -> None:
    shop = make.make_shop()
    settlement_id = settled(shop)
    order_id = doubted_order(shop, "cost_unknown")
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    finance = signed_in(Role.FINANCE, language=language)
    page = finance.get(reverse("settlement-list"), {"tab": "settled"}).content.decode()
    assert "¥" in page or "95.00" in page
    assert "JY" in page
    assert finance.get(reverse("settlement-list"), {"counts": "1"}).status_code == 200
    record = finance.get(reverse("settlement-record", args=[settlement_id])).content.decode()
    assert ("应收平台款" if language == "zh" else "Receivable from platform") in record
    review = finance.get(reverse("settlement-record", args=[stage.settlement_of(order_id).pk])).content.decode()
    assert 'name="cost_minor"' in review
    days = finance.get(reverse("settlement-days"), {"day": "2026-06-01"}).content.decode()
    assert ("借贷平衡" if language == "zh" else "Balanced") in days


def test_pasted_numbers_and_filters_narrow_the_list() -> None:
    shop, other = make.make_shop(), make.make_shop()
    wanted = stage.settlement_of(stage.completed_order(shop))
    stage.completed_order(other)
    finance = signed_in(Role.FINANCE)
    number = f"JY{wanted.order_id:010d}"
    for params in ({"q": number}, {"q": f"{number} NOPE"}, {"shop": str(shop.pk)}):
        page = finance.get(reverse("settlement-list"), {"tab": "due", **params}).content.decode()
        assert page.count('data-copy="JY') == 1, params
    none = {"tab": "due", "completed_from": "2026-06-02"}
    assert "JY0" not in finance.get(reverse("settlement-list"), none).content.decode()


def test_the_list_goes_out_as_a_workbook() -> None:
    settled(make.make_shop())
    answer = signed_in(Role.FINANCE).get(reverse("settlement-list"), {"tab": "settled", "export": "1"})
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert str(rows[1][0]).startswith("JY")
    assert rows[1][12] == 95.0


def test_chosen_orders_are_settled_from_the_list() -> None:
    settlement = stage.settlement_of(stage.completed_order(make.make_shop()))
    finance = signed_in(Role.FINANCE)
    assert finance.post(reverse("settlement-settle"), {"ids": settlement.pk}).status_code == 302
    settlement.refresh_from_db()
    assert settlement.state == "settled"


def test_all_that_match_are_settled() -> None:
    shop = make.make_shop()
    orders = [stage.completed_order(shop) for _ in range(2)]
    signed_in(Role.FINANCE).post(reverse("settlement-settle"), {"all_matching": "1", "list_query": "?tab=due"})
    assert {stage.settlement_of(order_id).state for order_id in orders} == {"settled"}


def test_finance_decides_on_the_record() -> None:
    order_id = doubted_order(make.make_shop(), "cost_unknown")
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    settlement = stage.settlement_of(order_id)
    finance = signed_in(Role.FINANCE)
    url = reverse("settlement-approve", args=[settlement.pk])
    wrong = finance.post(url, {"doubt": "cost_unknown", "reason": "供应商报价", "cost_minor": ""})
    assert wrong.status_code == 422
    assert "供应商报价" in wrong.content.decode()
    right = finance.post(url, {"doubt": "cost_unknown", "reason": "供应商报价", "cost_minor": "40.50"})
    assert right.status_code == 302
    settlement.refresh_from_db()
    assert (settlement.state, settlement.cost_minor) == ("settled", 4_050)


def test_signing_names_the_sums_and_is_offered_only_where_it_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    empty, shop = make.make_shop(), make.make_shop()
    settled(shop)
    finance = signed_in(Role.FINANCE)
    running = finance.get(reverse("settlement-days"), {"day": "2026-06-01"}).content.decode()
    assert "签字日结" not in running
    assert "当天结束后才能日结" in running
    stage.at(monkeypatch, make.NOON + timedelta(days=1))
    page = finance.get(reverse("settlement-days"), {"shop": shop.pk}).content.decode()
    assert page.count('name="shop_id"') == 1
    assert "签字后这一天不能再改" in page
    assert "没有入账，无需签字" in page
    rows = page[page.index("<tbody>") :]
    assert rows.index(shop.name) < rows.index(empty.name)
    assert rows.index('aria-current="true"') < rows.index(shop.name)
    income = page[page.index("当日收入") :]
    assert "</small>100.00</span>" in income[:400]


def test_a_day_is_signed_once_by_two_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    settled(shop)
    stage.at(monkeypatch, make.NOON + timedelta(days=1))
    finance = signed_in(Role.FINANCE)
    form = {"shop_id": shop.pk, "day": "2026-06-01", "form_token": "abc"}
    for _ in range(2):
        assert finance.post(reverse("settlement-close-day"), form).status_code == 302
    assert DayClose.objects.count() == 1
    assert "已签字" in finance.get(reverse("settlement-days"), {"day": "2026-06-01"}).content.decode()


def follow_up(monkeypatch: pytest.MonkeyPatch) -> FollowUp:
    order_id = stage.watched_order(make.make_shop())
    stage.at(monkeypatch, make.NOON + timedelta(days=7))
    sweep()
    return FollowUp.objects.get(order_id=order_id)


@pytest.mark.clause("O4.2")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_customer_service_sees_script_and_form_on_one_screen(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    found = follow_up(monkeypatch)
    agent = signed_in(Role.CUSTOMER_SERVICE, language=language)
    assert f"JY{found.order_id:010d}" in agent.get(reverse("settlement-followups")).content.decode()
    page = agent.get(reverse("settlement-followup", args=[found.pk])).content.decode()
    assert ("您好" if language == "zh" else "Hello, this is") in page
    assert 'name="note"' in page
    assert 'value="will_confirm"' in page
    assert "13812341234" not in page
    assert "张**" in page


@pytest.mark.clause("O4.2")
def test_the_answer_is_recorded_from_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    found = follow_up(monkeypatch)
    agent = signed_in(Role.CUSTOMER_SERVICE)
    url = reverse("settlement-followup-answer", args=[found.pk])
    refused = agent.post(url, {"attempt": "1", "outcome": "has_problem", "note": ""})
    assert refused.status_code == 422
    assert "请写明买家反馈的问题" in refused.content.decode()
    assert agent.post(url, {"attempt": "1", "outcome": "has_problem", "note": "少发一件"}).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.outcome) == ("answered", "has_problem")
    page = agent.get(reverse("settlement-followup", args=[found.pk])).content.decode()
    assert "少发一件" not in page


@pytest.mark.clause("O4.2")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_buyer_in_after_sale_is_not_asked_to_confirm(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    found = follow_up(monkeypatch)
    agent = signed_in(Role.CUSTOMER_SERVICE, language=language)
    url = reverse("settlement-followup", args=[found.pk])
    words = "不要请买家确认收货" if language == "zh" else "do not ask the buyer to confirm"
    assert words not in agent.get(url).content.decode()
    case = open_aftersale.one(SYSTEM, OpenAfterSale(found.order_id, Reason.NO_REASON))
    page = agent.get(url).content.decode()
    assert words in page
    assert reverse("aftersale-case", args=[case.id]) in page


@pytest.mark.clause("O4.2")
def test_a_problem_is_a_ticket_and_the_page_leads_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = follow_up(monkeypatch)
    agent = signed_in(Role.CUSTOMER_SERVICE)
    url = reverse("settlement-followup", args=[found.pk])
    answer = {"attempt": "1", "outcome": "has_problem", "note": "少发一件"}
    said = agent.post(reverse("settlement-followup-answer", args=[found.pk]), answer)
    assert said.headers["Location"] == url
    page = agent.get(url).content.decode()
    assert "正在为买家的问题建工单" in page
    assert reverse("aftersale-new") in page
    told = Recorded(1, 1, BuyerReportedProblem(found.pk, found.order_id, found.shop_id), make.NOON, 0, "O4.2")
    for _ in range(2):  # heard twice, one ticket
        take_up_problems(SYSTEM, [told])
    ticket = Ticket.objects.get(order_id=found.order_id)
    assert (ticket.channel, ticket.kind, ticket.shop_id) == ("phone", "quality", found.shop_id)
    assert "少发一件" in open_json(ticket.subject_id, bytes(ticket.words_sealed))["text"]
    page = agent.get(url).content.decode()
    assert ticket.number in page
    assert f"ticket={ticket.pk}" in page


def test_who_may_not_gets_403_and_strangers_404(monkeypatch: pytest.MonkeyPatch) -> None:
    settlement_id = settled(make.make_shop())
    found = follow_up(monkeypatch)
    packer = signed_in(Role.WAREHOUSE)
    for name, args in (
        ("settlement-list", []),
        ("settlement-days", []),
        ("settlement-record", [settlement_id]),
        ("settlement-followups", []),
        ("settlement-followup", [found.pk]),
    ):
        assert packer.get(reverse(name, args=args)).status_code == 403, name
    stranger = signed_in(Role.FINANCE, Role.CUSTOMER_SERVICE, shops=[make.make_shop()])
    assert stranger.get(reverse("settlement-record", args=[settlement_id])).status_code == 404
    assert stranger.get(reverse("settlement-followup", args=[found.pk])).status_code == 404
    assert "JY0" not in stranger.get(reverse("settlement-list"), {"tab": "all"}).content.decode()


def test_lists_cost_the_same_for_one_and_many_rows() -> None:
    shop, counts = make.make_shop(), []
    finance = signed_in(Role.FINANCE)
    for _ in range(2):
        stage.completed_order(shop)
        finance.get(reverse("settlement-list"), {"tab": "due"})
        with CaptureQueriesContext(connection) as captured:
            finance.get(reverse("settlement-list"), {"tab": "due"})
        counts.append(len(captured))
        for _ in range(3):
            stage.completed_order(shop)
    assert counts[0] == counts[1]
