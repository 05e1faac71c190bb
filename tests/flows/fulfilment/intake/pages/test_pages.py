"""Intake's pages: shown in both languages, to those who may, with what may be done; forms that change once."""

import io
import json
from collections.abc import Callable, Sequence

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.flows.fulfilment.intake import imports, tasks
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.commands.import_orders import ImportOrder
from shopkeeper.flows.fulfilment.intake.commands.note_pull import NotePull, note_pull
from shopkeeper.flows.fulfilment.intake.commands.start_jobs import StartImport, start_import
from shopkeeper.flows.fulfilment.intake.commands.stop_jobs import StopJob, stop_jobs
from shopkeeper.flows.fulfilment.intake.holds import HoldCode
from shopkeeper.flows.fulfilment.intake.models import Hold, Job, Order
from shopkeeper.flows.fulfilment.intake.queries.finding import find_orders
from shopkeeper.flows.fulfilment.intake.words import HOLD_ADVICE, HOLDS
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.models import Deadline
from shopkeeper.web import exporting
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.fulfilment.intake import stage
from tests.flows.fulfilment.intake.test_imports import HEADINGS, taobao_row

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]
HTMX = {"HX-Request": "true"}


def client_of(person: Person, language: str = "zh") -> Client:
    client = Client(headers={"HX-Request": ""})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["sk_lang"] = language
    return client


@pytest.fixture
def specialist() -> Person:
    return make.make_person("order_specialist")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def every_kind_of_order() -> list[int]:
    shop, sku = stage.shop_with(3)
    held = make.make_order(shop, stage.unknown_line(), buyer_remark="快点")
    hold_orders(SYSTEM, [HoldOrder(held, code) for code in HoldCode])
    return [
        held,
        make.make_order(shop, make.received_line(sku)),
        make.make_order(shop, make.received_line(sku), state="unpaid", paid_at=None),
        make.make_order(shop, make.received_line(sku), state="done"),
        make.make_order(shop, make.received_line(sku), state="closed"),
        make.make_order(shop),
        make.make_released_order(shop, make.received_line(sku)),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_shows_every_kind_of_order(specialist: Person, language: str) -> None:
    client = client_of(specialist, language)
    ids = every_kind_of_order()
    session = make.open_session(make.make_shop())
    note_pull(SYSTEM, [NotePull(session.shop_id, None, "throttled 7: x", (("T1", "no_detail"),))])
    assert "JY" in text(client, "/orders/")
    for tab in ("held", "to_check", "completed", "nonsense"):
        text(client, f"/orders/?tab={tab}&hold=&placed_from=2020-01-01&q=")
    for order_id in ids:
        page = text(client, f"/orders/{order_id}/")
        assert "13812341234" not in page
        assert "文三路100号2幢301室" not in page
    for path in ("?counts=1", "sessions/", f"sessions/{session.pk}/", "intake/", "import/"):
        text(client, f"/orders/{path}")


def test_every_hold_says_what_to_do_now() -> None:
    for code in HoldCode:
        assert HOLDS[code].zh
        assert HOLDS[code].en
        assert HOLD_ADVICE[code].zh
        assert HOLD_ADVICE[code].en


@pytest.mark.parametrize("path", ["/orders/{}/", "/orders/sessions/{}/", "/orders/jobs/{}/"])
def test_what_is_foreign_is_not_found(path: str) -> None:
    theirs = make.make_shop()
    order_id, session = make.make_order(theirs, stage.unknown_line()), make.open_session(theirs)
    job = Job.objects.create(kind="release", wish={}, asked_by=1, asked_at=make.NOON, state_at=make.NOON)
    number = {"/orders/{}/": order_id, "/orders/sessions/{}/": session.pk, "/orders/jobs/{}/": job.pk}[path]
    person = make.make_person("order_specialist", shops=[make.make_shop()])
    assert client_of(person).get(path.format(number)).status_code == 404


def test_who_may_only_look_has_no_buttons_and_no_doors() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    client = client_of(make.make_person("warehouse"))
    page = text(client, f"/orders/{order_id}/")
    assert reverse("intake-release") not in page
    assert reverse("intake-cancel") not in page
    for name in ("intake-release", "intake-hold", "intake-cancel", "intake-pass"):
        assert client.post(reverse(name), {"ids": order_id, "reason": "x"}).status_code == 403
    assert stage.state_of(order_id)[0] == "to_check"


ACTIONS: dict[str, Callable[[int], tuple[str, list[str]]]] = {
    "intake-release": lambda i: ("released", []),
    "intake-hold": lambda i: ("to_check", ["by_hand"]),
    "intake-cancel": lambda i: ("cancelled", []),
}


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_an_action_on_chosen_orders(specialist: Person, name: str) -> None:
    shop, sku = stage.shop_with()
    ids = [stage.clean_order(shop, sku) for _ in range(2)]
    make.open_session(shop)
    client = client_of(specialist)
    form = {"ids": ids, "reason": "客户要求", "form_token": "t1"}
    answers = [client.post(reverse(name), form, headers=HTMX) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert {"sk:rows", "sk:toast"} <= set(json.loads(answers[0]["HX-Trigger"]))
    assert answers[0]["HX-Trigger"] == answers[1]["HX-Trigger"]
    assert [stage.state_of(i) for i in ids] == [ACTIONS[name](ids[0])] * 2


def test_passing_one_exception_and_all_that_match(specialist: Person) -> None:
    shop, sku = stage.shop_with(1_000)
    one = make.make_order(shop, make.received_line(sku, 60), buyer_remark="快点")
    two = make.make_order(shop, make.received_line(sku), buyer_remark="快点")
    client = client_of(specialist)
    door = reverse("intake-decide", args=[one])
    client.post(door, {"code": "odd_quantity"}, headers=HTMX)
    assert "odd_quantity" in stage.state_of(one)[1]
    client.post(door, {"code": "odd_quantity", "reason": "已核实"}, headers=HTMX)
    assert stage.state_of(one)[1] == ["buyer_remark"]
    form = {"all_matching": "1", "list_query": "?tab=held&hold=buyer_remark", "reason": "已备注"}
    client.post(reverse("intake-pass"), form, headers=HTMX)
    assert stage.state_of(one)[1] == stage.state_of(two)[1] == []
    assert set(Hold.objects.values_list("reason", flat=True)) == {"已核实", "已备注"}


def test_very_many_go_on_in_the_background(specialist: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shopkeeper.flows.fulfilment.intake.pages.orders.MOST_AT_ONCE", 1)
    shop, sku = stage.shop_with()
    ids = [stage.clean_order(shop, sku) for _ in range(3)]
    client = client_of(specialist)
    answer = client.post(reverse("intake-cancel"), {"ids": ids, "reason": "清理"}, headers=HTMX)
    job = Job.objects.get()
    assert answer["HX-Redirect"] == f"/orders/jobs/{job.pk}/"
    assert "every 1s" in text(client, f"/orders/jobs/{job.pk}/")
    tasks.run_job(job.pk)
    page = text(client, f"/orders/jobs/{job.pk}/")
    assert "every 1s" not in page
    assert {stage.state_of(i)[0] for i in ids} == {"cancelled"}


def test_a_job_is_stopped_after_the_piece_at_hand(specialist: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shopkeeper.flows.fulfilment.intake.pages.orders.MOST_AT_ONCE", 1)
    monkeypatch.setattr(tasks, "PIECE", 2)
    shop, sku = stage.shop_with()
    ids = [stage.clean_order(shop, sku) for _ in range(5)]
    client = client_of(specialist)
    client.post(reverse("intake-cancel"), {"ids": ids, "reason": "清理"}, headers=HTMX)
    job = Job.objects.get()
    cancel = tasks.ACTIONS["cancel"]

    def stopped_meanwhile(actor: Actor, some: Sequence[int], reason: str) -> list[Outcome]:
        assert client.post(reverse("intake-job-stop", args=[job.pk])).status_code in (204, 302)
        assert "做完手头这一批就停止" in text(client, f"/orders/jobs/{job.pk}/")
        return cancel(actor, some, reason)

    monkeypatch.setitem(tasks.ACTIONS, "cancel", stopped_meanwhile)
    tasks.note_jobs.one(SYSTEM, tasks.NoteJob(job.pk, 0))  # a worker has taken it up
    tasks.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done_count, job.result) == ("stopped", 2, {"done": 2, "codes": {}})
    assert [stage.state_of(i)[0] for i in ids] == ["cancelled"] * 2 + ["to_check"] * 3
    assert "其余没有开始" in text(client, f"/orders/jobs/{job.pk}/")
    tasks.run_job(job.pk)
    assert [o.code for o in stop_jobs(person_of(specialist), [StopJob(job.pk)] * 2)] == ["unchanged"] * 2
    assert Order.objects.filter(state="cancelled").count() == 2


@pytest.mark.clause("O1.1")
def test_an_import_is_stopped_and_gone_on_with(specialist: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "BATCH", 2)
    shop = make.make_shop()
    make.stock_up(make.make_sku(code="SKU-A"), shop.default_warehouse)
    client = client_of(specialist)

    def hand_in() -> Job:
        file = io.BytesIO("\r\n".join([HEADINGS, *map(taobao_row, range(1, 6))]).encode("gbk"))
        file.name = "导出.csv"
        client.post("/orders/import/", {"profile": "taobao_csv", "shop_id": shop.pk, "file": file})
        return Job.objects.latest("id")

    job, take_in = hand_in(), imports.take_in

    def stopped_meanwhile(actor: Actor, items: Sequence[ImportOrder]) -> list[Outcome]:
        client.post(reverse("intake-job-stop", args=[job.pk]))
        return take_in(actor, items)

    tasks.note_jobs.one(SYSTEM, tasks.NoteJob(job.pk, 0))  # a worker has taken it up
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(imports, "take_in", stopped_meanwhile)
        tasks.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["read"], job.result["created"]) == ("stopped", 2, 2)
    assert "已导入的 2 单保留" in text(client, f"/orders/jobs/{job.pk}/")
    again = hand_in()
    tasks.run_job(again.pk)
    again.refresh_from_db()
    assert (again.state, again.result["created"], again.result["unchanged"]) == ("done", 3, 2)
    assert Order.objects.count() == 5


def test_only_whoever_began_a_job_stops_it_and_one_that_waits_ends_at_once(specialist: Person) -> None:
    shop = make.make_shop()
    item = StartImport(shop.pk, "taobao_csv", "0" * 64)
    mine, failed = (start_import.one(person_of(specialist), item).id or 0 for _ in range(2))
    stranger = person_of(make.make_person("order_specialist"))
    assert stop_jobs.one(stranger, StopJob(mine)).code == "not_found"
    assert stop_jobs.one(person_of(specialist), StopJob(mine)).changed
    tasks.run_job(mine)
    assert Job.objects.get(id=mine).state == "stopped"
    tasks.run_job(failed)  # there is no such file
    assert stop_jobs.one(person_of(specialist), StopJob(failed)).code == "job_ended"


def person_of(person: Person) -> Actor:
    actor = actor_of(person.pk)
    assert actor is not None
    return actor


def test_an_export_that_is_not_whole_says_so(specialist: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    for _ in range(3):
        make.make_order(shop, stage.unknown_line())
    client = client_of(specialist)
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)
    assert len(exported(client)) == 4
    assert "未导出完" not in text(client, "/orders/")
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    rows = exported(client, name="first-2")
    assert len(rows) == 4
    assert str(rows[-1][0]).startswith("未导出完：只有前 2 行")
    assert "未导出完" in text(client, "/orders/")


def exported(client: Client, name: str = "orders") -> list[list[object]]:
    answer = client.get("/orders/?export=xlsx")
    assert name in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_export_is_masked_and_keeps_every_digit(specialist: Person) -> None:
    shop = make.make_shop()
    make.make_order(shop, stage.unknown_line(), platform_no="4123456789012345678")
    rows = exported(client_of(specialist))
    assert rows[1][1] == "4123456789012345678"
    assert rows[1][10] == "138****1234"
    assert "13812341234" not in str(rows)


@pytest.mark.clause("O1.2")
def test_a_session_is_confirmed_and_signed_on_its_page(specialist: Person) -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    make.make_order(shop, stage.unknown_line())
    session = make.open_session(shop)
    client = client_of(specialist)
    page = text(client, f"/orders/sessions/{session.pk}/")
    assert "放行全部 1 单" in page
    client.post(reverse("intake-session-sign", args=[session.pk]), headers=HTMX)
    session.refresh_from_db()
    assert session.state == "open"
    client.post(reverse("intake-session-confirm", args=[session.pk]), headers=HTMX)
    assert stage.state_of(order_id)[0] == "released"
    client.post(reverse("intake-session-sign", args=[session.pk]), headers=HTMX)
    session.refresh_from_db()
    assert (session.state, session.signed_by) == ("signed", specialist.pk)


@pytest.mark.clause("O1.1")
def test_pulling_now_and_what_cannot_be_read(specialist: Person) -> None:
    shop = make.make_shop()
    note_pull(SYSTEM, [NotePull(shop.pk, make.NOON, "", (("T1", "no_detail"),))])
    client = client_of(specialist)
    assert "T1" in text(client, "/orders/intake/")
    assert client.post(reverse("intake-pull"), {"shop_id": shop.pk}, headers=HTMX).status_code == 204
    client.post(reverse("intake-unreadable-settle"), {"shop_id": shop.pk, "platform_no": "T1"}, headers=HTMX)
    assert not Deadline.objects.exists()


@pytest.mark.clause("O1.1")
def test_a_file_is_handed_in_taken_and_its_failures_come_back(specialist: Person) -> None:
    shop = make.make_shop()
    make.stock_up(make.make_sku(code="SKU-A"), shop.default_warehouse)
    client = client_of(specialist)
    rows = [HEADINGS, taobao_row(1), taobao_row(2, count="x")]
    file = io.BytesIO("\r\n".join(rows).encode("gbk"))
    file.name = "导出.csv"
    form = {"profile": "taobao_csv", "shop_id": shop.pk, "file": file}
    answer = client.post("/orders/import/", form)
    job = Job.objects.get()
    assert answer["Location"] == f"/orders/jobs/{job.pk}/"
    tasks.run_job(job.pk)
    assert Order.objects.count() == 1
    assert "intake-job-failures" not in text(client, f"/orders/jobs/{job.pk}/")
    sheet = b"".join(client.get(reverse("intake-job-failures", args=[job.pk])).streaming_content)
    found = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert found[1][0].startswith("导出.csv:")


@pytest.mark.clause("O1.1")
@pytest.mark.parametrize(
    ("content", "said"), [(b"", "文件是空的"), (b"\x7fELF\x00\x01", "不是可识别的文件"), (None, "请选择文件")]
)
def test_a_file_that_is_none_comes_back_with_the_reason(specialist: Person, content: bytes | None, said: str) -> None:
    shop = make.make_shop()
    form: dict[str, object] = {"profile": "taobao_csv", "shop_id": shop.pk}
    if content is not None:
        form["file"] = io.BytesIO(content)
        form["file"].name = "x.csv"  # type: ignore[attr-defined]
    answer = client_of(specialist).post("/orders/import/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Job.objects.exists()


def test_the_palette_finds_orders_for_those_who_may_see_them() -> None:
    shop = make.make_shop()
    order_id = make.make_order(shop, stage.unknown_line(), platform_no="4123456789012345678")
    assert [hit.url for hit in find_orders(SYSTEM, "4123456789012345678")] == [f"/orders/{order_id}/"]
    assert find_orders(SYSTEM, "412") == []
    assert find_orders(make.actor_with(), "4123456789012345678") == []
