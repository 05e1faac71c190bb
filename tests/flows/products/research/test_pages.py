"""P1 on screen and through the program's door, as the people who do it."""

import io
import json
import re
from dataclasses import replace

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from shopkeeper.flows.products.research.commands.decide_selection import SubmitSelectionList, submit_selection_list
from shopkeeper.flows.products.research.commands.propose_candidates import ProposeCandidate, propose_candidates
from shopkeeper.flows.products.research.documents import selection_paper
from shopkeeper.flows.products.research.models import Candidate, ResearchRow, Selection, SelectionList, Strategy
from shopkeeper.flows.products.research.papers.selection_list import pdf_data, selection_list_xlsx
from shopkeeper.flows.products.research.queries.selection import selection_list
from shopkeeper.flows.products.research.states import Criterion
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Person
from shopkeeper.shared.words import speaking
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.products.research import stage

pytestmark = pytest.mark.django_db

CSV = '搜索词,搜索人气,搜索增长幅度,备注\n紫砂壶,"21,330",12.5%,x\n茶杯,-,-3%,\n坏行,abc,1%,\n,5,1%,\n'


def signed_in(*roles: str) -> tuple[Client, Person]:
    person = make.make_person(*roles)
    client = Client()
    client.force_login(person)
    return client, person


@pytest.mark.clause("P1.1")
def test_an_export_is_looked_at_first_and_then_taken_in() -> None:
    client, _ = signed_in("market")
    file = io.BytesIO(CSV.encode("gbk"))
    file.name = "搜索.csv"
    form = {"kind": "keyword", "source": "生意参谋", "period_from": "2026-06-01", "period_to": "2026-06-30"}
    shown = client.post("/research/import/", {**form, "file": file})
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "读懂 2 行" in text and "2 行读不懂" in text and "第 4 行" in text
    assert not ResearchRow.objects.exists()
    digest = text.split('name="digest" value="')[1].split('"')[0]
    taken = client.post("/research/import/", {**form, "digest": digest, "shown_name": "搜索.csv", "step": "take"})
    assert taken.status_code == 302
    assert set(ResearchRow.objects.values_list("name", "heat", "growth_basis_points")) == {
        ("紫砂壶", 21_330, 1_250),
        ("茶杯", None, -300),
    }
    assert "紫砂壶" in client.get("/research/?q=紫砂").content.decode()


@pytest.mark.clause("P1.1")
def test_columns_with_other_names_are_mapped_by_hand() -> None:
    client, _ = signed_in("market")
    file = io.BytesIO("词,人气值\n紫砂壶,8\n".encode())
    file.name = "x.csv"
    form = {"kind": "keyword", "source": "别的工具", "period_from": "2026-06-01", "period_to": "2026-06-30"}
    missing = client.post("/research/import/", {**form, "file": file})
    assert missing.status_code == 422 and "关键词" in missing.content.decode()
    file.seek(0)
    mapped = client.post("/research/import/", {**form, "file": file, "column_name": "词", "column_heat": "人气值"})
    assert "读懂 1 行" in mapped.content.decode()


@pytest.mark.clause("P1.1")
@pytest.mark.parametrize(
    ("content", "said"), [(b"", "空"), (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "PNG"), (b"\x00\x01\x02", "可识别")]
)
def test_a_file_that_is_no_table_says_what_to_do(content: bytes, said: str) -> None:
    client, _ = signed_in("market")
    file = io.BytesIO(content)
    file.name = "x.csv"
    answer = client.post("/research/import/", {"kind": "keyword", "file": file})
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.clause("P1.1")
def test_a_finding_is_typed_by_hand_and_mistakes_are_kept() -> None:
    client, _ = signed_in("market")
    wrong = client.post("/research/note/", {"kind": "competitor", "name": "某壶", "source": "展会", "heat": "很多"})
    assert wrong.status_code == 422 and "某壶" in wrong.content.decode()
    right = client.post(
        "/research/note/", {"kind": "competitor", "name": "某壶", "source": "展会", "price_minor": "89.9"}
    )
    assert right.status_code == 302
    assert ResearchRow.objects.get().price_minor == 8_990


@pytest.mark.clause("P1.1")
def test_a_strategy_goes_from_form_to_force_through_two_people() -> None:
    market, _ = signed_in("market")
    form = {
        "name": "夏季茶具", "categories_text": "茶具、茶杯", "price_low_minor": "50", "price_high_minor": "200",
        "target_margin_basis_points": "40", "positioning": "国风",
    }  # fmt: skip
    assert market.post("/research/strategies/new/", {**form, "price_high_minor": "5"}).status_code == 422
    assert market.post("/research/strategies/new/", form).status_code == 302
    row = Strategy.objects.get()
    assert row.categories == ["茶具", "茶杯"]
    page = f"/research/strategies/{row.pk}/"
    assert "提交审批" in market.get(page).content.decode()
    market.post(f"{page}submit/")
    assert market.post(f"{page}decide/", {"decision": "approve", "reason": "好"}).status_code == 403
    manager, _ = signed_in("operations_manager")
    manager.post(f"{page}decide/", {"decision": "approve", "reason": "好"})
    row.refresh_from_db()
    assert row.state == "approved"
    with speaking("en"):
        assert client_in_english(manager).get(page).status_code == 200


def client_in_english(client: Client) -> Client:
    client.cookies["sk_lang"] = "en"
    return client


@pytest.mark.clause("P1.2")
def test_a_list_is_made_decided_and_drafted_on_screen() -> None:
    stage.a_list()
    specialist, _ = signed_in("operations_supervisor")
    weights = {f"weight_{name}": "10" for name in SelectionList.objects.get().weights}
    bad = specialist.post(
        "/research/lists/new/", {"period": "Q4", "target_minor": "1000", **weights, "weight_margin": "x"}
    )
    assert bad.status_code == 422 and "权重" in bad.content.decode()
    made = specialist.post("/research/lists/new/", {"period": "Q4", "target_minor": "100000", **weights})
    assert made.status_code == 302
    row = SelectionList.objects.get(version=2)
    page = f"/research/lists/{row.pk}/"
    specialist.post(f"{page}submit/")
    manager, _ = signed_in("operations_manager")
    assert "批准所选" in manager.get(page).content.decode()
    pot = Candidate.objects.get(code="POT-9").pk
    unreasoned = manager.post(f"{page}decide/", {"decision": "approve", "taken": [pot], "reason": ""})
    assert unreasoned.status_code == 422
    assert (
        manager.post(f"{page}decide/", {"decision": "approve", "taken": [pot], "reason": "先做一款"}).status_code == 302
    )
    specialist.post(f"{page}draft/")
    product_id = Candidate.objects.get(id=pot).product_id
    assert product_id is not None
    shown = specialist.get(page).content.decode()
    assert f'href="/products/{product_id}/"' in shown and "去补全" in shown and "商品草稿已建" in shown
    duty = Deadline.objects.get(kind="drafted_product", subject_id=product_id)
    assert (duty.role, duty.label.split()[0]) == ("product_specialist", "POT-9")
    specialist.post("/products/retire/", {"ids": [product_id], "reason": "供应商停产"})
    assert not Deadline.objects.filter(kind="drafted_product").exists()
    assert Candidate.objects.get(code="CUP-9").product_id is None


def scores_on(page: str) -> list[dict[str, tuple[str, str, str]]]:
    """Per candidate: heading → (weight, mark, value), as somebody reads them."""
    rows = re.findall(r'<tr class="sk-scores-parts">(.*?)</tr>', page, re.DOTALL)
    pattern = re.compile(r"<dt>(.*?) <span[^>]*>(.*?)</span></dt><dd><b>(.*?)</b> <span[^>]*>(.*?)</span></dd>")
    return [{label: (weight, mark, value) for label, weight, mark, value in pattern.findall(row)} for row in rows]


@pytest.mark.clause("P1.2")
def test_every_score_stands_under_its_own_heading() -> None:
    list_id = stage.a_list(weights=dict(zip(Criterion, (25, 15, 11, 16, 10, 9, 14), strict=True)))
    client, _ = signed_in("market")
    zh = scores_on(client.get(f"/research/lists/{list_id}/").content.decode())
    en = scores_on(client_in_english(client).get(f"/research/lists/{list_id}/").content.decode())
    assert zh[0]["周转天数"] == ("权重 15", "800", "30 天")
    assert zh[1]["周转天数"] == ("权重 15", "–", "未知")
    assert en[0] == {
        "Share of target": ("weight 25", "500", "5.0%"),
        "Turnover days": ("weight 15", "800", "30 days"),
        "Positioning": ("weight 11", "800", "80"),
        "Demand": ("weight 16", "1,000", "21,330"),
        "Growth": ("weight 10", "416", "12.5%"),
        "Price band": ("weight 9", "1,000", "100.00"),
        "Margin": ("weight 14", "1,000", "60.0%"),
    }


@pytest.mark.clause("P1.2")
def test_the_papers_find_a_mark_by_its_name_wherever_it_was_kept() -> None:
    list_id = stage.a_list()
    for entry in Selection.objects.filter(list_id=list_id):
        entry.parts = entry.parts[::-1]
        entry.save()
    found = selection_list(SYSTEM, list_id)
    assert found is not None
    paper = selection_paper(*found)
    shuffled = replace(paper.entries[0], parts=sorted(paper.entries[0].parts, key=lambda part: part.mark))
    for entry in (paper.entries[0], shuffled):
        target = io.BytesIO()
        selection_list_xlsx(replace(paper, entries=[entry]), target)
        heading, row = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).get_sheet_by_index(0).to_python()
        line = dict(zip(heading[12:19], row[12:19], strict=True))
        assert line == {
            "目标占比": 500, "周转": 800, "定位": 800, "热度": 1000, "增长": 416, "价格带": 1000, "毛利": 1000,
        }  # fmt: skip
        data = pdf_data(replace(paper, entries=[entry]))
        assert dict(zip([label for label, _ in data["criteria"]], data["entries"][0]["parts"], strict=True)) == line


@pytest.mark.clause("P1.2")
def test_all_are_ticked_to_begin_with_and_a_missing_reason_is_asked_for_at_its_field() -> None:
    list_id = stage.a_list()
    submit_selection_list.one(SYSTEM, SubmitSelectionList(list_id))
    manager, _ = signed_in("operations_manager")
    page = f"/research/lists/{list_id}/"
    assert len(re.findall(r'name="taken" value="\d+" checked', manager.get(page).content.decode())) == 2
    pot = Candidate.objects.get(code="POT-9").pk
    some = manager.post(f"{page}decide/", {"decision": "approve", "taken": [pot], "reason": ""})
    assert some.status_code == 422 and "有 1 个候选没有勾选" in some.content.decode()
    assert len(re.findall(r'name="taken" value="\d+" checked', some.content.decode())) == 1
    back = manager.post(f"{page}decide/", {"decision": "return", "taken": [pot], "reason": ""})
    assert back.status_code == 422 and "退回要写明原因" in back.content.decode()


@pytest.mark.clause("P1.2")
def test_the_list_as_paper_and_workbook() -> None:
    list_id = stage.a_list()
    client, _ = signed_in("market")
    pdf = client.get(f"/research/lists/{list_id}/document.pdf")
    assert pdf.content.startswith(b"%PDF") and pdf["Content-Type"] == "application/pdf"
    sheet = client.get(f"/research/lists/{list_id}/document.xlsx")
    assert sheet.content.startswith(b"PK")
    assert client.get(f"/research/lists/{list_id}/document.exe").status_code == 404
    assert client.get("/research/lists/999/document.pdf").status_code == 404


@pytest.mark.clause("P1.2")
@pytest.mark.parametrize(
    "path", ["", "strategies/", "candidates/", "lists/", "candidates/new/", "lists/new/", "import/"]
)
def test_every_page_opens_in_both_languages_and_when_empty(path: str) -> None:
    client, _ = signed_in("operations_manager")
    assert client.get(f"/research/{path}").status_code == 200
    stage.a_list()
    assert client_in_english(client).get(f"/research/{path}").status_code == 200


@pytest.mark.clause("P1.2")
def test_candidates_are_typed_listed_and_dropped() -> None:
    client, _ = signed_in("product_specialist")
    form = {"code": "A-1", "name": "盖碗", "category": "茶具", "source": "1688", "cost_minor": "12.30"}
    assert client.post("/research/candidates/new/", form).status_code == 302
    row = Candidate.objects.get()
    assert row.cost_minor == 1_230
    assert client.post(f"/research/candidates/{row.pk}/", {**form, "price_minor": "39"}).status_code == 302
    assert "¥" in client.get("/research/candidates/").content.decode()
    client.post("/research/candidates/drop/", {"ids": [row.pk], "reason": "太贵"})
    row.refresh_from_db()
    assert row.dropped_at is not None


@pytest.mark.clause("P1.2", "G6")
def test_a_program_reads_it_all() -> None:
    list_id = stage.a_list()
    submit_selection_list.one(SYSTEM, SubmitSelectionList(list_id))
    client, _ = signed_in("market")
    detail = json.loads(client.get(f"/api/v1/research/lists/{list_id}").content)
    assert detail["head"]["state"] == "submitted"
    assert [entry["rank"] for entry in detail["entries"]] == [1, 2]
    for path in ("lines", "strategies", "candidates?tab=open", "lists"):
        assert json.loads(client.get(f"/api/v1/research/{path}").content)["rows"]
    stranger, _ = signed_in("warehouse")
    assert stranger.get("/api/v1/research/lines").status_code == 403


@pytest.mark.clause("P1.2")
def test_all_candidates_that_match_are_dropped_and_not_only_what_the_page_shows() -> None:
    propose_candidates(
        SYSTEM, [ProposeCandidate(f"C{n}", name, "茶具", "展会") for n, name in enumerate(("茶壶 1", "茶壶 2", "茶盘"))]
    )
    client, _ = signed_in("market")
    first = Candidate.objects.earliest("id").pk
    form = {"ids": [first], "all_matching": "1", "list_query": "?tab=open&q=茶壶", "reason": "太贵"}
    client.post("/research/candidates/drop/", form)
    assert list(Candidate.objects.filter(dropped_at=None).values_list("name", flat=True)) == ["茶盘"]
