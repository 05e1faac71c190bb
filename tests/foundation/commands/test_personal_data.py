"""G4: plain data only for a reason and on record; an erased person is gone, the record stays."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.commands.erase_person import ErasePerson, erase_person
from shopkeeper.foundation.commands.reveal_personal_data import RevealPersonalData, reveal_personal_data
from shopkeeper.foundation.models import SubjectKey
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.personal import Erased, open_json
from shopkeeper.foundation.sealed_records import revealed_data, sealed_kinds
from shopkeeper.shared.errors import BusinessError, NotAllowed
from shopkeeper.sop.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G4")]


def an_order(**fields: object) -> Order:
    shop = make.make_shop()
    sku = make.make_sku()
    return Order.objects.get(id=make.make_order(shop, make.received_line(sku), **fields))


def looker(**scope: object) -> Actor:
    return make.actor_with(Permission.PERSONAL_REVEAL, **scope)  # type: ignore[arg-type]


def reveals() -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM foundation_event WHERE type = 'foundation.personal_data_revealed'")
        return [json.loads(text) for (text,) in cursor.fetchall()]


def test_who_gives_a_reason_may_read_and_it_is_on_record() -> None:
    order, actor = an_order(), looker()
    outcome = reveal_personal_data.one(actor, RevealPersonalData("intake.order", order.pk, "核对地址"))
    assert (outcome.code, outcome.facts) == ("done", {"kind": "intake.order"})
    plain = revealed_data(actor, "intake.order", order.pk)
    assert (plain["name"], plain["phone"]) == ("张小明", "13812341234")
    assert reveals() == [
        {"record_id": order.pk, "kind": "intake.order", "shop_id": order.shop_id, "reason": "核对地址"}
    ]


def test_without_a_fresh_reveal_of_ones_own_nothing_is_shown() -> None:
    order, actor = an_order(), looker()
    with pytest.raises(BusinessError, match="not_revealed"):
        revealed_data(actor, "intake.order", order.pk)
    reveal_personal_data.one(actor, RevealPersonalData("intake.order", order.pk, "核对地址"))
    with pytest.raises(BusinessError, match="not_revealed"):
        revealed_data(looker(), "intake.order", order.pk)


def test_reveal_is_refused_without_permission_reason_kind_or_record() -> None:
    order = an_order()
    with pytest.raises(NotAllowed):
        reveal_personal_data.one(make.actor_with(), RevealPersonalData("intake.order", order.pk, "核对地址"))
    items = [
        RevealPersonalData("intake.order", order.pk, " x "),
        RevealPersonalData("intake.orderline", order.pk, "核对地址"),
        RevealPersonalData("intake.order", 10**12, "核对地址"),
    ]
    assert [o.code for o in reveal_personal_data(looker(), items)] == ["reason_needed", "kind_unknown", "not_found"]
    stranger = looker(shops=[make.make_shop()])
    assert reveal_personal_data.one(stranger, RevealPersonalData("intake.order", order.pk, "看看")).code == "not_found"
    assert reveals() == []


def test_reveals_are_limited_per_hour(settings: object) -> None:
    settings.SHOPKEEPER_REVEALS_PER_HOUR = 2  # type: ignore[attr-defined]
    order, actor = an_order(), looker()
    items = [RevealPersonalData("intake.order", order.pk, "核对地址")] * 3
    assert [o.code for o in reveal_personal_data(actor, items)] == ["done", "done", "reveals_exhausted"]
    assert reveal_personal_data.one(actor, items[0]).facts == {"limit": 2}
    assert reveal_personal_data.one(looker(), items[0]).code == "done"


def test_an_erased_person_is_gone_and_the_record_stays_whole() -> None:
    order = an_order(buyer_remark="请发顺丰")
    before = (order.state, order.paid_minor, order.lines.count())
    manager = make.actor_with(Permission.PERSONAL_ERASE)
    item = ErasePerson("intake.order", order.pk, "买家要求删除")
    assert [o.code for o in erase_person(manager, [item, item])] == ["done", "unchanged"]
    order.refresh_from_db()
    assert (order.state, order.paid_minor, order.lines.count()) == before
    with pytest.raises(Erased):
        open_json(order.subject_id, bytes(order.receiver_sealed))
    assert order.receiver_name_masked == order.receiver_phone_masked == order.receiver_address_masked == ""
    assert order.phone_index is None
    assert order.phone_tail_index is None
    assert SubjectKey.objects.get(id=order.subject_id).wrapped is None
    assert erase_person.one(manager, item).code == "unchanged"
    refusal = reveal_personal_data.one(looker(), RevealPersonalData("intake.order", order.pk, "核对地址"))
    assert refusal.code == "erased"
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM foundation_event WHERE type = 'foundation.person_erased'")
        assert [json.loads(text)["subject_key_id"] for (text,) in cursor.fetchall()] == [order.subject_id]


def test_who_erased_a_person_cannot_read_what_was_revealed_before() -> None:
    order, actor = an_order(), looker()
    reveal_personal_data.one(actor, RevealPersonalData("intake.order", order.pk, "核对地址"))
    erase_person.one(make.actor_with(Permission.PERSONAL_ERASE), ErasePerson("intake.order", order.pk, "要求"))
    with pytest.raises(BusinessError, match="erased"):
        revealed_data(actor, "intake.order", order.pk)


def test_erasing_is_refused_without_permission_reason_kind_or_record() -> None:
    order = an_order()
    with pytest.raises(NotAllowed):
        erase_person.one(looker(), ErasePerson("intake.order", order.pk, "要求"))
    manager = make.actor_with(Permission.PERSONAL_ERASE)
    items = [
        ErasePerson("intake.order", order.pk, "  "),
        ErasePerson("no.such", order.pk, "要求"),
        ErasePerson("intake.order", 10**12, "要求"),
    ]
    assert [o.code for o in erase_person(manager, items)] == ["reason_needed", "kind_unknown", "not_found"]
    stranger = make.actor_with(Permission.PERSONAL_ERASE, shops=[make.make_shop()])
    assert erase_person.one(stranger, ErasePerson("intake.order", order.pk, "要求")).code == "not_found"
    assert open_json(order.subject_id, bytes(order.receiver_sealed))["receiver"]["name"] == "张小明"


def test_every_model_with_sealed_data_can_be_revealed() -> None:
    assert {"intake.order", "settlement.followupattempt"} <= set(sealed_kinds())


def test_the_page_shows_the_value_once_and_stores_it_nowhere() -> None:
    order = an_order()
    client = Client()
    client.force_login(make.make_person(Role.CUSTOMER_SERVICE), backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("personal-reveal", args=["intake.order", order.pk])
    shown = client.post(url, {"reason": "回访", "field": "phone", "form_token": "t"})
    assert "13812341234" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert "13812341234" not in client.post(url, {"reason": "", "field": "phone"}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_idempotencykey WHERE answer::text LIKE '%%13812341234%%'")
        assert cursor.fetchone() == (0,)
    assert client.get(f"/api/v1/foundation/personal/intake.order/{order.pk}").json()["name"] == "张小明"


def test_a_manager_erases_from_the_page() -> None:
    order = an_order()
    client = Client()
    client.force_login(make.make_person(Role.OPERATIONS_MANAGER), backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("personal-erase", args=["intake.order", order.pk])
    for _ in range(2):
        assert client.post(url, {"reason": "买家要求删除", "form_token": "t"}).status_code == 302
    order.refresh_from_db()
    assert order.receiver_name_masked == ""
