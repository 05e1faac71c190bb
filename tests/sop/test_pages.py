from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.fulfilment.intake.deadlines import DECIDE_HOLDS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS, Step
from shopkeeper.sop.clauses import CLAUSES
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.models import Deadline, PolicyValue
from tests import factories as make

pytestmark = pytest.mark.django_db


def visitor(role: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(make.make_person(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def duties(count: int, start: int = 1) -> None:
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    numbers = range(start, start + count)
    arm(step, [Arm(DECIDE_HOLDS, n, now + timedelta(hours=1), label=f"JY{n:010d}") for n in numbers])


@pytest.mark.clause("G2")
def test_the_work_list_takes_as_many_statements_for_thirty_duties_as_for_one() -> None:
    client = visitor("order_specialist")
    counts = []
    for more, start in ((1, 1), (29, 2)):
        duties(more, start)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/")
        counts.append(len(queries))
        assert answer.status_code == 200
    assert counts[0] == counts[1]
    assert b"JY0000000030" in answer.content


@pytest.mark.clause("G2")
def test_a_duty_is_taken_on_the_page() -> None:
    duties(1)
    client = visitor("order_specialist")
    assert client.post("/work/claim/", {"deadline_id": Deadline.objects.get().pk}).status_code < 400
    assert Deadline.objects.get().claimed_by is not None


@pytest.mark.clause("G1")
def test_the_board_and_every_clause_open() -> None:
    client = visitor("operations_manager")
    assert client.get("/compliance/?days=30&role=warehouse").status_code == 200
    for clause in CLAUSES:
        assert client.get(f"/procedure/{clause}/").status_code == 200, clause
    assert client.get("/procedure/Z9/").status_code == 404


@pytest.mark.clause("G3")
def test_policy_is_set_on_the_page_and_a_bad_value_is_refused_with_its_bound() -> None:
    client = visitor("operations_manager")
    form = {"key": "session_minutes", "value": "45", "reason": "试行", "shop": ""}
    assert client.post("/policy/set/", form).status_code < 400
    assert PolicyValue.objects.get().value == 45
    client.post("/policy/set/", {**form, "value": "9999"})
    assert PolicyValue.objects.count() == 1


@pytest.mark.clause("G3")
def test_who_may_not_see_policy_gets_the_page_that_says_so() -> None:
    answer = visitor("warehouse").get("/policy/")
    assert answer.status_code == 403


@pytest.mark.clause("G5")
@pytest.mark.parametrize("address", ["/", "/compliance/", "/procedure/", "/policy/"])
def test_the_pages_speak_english_without_a_chinese_word_of_ours(address: str) -> None:
    page = visitor("operations_manager").get(address).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert not [c for c in main if "\u4e00" <= c <= "\u9fff"]
