"""The program's door to tickets: shapes, paging, scope, commands by address."""

import json
from typing import Any

import pytest
from django.test import Client

from shopkeeper.flows.service.tickets.commands.add_notes import AddNote, add_notes
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.commands.request_interceptions import (
    RequestInterception,
    request_interceptions,
)
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ApiToken, Shop
from shopkeeper.foundation.tokens import token_hash
from shopkeeper.shared.clock import machine_now
from tests import factories as make
from tests.flows.fulfilment.parcels import making
from tests.flows.fulfilment.parcels.conftest import clock
from tests.flows.service.tickets.stage import make_agent, make_ticket

__all__ = ["clock"]
pytestmark = pytest.mark.clause("S1.2")


def program(*roles: str, shops: list[Shop] | None = None) -> Client:
    person = make.make_person(*(roles or ("customer_service",)), shops=shops)
    token = f"token-{person.pk}"
    ApiToken.objects.create(person=person, name="t", token_hash=token_hash(token), made_at=machine_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def got(client: Client, path: str, **query: Any) -> Any:
    response = client.get(f"/api/v1/tickets{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_tickets_page_by_what_is_due_without_loss(clock: None) -> None:
    shop = make.make_shop()
    made = [make_ticket(shop, "有货吗").pk for _ in range(5)]
    client = program()
    seen: list[int] = []
    after = ""
    for _ in range(4):
        page = got(client, "/tickets", state="open", limit=2, after=after)
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if not after:
            break
    assert sorted(seen) == made and len(seen) == 5
    newest = got(client, "/tickets", limit=3)
    assert [item["id"] for item in newest["items"]] == made[:1:-1]
    rest = got(client, "/tickets", limit=3, after=newest["next"])
    assert [item["id"] for item in rest["items"]] == made[1::-1]


def test_one_ticket_whole_in_plain_for_who_handles_it(clock: None) -> None:
    shop = make.make_shop()
    make_agent()
    ticket = make_ticket(shop, "衣服破损", customer_name="王小丽", customer_phone="13900001234")
    add_notes.one(SYSTEM, AddNote(ticket.pk, "n1", "等照片"))
    found = got(program(), f"/tickets/{ticket.pk}")
    assert (found["kind"], found["suggestion_words"], found["customer"]) == ("quality", ["破损"], "王**")
    assert (found["text"], found["notes"][0]["text"], found["state"]) == ("衣服破损", "等照片", "assigned")
    masked = got(program("order_specialist"), f"/tickets/{ticket.pk}")
    assert (masked["text"], masked["notes"][0]["text"], masked["is_readable"]) == ("", "", False)


def test_an_orders_context_says_how_it_can_be_helped(clock: None) -> None:
    parcel = making.sent_parcel()
    make_ticket(parcel.shop, "拦截", order_id=parcel.order_id)
    request_interceptions.one(SYSTEM, RequestInterception(parcel.pk, "return", "changed_mind"))
    found = got(program(), f"/orders/{parcel.order_id}")
    assert (found["stage"], found["way"], len(found["tickets"])) == ("in_sale", "interception", 1)
    interception = found["interceptions"][0]
    assert got(program(), f"/interceptions/{interception['id']}")["state"] == "requested"
    assert got(program(), "/interceptions", number=parcel.number)["items"][0]["id"] == interception["id"]


def test_changes_are_listed_masked(clock: None) -> None:
    order = make.make_order(make.make_shop(), make.received_line())
    outcome = request_changes.one(SYSTEM, RequestChange(order, "cancel", "changed_mind"))
    (line,) = got(program(), "/changes", order_id=order)["items"]
    assert (line["id"], line["kind"], line["state"]) == (outcome.id, "cancel", "requested")
    assert got(program(), f"/changes/{outcome.id}")["reason"] == "changed_mind"


def test_agents_conversions_knowledge(clock: None) -> None:
    client = program()
    _, agent = make_agent()
    assert agent.pk in [line["agent_id"] for line in got(client, "/agents")]
    make_ticket(make.make_shop(), "有货吗")
    span = {"since": "2026-05-31T00:00:00Z", "until": "2026-06-02T00:00:00Z"}
    (row,) = got(client, "/conversions", **span)
    assert (row["inquiries"], row["converted"], row["rate_basis_points"]) == (1, 0, 0)
    sku = make.make_sku()
    assert got(client, "/cards", text=sku.code)[0]["sku_id"] == sku.pk
    assert got(client, "/articles", text="退货") == {"items": [], "next": ""}


def test_another_shops_rows_do_not_exist(clock: None) -> None:
    parcel = making.sent_parcel()
    ticket = make_ticket(parcel.shop, order_id=parcel.order_id)
    client = program(shops=[make.make_shop()])
    assert got(client, "/tickets")["items"] == []
    for path in (f"/tickets/{ticket.pk}", f"/orders/{parcel.order_id}", f"/tickets/{ticket.pk}/replies"):
        assert client.get(f"/api/v1/tickets{path}").status_code == 404, path
    assert Client().get("/api/v1/tickets/tickets").status_code == 401


def test_a_program_opens_a_ticket_once(clock: None) -> None:
    shop = make.make_shop()
    client = program()
    body = {"items": [{"shop_id": shop.pk, "channel": "api", "external_ref": "E-1", "text": "什么时候发货"}]}
    answers = [
        client.post(
            "/api/v1/tickets/open-tickets",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        ).json()
        for key in ("k1", "k2")
    ]
    results = [answer["outcomes"][0] for answer in answers]
    assert [r["result"] for r in results] == ["done", "unchanged"]
    assert results[0]["id"] == results[1]["id"]
    assert results[0]["facts"]["kind"] == "shipping"
