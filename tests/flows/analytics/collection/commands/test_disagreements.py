"""The same figure of several sources: cases open, follow, vanish, are answered and stay answered."""

from datetime import timedelta

import pytest

from shopkeeper.flows.analytics.collection import reactions, tasks
from shopkeeper.flows.analytics.collection.commands.answer_disagreements import (
    AnswerDisagreement,
    answer_disagreements,
)
from shopkeeper.flows.analytics.collection.commands.compare_sources import CompareSources, compare_sources
from shopkeeper.flows.analytics.collection.commands.take_in_figures import take_in_figures
from shopkeeper.flows.analytics.collection.events import FiguresTakenIn
from shopkeeper.flows.analytics.collection.models import Disagreement
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.comparing import side_by_side
from shopkeeper.flows.analytics.collection.states import DisagreementReason
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.policy import read_policies
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.analytics.collection import stage
from tests.flows.analytics.collection.stage import DAY, closed_file, line, sheet

own_spool = stage.own_spool
pytestmark = [pytest.mark.django_db, pytest.mark.clause("D1.1"), pytest.mark.usefixtures("own_spool")]
TOMORROW = make.NOON + timedelta(days=1)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Ten orders of ten buyers for 50.00 each, paid on the day."""
    stage.at(monkeypatch, make.NOON)
    found = make.make_shop()
    make.take_in(*[make.received_order(found, make.received_line()) for _ in range(10)])
    stage.at(monkeypatch, TOMORROW)
    return found


def compare(shop: Shop):
    return compare_sources.one(SYSTEM, CompareSources(shop.pk, DAY))


def test_own_orders_of_the_day_are_counted(shop: Shop) -> None:
    assert side_by_side([(shop.pk, DAY)], read_policies())[shop.pk, DAY].figures["own"] == {
        "orders": 10, "paid_minor": 50_000, "buyers": 10,
    }  # fmt: skip


def test_sources_that_agree_open_nothing(shop: Shop) -> None:
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=10, paid_minor=50_000, buyers=9))
    assert compare(shop).code == "unchanged"


def test_a_difference_opens_a_case_once_and_is_late_after_the_policys_hours(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=14, paid_minor=50_100, buyers=10))
    assert compare(shop).facts == {"opened": 1, "vanished": 0}
    assert compare(shop).code == "unchanged"
    case = Disagreement.objects.get()
    assert (case.figure, case.source, case.other_source, case.value, case.other_value) == (
        "orders", "own", "sycm", 10, 14,
    )  # fmt: skip
    assert Deadline.objects.get(kind="disagreement").due_at == TOMORROW + timedelta(hours=24)
    stage.at(monkeypatch, TOMORROW + timedelta(hours=25))
    sweep()
    assert Deadline.objects.get(kind="disagreement").late_at is not None


def test_newer_figures_are_followed_and_agreement_closes_the_case(shop: Shop) -> None:
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=14))
    compare(shop)
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=15))
    assert compare(shop).code == "unchanged"
    assert Disagreement.objects.get().other_value == 15
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=10))
    assert compare(shop).facts == {"opened": 0, "vanished": 1}
    assert Disagreement.objects.get().state == "vanished"
    assert stage.closed_deadline("disagreement").ending == "cancelled"
    person = make.actor_with(Permission.CASE_ANSWER)
    late = AnswerDisagreement(Disagreement.objects.get().pk, DisagreementReason.OWN_WRONG, 10, 15)
    assert answer_disagreements.one(person, late).code == "disagreement_over"


def test_an_answer_stands_until_the_figures_change(shop: Shop) -> None:
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=14))
    compare(shop)
    case_id = Disagreement.objects.get().pk
    person = make.actor_with(Permission.CASE_ANSWER)

    def answer(reason: DisagreementReason, other: int = 14, note: str = ""):
        return answer_disagreements.one(person, AnswerDisagreement(case_id, reason, 10, other, note))

    assert answer(DisagreementReason.OTHER).code == "reason_words_needed"
    assert answer(DisagreementReason.RULE_DIFFERS, other=13).code == "figures_changed"
    assert answer(DisagreementReason.RULE_DIFFERS).changed
    assert answer(DisagreementReason.RULE_DIFFERS).code == "unchanged"
    case = Disagreement.objects.get()
    assert (case.state, case.reason, case.answered_by) == ("answered", "rule_differs", person.id)
    assert stage.closed_deadline("disagreement").ending == "done"
    assert compare(shop).code == "unchanged"
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=20))
    assert compare(shop).facts["opened"] == 1
    assert Disagreement.objects.count() == 2


def test_visitors_are_held_against_the_own_collector(shop: Shop) -> None:
    closed_file([line(shop, f"event-{n:03d}", v=f"v{n}") for n in range(100)])
    tasks.drain()
    take_in_figures.one(SYSTEM, sheet(shop, DAY, visitors=105))
    assert compare(shop).code == "unchanged"  # within ten percent
    take_in_figures.one(SYSTEM, sheet(shop, DAY, visitors=130))
    assert compare(shop).facts["opened"] == 1
    case = Disagreement.objects.get()
    assert (case.figure, case.source, case.value, case.other_value) == ("visitors", "collector", 100, 130)


def test_what_was_taken_in_is_compared_by_itself_and_again_is_the_same(shop: Shop) -> None:
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=14))
    event = FiguresTakenIn(shop.pk, "sycm", "shop", "day", DAY.isoformat(), DAY.isoformat(), 1, 0)
    for _ in range(2):
        reactions.compare_taken_in(SYSTEM, [Recorded(1, 1, event, TOMORROW, 0, "D1.1")])
    assert Disagreement.objects.filter(state="open").count() == 1
