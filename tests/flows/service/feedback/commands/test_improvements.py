"""S3.2: a problem becomes somebody's task, is replied to, and its figure is counted again before it is closed."""

from datetime import timedelta

import pytest

from shopkeeper.flows.service.feedback.commands.close_improvements import (
    CloseImprovement,
    MeasureImprovement,
    close_improvements,
    measure_improvements,
)
from shopkeeper.flows.service.feedback.commands.open_improvements import OpenImprovement, open_improvements
from shopkeeper.flows.service.feedback.commands.reply_improvements import ReplyImprovement, reply_improvements
from shopkeeper.flows.service.feedback.models import Improvement, Problem
from shopkeeper.flows.service.feedback.rules.problems import ABOUT_CARRIAGE, ABOUT_GOODS
from shopkeeper.flows.service.feedback.sql import days
from shopkeeper.flows.service.feedback.states import ImprovementOwner
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.fulfilment.parcels import making
from tests.flows.service.feedback import stage
from tests.flows.service.tickets.stage import was_late

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S3.2")]


@pytest.fixture
def improvement(monkeypatch: pytest.MonkeyPatch) -> Improvement:
    return stage.improving(stage.a_problem(monkeypatch))


def replied(improvement: Improvement) -> Improvement:
    owner = stage.person(Role.PRODUCT_SPECIALIST)
    assert reply_improvements.one(owner, ReplyImprovement(improvement.pk, "已改尺码表")).changed
    improvement.refresh_from_db()
    return improvement


def test_a_problem_is_given_to_a_role_once(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = stage.a_problem(monkeypatch)
    due_at = business_time.now() + timedelta(days=2)
    agent = stage.person(Role.CUSTOMER_SERVICE)
    item = OpenImprovement(problem.pk, ImprovementOwner.PRODUCT, "核对尺码表", due_at)
    assert [outcome.changed for outcome in open_improvements(agent, [item, item])] == [True, False]
    assert not open_improvements.one(agent, item).changed
    warehouse = OpenImprovement(problem.pk, ImprovementOwner.WAREHOUSE, "核对发货尺码", due_at)
    assert open_improvements.one(agent, warehouse).changed
    found = Improvement.objects.get(problem=problem, owner="product_specialist")
    assert stage.due("improvement_product", found.pk) == due_at


def test_a_task_says_what_and_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, now = stage.a_problem(monkeypatch), business_time.now()
    wordless = OpenImprovement(problem.pk, ImprovementOwner.PRODUCT, " ", now + timedelta(days=1))
    past = OpenImprovement(problem.pk, ImprovementOwner.PRODUCT, "核对", now)
    codes = [outcome.code for outcome in open_improvements(SYSTEM, [wordless, past])]
    assert codes == ["improvement_what_needed", "improvement_due_past"]


def test_the_owner_replies_with_words_and_nobody_else(improvement: Improvement) -> None:
    owner = stage.person(Role.PRODUCT_SPECIALIST)
    assert reply_improvements.one(owner, ReplyImprovement(improvement.pk, "")).code == "improvement_reply_needed"
    other = reply_improvements.one(stage.person(Role.WAREHOUSE), ReplyImprovement(improvement.pk, "不是我的"))
    assert other.code == "improvement_someone_elses"
    with pytest.raises(NotAllowed):
        reply_improvements.one(stage.person(Role.CUSTOMER_SERVICE), ReplyImprovement(improvement.pk, "代回"))
    item = ReplyImprovement(improvement.pk, "已改尺码表")
    assert [outcome.changed for outcome in reply_improvements(owner, [item, item])] == [True, False]
    improvement.refresh_from_db()
    assert (improvement.state, improvement.replied_by) == ("replied", owner.id)
    assert improvement.measure_at == business_time.now() + timedelta(days=7)
    assert stage.due("improvement_product", improvement.pk) is None
    assert stage.due("improvement_effect", improvement.pk) == improvement.measure_at
    later = reply_improvements.one(owner, ReplyImprovement(improvement.pk, "别的话"))
    assert not later.changed


def test_a_late_reply_was_late(monkeypatch: pytest.MonkeyPatch, improvement: Improvement) -> None:
    stage.at(monkeypatch, improvement.due_at + timedelta(hours=1))
    sweep()
    replied(improvement)
    assert was_late("improvement_product", improvement.pk)


def test_no_effect_before_its_day(monkeypatch: pytest.MonkeyPatch, improvement: Improvement) -> None:
    supervisor = stage.person(Role.OPERATIONS_SUPERVISOR)
    unreplied = measure_improvements.one(supervisor, MeasureImprovement(improvement.pk))
    assert unreplied.code == "improvement_not_replied"
    replied(improvement)
    early = measure_improvements.one(supervisor, MeasureImprovement(improvement.pk))
    assert early.code == "effect_too_early"
    assert "at" in early.facts
    assert close_improvements.one(supervisor, CloseImprovement(improvement.pk)).code == "improvement_not_measured"


@pytest.mark.parametrize(("tickets", "effect"), [(0, "better"), (2, "same"), (6, "worse")])
def test_the_same_figure_is_counted_again(
    monkeypatch: pytest.MonkeyPatch, improvement: Improvement, tickets: int, effect: str
) -> None:
    replied(improvement)
    problem = improvement.problem
    stage.at(monkeypatch, business_time.now() + timedelta(days=2))
    orders = [stage.paid_order(problem.shop, problem.sku) for _ in range(10)]
    for order_id in orders[:tickets]:
        stage.ticket_about(problem.shop, "size", order_id=order_id)
    stage.ticket_about(problem.shop, "quality", order_id=orders[0])  # another figure
    assert improvement.measure_at is not None
    stage.at(monkeypatch, improvement.measure_at)
    stage.ticket_about(problem.shop, "size", order_id=orders[0])  # the days are over
    sweep()
    improvement.refresh_from_db()
    assert (improvement.state, improvement.effect) == ("measured", effect)
    assert (improvement.after_tickets, improvement.after_orders) == (tickets, 10)
    assert not measure_improvements.one(SYSTEM, MeasureImprovement(improvement.pk)).changed
    supervisor = stage.person(Role.OPERATIONS_SUPERVISOR)
    item = CloseImprovement(improvement.pk, "继续观察")
    assert [outcome.changed for outcome in close_improvements(supervisor, [item, item])] == [True, False]
    improvement.refresh_from_db()
    assert (improvement.state, improvement.conclusion, improvement.closed_by) == ("closed", "继续观察", supervisor.id)
    assert stage.due("improvement_close", improvement.pk) is None


def test_every_problem_is_counted_again_as_it_was_counted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """With product, with courier, and where neither is known: the two statements agree over the same days."""
    parcel = making.sent_parcel()
    shop = parcel.shop
    stage.at(monkeypatch, stage.NOON)
    order = stage.paid_order(shop, make.make_sku())
    for kind in ("size", "invoice"):
        stage.ticket_about(shop, kind, order_id=order)
        stage.ticket_about(shop, kind)
    stage.ticket_about(shop, "logistics", order_id=parcel.order_id)
    stage.ticket_about(shop, "logistics", order_id=order)
    problems = list(Problem.objects.filter(summary=stage.drafted(shop, monkeypatch)).order_by("rank"))
    assert len(problems) == 5
    again = days.FIGURES.rows(
        numbers=[problem.pk for problem in problems],
        shops=[problem.shop_id for problem in problems],
        kinds=[problem.kind for problem in problems],
        skus=[problem.sku_id for problem in problems],
        couriers=[problem.courier for problem in problems],
        warehouses=[problem.warehouse_id for problem in problems],
        sinces=[stage.CLOSE - timedelta(days=8)] * 5,
        untils=[stage.CLOSE] * 5,
        goods=list(ABOUT_GOODS),
        carriage=list(ABOUT_CARRIAGE),
    )
    counted = {problem.pk: (problem.tickets, problem.orders) for problem in problems}
    assert {row.n: (row.tickets, row.orders) for row in again} == counted
