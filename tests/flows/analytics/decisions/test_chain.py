"""From a finding to its conclusion: what is refused, what is late, what the system does by itself."""

from datetime import date, timedelta

import pytest
from django.db import connection

from shopkeeper.flows.analytics.decisions.commands.decide_findings import (
    DecideFinding,
    DismissFinding,
    decide_findings,
    dismiss_findings,
)
from shopkeeper.flows.analytics.decisions.commands.decision_tasks import (
    AddDecisionTask,
    DropDecisionTask,
    FinishDecisionTask,
    TaskWish,
    add_decision_tasks,
    drop_decision_tasks,
    finish_decision_tasks,
)
from shopkeeper.flows.analytics.decisions.commands.measure_decisions import (
    ConcludeDecision,
    MeasureDecision,
    conclude_decisions,
    measure_decisions,
)
from shopkeeper.flows.analytics.decisions.commands.record_findings import RecordFinding, record_findings
from shopkeeper.flows.analytics.decisions.models import Decision, DecisionTask, Finding
from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.flows.analytics.decisions.states import Conclusion
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.queries.work import work_counts, work_of
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.analytics.decisions import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D3")]
NOON = make.NOON  # the first of June
WEEK = (date(2026, 5, 25), date(2026, 5, 31))
BEFORE = date(2026, 5, 18)
MEASURE_ON = date(2026, 6, 9)  # seven whole days after today
AFTER = date(2026, 6, 2)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch, figures) -> None:
    stage.at(monkeypatch, NOON)
    figures.values = {("return_rate", WEEK[0]): 800, ("return_rate", BEFORE): 500}


@pytest.fixture
def shop():
    return make.make_shop()


def finder():
    return make.actor_with(Permission.FINDING_RECORD)


def manager():
    return make.actor_with(Permission.DECIDE)


def worker(role: Role) -> Actor:
    return Actor(9_001, "员工", frozenset({str(Permission.TASK_DO)}), None, None, roles=frozenset({str(role)}))


def a_finding(shop, **fields) -> RecordFinding:
    given = {"metric": "return_rate", "first_day": WEEK[0], "last_day": WEEK[1], "words": "退货率一周内升了三个点"}
    return RecordFinding(**{**given, "shop_id": shop.pk if shop else None, **fields})


def found(shop) -> int:
    return record_findings.one(finder(), a_finding(shop)).id or 0


def a_decision(finding_id: int, **fields) -> DecideFinding:
    given = {
        "what": "核对两款外套的尺码表并改详情页", "reason": "退货原因里尺码占六成", "expected": 500,
        "expected_words": "尺码问题减半，回到上周水平", "measure_on": MEASURE_ON,
    }  # fmt: skip
    return DecideFinding(finding_id, **{**given, **fields})


def decided(shop, **fields) -> int:
    outcome = decide_findings.one(manager(), a_decision(found(shop), **fields))
    assert outcome.changed, outcome
    return outcome.facts["decision_id"]


def test_a_finding_stands_with_its_figure_and_the_days_before(shop) -> None:
    outcome = record_findings.one(finder(), a_finding(shop))
    kept = Finding.objects.get(id=outcome.id)
    assert (kept.value, kept.compared, kept.unit, kept.state) == (800, 500, "share", "open")
    due = Deadline.objects.get(kind="finding_decide")
    assert (due.due_at, due.role) == (NOON + timedelta(days=3), "operations_manager")
    assert record_findings.one(finder(), a_finding(shop, words="别的话")).code == "unchanged"
    assert Finding.objects.count() == 1


def test_what_the_figures_say_stands_and_what_they_do_not_is_entered(shop) -> None:
    assert record_findings.one(finder(), a_finding(shop, value=1)).changed
    assert Finding.objects.get().value == 800
    unknown = a_finding(shop, metric="paid_amount")
    assert record_findings.one(finder(), unknown).code == "figure_unknown"
    assert record_findings.one(finder(), a_finding(shop, metric="paid_amount", value=123_45)).changed


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"metric": "made_up"}, "metric_unknown"),
        ({"words": "  "}, "finding_words_needed"),
        ({"last_day": date(2026, 6, 1)}, "finding_days"),
        ({"first_day": WEEK[1], "last_day": WEEK[0]}, "finding_days"),
        ({"first_day": date(2026, 1, 1)}, "finding_days"),
    ],
)
def test_what_cannot_be_a_finding_says_why(shop, fields, code) -> None:
    assert record_findings.one(finder(), a_finding(shop, **fields)).code == code


def test_all_shops_together_are_for_whoever_sees_them_all(shop) -> None:
    limited = make.actor_with(Permission.FINDING_RECORD, Permission.DECIDE, shops=[shop])
    assert record_findings.one(limited, a_finding(None)).code == "finding_all_shops"
    finding_id = found(None)
    assert decide_findings.one(limited, a_decision(finding_id)).code == "finding_all_shops"
    assert dismiss_findings.one(limited, DismissFinding(finding_id, "不急")).code == "finding_all_shops"
    assert record_findings.one(finder(), a_finding(None)).code == "unchanged"


def test_a_decision_says_why_what_is_expected_and_when_it_is_measured(shop) -> None:
    finding_id = found(shop)
    outcome = decide_findings.one(manager(), a_decision(finding_id))
    kept = Decision.objects.get(id=outcome.facts["decision_id"])
    assert (kept.before, kept.expected, kept.state) == (800, 500, "under_way")
    assert (kept.after_first_day, kept.after_last_day) == (AFTER, date(2026, 6, 8))
    assert Deadline.objects.get(kind="decision_measure").due_at == kept.measure_at
    assert not Deadline.objects.filter(kind="finding_decide").exists()
    assert decide_findings.one(manager(), a_decision(finding_id)).code == "unchanged"
    assert dismiss_findings.one(manager(), DismissFinding(finding_id, "算了")).code == "finding_decided"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"what": " "}, "decision_what_needed"),
        ({"reason": ""}, "decision_reason_needed"),
        ({"expected": None}, "decision_effect_needed"),
        ({"expected_words": " "}, "decision_effect_needed"),
        ({"measure_on": MEASURE_ON - timedelta(days=1)}, "measure_too_early"),
        ({"tasks": (TaskWish(Role.WAREHOUSE, "", NOON + timedelta(days=1)),)}, "task_what_needed"),
        ({"tasks": (TaskWish(Role.WAREHOUSE, "抽检", NOON),)}, "task_due_past"),
    ],
)
def test_a_decision_without_its_parts_is_refused(shop, fields, code) -> None:
    assert decide_findings.one(manager(), a_decision(found(shop), **fields)).code == code
    assert not Decision.objects.exists()
    assert Finding.objects.get().state == "open"


def test_whoever_found_it_does_not_decide(shop) -> None:
    both = make.actor_with(Permission.FINDING_RECORD, Permission.DECIDE)
    finding_id = record_findings.one(both, a_finding(shop)).id
    make.make_person(Role.OPERATIONS_MANAGER, shops=[shop])
    assert decide_findings.one(both, a_decision(finding_id)).code == "own_finding"
    assert dismiss_findings.one(both, DismissFinding(finding_id, "不急")).code == "own_finding"
    with pytest.raises(NotAllowed):
        decide_findings.one(finder(), a_decision(finding_id))


def test_where_nobody_else_can_the_finder_decides(shop) -> None:
    """Nobody else: no manager, one who left, one of another shop; and of all shops together only who sees them all."""
    both = make.actor_with(Permission.FINDING_RECORD, Permission.DECIDE)
    gone = make.make_person(Role.OPERATIONS_MANAGER)
    gone.is_active = False
    gone.save()
    make.make_person(Role.OPERATIONS_MANAGER, shops=[make.make_shop()])
    make.make_person(Role.OPERATIONS_SUPERVISOR)
    finding_id = record_findings.one(both, a_finding(shop)).id
    assert decide_findings.one(both, a_decision(finding_id)).changed
    everywhere = record_findings.one(both, a_finding(None)).id
    assert dismiss_findings.one(both, DismissFinding(everywhere, "换季")).changed


def test_a_finding_is_on_the_list_of_who_may_decide(shop) -> None:
    """Not of its finder while another manager can; of the finder alone where none can."""
    alone = make.make_person(Role.OPERATIONS_MANAGER)
    me = actor_of(alone.pk)
    assert me
    assert record_findings.one(me, a_finding(shop)).changed
    now = business_time.now()
    assert [row.kind for row in work_of(me)] == ["finding_decide"]
    assert work_counts(me, now).open == 1
    other = actor_of(make.make_person(Role.OPERATIONS_MANAGER, shops=[shop]).pk)
    assert other
    assert ([row.kind for row in work_of(me)], work_counts(me, now).open) == ([], 0)
    assert ([row.kind for row in work_of(other)], work_counts(other, now).open) == (["finding_decide"], 1)


def test_to_do_nothing_is_a_decision_with_a_reason(shop) -> None:
    finding_id = found(shop)
    assert dismiss_findings.one(manager(), DismissFinding(finding_id, " ")).code == "dismiss_reason_needed"
    assert dismiss_findings.one(manager(), DismissFinding(finding_id, "换季正常波动")).changed
    assert dismiss_findings.one(manager(), DismissFinding(finding_id, "换季正常波动")).code == "unchanged"
    assert decide_findings.one(manager(), a_decision(finding_id)).code == "finding_dismissed"
    assert not Deadline.objects.exists()


def test_a_finding_nobody_decides_on_is_late(shop, monkeypatch) -> None:
    finding_id = found(shop)
    stage.at(monkeypatch, NOON + timedelta(days=3, minutes=1))
    sweep()
    assert Deadline.objects.get(kind="finding_decide").late_at is not None
    assert decide_findings.one(manager(), a_decision(finding_id, measure_on=date(2026, 6, 20))).changed
    assert closed("finding_decide") == [("done", True)]


def closed(kind: str) -> list[tuple[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = %s", [kind])
        return cursor.fetchall()


def test_tasks_are_done_by_their_role_with_a_note(shop) -> None:
    due = NOON + timedelta(days=2)
    decision_id = decided(shop, tasks=(TaskWish(Role.PRODUCT_SPECIALIST, "核对尺码表", due),))
    task = DecisionTask.objects.get()
    assert Deadline.objects.get(kind="decision_task_product_specialist").due_at == due
    mine = worker(Role.PRODUCT_SPECIALIST)
    other = finish_decision_tasks.one(worker(Role.WAREHOUSE), FinishDecisionTask(task.pk, "好了"))
    assert other.code == "decision_task_not_yours"
    assert finish_decision_tasks.one(mine, FinishDecisionTask(task.pk, " ")).code == "task_note_needed"
    assert finish_decision_tasks.one(mine, FinishDecisionTask(task.pk, "两款都偏小一码，已改")).changed
    assert finish_decision_tasks.one(mine, FinishDecisionTask(task.pk, "再来")).code == "unchanged"
    assert closed("decision_task_product_specialist") == [("done", False)]
    more = AddDecisionTask(decision_id, Role.CUSTOMER_SERVICE, "主动告知买家", due)
    assert add_decision_tasks.one(manager(), more).changed
    assert add_decision_tasks.one(manager(), more).code == "unchanged"
    dropped = DecisionTask.objects.get(owner="customer_service")
    assert drop_decision_tasks.one(manager(), DropDecisionTask(dropped.pk, "详情页已写明")).changed
    assert closed("decision_task_customer_service") == [("cancelled", False)]


def test_a_task_not_done_in_time_is_late(shop, monkeypatch) -> None:
    decided(shop, tasks=(TaskWish(Role.WAREHOUSE, "抽检尺码", NOON + timedelta(hours=4)),))
    stage.at(monkeypatch, NOON + timedelta(hours=5))
    sweep()
    assert Deadline.objects.get(kind="decision_task_warehouse").late_at is not None
    task = DecisionTask.objects.get()
    assert finish_decision_tasks.one(worker(Role.WAREHOUSE), FinishDecisionTask(task.pk, "抽检了 20 件")).changed
    assert closed("decision_task_warehouse") == [("done", True)]


def test_on_its_day_the_figure_is_taken_by_itself(shop, monkeypatch, figures) -> None:
    decision_id = decided(shop)
    conclusion = ConcludeDecision(decision_id, Conclusion.WORKED, "尺码退货少了")
    assert measure_decisions.one(SYSTEM, MeasureDecision(decision_id)).code == "measure_not_due"
    assert conclude_decisions.one(manager(), conclusion).code == "decision_not_measured"
    figures.values["return_rate", AFTER] = 600
    stage.at(monkeypatch, Decision.objects.get().measure_at)
    sweep()
    kept = Decision.objects.get()
    assert (kept.state, kept.after, kept.effect) == ("measured", 600, "partly")
    assert measure_decisions.one(SYSTEM, MeasureDecision(decision_id)).code == "unchanged"
    due = Deadline.objects.get(kind="decision_conclude")
    assert due.due_at == kept.measure_at + timedelta(days=3)
    late = AddDecisionTask(decision_id, Role.WAREHOUSE, "再抽检", kept.measure_at + timedelta(days=1))
    assert add_decision_tasks.one(manager(), late).code == "decision_not_under_way"


def test_a_person_concludes_with_words(shop, monkeypatch, figures) -> None:
    decision_id = decided(shop)
    figures.values["return_rate", AFTER] = 450
    stage.at(monkeypatch, Decision.objects.get().measure_at)
    sweep()
    wordless = ConcludeDecision(decision_id, Conclusion.WORKED, " ")
    assert conclude_decisions.one(manager(), wordless).code == "conclusion_words_needed"
    other = ConcludeDecision(decision_id, Conclusion.WORKED, "有效", after=100)
    assert conclude_decisions.one(manager(), other).code == "figure_stands"
    stage.at(monkeypatch, Decision.objects.get().measure_at + timedelta(days=4))
    sweep()
    assert conclude_decisions.one(
        manager(), ConcludeDecision(decision_id, Conclusion.WORKED, "有效，推广到全店")
    ).changed
    kept = Decision.objects.get()
    assert (kept.state, kept.conclusion, kept.effect) == ("concluded", "worked", "reached")
    again = ConcludeDecision(decision_id, Conclusion.DID_NOT, "无效")
    assert conclude_decisions.one(manager(), again).code == "unchanged"
    assert closed("decision_conclude") == [("done", True)]


def test_where_no_figure_can_be_taken_one_may_be_entered(shop, monkeypatch) -> None:
    decision_id = decided(shop)
    stage.at(monkeypatch, Decision.objects.get().measure_at)
    sweep()
    assert Decision.objects.get().effect == "unknown"
    item = ConcludeDecision(decision_id, Conclusion.WORKED, "后台查到的", after=480)
    assert conclude_decisions.one(manager(), item).changed
    kept = Decision.objects.get()
    assert (kept.after, kept.after_typed, kept.effect) == (480, True, "reached")


def test_rows_of_other_shops_do_not_exist(shop) -> None:
    decision_id = decided(shop, tasks=(TaskWish(Role.WAREHOUSE, "抽检", NOON + timedelta(days=1)),))
    stranger = make.actor_with(*Permission, shops=[make.make_shop()])
    task = DecisionTask.objects.get()
    for outcome in (
        record_findings.one(stranger, a_finding(shop)),
        decide_findings.one(stranger, a_decision(Finding.objects.get().pk)),
        finish_decision_tasks.one(stranger, FinishDecisionTask(task.pk, "好")),
        conclude_decisions.one(stranger, ConcludeDecision(decision_id, Conclusion.WORKED, "好")),
    ):
        assert outcome.code == "not_found"


def test_a_batch_costs_as_many_statements_as_one(shop, figures) -> None:
    days = [(date(2026, 5, day), date(2026, 5, day)) for day in range(1, 21)]
    figures.values |= {("return_rate", first): 100 for first, _ in days}
    items = [a_finding(shop, first_day=first, last_day=last) for first, last in days]
    counts = []
    for some in (items[:1], items[1:]):
        with connection.execute_wrapper(_Counting(counts)):
            assert all(o.changed for o in record_findings(finder(), some))
    assert counts[0] == counts[1]


class _Counting:
    """Counts statements of one block."""

    def __init__(self, counts: list[int]) -> None:
        counts.append(0)
        self.counts, self.place = counts, len(counts) - 1

    def __call__(self, execute, sql, params, many, context):
        self.counts[self.place] += 1
        return execute(sql, params, many, context)
