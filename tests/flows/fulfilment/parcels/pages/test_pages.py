"""The desk's pages: they open in both languages, act through their doors, and show nobody what is not theirs."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import WaybillFailure, record_waybill_failures
from shopkeeper.flows.fulfilment.parcels.commands.print_labels import PrintLabel, print_labels
from shopkeeper.flows.fulfilment.parcels.commands.record_ship_backs import ShipBackAnswer, record_ship_backs
from shopkeeper.flows.fulfilment.parcels.models import ContactLog, Parcel, ParcelCase, ShipBack
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.flows.service.tickets.commands.request_interceptions import (
    RequestInterception,
    request_interceptions,
)
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.roles import Role
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

LANGUAGES = ("zh", "en")


def enter(*roles: str, language: str = "zh", **scope: Any) -> Client:
    client = Client()
    person = factories.make_person(*(roles or (Role.OPERATIONS_SUPERVISOR,)), **scope)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["sk_lang"] = language
    return client


def troubled() -> tuple[Parcel, ParcelCase]:
    parcel = making.sent_parcel()
    making.hear(parcel, making.scan("1002", NOON + timedelta(hours=1), "快件已离开【杭州转运中心】"))
    making.hear(parcel, making.scan("209", NOON + timedelta(hours=2), "外包装破损"))
    return parcel, ParcelCase.objects.get(parcel=parcel)


@pytest.mark.clause("O3.2")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens(clock: None, language: str) -> None:
    parcel, case = troubled()
    waiting, packed, gone = making.open_parcel(), making.packed_parcel(), making.sent_parcel()
    record_waybill_failures.one(SYSTEM, WaybillFailure(waiting.pk, "bad_address"))
    record_ship_backs.one(SYSTEM, ShipBackAnswer(parcel.pk, "failed", code="already_shipped"))
    record_ship_backs.one(SYSTEM, ShipBackAnswer(gone.pk, "acknowledged", "T1 YT1"))
    making.hear(gone, making.scan("301", NOON + timedelta(hours=2)))
    client = enter(language=language)
    pages = [
        reverse("parcels-list"),
        *(reverse("parcels-list") + f"?tab={tab}" for tab in ("trouble", "to_number", "to_hand_over", "signed", "all")),
        reverse("parcels-list") + f"?q={parcel.number}",
        *(reverse("parcels-parcel", args=[p.pk]) for p in (parcel, waiting, packed, gone)),
        reverse("parcels-number", args=[waiting.pk]),
        reverse("parcels-report", args=[parcel.pk]),
        reverse("parcels-cases"),
        reverse("parcels-case", args=[case.pk]),
        reverse("parcels-case", args=[ParcelCase.objects.get(kind="no_number").pk]),
        *(reverse("parcels-ship-backs") + f"?tab={tab}" for tab in ("failed", "pending", "acknowledged")),
        reverse("parcels-confirm-ship-back", args=[parcel.pk]),
    ]
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert "13812341234" not in answer.content.decode(), url
    listed = client.get(reverse("parcels-list") + "?tab=trouble").content.decode()
    assert str(parcel.number) in listed
    assert ("破损" if language == "zh" else "Damaged") in listed


@pytest.mark.clause("O3.2")
def test_the_work_list_tells_the_cases_of_one_parcel_apart(clock: None) -> None:
    parcel, _ = troubled()
    making.hear(parcel, making.scan("203", NOON + timedelta(hours=3), "收件人拒收"))
    work = enter("order_specialist").get("/").content.decode()
    assert "联系快递处理异常包裹：破损" in work
    assert "联系快递处理异常包裹：买家拒收" in work


@pytest.mark.clause("O3.2")
def test_the_counters_load_after_the_page(clock: None) -> None:
    troubled()
    client = enter()
    for name in ("parcels-list", "parcels-cases", "parcels-ship-backs"):
        assert client.get(reverse(name) + "?counts=1", headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.clause("O3.1")
def test_a_number_is_entered_by_hand(clock: None) -> None:
    parcel = making.open_parcel()
    client, url = enter(Role.ORDER_SPECIALIST), reverse("parcels-number", args=[parcel.pk])
    wrong = client.post(url, {"courier": "yuantong", "number": "123"})
    assert wrong.status_code == 422
    assert "123" in wrong.content.decode()
    assert client.post(url, {"courier": "yuantong", "number": "YT1234567890123"}).status_code == 302
    assert making.again(parcel).state == ParcelState.NUMBERED


@pytest.mark.clause("O3.1")
def test_parcels_are_handed_over_from_the_list(clock: None) -> None:
    good, bad, other = making.packed_parcel(), making.numbered_parcel(), making.packed_parcel()
    assert all(o.ok for o in print_labels(SYSTEM, [PrintLabel(parcel.pk) for parcel in (good, bad, other)]))
    client = enter(Role.WAREHOUSE)
    client.post(reverse("parcels-hand-over"), {"ids": [good.pk, bad.pk]})
    assert (making.again(good).state, making.again(bad).state) == (ParcelState.HANDED_OVER, ParcelState.NUMBERED)
    client.post(reverse("parcels-hand-over"), {"all_matching": "1", "list_query": "?tab=to_hand_over"})
    assert making.again(other).state == ParcelState.HANDED_OVER


@pytest.mark.clause("O3.1")
def test_a_refused_report_is_sent_again_or_confirmed(clock: None) -> None:
    parcels = [making.sent_parcel(), making.sent_parcel()]
    for parcel in parcels:
        record_ship_backs.one(SYSTEM, ShipBackAnswer(parcel.pk, "failed", code="not_shippable"))
    client = enter(Role.ORDER_SPECIALIST)
    client.post(reverse("parcels-retry"), {"ids": [parcels[0].pk]})
    assert ShipBack.objects.get(parcel=parcels[0]).state == "pending"
    url = reverse("parcels-confirm-ship-back", args=[parcels[1].pk])
    assert client.post(url, {"evidence": "千牛已显示该单号"}).status_code == 302
    assert ShipBack.objects.get(parcel=parcels[1]).state == "acknowledged"


@pytest.mark.clause("O3.2")
def test_a_case_is_worked_from_its_page(clock: None) -> None:
    _, case = troubled()
    client = enter(Role.ORDER_SPECIALIST)
    talk = {"channel": "phone", "note": "网点登记理赔", "answer_hours": "6"}
    assert client.post(reverse("parcels-contact", args=[case.pk]), talk).status_code == 302
    assert ContactLog.objects.get(case=case).note == "网点登记理赔"
    url = reverse("parcels-close-case", args=[case.pk])
    assert client.post(url, {"outcome": "no_fault", "note": ""}).status_code == 422
    assert client.post(url, {"outcome": "compensated", "note": "赔付 30 元"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "compensated")
    assert client.get(reverse("parcels-case", args=[case.pk])).status_code == 200


@pytest.mark.clause("O3.2")
def test_a_person_reports_what_they_see(clock: None) -> None:
    parcel = making.sent_parcel()
    url = reverse("parcels-report", args=[parcel.pk])
    assert enter(Role.ORDER_SPECIALIST).post(url, {"kind": "lost", "note": ""}).status_code == 302
    assert ParcelCase.objects.get(parcel=parcel).kind == "lost"


@pytest.mark.clause("O3.1")
def test_a_parcel_is_voided_and_numbers_asked_again(clock: None) -> None:
    parcel, waiting = making.numbered_parcel(), making.open_parcel()
    client = enter()
    client.post(reverse("parcels-request-number"), {"ids": [waiting.pk]})
    client.post(reverse("parcels-cancel", args=[parcel.pk]), {"reason": "买家改地址"})
    assert making.again(parcel).state == ParcelState.CANCELLED


@pytest.mark.clause("O3.2")
def test_nobody_opens_what_is_not_theirs(clock: None) -> None:
    parcel, case = troubled()
    stranger = enter(Role.ORDER_SPECIALIST, shops=[factories.make_shop()])
    for name, id_ in (
        ("parcels-parcel", parcel.pk),
        ("parcels-case", case.pk),
        ("parcels-number", parcel.pk),
        ("parcels-confirm-ship-back", parcel.pk),
    ):
        assert stranger.get(reverse(name, args=[id_])).status_code == 404
    assert str(parcel.number) not in stranger.get(reverse("parcels-list") + "?tab=all").content.decode()
    designer = enter(Role.DESIGN)
    assert designer.get(reverse("parcels-list")).status_code == 403
    assert designer.post(reverse("parcels-hand-over"), {"ids": [parcel.pk]}).status_code == 403


@pytest.mark.clause("O3.1")
def test_a_list_offers_only_what_one_may_do(clock: None) -> None:
    making.packed_parcel()
    url = reverse("parcels-list") + "?tab=to_hand_over"
    offers = {role: enter(role).get(url).content.decode() for role in (Role.WAREHOUSE, Role.ORDER_SPECIALIST)}
    assert reverse("parcels-hand-over") in offers[Role.WAREHOUSE]
    assert reverse("parcels-hand-over") not in offers[Role.ORDER_SPECIALIST]
    assert reverse("parcels-request-number") in offers[Role.ORDER_SPECIALIST]


@pytest.mark.clause("O3.2")
def test_programs_read_the_same(clock: None) -> None:
    parcel, case = troubled()
    client = enter()
    base = "/api/v1/parcels"
    listed = client.get(f"{base}/parcels?tab=trouble").json()
    assert [row["number"] for row in listed["rows"]] == [parcel.number]
    assert client.get(f"{base}/parcels/{parcel.pk}").json()["scans"][0]["code"] == "209"
    assert client.get(f"{base}/counts").json()["trouble"] == 1
    assert client.get(f"{base}/cases").json()["rows"][0]["id"] == case.pk
    assert client.get(f"{base}/cases/{case.pk}").json()["case"]["kind"] == "damaged"
    assert client.get(f"{base}/ship-backs?tab=pending").json()["rows"][0]["parcel"] == parcel.label
    stranger = enter(Role.ORDER_SPECIALIST, shops=[factories.make_shop()])
    assert stranger.get(f"{base}/parcels/{parcel.pk}").status_code == 404
    assert enter(Role.DESIGN).get(f"{base}/parcels").status_code == 403


@pytest.mark.clause("O3.2")
def test_what_is_refused_of_a_case_is_said_on_its_page(clock: None) -> None:
    parcel, case = troubled()
    client = enter(Role.ORDER_SPECIALIST)
    refused = client.post(reverse("parcels-close-case", args=[case.pk]), {"outcome": "no_fault", "note": ""})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'id="ending-note-error"' in page
    assert reverse("parcels-contact", args=[case.pk]) in page  # the whole case is there, with its talks
    assert f"CK{parcel.pk:010d}" in page
    assert str(parcel.number) in page
    assert f'hx-get="{reverse("parcels-case", args=[case.pk])}"' in page  # the bar names the case again
    page = client.get(reverse("parcels-case", args=[case.pk])).content.decode()
    assert "ending-note-error" not in page
    assert "无异常、确认丢失时必填" in page


@pytest.mark.clause("O3.2")
def test_a_parcel_on_its_way_back_says_whom_it_is_delivered_to(clock: None) -> None:
    parcel, case = troubled()
    making.hear(parcel, making.scan("203", NOON + timedelta(hours=3), "收件人拒收"))
    making.hear(parcel, making.scan("5", NOON + timedelta(hours=4), "派件中"))
    page = enter(Role.ORDER_SPECIALIST).get(reverse("parcels-case", args=[case.pk])).content.decode()
    assert "退往寄件方" in page


def test_a_return_that_we_asked_for_is_not_asked_about(clock: None) -> None:
    parcel, stray = making.sent_parcel(), making.sent_parcel()
    assert request_interceptions.one(SYSTEM, RequestInterception(parcel.pk, "return", "changed_mind")).changed
    for one in (parcel, stray):
        making.hear(one, making.scan("6", NOON + timedelta(hours=2)))
    case, other = (ParcelCase.objects.get(parcel=one, kind="returning") for one in (parcel, stray))
    client = enter()
    assert "询问退回原因" in client.get(reverse("parcels-case", args=[other.pk])).content.decode()
    page = client.get(reverse("parcels-case", args=[case.pk])).content.decode()
    assert "我们请快递拦截退回的" in page
    assert "询问退回原因" not in page
    assert "我们已请快递拦截退回" in client.get(reverse("parcels-parcel", args=[parcel.pk])).content.decode()


@pytest.mark.clause("O3.2")
def test_a_case_waits_apart_until_the_courier_is_to_answer(clock: None) -> None:
    _, case = troubled()
    client = enter(Role.ORDER_SPECIALIST)
    assert "联系快递处理异常包裹：破损</a>" in client.get("/").content.decode()
    door = reverse("parcels-contact", args=[case.pk])
    client.post(door, {"channel": "phone", "note": "网点答应明天答复", "answer_hours": "20", "form_token": "c1"})
    work = client.get("/").content.decode()
    assert "联系快递处理异常包裹：破损 · 已联系快递" in work
    assert "还没到时候" in work
    log = client.get(reverse("parcels-case", args=[case.pk])).content.decode()
    assert 'data-label="约定答复"' in log  # on a phone the log is cards, nothing of it off the screen
