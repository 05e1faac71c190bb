"""S3.2: the day's paper: drafted at its close with the right figures, completed, signed by somebody else."""

from datetime import date, timedelta

import pytest

from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.service.feedback.commands.draft_summaries import (
    DraftSummary,
    WatchSummaries,
    draft_summaries,
    watch_summaries,
)
from shopkeeper.flows.service.feedback.commands.sign_summaries import (
    CompleteSummary,
    SignSummary,
    complete_summaries,
    sign_summaries,
)
from shopkeeper.flows.service.feedback.models import DailySummary, Problem
from shopkeeper.flows.service.feedback.rules.figures import kept_figures
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.fulfilment.parcels import making
from tests.flows.service.conversations import stage as talks
from tests.flows.service.feedback import stage
from tests.flows.service.tickets.stage import was_late

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S3.2")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def test_the_first_ticket_starts_the_watch_once() -> None:
    shop = make.make_shop()
    first, second = watch_summaries(SYSTEM, [WatchSummaries(shop.pk), WatchSummaries(shop.pk)])
    assert (first.changed, second.changed) == (True, False)
    assert stage.due("summary_draft", shop.pk) == stage.CLOSE
    assert not watch_summaries.one(SYSTEM, WatchSummaries(shop.pk)).changed


def test_a_day_in_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two chats (one answered late), an own ticket and two ratings; two paid orders; a ticket of the day before."""
    shop = talks.open_shop()
    sku = make.make_sku()
    stage.paid_order(shop, sku)
    stage.paid_order(shop, sku)
    stage.rated(5, shop=shop)
    stage.at(monkeypatch, stage.NOON + timedelta(minutes=1))
    talk = talks.conversation(shop, customer="slow")
    stage.at(monkeypatch, stage.NOON + timedelta(minutes=2))
    assert talks.reply(talk.agent, talk).changed
    stage.ticket_about(shop, "size")
    stage.ticket_about(shop, "size", when=stage.NOON - timedelta(days=1))
    figures = kept_figures(stage.drafted(shop, monkeypatch).figures)
    assert (figures.opened, figures.resolved, figures.unfinished) == (3, 1, 3)
    assert figures.by_kind["size"] == 1
    assert sum(figures.by_stage.values()) == sum(figures.by_channel.values()) == 3
    # The chat in time, the slow one, and the ticket of the form that nobody answered.
    assert (figures.first_asked, figures.first_in_time) == (3, 1)
    assert figures.stars == (0, 0, 0, 0, 1)
    assert (figures.invited, figures.invited_answered) == (1, 1)
    assert (figures.orders_paid, figures.contact_hundredths) == (2, 15_000)


def test_problems_name_the_product_or_the_courier_with_their_trend(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    sku, other = make.make_sku(), make.make_sku()
    order = stage.paid_order(shop, sku)
    stage.paid_order(shop, other)
    parcel = making.sent_parcel(shop=shop)
    stage.at(monkeypatch, stage.NOON)
    two = [stage.ticket_about(shop, "size", order_id=order) for _ in range(2)]
    stage.ticket_about(shop, "logistics", order_id=parcel.order_id)
    for days in (1, 3, 7):
        stage.ticket_about(shop, "size", order_id=order, when=stage.NOON - timedelta(days=days))
    stage.ticket_about(shop, "size", order_id=order, when=stage.NOON - timedelta(days=8))  # outside
    double = stage.ticket_about(shop, "size", order_id=order)
    Ticket.objects.filter(pk=double.pk).update(duplicate_of=two[0])
    summary = stage.drafted(shop, monkeypatch)
    size, logistics = Problem.objects.filter(summary=summary).order_by("rank")
    assert (size.kind, size.sku_id, size.courier, size.warehouse_id) == ("size", sku.pk, "", None)
    assert (size.tickets, size.before_tickets, size.orders) == (2, 3, 1)
    assert size.examples == [two[1].pk, two[0].pk]
    assert (logistics.kind, logistics.sku_id) == ("logistics", None)
    assert (logistics.courier, logistics.warehouse_id) == (parcel.courier, parcel.warehouse_id)
    assert logistics.tickets == 1


def test_an_order_with_two_parcels_of_one_courier_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parcel = making.sent_parcel()
    shop = parcel.shop
    Parcel.objects.create(
        order_id=parcel.order_id, part=2, shop=shop, warehouse=parcel.warehouse, courier=parcel.courier,
        courier_reason=parcel.courier_reason, state="awaiting_number", state_at=stage.NOON, opened_at=stage.NOON,
    )  # fmt: skip
    stage.at(monkeypatch, stage.NOON)
    stage.ticket_about(shop, "logistics", order_id=parcel.order_id)
    problem = Problem.objects.get(summary=stage.drafted(shop, monkeypatch))
    assert problem.tickets == 1


def test_the_sweeper_drafts_at_the_days_close_and_sets_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    stage.ticket_about(shop, "size")
    watch_summaries.one(SYSTEM, WatchSummaries(shop.pk))
    stage.at(monkeypatch, stage.CLOSE)
    sweep()
    summary = DailySummary.objects.get(shop=shop)
    assert (summary.day, summary.state) == (date(2026, 6, 1), "draft")
    assert stage.due("summary_draft", shop.pk) == stage.CLOSE + timedelta(days=1)
    assert stage.due("summary_complete", summary.pk) == stage.CLOSE + timedelta(hours=9, minutes=50)  # 10:00
    assert stage.due("summary_sign", summary.pk) == stage.CLOSE + timedelta(hours=11, minutes=50)  # 12:00
    assert not draft_summaries.one(SYSTEM, DraftSummary(shop.pk)).changed


def test_days_missed_are_made_up_for_and_quiet_days_get_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    for days in (0, 2):
        stage.ticket_about(shop, "size", when=stage.NOON + timedelta(days=days))
    stage.at(monkeypatch, stage.CLOSE + timedelta(days=4))
    outcome = draft_summaries.one(SYSTEM, DraftSummary(shop.pk))
    assert outcome.facts == {"drafted": 2}
    assert list(DailySummary.objects.filter(shop=shop).order_by("day").values_list("day", flat=True)) == [
        date(2026, 6, 1),
        date(2026, 6, 3),
    ]


def test_another_shops_day_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, other = make.make_shop(), make.make_shop()
    stage.ticket_about(shop, "size")
    stage.at(monkeypatch, stage.CLOSE)
    outcomes = draft_summaries(SYSTEM, [DraftSummary(shop.pk), DraftSummary(other.pk)])
    assert [outcome.changed for outcome in outcomes] == [True, False]


def test_completed_then_signed_by_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    stage.ticket_about(shop, "size")
    summary = stage.drafted(shop, monkeypatch)
    agent, supervisor = stage.person(Role.CUSTOMER_SERVICE), stage.person(Role.OPERATIONS_SUPERVISOR)
    assert sign_summaries.one(supervisor, SignSummary(summary.pk)).code == "summary_not_completed"
    assert stage.opens("summary_sign", summary.pk) == stage.due("summary_sign", summary.pk)
    assert complete_summaries.one(agent, CompleteSummary(summary.pk, " ")).code == "summary_remarks_needed"
    item = CompleteSummary(summary.pk, "尺码问题集中在新款")
    assert [outcome.changed for outcome in complete_summaries(agent, [item, item])] == [True, False]
    assert not complete_summaries.one(agent, item).changed
    assert stage.opens("summary_sign", summary.pk) is None
    first, second = sign_summaries(supervisor, [SignSummary(summary.pk), SignSummary(summary.pk)])
    assert (first.changed, second.changed) == (True, False)
    summary.refresh_from_db()
    assert (summary.state, summary.completed_by, summary.signed_by) == ("signed", agent.id, supervisor.id)
    assert complete_summaries.one(agent, CompleteSummary(summary.pk, "改一改")).code == "summary_signed"
    assert stage.due("summary_sign", summary.pk) is None


def test_who_wrote_the_remarks_does_not_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    stage.ticket_about(shop, "size")
    summary = stage.drafted(shop, monkeypatch)
    supervisor = stage.person(Role.OPERATIONS_SUPERVISOR)
    assert complete_summaries.one(supervisor, CompleteSummary(summary.pk, "当天正常")).changed
    assert sign_summaries.one(supervisor, SignSummary(summary.pk)).code == "own_summary"


def test_signed_after_its_time_it_was_late(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    stage.ticket_about(shop, "size")
    summary = stage.drafted(shop, monkeypatch)
    stage.at(monkeypatch, stage.CLOSE + timedelta(hours=20))
    sweep()
    assert complete_summaries.one(stage.person(Role.CUSTOMER_SERVICE), CompleteSummary(summary.pk, "迟了")).changed
    assert sign_summaries.one(stage.person(Role.OPERATIONS_SUPERVISOR), SignSummary(summary.pk)).changed
    assert was_late("summary_complete", summary.pk)
    assert was_late("summary_sign", summary.pk)


def test_many_days_cost_as_many_statements_as_one(
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    shops = [make.make_shop() for _ in range(3)]
    for shop in shops:
        stage.ticket_about(shop, "size")
    stage.at(monkeypatch, stage.CLOSE)
    with django_assert_max_num_queries(15):
        outcomes = draft_summaries(SYSTEM, [DraftSummary(shop.pk) for shop in shops])
    assert all(outcome.changed for outcome in outcomes)
