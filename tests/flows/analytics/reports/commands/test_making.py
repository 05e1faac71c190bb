"""D2.1: reports are opened each morning and on demand, computed after commit, kept version by version."""

import logging
from datetime import date, timedelta

import pytest
from django.db import connection

from shopkeeper.config.gateways import performers
from shopkeeper.flows.analytics.reports.commands.make_due_reports import (
    MakeDueReports,
    WatchReports,
    make_due_reports,
    watch_reports,
)
from shopkeeper.flows.analytics.reports.commands.make_reports import (
    MakeReport,
    RecordReport,
    make_reports,
    record_reports,
)
from shopkeeper.flows.analytics.reports.models import Report, ReportVersion
from shopkeeper.flows.analytics.reports.reactions import report_shops
from shopkeeper.flows.analytics.reports.rules import snapshot
from shopkeeper.flows.analytics.reports.states import Block, ReportPeriod, ReportState
from shopkeeper.flows.fulfilment.intake.events import OrderTakenIn
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.analytics.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D2.1")]


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.now(monkeypatch)


def test_the_first_order_has_its_shop_reported_once() -> None:
    shop = make.make_shop()
    taken = Recorded(1, 1, OrderTakenIn(1, shop.pk, "to_check"), stage.MORNING, 0, "O1.1")
    report_shops(SYSTEM, [taken, taken])
    assert stage.due("report_make", shop.pk) == stage.MORNING + timedelta(days=1)
    assert stage.due("report_make", 0) == stage.MORNING + timedelta(days=1)  # all shops together
    assert not watch_reports.one(SYSTEM, WatchReports(shop.pk)).changed


@pytest.mark.parametrize(("wanted", "made"), [("none", set()), ("long", {"week"}), ("all", {"day", "week"})])
def test_a_shop_has_the_reports_its_policy_wants(monkeypatch, wanted: str, made: set[str]) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, stage.shop_lake(shop))
    supervisor = actor_of(make.make_person(Role.OPERATIONS_SUPERVISOR).pk)
    assert set_policy.one(supervisor, SetPolicy("report_periods", wanted, "小店并入总报告", shop.pk)).ok
    stage.now(monkeypatch, stage.MORNING - timedelta(hours=12))
    watch_reports.one(SYSTEM, WatchReports(shop.pk))
    stage.now(monkeypatch)
    while sweep():
        pass
    assert set(Report.objects.filter(shop=shop).values_list("period", flat=True)) == made
    assert set(Report.objects.filter(shop=None).values_list("period", flat=True)) == {"day", "week"}


def test_a_monday_morning_makes_the_day_and_the_week(monkeypatch) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, stage.shop_lake(shop))
    stage.now(monkeypatch, stage.MORNING - timedelta(hours=12))
    watch_reports.one(SYSTEM, WatchReports(shop.pk))
    stage.now(monkeypatch)
    while sweep():
        pass
    reports = Report.objects.order_by("shop_id", "period")
    assert [(r.shop_id, r.period, r.first_day) for r in reports] == [
        (shop.pk, "day", stage.DAY), (shop.pk, "week", stage.WEEK), (None, "day", stage.DAY), (None, "week", stage.WEEK)
    ]  # fmt: skip
    assert {r.state for r in reports} == {"making"}
    assert perform_due({"make_report": performers()["make_report"]}) == 4
    assert {r.state for r in Report.objects.all()} == {"complete"}
    assert stage.due("report_sign", reports[0].pk) == stage.MORNING + timedelta(hours=1, minutes=30)
    assert stage.due("report_make", shop.pk) == stage.MORNING + timedelta(days=1)
    assert not make_due_reports.one(SYSTEM, MakeDueReports(shop.pk)).changed


def test_days_missed_are_caught_up_with_but_not_for_ever(monkeypatch) -> None:
    shop = make.make_shop()
    make_due_reports.one(SYSTEM, MakeDueReports(shop.pk))
    stage.now(monkeypatch, stage.MORNING + timedelta(days=3))
    assert make_due_reports.one(SYSTEM, MakeDueReports(shop.pk)).facts == {"opened": 3}
    stage.now(monkeypatch, stage.MORNING + timedelta(days=40))
    make_due_reports.one(SYSTEM, MakeDueReports(shop.pk))
    days = Report.objects.filter(shop=shop, period="day").count()
    assert days == 1 + 3 + 7


def test_a_report_nobody_signs_is_late(monkeypatch) -> None:
    shop = make.make_shop()
    make_due_reports.one(SYSTEM, MakeDueReports(shop.pk))
    report = Report.objects.get(period="day")
    stage.now(monkeypatch, stage.MORNING + timedelta(hours=2))
    sweep()
    assert Deadline.objects.get(kind="report_sign", subject_id=report.pk).late_at is not None


def test_figures_are_kept_with_everything_they_are_compared_with(monkeypatch) -> None:
    shop = make.make_shop()
    lake = stage.shop_lake(shop)
    stage.use(monkeypatch, lake)
    report = stage.made(shop)
    kept = ReportVersion.objects.get(report=report)
    assert (report.state, report.version, report.failed) == (ReportState.COMPLETE, 1, [])
    sales = kept.figures["blocks"]["sales"]["figures"]
    of_day = [o["paid_minor"] for o in lake.rows["orders"] if o["biz_date"] == stage.DAY]
    of_day_before = [o["paid_minor"] for o in lake.rows["orders"] if o["biz_date"] == stage.DAY - timedelta(days=1)]
    assert sales["paid_amount"]["now"] == [sum(of_day), None]
    assert sales["paid_amount"]["before"] == [sum(of_day_before), None]
    assert "year" not in sales["paid_amount"]  # nothing is known of last year: no zero is made up
    assert report.headlines["paid_orders"] == [12, None]
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM foundation_event WHERE type = 'reports.report_made'")
        assert len(cursor.fetchall()) == 1


def test_a_year_ago_is_compared_with_where_something_was_sold(monkeypatch) -> None:
    shop = make.make_shop()
    lake = stage.shop_lake(shop)
    then = dict(lake.rows["orders"][0])
    then |= {"biz_date": stage.DAY - timedelta(weeks=52), "order_id": 99_999}
    lake.rows["orders"].append(then)
    stage.use(monkeypatch, lake)
    kept = ReportVersion.objects.get(report=stage.made(shop)).figures
    assert kept["blocks"]["sales"]["figures"]["paid_orders"]["year"] == [1, None]
    assert kept["spans"]["year"][0] == (stage.DAY - timedelta(weeks=52)).isoformat()


def test_a_part_that_fails_makes_the_report_incomplete_and_leaves_the_others(monkeypatch, caplog) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, stage.shop_lake(shop))

    def broken(asked: object) -> dict:
        raise RuntimeError("no such column")

    monkeypatch.setitem(snapshot.MAKERS, Block.CUSTOMERS, broken)
    with caplog.at_level(logging.CRITICAL):
        report = stage.made(shop)
    assert (report.state, report.failed) == (ReportState.INCOMPLETE, ["customers"])
    assert set(ReportVersion.objects.get(report=report).figures["blocks"]) == set(Block) - {"customers"}
    monkeypatch.undo()
    stage.now(monkeypatch)
    stage.use(monkeypatch, stage.shop_lake(shop))
    again = stage.made(shop)
    assert (again.pk, again.state, again.failed, again.version) == (report.pk, ReportState.COMPLETE, [], 2)
    assert ReportVersion.objects.filter(report=report).count() == 2  # the first stays as it was


def test_a_lake_that_cannot_be_opened_is_tried_again(monkeypatch, caplog) -> None:
    shop = make.make_shop()
    make_reports.one(SYSTEM, MakeReport(shop.pk, ReportPeriod.DAY, stage.DAY))
    monkeypatch.setattr("shopkeeper.flows.analytics.reports.queries.making.connect", lambda: 1 / 0)
    with caplog.at_level(logging.CRITICAL):
        perform_due({"make_report": performers()["make_report"]})
    assert Report.objects.get().state == ReportState.MAKING
    assert "ZeroDivisionError" in ErrandEntry.objects.get(kind="make_report").last_error


@pytest.mark.parametrize(
    ("period", "first", "code"),
    [
        (ReportPeriod.WEEK, date(2026, 6, 2), "report_first_day_wrong"),
        (ReportPeriod.MONTH, date(2026, 5, 2), "report_first_day_wrong"),
        (ReportPeriod.DAY, date(2026, 6, 8), "report_period_open"),
        (ReportPeriod.MONTH, date(2026, 6, 1), "report_period_open"),
    ],
)
def test_periods_that_are_none_or_not_over_are_refused(period, first, code) -> None:
    outcome = make_reports.one(SYSTEM, MakeReport(make.make_shop().pk, period, first))
    assert (outcome.code, outcome.id) == (code, None)
    assert not Report.objects.exists()


def test_asked_for_twice_it_is_made_once_and_a_signed_one_stays(monkeypatch) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, stage.shop_lake(shop))
    item = MakeReport(shop.pk, ReportPeriod.DAY, stage.DAY)
    first, second = make_reports(SYSTEM, [item, item])
    assert (first.changed, second.changed, first.id) == (True, False, second.id)
    assert not make_reports.one(SYSTEM, item).changed  # it is being made
    stage.compute(first.id)
    stage.signed(Report.objects.get())
    assert make_reports.one(SYSTEM, item).code == "report_signed"


def test_what_was_computed_is_kept_once(monkeypatch) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, stage.shop_lake(shop))
    report = stage.made(shop)
    assert not record_reports.one(SYSTEM, RecordReport(report.pk, {}, [])).changed
    assert ReportVersion.objects.count() == 1


def test_all_shops_together_are_for_who_sees_all_of_them(monkeypatch) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, stage.shop_lake(shop))
    of_one, of_all = stage.person(Role.DATA_SPECIALIST, shops=[shop]), stage.person(Role.DATA_SPECIALIST)
    item = MakeReport(None, ReportPeriod.DAY, stage.DAY)
    assert make_reports.one(of_one, item).code == "not_found"
    assert make_reports.one(of_all, item).changed
    assert make_reports.one(of_one, MakeReport(shop.pk, ReportPeriod.DAY, stage.DAY)).changed
