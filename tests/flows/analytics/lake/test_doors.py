"""The doors of D1: pages in both languages, forms that reach their command, reads for programs, the reaction."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.flows.analytics.lake.commands.tidy_lake import TidyLake, tidy_lake
from shopkeeper.flows.analytics.lake.models import KnownSource, SetAside
from shopkeeper.flows.analytics.lake.reactions import call_for_write
from shopkeeper.flows.fulfilment.intake.models import Order, order_number
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.events import PolicyChanged
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.permissions import Permission as SopPermission
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.analytics.lake import stage
from tests.flows.analytics.lake.stage import NOON

pytestmark = [pytest.mark.clause("D1.2"), pytest.mark.usefixtures("own_lake")]


def signed_in(*roles: str, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(*roles, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def furnish(shop: Shop) -> list[int]:
    """An honest order, and a burst of four."""
    stage.order(shop)
    for minute in range(4):
        stage.order(shop, buyer_ref="brusher", at=NOON + timedelta(minutes=minute))
    stage.write()
    tidy_lake.one(SYSTEM, TidyLake())
    return list(SetAside.objects.order_by("id").values_list("id", flat=True))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_data_specialist_reads_list_record_board_and_sources(language: str) -> None:
    ids = furnish(make.make_shop())
    client = signed_in(Role.DATA_SPECIALIST, language=language)
    zh = language == "zh"
    listed = client.get(reverse("lake-quarantine")).content.decode()
    assert ("疑似刷单" if zh else "Suspected brushing") in listed
    assert client.get(reverse("lake-quarantine"), {"counts": "1"}).status_code == 200
    record = client.get(reverse("lake-set-aside", args=[ids[0]])).content.decode()
    assert ("30 分钟内 4 单（上限 4）" if zh else "4 orders within 30 min (limit 4)") in record
    board = client.get(reverse("lake-board")).content.decode()
    assert ("剔除 4" if zh else "4 left out") in board
    assert "order_lines" in board
    assert client.get(reverse("lake-sources")).status_code == 200
    assert client.get(reverse("lake-set-aside-order")).status_code == 200


def test_an_empty_lake_says_what_will_happen() -> None:
    client = signed_in(Role.DATA_SPECIALIST)
    assert "数据湖还是空的" in client.get(reverse("lake-board")).content.decode()
    assert "自动出现在这里" in client.get(reverse("lake-quarantine")).content.decode()


def test_the_deadline_leads_to_its_days_rows() -> None:
    furnish(make.make_shop())
    client = signed_in(Role.DATA_SPECIALIST)
    day = Deadline.objects.get(kind="cleaning_confirm").subject_id
    assert "JY" in client.get(f"/lake/quarantine/?tab=suspected&day={day}").content.decode()
    assert "JY0" not in client.get(f"/lake/quarantine/?tab=suspected&day={day + 1}").content.decode()


def test_a_record_says_how_its_order_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = stage.order(make.make_shop(), buyer_remark="测试订单，请勿发货")
    stage.write()
    Order.objects.filter(pk=order_id).update(state="cancelled")
    found = SetAside.objects.get()
    client = signed_in(Role.DATA_SPECIALIST, language="en")
    page = client.get(reverse("lake-set-aside", args=[found.pk])).content.decode()
    assert "It stands at:" in page and "Cancelled" in page
    assert "goes on as usual" not in page and "nobody said it is none" not in page


def test_the_work_list_names_the_day_of_the_rows_and_the_day_they_were_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON + timedelta(days=2))
    stage.order(make.make_shop(), buyer_remark="测试订单，请勿发货")
    stage.write()
    page = signed_in(Role.DATA_SPECIALIST).get("/").content.decode()
    assert "06-01 的数据，06-03 发现" in page


def test_many_are_confirmed_or_put_back_at_once() -> None:
    ids = furnish(make.make_shop())
    client = signed_in(Role.DATA_SPECIALIST)
    client.post(reverse("lake-confirm"), {"ids": ids[:2]})
    client.post(reverse("lake-put-back"), {"list_query": "?tab=suspected", "all_matching": "1", "reason": "真实采购"})
    assert list(SetAside.objects.order_by("id").values_list("state", flat=True)) == ["confirmed"] * 2 + ["put_back"] * 2
    assert client.post(reverse("lake-put-back"), {"ids": ids[:1], "reason": ""}).status_code < 500
    assert SetAside.objects.get(id=ids[0]).state == "confirmed"


def test_the_list_is_exported_with_its_arithmetic() -> None:
    furnish(make.make_shop())
    answer = signed_in(Role.DATA_SPECIALIST).get(reverse("lake-quarantine"), {"export": "1", "tab": "all"})
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_index(0).to_python()
    assert len(rows) == 5
    assert "30 分钟内 4 单（上限 4）" in rows[1]


def test_an_order_is_taken_out_by_its_number() -> None:
    order_id = stage.order(make.make_shop())
    client = signed_in(Role.OPERATIONS_SUPERVISOR)
    page = reverse("lake-set-aside-order")
    assert client.post(page, {"number": "JY404", "reason": "测试"}).status_code == 422
    assert client.post(page, {"number": order_number(order_id), "reason": ""}).status_code == 422
    assert client.post(page, {"number": order_number(order_id), "reason": "测试"}).status_code == 302
    assert SetAside.objects.get().rule == "by_hand"


def test_sources_are_listed_and_taken_off() -> None:
    order_id = stage.order(make.make_shop())
    client = signed_in(Role.DATA_SPECIALIST)
    page = reverse("lake-sources")
    assert client.post(page, {"who": "?", "note": "谁"}).status_code == 422
    assert client.post(page, {"who": order_number(order_id), "note": "测试号"}).status_code == 302
    assert client.post(page, {"who": "0123456789abcdef", "note": "前台平板"}).status_code == 302
    assert set(KnownSource.objects.values_list("kind", flat=True)) == {"test_buyer", "staff_visitor"}
    assert "前台平板" in client.get(page).content.decode()
    client.post(reverse("lake-unlist"), {"source_id": KnownSource.objects.order_by("id").first().pk})  # type: ignore[union-attr]
    assert KnownSource.objects.filter(unlisted_at=None).count() == 1


def test_others_stay_outside() -> None:
    ids = furnish(make.make_shop())
    warehouse = signed_in(Role.WAREHOUSE)
    assert warehouse.get(reverse("lake-board")).status_code == 403
    assert warehouse.post(reverse("lake-confirm"), {"ids": ids}).status_code == 403
    elsewhere = signed_in(Role.DATA_SPECIALIST, shops=[make.make_shop()])
    assert elsewhere.get(reverse("lake-set-aside", args=[ids[0]])).status_code == 404
    assert "brush" not in elsewhere.get(reverse("lake-quarantine")).content.decode()


def test_a_program_reads_standing_days_and_what_was_excluded() -> None:
    ids = furnish(make.make_shop())
    client = signed_in(Role.DATA_SPECIALIST)

    def get(path: str) -> object:
        answer = client.get(f"/api/v1/lake{path}")
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    assert {row["table"] for row in get("/standing")["tables"]} >= {"orders", "events"}  # type: ignore[index,call-overload]
    span = "first=2026-06-01&last=2026-06-01"
    orders = next(row for row in get(f"/days?{span}") if row["table"] == "orders")  # type: ignore[attr-defined]
    assert (orders["rows"], orders["set_aside"]) == (5, 4)
    [left_out] = get(f"/excluded?{span}")  # type: ignore[misc]
    assert (left_out["rule"], left_out["row_count"], left_out["amount_minor"]) == ("repeat_buyer", 4, 20_000)  # type: ignore[index]
    page = get("/set-asides?limit=3")
    assert [row["id"] for row in page["items"]] == ids[:0:-1]  # type: ignore[index,call-overload]
    assert get(f"/set-asides?after={page['next']}")["items"][0]["id"] == ids[0]  # type: ignore[index,call-overload]
    assert get(f"/set-asides/{ids[0]}")["facts"] == {"orders": 4, "limit": 4, "minutes": 30}  # type: ignore[index,call-overload]
    assert get("/sources") == []


@pytest.mark.clause("D1.1")
def test_whatever_happens_calls_for_one_write() -> None:
    call_for_write(SYSTEM, [])
    call_for_write(SYSTEM, [])
    assert Deadline.objects.filter(kind__in=["lake_write", "lake_night"]).count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_commandrun WHERE command = 'call_for_write'")
        assert cursor.fetchone() == (1,)


@pytest.mark.clause("D1.1")
def test_a_changed_interval_moves_the_write_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)
    supervisor = make.actor_with(str(SopPermission.POLICY_SET))
    set_policy(supervisor, [SetPolicy("lake_write_minutes", 240, "筹备期订单少")])
    call_for_write(SYSTEM, [])
    due = Deadline.objects.get(kind="lake_write").due_at
    set_policy(supervisor, [SetPolicy("lake_write_minutes", 15, "开门营业")])
    for key, moved in (("pull_minutes", False), ("lake_write_minutes", True)):
        call_for_write(SYSTEM, [Recorded(1, 1, PolicyChanged(key, None, "15"), NOON, 0, "G3")])
        assert (Deadline.objects.get(kind="lake_write").due_at < due) is moved
