"""Signing in: with a password, and in the demo shop only with one click."""

from typing import Any

import pytest
from django.test import Client

from shopkeeper.foundation.models import Person
from shopkeeper.sop.roles import Role
from tests.factories import make_person
from tests.web.conftest import Visit

PASSWORD = "a-long-pass-word-7"


@pytest.fixture
def clerk(db: None) -> Person:
    person = make_person(Role.ORDER_SPECIALIST)
    person.set_password(PASSWORD)
    person.language = "en"
    person.save()
    return person


def test_a_password_opens_the_house(clerk: Person) -> None:
    client = Client()
    answer = client.post("/sign-in/", {"username": clerk.username, "password": PASSWORD, "next": "/orders/?tab=held"})
    assert (answer.status_code, answer["Location"]) == (302, "/orders/?tab=held")
    assert client.cookies["sk_lang"].value == "en"
    assert client.get("/palette/").status_code == 200


@pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "x"])
def test_nobody_is_sent_elsewhere(clerk: Person, next_: str) -> None:
    answer = Client().post("/sign-in/", {"username": clerk.username, "password": PASSWORD, "next": next_})
    assert answer["Location"] == "/"


def test_a_wrong_password_says_so_and_five_lock(clerk: Person) -> None:
    client = Client()
    codes = [client.post("/sign-in/", {"username": clerk.username, "password": "wrong"}).status_code for _ in range(5)]
    assert codes[:4] == [401] * 4
    assert codes[4] in (401, 403, 429)
    locked = client.post("/sign-in/", {"username": clerk.username, "password": PASSWORD})
    assert locked.status_code in (401, 403, 429)


def test_one_click_sign_in_does_not_exist_outside_the_demo(clerk: Person, settings: Any) -> None:
    settings.SHOPKEEPER_DEMO = False
    client = Client()
    assert client.post("/sign-in/demo/", {"person": clerk.pk}).status_code == 404
    assert clerk.name not in client.get("/sign-in/").content.decode()
    assert client.get("/palette/").status_code == 302


def test_one_click_sign_in_in_the_demo(clerk: Person, settings: Any) -> None:
    settings.SHOPKEEPER_DEMO = True
    client = Client()
    assert clerk.name in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/demo/", {"person": clerk.pk}).status_code == 302
    assert client.get("/palette/").status_code == 200
    assert Client().post("/sign-in/demo/", {"person": "0"}).status_code == 404


def test_a_person_who_left_is_out_at_once(visit: Visit, clerk: Person) -> None:
    client = visit(clerk)
    assert client.get("/palette/").status_code == 200
    Person.objects.filter(pk=clerk.pk).update(is_active=False)
    assert client.get("/palette/").status_code == 302


def test_signing_out_and_the_language_need_a_form(visit: Visit) -> None:
    client = visit()
    assert client.get("/sign-out/").status_code == 405
    answer = client.post("/language/", {"language": "en", "next": "/palette/"})
    assert (answer.status_code, client.cookies["sk_lang"].value) == (302, "en")
    client.post("/language/", {"language": "klingon"})
    assert client.cookies["sk_lang"].value == "en"
    client.post("/sign-out/")
    assert client.get("/palette/").status_code == 302
