"""S3 for programs: reads with key paging, figures, papers; and the readers that set it all going."""

from typing import Any

import pytest
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.config.wiring import READERS
from shopkeeper.flows.service.feedback.models import Survey
from shopkeeper.foundation import readers
from shopkeeper.foundation.models import ApiToken, ReaderCursor
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.service.conversations import stage as talks
from tests.flows.service.feedback import stage

pytestmark = [pytest.mark.clause("S3.1", "S3.2")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def program(*roles: str) -> Client:
    person = make.make_person(*roles)
    ApiToken.objects.create(
        person=person, name="t", token_hash=token_hash(f"secret-{person.pk}"), made_at=machine_now()
    )
    return Client(headers={"Authorization": f"Bearer secret-{person.pk}"})


def read(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1/feedback/{path}", query)
    assert answer.status_code == 200, (path, answer.content)
    return answer.json()


@pytest.mark.django_db
def test_ratings_are_read_without_their_words() -> None:
    shop = talks.open_shop()
    for score in (5, 4, 1):
        stage.rated(score, "电话 13812341234", shop)
    client = program(Role.CUSTOMER_SERVICE)
    page = read(client, "surveys", limit=2)
    assert len(page["items"]) == 2
    rest = read(client, "surveys", limit=2, after=page["next"])
    assert [row["score"] for row in page["items"] + rest["items"]] == [1, 4, 5]
    assert rest["next"] == ""
    assert "13812341234" not in str(page)
    one = read(client, f"surveys/{page['items'][0]['id']}")
    assert (one["score"], one["has_comment"], one["url"]) == (1, True, "")
    figures = read(client, "satisfaction")
    assert (figures["answered"], figures["satisfied"], figures["stars"]) == (3, 2, [1, 0, 0, 1, 1])
    assert (figures["mean_hundredths"], figures["top_box"], figures["response"]) == (333, 6_667, 10_000)
    (recovery,) = read(client, "recoveries")["items"]
    assert (recovery["score"], recovery["next_attempt"]) == (1, 1)
    assert read(client, f"recoveries/{recovery['id']}")["state"] == "open"
    assert client.get("/api/v1/feedback/surveys/999999").status_code == 404
    assert program(Role.DESIGN).get("/api/v1/feedback/surveys").status_code == 403


@pytest.mark.django_db
def test_summaries_and_improvements_are_read_with_their_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = stage.a_problem(monkeypatch)
    task = stage.improving(problem)
    client = program(Role.OPERATIONS_SUPERVISOR)
    (row,) = read(client, "summaries")["items"]
    assert (row["day"], row["state"], row["figures"]["opened"]) == ("2026-06-01", "draft", 2)
    whole = read(client, f"summaries/{row['id']}")
    assert whole["problems"][0]["tickets"] == 2
    assert whole["problems"][0]["contact_hundredths"] == 2_000
    assert client.get(f"/api/v1/feedback/summaries/{row['id']}/document.pdf").content.startswith(b"%PDF-")
    assert client.get(f"/api/v1/feedback/summaries/{row['id']}/document.odt").status_code == 404
    (found,) = read(client, "improvements", owner="product_specialist")["items"]
    assert (found["id"], found["before_tickets"], found["before_hundredths"]) == (task.pk, 2, 2_000)
    assert read(client, f"improvements/{task.pk}")["after_tickets"] is None
    assert client.get("/api/v1/feedback/improvements/999999").status_code == 404


def test_events_set_it_going_by_itself(fresh_db: FreshDatabase) -> None:
    """A resolved ticket is planned to be asked about, and its shop's days are watched; read again, nothing is done."""
    ours = {reader.name: reader for reader in READERS if reader.name.startswith("feedback.")}
    readers.ensure_cursors(READERS)
    ReaderCursor.objects.exclude(name__in=ours).delete()
    ticket = stage.resolved()
    for _ in range(2):
        while readers.run_readers(ours):
            continue
        assert Survey.objects.filter(ticket=ticket).count() == 1
        assert Deadline.objects.filter(kind="summary_draft", subject_id=ticket.shop_id).count() == 1
        ReaderCursor.objects.update(xid=0, event_id=0)
