"""G2: somebody new is told what the house does and what is theirs, until they put it away."""

import pytest
from django.test import Client

from shopkeeper.foundation import business_time
from shopkeeper.foundation.models import Person
from shopkeeper.sop.clauses import CLAUSES
from shopkeeper.sop.commands.end_first_visit import EndFirstVisit, end_first_visit
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.models import FirstVisit
from shopkeeper.sop.queries.newcomer import is_new, own_clauses
from shopkeeper.sop.roles import Role
from shopkeeper.web.visitor import actor_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G2")]
PANEL = 'id="start-title"'


def visit(person: Person, language: str = "en") -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["sk_lang"] = language
    return client


def told(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_panel_stands_above_the_work_until_it_is_put_away_and_can_be_had_again() -> None:
    client = visit(make.make_person(Role.WAREHOUSE))
    first = told(client)
    assert PANEL in first and "Start here" in first and "/start/end/" in first
    assert PANEL not in told(client, "/?flow=O")  # who filters knows the house
    gone = client.post("/start/end/")
    assert (gone.status_code, gone.headers["Location"]) == (302, "/")
    assert PANEL not in told(client)
    again = told(client, "/start/")
    assert PANEL in again and "/start/end/" not in again
    assert 'href="/start/"' in told(client)  # in one's own menu


def test_it_is_each_persons_own() -> None:
    one, other = make.make_person(Role.WAREHOUSE), make.make_person(Role.WAREHOUSE)
    visit(one).post("/start/end/")
    assert PANEL not in told(visit(one))
    assert PANEL in told(visit(other))


def test_it_speaks_both_languages() -> None:
    client = visit(make.make_person(Role.DESIGN), "zh")
    assert "从这里开始" in told(client) and "我的条款" in told(client)


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_everybody_finds_the_clauses_of_their_role_and_no_page_that_is_closed_to_them(role: str) -> None:
    person = make.make_person(role)
    actor = actor_of(person.pk)
    assert actor is not None
    found = own_clauses(actor)
    due = {kind.clause for kind in KINDS.values() if kind.role == role}
    assert {own.clause.id for own in found} <= due | {c.id for c in CLAUSES.values() if role in c.owners}
    assert found, role
    client = visit(person)
    assert {client.get(own.url).status_code for own in found if own.page} <= {200}


def test_putting_it_away_twice_changes_nothing() -> None:
    actor = actor_of(make.make_person(Role.FINANCE).pk)
    assert actor is not None
    assert is_new(actor)
    outcomes = end_first_visit(actor, [EndFirstVisit(), EndFirstVisit()])
    assert [one.code for one in outcomes] == ["done", "unchanged"]
    assert end_first_visit.one(actor, EndFirstVisit()).code == "unchanged"
    assert not is_new(actor)
    assert FirstVisit.objects.get().ended_at <= business_time.now()


def test_a_clause_with_duties_is_ones_own_and_every_clause_leads_somewhere() -> None:
    planner = {own.clause.id for own in own_clauses(actor_of(make.make_person(Role.CAMPAIGN_SPECIALIST).pk))}
    assert "M1.1" in planner
    assert "D3" not in planner  # a decision's task may be anybody's
    for role, clauses in ((Role.PRODUCT_SPECIALIST, ["P4.2"]), (Role.DATA_SPECIALIST, ["D2.2", "D2.4"])):
        pages = {own.clause.id: own.page for own in own_clauses(actor_of(make.make_person(role).pk))}
        assert all(pages[clause] for clause in clauses)
