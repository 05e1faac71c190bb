"""G2: the work list puts the soonest first, and counts what waits for one."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from shopkeeper.flows.fulfilment.intake.deadlines import DECIDE_HOLDS
from shopkeeper.flows.service.feedback.deadlines import SUMMARY_SIGN
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.commands import COMMANDS, Step
from shopkeeper.shared.clock import day_of
from shopkeeper.sop.commands.claim_work import ClaimWork, claim_work
from shopkeeper.sop.deadlines import Arm, arm, open_now, put_off
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.queries.work import work_counts, work_of
from shopkeeper.sop.roles import Role
from shopkeeper.web.visitor import actor_of
from shopkeeper.web.worklist import WorkItem, grouped
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G2")]


def colleague() -> Actor:
    actor = actor_of(make.make_person(Role.ORDER_SPECIALIST).pk)
    assert actor is not None
    return actor


def test_what_a_colleague_took_waits_for_nobody_else() -> None:
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    arm(step, [Arm(DECIDE_HOLDS, n, now + timedelta(minutes=n), label=f"JY{n:010d}") for n in (1, 2, 3)])
    one, other = colleague(), colleague()
    first = Deadline.objects.get(subject_id=1)
    assert claim_work.one(one, ClaimWork(first.pk)).changed
    assert (work_counts(one, now).open, work_counts(other, now).open) == (3, 2)
    assert [row.subject_id for row in work_of(one, whose="mine")] == [1]
    assert [row.subject_id for row in work_of(other, whose="free")] == [2, 3]
    assert [row.holder for row in work_of(other)] == [one.name, None, None]


def test_what_cannot_be_done_yet_stands_apart_and_is_not_counted() -> None:
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    due_at = now + timedelta(minutes=30)
    opens = (None, now - timedelta(minutes=1), now + timedelta(minutes=1))
    arm(step, [Arm(DECIDE_HOLDS, n, due_at, opens_at=at) for n, at in enumerate(opens, 1)])
    one = colleague()
    assert work_counts(one, now).open == 2
    assert work_counts(one, now + timedelta(minutes=2)).open == 3
    items = [WorkItem(row.subject_id, "", "", "/", "G2", row.due_at, row.opens_at) for row in work_of(one)]
    assert [(group.key, [i.id for i in group.items]) for group in grouped(items, now)] == [
        ("hour", [1, 2]),
        ("not_yet", [3]),
    ]
    assert [group.key for group in grouped(items, due_at + timedelta(minutes=1))] == ["overdue"]
    open_now(DECIDE_HOLDS, [3, 4])
    assert work_counts(one, now).open == 3


def test_what_waits_for_somebody_else_comes_back_in_the_last_quarter_of_its_time_and_is_due_as_before() -> None:
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    dues = {1: now + timedelta(hours=8), 2: now + timedelta(hours=8), 3: now - timedelta(hours=1)}
    arm(step, [Arm(DECIDE_HOLDS, n, due_at) for n, due_at in dues.items()])
    put_off(step, DECIDE_HOLDS, [1, 3, 99])
    put_off(step, DECIDE_HOLDS, {2: now + timedelta(hours=1)})
    rows = {row.subject_id: row for row in Deadline.objects.filter(kind=DECIDE_HOLDS.name)}
    assert {n: row.due_at for n, row in rows.items()} == dues
    assert rows[1].opens_at == now + timedelta(hours=6)
    assert rows[2].opens_at == now + timedelta(hours=1)  # what is awaited can come until then only
    assert rows[3].opens_at is None  # overdue: somebody has to decide
    put_off(step, DECIDE_HOLDS, {3: now + timedelta(hours=2)})
    late = Deadline.objects.get(kind=DECIDE_HOLDS.name, subject_id=3)
    assert (late.opens_at, late.due_at) == (now + timedelta(hours=2), dues[3])
    open_now(DECIDE_HOLDS, [3])
    assert (work_counts(colleague(), now).open, work_counts(colleague(), now + timedelta(hours=2)).open) == (1, 2)


def test_in_a_group_the_soonest_stands_first_and_the_overseen_by_themselves() -> None:
    now = business_time.now()

    def item(number: int, minutes: int, **more: object) -> WorkItem:
        return WorkItem(number, "", "", "/", "G2", now + timedelta(minutes=minutes), **more)  # type: ignore[arg-type]

    items = [
        item(1, -30, holder="王"),
        item(2, -20),
        item(3, -10, holder="我", is_mine=True),
        item(4, -40, is_overseen=True),
    ]
    groups = {group.key: [one.id for one in group.items] for group in grouped(items, now)}
    assert groups == {"overdue": [1, 2, 3], "overseen": [4]}


@pytest.mark.parametrize(
    ("language", "waits", "line"),
    [
        ("zh", "等客服补充，补充完即可签发", "{waits} · 可办时间 {opens} · 时限 {due}"),
        ("en", "waits for customer service to complete it", "{waits} · can be done from {opens} · due {due}"),
    ],
)
def test_what_waits_says_for_whom_from_when_it_can_be_done_and_when_it_is_due(language, waits, line) -> None:
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    arm(step, [Arm(SUMMARY_SIGN, 1, now + timedelta(days=8), label="某店", opens_at=now + timedelta(days=6))])
    page = visitor(Role.OPERATIONS_SUPERVISOR, language).get("/?whose=").content.decode()
    dates = {name: f"{day_of(now + timedelta(days=n)):%m-%d}" for name, n in (("opens", 6), ("due", 8))}
    words = re.sub(r"<[^>]*>", "", page)
    pattern = re.escape(line.format(waits=waits, opens="OPENS", due="DUE"))
    assert re.search(pattern.replace("OPENS", rf"{dates['opens']} [\d:]+").replace("DUE", dates["due"]), words)


def test_whoever_oversees_reads_what_is_expected_of_them() -> None:
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    arm(step, [Arm(DECIDE_HOLDS, 1, now + timedelta(hours=1))])
    words = "催办、指派他人（在“⋯”里指派），或亲自处理"
    assert words not in visitor(Role.OPERATIONS_MANAGER, "zh").get("/?whose=").content.decode()
    Deadline.objects.update(escalated_at=now)
    assert words in visitor(Role.OPERATIONS_MANAGER, "zh").get("/?whose=").content.decode()


def visitor(role: Role, language: str) -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(role), backend="django.contrib.auth.backends.ModelBackend")
    return client
