"""Canary values of a buyer go through every door and are then looked for in a dump, in files and in logs."""

import logging
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.settlement.models import FollowUp, FollowUpAttempt
from shopkeeper.foundation.commands.erase_person import ErasePerson, erase_person
from shopkeeper.foundation.database import embedded
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.personal import Erased, open_json
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.databases import Databases, FreshDatabase
from tests.flows.fulfilment.settlement import stage

pytestmark = pytest.mark.clause("G4")

# What masking leaves open (surname, first characters of a street, last digits) is not part of a canary.
NAME, PHONE, HOME, WORDS = "金丝雀名", "13899527431", "金丝雀苑9527室", "金丝雀留言暗号"
CANARIES = (NAME, PHONE, HOME, WORDS)


def traces(haystack: bytes) -> list[str]:
    """The canaries found in plain, as the hexadecimal of a dump, or escaped as JSON does."""
    lowered = haystack.lower()
    return [
        canary
        for canary in CANARIES
        if canary.encode() in haystack
        or canary.encode().hex().encode() in lowered
        or canary.encode("unicode_escape").lower() in lowered
        or canary.encode("gb18030") in haystack
    ]


def dump_of(database: FreshDatabase) -> bytes:
    """Everything the database holds, as a backup would carry it away."""
    program = embedded.programs() / "pg_dump"
    done = subprocess.run([str(program), "--dbname", database.url], capture_output=True, check=True, timeout=120)
    return done.stdout


def files_below(*roots: Path) -> Iterator[Path]:
    for root in roots:
        yield from (path for path in root.rglob("*") if path.is_file()) if root.is_dir() else (root,)


def an_order_of_the_canary(monkeypatch: pytest.MonkeyPatch) -> Order:
    """One order with the canary's data, led to its follow-up, with notes, reveals, mistakes on the way."""
    stage.at(monkeypatch, make.NOON)
    receiver = make.received_receiver(name=f"张{NAME}", phone=PHONE, address=f"文三路100号西溪里小区{HOME}")
    shop = make.make_shop()
    line = make.received_line(stage.stocked_sku(shop))
    raw = f'{{"receiver_name": "张{NAME}", "receiver_mobile": "{PHONE}", "buyer_message": "{WORDS}"}}'.encode()
    order_id = stage.watched_order(shop, line, receiver=receiver, buyer_ref=f"open-{NAME}", raw=raw)
    make.take_in(make.received_order(shop, line, receiver=receiver, buyer_remark=WORDS, raw=raw))
    stage.at(monkeypatch, make.NOON + timedelta(days=7))
    sweep()
    agent = Client(raise_request_exception=False)
    person = make.make_person(Role.CUSTOMER_SERVICE)
    agent.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    followup = FollowUp.objects.get(order_id=order_id)
    answer = reverse("settlement-followup-answer", args=[followup.pk])
    form = {"attempt": "1", "outcome": "not_reached", "note": f"{WORDS} {PHONE}", "form_token": "one"}
    for _ in range(2):
        assert agent.post(answer, form).status_code == 302
    agent.post(answer, {**form, "attempt": "x"})
    shown = agent.post(
        reverse("personal-reveal", args=["intake.order", order_id]), {"reason": "回访", "form_token": "two"}
    )
    assert PHONE in shown.content.decode()
    body = {"items": [{"followup_id": followup.pk, "attempt": 2, "outcome": "has_problem", "note": WORDS}]}
    path = "/api/v1/settlement/record-follow-up"
    agent.post(path, body, content_type="application/json", headers={"Idempotency-Key": "three"})
    agent.get("/orders/", {"q": PHONE})
    assert FollowUpAttempt.objects.filter(followup=followup).exists()
    return Order.objects.get(id=order_id)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_buyers_data_is_in_no_dump_no_file_and_no_log(
    fresh_db: FreshDatabase,
    databases: Databases,
    private_var: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    order = an_order_of_the_canary(monkeypatch)
    assert NAME in open_json(order.subject_id, bytes(order.receiver_sealed))["receiver"]["name"]
    dump = dump_of(fresh_db)
    assert order.platform_no.encode() in dump, "the dump holds the order at all"
    assert traces(dump) == []
    for path in files_below(private_var, databases.base / "pg.log"):
        assert traces(path.read_bytes()) == [], path
        assert not traces(str(path).encode()), path
    printed = capfd.readouterr()
    assert traces((caplog.text + printed.out + printed.err).encode()) == []


def test_the_search_finds_a_canary_that_was_left(fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that cannot fail proves nothing: the canary in plain and in bytes is found."""
    shop = make.make_shop(name=f"店{NAME}", credentials_sealed=PHONE.encode())
    assert shop.pk
    assert traces(dump_of(fresh_db)) == [NAME, PHONE]


def test_after_erasure_nothing_can_be_opened_and_pages_say_so(
    fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order_of_the_canary(monkeypatch)
    tried = FollowUpAttempt.objects.filter(subject_id=order.subject_id).first()
    assert tried is not None
    eraser = make.actor_with(Permission.PERSONAL_ERASE)
    assert erase_person.one(eraser, ErasePerson("intake.order", order.pk, "买家要求删除")).changed
    order.refresh_from_db()
    for sealed in (order.receiver_sealed, tried.note_sealed):
        with pytest.raises(Erased):
            open_json(order.subject_id, bytes(sealed))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_platformmessage WHERE subject_id = %s", [order.subject_id])
        assert cursor.fetchone() != (0,)
    dump = dump_of(fresh_db)
    assert traces(dump) == []
    assert b"138****7431" in dump  # the other buyer's order still shows its masked number
    followup = FollowUp.objects.get(order_id=order.pk)
    assert "已删除" in seen_by_staff(reverse("settlement-followup", args=[followup.pk]))


def test_the_page_of_an_erased_persons_order_says_so(fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    order = an_order_of_the_canary(monkeypatch)
    eraser = make.actor_with(Permission.PERSONAL_ERASE)
    assert erase_person.one(eraser, ErasePerson("intake.order", order.pk, "买家要求删除")).changed
    assert "已删除" in seen_by_staff(reverse("intake-order", args=[order.pk]))


def seen_by_staff(url: str) -> str:
    """A page as customer service and order specialists see it."""
    client = Client()
    viewer = make.make_person(Role.CUSTOMER_SERVICE, Role.ORDER_SPECIALIST)
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(url).content.decode()
