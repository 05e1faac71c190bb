"""O3.1: a parcel without a label is not handed over in bulk or by a scan; the page says where to print it."""

import json

import pytest
from django.test import Client

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


@pytest.mark.clause("O3.1")
def test_a_parcel_without_a_label_stays_behind(db: None) -> None:
    stage = set_stage()
    (_, good), (bare, bare_parcel) = _packed(stage, 2)
    assert print_labels.one(SYSTEM, PrintLabel(good.pk)).changed
    client = Client(headers={"accept-language": "zh"})
    client.force_login(factories.make_person(Role.WAREHOUSE, warehouses=[stage.warehouse]))
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
