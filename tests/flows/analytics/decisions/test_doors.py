"""The doors of decisions: the list with its workbook, the chain on one page, tasks, the API."""

import io
import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.flows.analytics.decisions.models import Decision, DecisionTask, Finding
from shopkeeper.flows.analytics.decisions.ports import figure_source
from shopkeeper.flows.analytics.decisions.queries.figures import ReportFigures
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.analytics.decisions import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D3")]
NOON = make.NOON
FORM = {"metric": "return_rate", "first_day": "2026-05-25", "last_day": "2026-05-31", "words": "退货率升了三个点"}
DECISION = {
    "what": "核对尺码表", "reason": "尺码占六成", "expected_typed": "5", "expected_words": "回到上周水平",
    "measure_on": "2026-06-09",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch, figures) -> None:
    stage.at(monkeypatch, NOON)
    figures.values = {("return_rate", date(2026, 5, 25)): 800, ("return_rate", date(2026, 6, 2)): 600}


@pytest.fixture
def shop():
    return make.make_shop()


def signed_in(*roles: str, shops=None) -> Client:
    client = Client()
    client.force_login(make.make_person(*roles, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def recorded(shop) -> int:
    analyst = signed_in(Role.DATA_SPECIALIST)
    answer = analyst.post(reverse("decisions-record-finding"), {**FORM, "shop_id": shop.pk})
    assert answer.status_code == 302, answer.content.decode()
    return Finding.objects.latest("id").pk


def decided(shop) -> int:
    finding_id = recorded(shop)
    answer = signed_in(Role.OPERATIONS_MANAGER).post(reverse("decisions-decide", args=[finding_id]), DECISION)
    assert answer.status_code == 302, answer.content.decode()
    return finding_id


def test_a_reports_figure_brings_metric_and_days_along(shop) -> None:
    asked = {"metric_id": "return_rate", "first_day": "2026-05-25", "last_day": "2026-05-31", "shop_id": shop.pk}
    page = signed_in(Role.DATA_SPECIALIST).get(reverse("decisions-record-finding"), asked).content.decode()
    assert 'value="2026-05-25"' in page
    assert '<option value="return_rate" selected>' in page


def test_a_single_day_is_shown_beside_the_same_weekday_a_week_before(shop, figures) -> None:
    figures.values |= {("paid_amount", date(2026, 5, 31)): 41_000, ("paid_amount", date(2026, 5, 24)): 7_700}
    form = {"metric": "paid_amount", "first_day": "2026-05-31", "last_day": "2026-05-31", "words": "翻了几倍"}
    signed_in(Role.DATA_SPECIALIST).post(reverse("decisions-record-finding"), {**form, "shop_id": shop.pk})
    url = reverse("decisions-finding", args=[Finding.objects.latest("id").pk])
    page = signed_in(Role.OPERATIONS_MANAGER).get(url).content.decode()
    assert "上周同日" in page
    assert "¥77.00" in page


def test_the_chain_is_walked_on_one_page(shop, monkeypatch) -> None:
    finding_id = recorded(shop)
    url = reverse("decisions-finding", args=[finding_id])
    manager = signed_in(Role.OPERATIONS_MANAGER)
    page = manager.get(url).content.decode()
    assert "8.00%" in page
    assert "退货率" in page
    assert '<div class="sk-help">最早 2026-06-09。系统取' in page
    wrong = manager.post(reverse("decisions-decide", args=[finding_id]), {**DECISION, "expected_typed": "五"})
    assert wrong.status_code == 422
    assert "请填数字" in wrong.content.decode()
    early = manager.post(reverse("decisions-decide", args=[finding_id]), {**DECISION, "measure_on": "2026-06-03"})
    assert early.status_code == 422
    assert "最早 2026-06-09" in early.content.decode()
    assert manager.post(reverse("decisions-decide", args=[finding_id]), DECISION).status_code == 302
    task = {"owner": "product_specialist", "what": "改详情页", "due_at": "2026-06-03T18:00"}
    assert manager.post(reverse("decisions-add-task", args=[finding_id]), task).status_code == 302
    page = manager.get(url).content.decode()
    assert "改详情页" in page
    assert "商品专员" in page
    made = DecisionTask.objects.get()
    worker = signed_in(Role.PRODUCT_SPECIALIST)
    assert "改详情页" in worker.get(reverse("decisions-task", args=[made.pk])).content.decode()
    assert worker.post(reverse("decisions-finish-task", args=[made.pk]), {"note": ""}).status_code == 422
    assert worker.post(reverse("decisions-finish-task", args=[made.pk]), {"note": "已改"}).status_code == 302
    stage.at(monkeypatch, Decision.objects.get().measure_at)
    sweep()
    page = manager.get(url).content.decode()
    assert "变化 -2.00% ÷ 预期变化 -3.00% = 66.7%" in page
    assert "部分达到" in page
    said = {"conclusion": "worked", "words": "尺码写明后少退了"}
    assert manager.post(reverse("decisions-conclude", args=[finding_id]), said).status_code == 302
    page = manager.get(url).content.decode()
    assert "尺码写明后少退了" in page
    assert manager.get(reverse("decisions-made", args=[Decision.objects.get().pk])).status_code == 302


def test_who_found_it_is_told_that_another_decides(shop) -> None:
    manager = signed_in(Role.OPERATIONS_MANAGER)
    other = make.make_person(Role.OPERATIONS_MANAGER)
    manager.post(reverse("decisions-record-finding"), {**FORM, "shop_id": shop.pk})
    url = reverse("decisions-finding", args=[Finding.objects.get().pk])
    page = manager.get(url).content.decode()
    assert f"由另一位经理决策：{other.name}" in page
    assert reverse("decisions-decide", args=[Finding.objects.get().pk]) not in page
    refused = manager.post(reverse("decisions-decide", args=[Finding.objects.get().pk]), DECISION)
    assert "由另一位经理决策" in refused.content.decode()


def test_words_that_were_refused_come_back_to_their_own_form(shop) -> None:
    finding_id = recorded(shop)
    manager = signed_in(Role.OPERATIONS_MANAGER)
    wrong = manager.post(reverse("decisions-decide", args=[finding_id]), {**DECISION, "expected_typed": "五"})
    page = wrong.content.decode()
    assert page.count(DECISION["reason"]) == 1
    assert page.index(DECISION["reason"]) < page.index('id="field-dismiss"')
    ids = re.findall(r' id="(field-[^"]+)"', page)
    assert len(ids) == len(set(ids))
    long = manager.post(reverse("decisions-dismiss", args=[finding_id]), {"reason": "换季" * 300})
    assert long.status_code == 422
    assert long.content.decode().index("换季") > long.content.decode().index('id="field-dismiss"')


@pytest.mark.parametrize("way", ["decide", "dismiss"])
def test_a_manager_alone_decides_and_the_record_says_so(shop, way: str) -> None:
    manager = signed_in(Role.OPERATIONS_MANAGER)
    manager.post(reverse("decisions-record-finding"), {**FORM, "shop_id": shop.pk})
    finding_id = Finding.objects.get().pk
    url = reverse("decisions-finding", args=[finding_id])
    page = manager.get(url).content.decode()
    assert "没有其他经理可以决策，由你决策" in page
    assert "作出决策" in page
    said = DECISION if way == "decide" else {"reason": "换季"}
    assert manager.post(reverse(f"decisions-{way}", args=[finding_id]), said).status_code == 302
    page = manager.get(url).content.decode()
    assert "没有其他经理，由提出人决策" in page
    assert "由你决策" not in page


def test_a_finding_is_left_as_it_is_with_the_reason(shop) -> None:
    finding_id = recorded(shop)
    manager = signed_in(Role.OPERATIONS_MANAGER)
    assert manager.post(reverse("decisions-dismiss", args=[finding_id]), {"reason": ""}).status_code == 422
    assert manager.post(reverse("decisions-dismiss", args=[finding_id]), {"reason": "换季"}).status_code == 302
    assert "换季" in manager.get(reverse("decisions-finding", args=[finding_id])).content.decode()


def test_the_list_has_stages_counts_and_a_months_workbook(shop) -> None:
    finding_id = decided(shop)
    manager = signed_in(Role.OPERATIONS_MANAGER)
    assert "暂无" not in manager.get(reverse("decisions-findings"), {"tab": "under_way"}).content.decode()
    assert manager.get(reverse("decisions-findings"), {"counts": 1}).status_code == 200
    assert "这里没有发现" in manager.get(reverse("decisions-findings")).content.decode()
    asked = {"tab": "all", "export": "xlsx", "month": "2026-06"}
    answer = manager.get(reverse("decisions-findings"), asked)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][0] == f"FX{finding_id:010d}"
    assert "核对尺码表" in rows[1]
    assert manager.get(reverse("decisions-findings"), {"month": "9999-12"}).status_code == 200
    assert manager.get(reverse("reports-targets"), {"month": "9999-12"}).status_code == 200
    none = manager.get(reverse("decisions-findings"), {**asked, "month": "2026-05"})
    empty = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(none.streaming_content)))
    assert len(empty.get_sheet_by_index(0).to_python()) == 1


def test_other_shops_findings_do_not_exist_and_a_role_sees_its_task(shop) -> None:
    finding_id = decided(shop)
    stranger = signed_in(Role.OPERATIONS_MANAGER, shops=[make.make_shop()])
    assert stranger.get(reverse("decisions-finding", args=[finding_id])).status_code == 404
    assert stranger.get(f"/api/v1/decisions/findings/{finding_id}").status_code == 404
    # Of all shops together: only whoever sees them all; but a task goes to whoever holds the role.
    whole = signed_in(Role.DATA_SPECIALIST)
    whole.post(reverse("decisions-record-finding"), FORM)
    everywhere = Finding.objects.get(shop=None)
    manager = signed_in(Role.OPERATIONS_MANAGER)
    manager.post(reverse("decisions-decide", args=[everywhere.pk]), DECISION)
    task = {"owner": "warehouse", "what": "抽检", "due_at": "2026-06-03T18:00"}
    manager.post(reverse("decisions-add-task", args=[everywhere.pk]), task)
    made = DecisionTask.objects.get(owner="warehouse")
    packer = signed_in(Role.WAREHOUSE, shops=[shop])
    assert "抽检" in packer.get(reverse("decisions-task", args=[made.pk])).content.decode()
    assert packer.get(reverse("decisions-finding", args=[everywhere.pk])).status_code == 404
    assert signed_in(Role.DESIGN, shops=[shop]).get(reverse("decisions-task", args=[made.pk])).status_code == 404
    assert packer.post(reverse("decisions-finish-task", args=[made.pk]), {"note": "抽了"}).status_code == 302


def test_a_task_is_called_off_with_the_reason(shop) -> None:
    finding_id = decided(shop)
    manager = signed_in(Role.OPERATIONS_MANAGER)
    task = {"owner": "warehouse", "what": "抽检", "due_at": "2026-06-03T18:00"}
    manager.post(reverse("decisions-add-task", args=[finding_id]), task)
    made = DecisionTask.objects.get()
    assert manager.post(reverse("decisions-drop-task", args=[made.pk]), {"note": "不需要了"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "dropped"


def test_programs_walk_the_chain_too(shop) -> None:
    client = signed_in(Role.OPERATIONS_MANAGER)
    finding_id = recorded(shop)
    listed = client.get("/api/v1/decisions/findings", {"stage": "open"}).json()["items"]
    seen = [(row["id"], row["value"], row["unit"], row["stage"]) for row in listed]
    assert seen == [(finding_id, 800, "share", "open")]
    item = {
        "finding_id": finding_id, "what": "核对", "reason": "尺码", "expected": 500, "expected_words": "减半",
        "measure_on": "2026-06-09",
        "tasks": [{"owner": "warehouse", "what": "抽检", "due_at": "2026-06-03T10:00:00Z"}],
    }  # fmt: skip
    path = "/api/v1/decisions/decide-findings"
    outcome = client.post(path, {"items": [item]}, content_type="application/json").json()["outcomes"][0]
    assert outcome["result"] == "done"
    one = client.get(f"/api/v1/decisions/findings/{finding_id}").json()
    assert (one["stage"], one["decision"]["id"]) == ("under_way", outcome["facts"]["decision_id"])
    tasks = client.get("/api/v1/decisions/tasks", {"owner": "warehouse"}).json()["items"]
    assert [task["what"] for task in tasks] == ["抽检"]
    assert {m["id"] for m in client.get("/api/v1/decisions/metrics").json()["items"]} == set(stage.KNOWN)


def test_the_reports_metrics_are_the_ones_that_are_plugged_in(figures) -> None:
    source = ReportFigures()
    metrics = source.metrics()
    assert metrics
    assert source.metric(metrics[0].id) == metrics[0]
    assert source.metric("made_up") is None
    assert figure_source() is figures
    day = datetime(2026, 5, 31, tzinfo=SHOP_ZONE).date()
    value = source.value(metrics[0].id, None, day - timedelta(days=6), day)
    assert value is None or isinstance(value, int)


def test_a_time_line_runs_newest_first_also_within_a_moment(shop) -> None:
    finding_id = decided(shop)  # found and decided at the same noon
    page = signed_in(Role.OPERATIONS_MANAGER).get(reverse("decisions-finding", args=[finding_id])).content.decode()
    lines = page.partition("sk-record-time")[2]
    assert lines.index(DECISION["what"]) < lines.index(FORM["words"])


def test_a_task_leads_back_and_tells_what_became_of_it(shop) -> None:
    finding_id = decided(shop)
    manager = signed_in(Role.OPERATIONS_MANAGER)
    task = {"owner": "product_specialist", "what": "改尺码表", "due_at": "2026-06-05T18:00"}
    assert manager.post(reverse("decisions-add-task", args=[finding_id]), task).status_code == 302
    address = reverse("decisions-task", args=[DecisionTask.objects.get().pk])
    page = manager.get(address).content.decode()
    assert f'class="sk-back" href="{reverse("decisions-findings")}"' in page
    assert page.count(reverse("decisions-finding", args=[finding_id])) > 1
    assert "派出任务" in page.partition("sk-record-time")[2]
    manager.post(reverse("decisions-drop-task", args=[DecisionTask.objects.get().pk]), {"note": "已由平台改"})
    assert "已由平台改" in manager.get(address).content.decode().partition("sk-record-time")[2]
