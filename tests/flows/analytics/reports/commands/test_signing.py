"""Analyses, signature, reading and targets: who may, what is refused, what goes out."""

from datetime import date, timedelta

import pytest

from shopkeeper.flows.analytics.reports.commands.analyse_reports import AnalyseReport, analyse_traffic
from shopkeeper.flows.analytics.reports.commands.make_reports import (
    MakeReport,
    RecordReport,
    make_reports,
    record_reports,
)
from shopkeeper.flows.analytics.reports.commands.set_targets import SetTarget, set_targets
from shopkeeper.flows.analytics.reports.commands.sign_reports import (
    ConfirmReport,
    SignReport,
    confirm_reports,
    sign_reports,
)
from shopkeeper.flows.analytics.reports.models import Report, ReportVersion, Target
from shopkeeper.flows.analytics.reports.performers import tell_report
from shopkeeper.flows.analytics.reports.states import ReportPeriod, ReportState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.shared.outside import OutsideError
from shopkeeper.sop.ports import RobotMessage
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.analytics.reports import stage
from tests.flows.analytics.reports.small_lake import SmallLake
from tests.flows.service.tickets.stage import was_late

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D2.1")]


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.now(monkeypatch)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Report:
    shop = make.make_shop()
    stage.use(monkeypatch, SmallLake())
    return stage.made(shop)


@pytest.mark.clause("D2.2")
@pytest.mark.clause("D2.3")
@pytest.mark.clause("D2.4")
def test_analyses_are_written_changed_and_end_with_the_signature(day) -> None:
    assert analyse_traffic.one(SYSTEM, AnalyseReport(day.pk, "  ")).code == "report_analysis_needed"
    assert analyse_traffic.one(SYSTEM, AnalyseReport(day.pk, "搜索下降")).changed
    assert not analyse_traffic.one(SYSTEM, AnalyseReport(day.pk, "搜索下降 ")).changed
    assert analyse_traffic.one(SYSTEM, AnalyseReport(day.pk, "搜索下降，付费补上")).changed
    stage.signed(day)
    assert day.traffic_analysis == "搜索下降，付费补上"
    assert analyse_traffic.one(SYSTEM, AnalyseReport(day.pk, "改口")).code == "report_signed"
    assert not analyse_traffic.one(SYSTEM, AnalyseReport(day.pk, "搜索下降，付费补上")).changed


def test_what_is_still_being_made_is_neither_explained_nor_signed() -> None:
    outcome = make_reports.one(SYSTEM, MakeReport(make.make_shop().pk, ReportPeriod.DAY, stage.DAY))
    assert analyse_traffic.one(SYSTEM, AnalyseReport(outcome.id, "快了")).code == "report_not_made"
    assert sign_reports.one(SYSTEM, SignReport(outcome.id, "快了")).code == "report_not_made"


def test_signing_closes_the_clock_and_tells_the_team(day) -> None:
    signer = stage.person(Role.DATA_SPECIALIST)
    assert sign_reports.one(signer, SignReport(day.pk, " ")).code == "report_comment_needed"
    first, second = sign_reports(signer, [SignReport(day.pk, "平稳"), SignReport(day.pk, "平稳")])
    assert (first.changed, second.changed) == (True, False)
    day.refresh_from_db()
    assert (day.state, day.comment, day.signed_by) == (ReportState.SIGNED, "平稳", signer.id)
    assert stage.due("report_sign", day.pk) is None
    assert not was_late("report_sign", day.pk)
    assert ErrandEntry.objects.get(kind="tell_report").subject_id == day.pk


def test_an_incomplete_report_is_signed_only_with_a_reason() -> None:
    report_id = make_reports.one(SYSTEM, MakeReport(make.make_shop().pk, ReportPeriod.DAY, stage.DAY)).id or 0
    assert record_reports.one(SYSTEM, RecordReport(report_id, {}, ["traffic"])).facts == {"failed": 1}
    day = Report.objects.get(pk=report_id)
    assert sign_reports.one(SYSTEM, SignReport(day.pk, "平稳")).code == "report_incomplete"
    assert sign_reports.one(SYSTEM, SignReport(day.pk, "平稳", "流量源停用，先发")).changed
    day.refresh_from_db()
    assert day.despite == "流量源停用，先发"


def test_a_weekly_report_needs_its_analyses(monkeypatch) -> None:
    stage.use(monkeypatch, SmallLake())
    week = stage.made(make.make_shop(), ReportPeriod.WEEK, stage.WEEK)
    refused = sign_reports.one(SYSTEM, SignReport(week.pk, "平稳"))
    assert (refused.code, refused.facts["parts"]) == ("report_analyses_missing", "traffic, sales, customers")
    stage.signed(stage.analysed(week))


def test_somebody_else_confirms_having_read_it(day) -> None:
    signer, reader = stage.person(Role.DATA_SPECIALIST, Role.OPERATIONS_MANAGER), stage.person(Role.OPERATIONS_MANAGER)
    assert confirm_reports.one(reader, ConfirmReport(day.pk)).code == "report_not_signed"
    stage.signed(day, signer)
    assert confirm_reports.one(signer, ConfirmReport(day.pk)).code == "own_report"
    assert confirm_reports.one(reader, ConfirmReport(day.pk)).changed
    assert not confirm_reports.one(reader, ConfirmReport(day.pk)).changed
    day.refresh_from_db()
    assert (day.state, day.confirmed_by) == (ReportState.CONFIRMED, reader.id)


def test_who_reads_reports_does_not_sign_them(day) -> None:
    with pytest.raises(NotAllowed):
        sign_reports.one(stage.person(Role.OPERATIONS_SUPERVISOR), SignReport(day.pk, "平稳"))
    elsewhere = stage.person(Role.DATA_SPECIALIST, shops=[make.make_shop()])
    assert sign_reports.one(elsewhere, SignReport(day.pk, "平稳")).code == "not_found"


class Robot:
    def __init__(self, error: OutsideError | None = None) -> None:
        self.error, self.sent = error, list[RobotMessage]()

    def send(self, message: RobotMessage) -> None:
        if self.error:
            raise self.error
        self.sent.append(message)


def test_the_robot_says_the_head_of_it_in_both_languages(monkeypatch) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, stage.shop_lake(shop))
    report = stage.signed(stage.made(shop))
    robot = Robot()
    assert perform_due({"tell_report": tell_report(lambda: robot)}) == 1
    text = robot.sent[0].text
    assert "支付订单数 12" in text
    assert "Paid orders 12" in text
    assert report.comment in text
    assert f"/reports/{report.pk}/" in text
    assert not ErrandEntry.objects.filter(kind="tell_report").exists()


def test_without_a_robot_nothing_waits_and_with_a_deaf_one_it_is_said_again(day) -> None:
    stage.signed(day)
    deaf = Robot(OutsideError("transient", "busy"))
    perform_due({"tell_report": tell_report(lambda: deaf)})
    assert ErrandEntry.objects.get(kind="tell_report").attempts == 1
    ErrandEntry.objects.filter(kind="tell_report").update(next_at=stage.MORNING)
    perform_due({"tell_report": tell_report(lambda: None)})
    assert not ErrandEntry.objects.filter(kind="tell_report").exists()


@pytest.mark.clause("D2.3")
def test_targets_are_set_changed_and_refused() -> None:
    shop, manager = make.make_shop(), stage.person(Role.OPERATIONS_MANAGER)
    june = date(2026, 6, 1)
    item = SetTarget(shop.pk, "paid_amount", june, 3_000_000)
    first, second = set_targets(manager, [item, item])
    assert (first.changed, second.changed) == (True, False)
    assert not set_targets.one(manager, item).changed
    assert set_targets.one(manager, SetTarget(shop.pk, "paid_amount", june, 4_000_000)).changed
    assert set_targets.one(manager, SetTarget(None, "paid_amount", june, 9_000_000)).changed
    assert sorted(Target.objects.values_list("value", flat=True)) == [4_000_000, 9_000_000]
    refused = [
        SetTarget(shop.pk, "beauty", june, 1),
        SetTarget(shop.pk, "paid_amount", date(2026, 6, 2), 1),
        SetTarget(shop.pk, "paid_amount", date(2026, 5, 1), 1),
    ]
    codes = [outcome.code for outcome in set_targets(manager, refused)]
    assert codes == ["target_metric_unknown", "target_not_a_month", "target_month_over"]


@pytest.mark.clause("D2.3")
def test_a_report_is_held_against_its_part_of_the_months_target(monkeypatch) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, SmallLake())
    targets = {"paid_amount": 3_000_000, "pay_conversion": 300}
    set_targets(SYSTEM, [SetTarget(shop.pk, name, date(2026, 6, 1), value) for name, value in targets.items()])
    set_targets.one(SYSTEM, SetTarget(None, "paid_orders", date(2026, 6, 1), 600))
    report = stage.made(shop, ReportPeriod.WEEK, stage.WEEK)
    kept = ReportVersion.objects.get(report=report).figures["targets"]
    assert kept == {"paid_amount": 3_000_000 * 7 // 30, "pay_conversion": 300}  # rates are not shared out


@pytest.mark.clause("D2.3")
def test_a_week_over_two_months_needs_a_target_in_both(monkeypatch) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, SmallLake())
    stage.now(monkeypatch, stage.MORNING + timedelta(weeks=4))
    monday = date(2026, 6, 29)
    set_targets.one(SYSTEM, SetTarget(shop.pk, "paid_amount", date(2026, 7, 1), 3_100_000))
    assert ReportVersion.objects.get(report=stage.made(shop, ReportPeriod.WEEK, monday)).figures["targets"] == {}
