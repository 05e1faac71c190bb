"""S1.1 for programs: lines in, replies out, calls logged, and how the seconds are kept; with scope and paging."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.foundation.models import ApiToken, Person
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.conversations import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S1.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def program(person: Person) -> Client:
    token = f"token-{person.pk}"
    ApiToken.objects.create(person=person, name="t", token_hash=token_hash(token), made_at=machine_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def post(client: Client, command: str, **item: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v1/conversations/{command}", {"items": [item]}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    outcome: dict[str, Any] = answer.json()["outcomes"][0]
    return outcome


def test_a_program_takes_a_conversation_from_the_first_line_to_its_end(monkeypatch) -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    client = program(stage.person_of(agent))
    came = post(
        client,
        "take-in-messages",
        shop_id=shop.pk,
        channel="platform",
        customer="u1",
        client_id="p:1",
        text="在吗，退货",
    )
    talk = came["facts"]["conversation_id"]
    queue = client.get("/api/v1/conversations/queue").json()
    assert [row["id"] for row in queue] == [talk]
    stage.at(monkeypatch, make.NOON + timedelta(seconds=12))
    assert post(client, "send-replies", conversation_id=talk, client_id="r1", text="您好")["result"] == "done"
    found = client.get(f"/api/v1/conversations/conversations/{talk}").json()
    assert (found["waited_s"], found["is_late"], found["state"]) == (12.0, True, "talking")
    lines = client.get(f"/api/v1/conversations/conversations/{talk}/lines").json()
    assert [line["sender"] for line in lines] == ["customer", "bot", "agent"]
    refused = post(client, "send-replies", conversation_id=talk, client_id="r2", text=" ")
    assert (refused["code"], bool(refused["words"]["en"])) == ("nothing_said", True)
    assert post(client, "end-conversations", conversation_id=talk)["result"] == "done"
    promise = client.get("/api/v1/conversations/promises/2026-06-01").json()[0]
    assert (promise["asked"], promise["replied"], promise["kept"], promise["share"]) == (1, 1, 0, 0.0)
    assert promise["median_ms"] == 12_000


def test_reads_keep_to_the_shops_and_permissions_of_who_asks() -> None:
    shop = stage.open_shop()
    talk = stage.conversation(shop)
    stranger = program(stage.person_of(stage.agent(make.make_shop())))
    assert stranger.get("/api/v1/conversations/queue").json() == []
    assert stranger.get("/api/v1/conversations/conversations").json()["items"] == []
    assert stranger.get(f"/api/v1/conversations/conversations/{talk.pk}").status_code == 404
    assert stranger.get(f"/api/v1/conversations/conversations/{talk.pk}/lines").status_code == 404
    finance = program(make.make_person(Role.FINANCE))
    for path in ("queue", "conversations", "calls", "agents", "promises/2026-06-01"):
        assert finance.get(f"/api/v1/conversations/{path}").status_code == 403, path


def test_conversations_are_paged_by_key_and_agents_and_calls_are_listed() -> None:
    shop = stage.open_shop()
    stage.agent(shop)
    ids = [stage.conversation(shop, customer=f"c{n}").pk for n in range(5)]
    client = program(make.make_person(Role.OPERATIONS_SUPERVISOR))
    seen: list[int] = []
    after = ""
    while True:
        page = client.get("/api/v1/conversations/conversations", {"limit": 2, "after": after}).json()
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
        if not after:
            break
    assert seen == ids[::-1]
    assert client.get("/api/v1/conversations/agents").json()[0]["chat_load"] == 5
    post(client, "log-calls", shop_id=shop.pk, reference="1", phone="13812341234", rang_at="2026-06-01T04:00:00Z")
    calls = client.get("/api/v1/conversations/calls", {"phone": "13812341234"}).json()["items"]
    assert [(call["caller"], call["answered_at"]) for call in calls] == [("138****1234", None)]
