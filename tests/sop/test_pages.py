from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from shopkeeper.flows.analytics.reports.deadlines import REPORT_MAKE, REPORT_SIGN
from shopkeeper.flows.fulfilment.intake.deadlines import DECIDE_HOLDS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS, Step
from shopkeeper.shared.words import T
from shopkeeper.sop.clause_words import ASKS
from shopkeeper.sop.clauses import CLAUSES
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.models import Deadline, PolicyValue
from shopkeeper.sop.policy import POLICY_KEYS
from shopkeeper.sop.queries.compliance import clause_counts, role_counts
from shopkeeper.sop.queries.policy import said
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
def test_a_supervisor_gives_a_duty_to_somebody_of_its_role_and_shop() -> None:
    shop, other = make.make_shop(), make.make_shop()
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    arm(step, [Arm(DECIDE_HOLDS, n, now, at.pk, label=f"JY{n:010d}") for n, at in ((1, shop), (2, other))])
    here, there = (make.make_person("order_specialist", shops=[at]) for at in (shop, other))
    make.make_person("warehouse", shops=[shop])
    client = Client(headers={"Accept-Language": "en"})
    boss = make.make_person("operations_supervisor", shops=[shop])
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    duty, foreign = Deadline.objects.order_by("subject_id")
    url = f"/work/{duty.pk}/assign/"
    page = client.get(url).content.decode()
    assert f'value="{here.pk}"' in page
    assert f'value="{there.pk}"' not in page
    assert client.get(f"/work/{foreign.pk}/assign/").status_code == 404
    assert client.post(url, {"to_person_id": here.pk, "reason": ""}).status_code == 422
    assert client.post(url, {"to_person_id": here.pk, "reason": "今天先办这单"}).status_code == 302
    duty.refresh_from_db()
    assert duty.claimed_by_id == here.pk
    client.force_login(here, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(url).status_code == 403
    assert "今天先办这单" in client.get("/").content.decode()


@pytest.mark.clause("G2")
def test_the_work_list_counts_in_english() -> None:
    client = visitor("order_specialist")
    duties(1)
    assert "1 thing waits for you now" in client.get("/").content.decode()
    duties(1, 2)
    assert "2 things wait for you now" in client.get("/").content.decode()


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


@pytest.mark.clause("G1")
def test_roles_and_clauses_count_the_same_duties_and_system_checks_apart() -> None:
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    soon = now + timedelta(hours=1)
    arm(step, [Arm(REPORT_MAKE, n, soon) for n in range(4)])
    arm(step, [Arm(REPORT_SIGN, 7, soon, label="BG0000000007"), Arm(DECIDE_HOLDS, 1, soon), Arm(DECIDE_HOLDS, 2, soon)])
    since, until = now - timedelta(days=1), now + timedelta(days=1)
    clauses, roles = clause_counts(SYSTEM, since, until), role_counts(SYSTEM, since, until)
    assert (clauses["D2.1"].open, clauses["D2.1"].watches) == (1, 4)
    assert next(row.open for row in roles if row.role == "data_specialist") == 1
    assert sum(row.open for row in clauses.values()) == sum(row.open for row in roles)
    page = visitor("operations_manager").get("/compliance/").content.decode()
    assert "System checks" in page and "has a column of its own below" in page


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


@pytest.mark.clause("G1")
def test_every_clause_says_what_it_asks_in_both_languages() -> None:
    assert set(ASKS) == set(CLAUSES)
    manager = visitor("operations_manager")
    for clause in CLAUSES.values():
        assert clause.asks.zh.endswith("。") and clause.asks.en.endswith(".")
        assert escape(clause.asks.en) in manager.get(f"/procedure/{clause.id}/").content.decode(), clause.id
    assert escape(CLAUSES["M4.1"].asks.en) in manager.get("/start/").content.decode()


@pytest.mark.clause("G1")
def test_a_clause_names_its_duties_and_says_money_as_money() -> None:
    page = visitor("operations_manager").get("/procedure/S2.3/").content.decode()
    assert "<dt>Deadline</dt>" not in page and "Duties with a deadline" in page
    assert "Offer a solution" in page and "Customer service" in page
    assert "¥200.00" in page and " fen" not in page
    keys = [key for key in POLICY_KEYS.values() if isinstance(key.unit, T) and key.unit.zh.startswith("分 /")]
    assert keys and all(said(key, 1500).startswith("¥15.00 ") for key in keys)


@pytest.mark.clause("G2")
def test_the_first_page_says_its_name_once() -> None:
    page = visitor("operations_manager").get("/start/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count(">Start here<") == 1
