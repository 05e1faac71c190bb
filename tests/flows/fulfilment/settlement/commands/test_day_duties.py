"""O4.1: a day with bookings is on finance's work list once it is over, until it is signed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.settlement.commands.close_days import CloseDay, close_days
from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.fulfilment.settlement import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O4.1")]
FIRST = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def book(shop: Shop) -> None:
    assert settle_orders.one(SYSTEM, SettleOrder(stage.completed_order(shop))).changed


def duty(shop: Shop) -> Deadline | None:
    return Deadline.objects.filter(kind="day_close", subject_id=shop.pk).first()


def test_the_first_booking_of_a_day_makes_its_signature_due_the_day_after() -> None:
    shop = make.make_shop()
    book(shop)
    due = duty(shop)
    assert due is not None
    assert (due.role, due.label, due.shop_id) == (Role.FINANCE, "2026-06-01", shop.pk)
    assert due.opens_at == datetime(2026, 6, 1, 16, tzinfo=UTC)  # midnight in China
    assert due.due_at == datetime(2026, 6, 2, 4, tzinfo=UTC)  # noon
    book(shop)
    assert Deadline.objects.filter(kind="day_close").count() == 1


def test_signing_ends_it_and_the_next_booked_day_is_next(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    book(shop)
    stage.at(monkeypatch, make.NOON + timedelta(days=2))
    book(shop)
    assert duty(shop).label == "2026-06-01"  # type: ignore[union-attr]
    assert close_days.one(SYSTEM, CloseDay(shop.pk, FIRST)).changed
    assert duty(shop).label == "2026-06-03"  # type: ignore[union-attr]
    stage.at(monkeypatch, make.NOON + timedelta(days=3))
    assert close_days.one(SYSTEM, CloseDay(shop.pk, FIRST + timedelta(days=2))).changed
    assert duty(shop) is None


def test_signing_a_later_day_first_leaves_the_earlier_one_due(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    book(shop)
    stage.at(monkeypatch, make.NOON + timedelta(days=1))
    book(shop)
    stage.at(monkeypatch, make.NOON + timedelta(days=2))
    assert close_days.one(SYSTEM, CloseDay(shop.pk, FIRST + timedelta(days=1))).changed
    assert duty(shop).label == "2026-06-01"  # type: ignore[union-attr]
    assert close_days.one(SYSTEM, CloseDay(shop.pk, FIRST)).changed
    assert duty(shop) is None


def test_the_work_list_leads_to_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    book(shop)
    stage.at(monkeypatch, make.NOON + timedelta(days=4))
    client = Client()
    client.force_login(make.make_person(Role.FINANCE), backend="django.contrib.auth.backends.ModelBackend")
    address = f"{reverse('settlement-days')}?shop={shop.pk}"
    work = client.get("/").content.decode()
    assert "财务日结签字" in work
    assert address in work
    assert 'value="2026-06-01"' in client.get(address).content.decode()
