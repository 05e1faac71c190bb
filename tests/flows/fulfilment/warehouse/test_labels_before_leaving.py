"""O3.1: a parcel without a label is handed over from no page; the page says where to print it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.parcels.commands.print_labels import PrintLabel, print_labels
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.warehouse.models import WaveOrder
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.roles import Role
from tests import factories
from tests.flows.fulfilment.warehouse.stage import Stage, key, set_stage


def _packed(stage: Stage, pieces: int) -> list[tuple[WaveOrder, Parcel]]:
    shirt = stage.sku(("A-01-01", 20))
    packed = []
    for _ in range(pieces):
        packing = stage.opened(stage.order((shirt, 1)))
        stage.check_all(packing)
        assert stage.close(packing, 280).changed
        packed.append((packing, Parcel.objects.get(order_id=packing.order_id)))
    return packed


def _worker(stage: Stage) -> Client:
    client = Client(headers={"accept-language": "zh"})
    client.force_login(factories.make_person(Role.WAREHOUSE, warehouses=[stage.warehouse]))
    return client


@pytest.mark.clause("O3.1")
def test_a_parcel_without_a_label_stays_behind(db: None) -> None:
    stage = set_stage()
    (_, good), (bare, bare_parcel) = _packed(stage, 2)
    assert print_labels.one(SYSTEM, PrintLabel(good.pk)).changed
    client = _worker(stage)
    assert f'href="/warehouse/orders/{bare.pk}/"' in client.get("/warehouse/hand-over/").content.decode()
    told = client.post(
        "/warehouse/hand-over/many/",
        {"ids": [good.pk, bare_parcel.pk], "form_token": "h1"},
        headers={"HX-Request": "true"},
    )
    toasts = json.loads(told["HX-Trigger"])["sk:toast"]["toasts"]
    assert toasts[0]["text"] == "已交运 1 件"
    assert toasts[1]["details"] == [f"包裹 {bare_parcel.label} 还没打面单，没有交运。请先打印面单并贴好。"]
    assert set(Parcel.objects.values_list("id", "state")) == {(good.pk, "handed_over"), (bare_parcel.pk, "packed")}
    body = json.dumps({"key": f"{key()}-xxxxxxxx", "code": bare_parcel.number, "context": {}})
    scanned = client.post("/warehouse/hand-over/scan/", body, content_type="application/json").json()
    assert (scanned["verdict"], scanned["title"]) == ("bad", "没打面单")
    bare_parcel.refresh_from_db()
    assert bare_parcel.state == "packed"
    assert print_labels.one(SYSTEM, PrintLabel(bare_parcel.pk)).changed
    client.post("/warehouse/hand-over/many/", {"ids": [bare_parcel.pk], "form_token": "h2"})
    bare_parcel.refresh_from_db()
    assert bare_parcel.state == "handed_over"


@pytest.mark.clause("O3.1")
@pytest.mark.parametrize("everything", [False, True], ids=["chosen", "all matching"])
def test_the_list_of_parcels_refuses_in_the_same_words(db: None, everything: bool) -> None:
    stage = set_stage()
    (_, good), (_, bare) = _packed(stage, 2)
    assert print_labels.one(SYSTEM, PrintLabel(good.pk)).changed
    asked = {"all_matching": "1", "list_query": "?tab=to_hand_over"} if everything else {"ids": [good.pk, bare.pk]}
    told = _worker(stage).post(reverse("parcels-hand-over"), asked, headers={"HX-Request": "true"})
    toasts = json.loads(told["HX-Trigger"])["sk:toast"]["toasts"]
    assert toasts[0]["text"] == "已交运 1 件"
    assert toasts[1]["details"] == [f"包裹 {bare.label} 还没打面单，没有交运。请先打印面单并贴好。"]
    assert set(Parcel.objects.values_list("id", "state")) == {(good.pk, "handed_over"), (bare.pk, "packed")}


@pytest.mark.clause("O3.1")
def test_a_parcels_own_page_offers_the_label_first_and_then_the_hand_over(db: None) -> None:
    stage = set_stage()
    [(packing, parcel)] = _packed(stage, 1)
    client = _worker(stage)
    own, printing = reverse("parcels-parcel", args=[parcel.pk]), reverse("warehouse-print-label", args=[parcel.pk])
    shown = client.get(own).content.decode()
    assert f'"{printing}"' in shown
    assert f'"{reverse("parcels-hand-over")}"' not in shown
    paper = client.post(printing, {"form_token": "p1"})
    assert paper.headers["Location"] == f"{reverse('warehouse-label', args=[packing.pk])}?size=100x180"
    shown = client.get(own).content.decode()
    assert f'"{printing}"' not in shown
    assert f'"{reverse("parcels-hand-over")}"' in shown
    client.post(reverse("parcels-hand-over"), {"ids": parcel.pk, "form_token": "h1"})
    parcel.refresh_from_db()
    assert parcel.state == "handed_over"
