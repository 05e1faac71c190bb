"""Reports over a lake in memory: a week and a half of a small shop, made, analysed, signed through the commands."""

import random
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shopkeeper.flows.analytics.reports.commands.analyse_reports import (
    AnalyseReport,
    analyse_customers,
    analyse_sales,
    analyse_traffic,
)
from shopkeeper.flows.analytics.reports.commands.make_reports import MakeReport, make_reports
from shopkeeper.flows.analytics.reports.commands.sign_reports import SignReport, sign_reports
from shopkeeper.flows.analytics.reports.models import Report
from shopkeeper.flows.analytics.reports.performers import make_report
from shopkeeper.flows.analytics.reports.queries import figures, making
from shopkeeper.flows.analytics.reports.states import ReportPeriod
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.errands import ErrandRow
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.analytics.reports.small_lake import SmallLake, at

DAY = date(2026, 6, 7)  # a Sunday
WEEK = date(2026, 6, 1)
MORNING = datetime(2026, 6, 8, 0, 0, tzinfo=UTC)  # 08:00 on Monday in Shanghai


def now(monkeypatch: pytest.MonkeyPatch, moment: datetime = MORNING) -> None:
    monkeypatch.setattr(business_time, "now", lambda: moment)


def use(monkeypatch: pytest.MonkeyPatch, lake: Any) -> None:
    """Figures are counted over this lake."""

    class Opened:
        table = staticmethod(lake)

    @contextmanager
    def connect(viewer: Actor = SYSTEM) -> Any:
        yield Opened

    monkeypatch.setattr(making, "connect", connect)
    monkeypatch.setattr(figures, "connect", connect)


def shop_lake(shop: Shop, days: int = 14, orders: int = 6, order_ids: list[int] | None = None) -> SmallLake:
    """So many orders a day up to DAY, some traffic, tickets, ratings and parcels; the same for every run."""
    rng = random.Random(7)
    lake = SmallLake()
    numbers = iter(order_ids or range(1, 10_000))
    for n in range(days):
        day = DAY - timedelta(days=n)
        for _ in range(orders + (6 if n == 0 else 0)):
            _sell(rng, lake, shop, day, next(numbers))
        _visit(rng, lake, shop, day)
        lake.rows["stock_days"] += [
            {"biz_date": day, "version": 1, "sku_id": sku, "on_hand": 40, "cost_minor": 2_000, "is_on_sale": True}
            for sku in range(1, 6)
        ]
    return lake


def _sell(rng: random.Random, lake: SmallLake, shop: Shop, day: date, order_id: int) -> None:
    paid, minor, sku = at(day, rng.randint(30_000, 80_000)), rng.randint(30, 200) * 100, rng.randint(1, 4)
    shared = {"biz_date": day, "shop_id": shop.pk, "version": 1, "order_id": order_id}
    lake.rows["orders"].append({
        **shared, "platform": shop.platform, "order_no": f"T{order_id}", "buyer": f"b{rng.randint(1, 30)}",
        "state": "signed", "placed_at": paid, "paid_at": paid, "paid_minor": minor, "goods_minor": minor,
        "discount_minor": 0, "freight_minor": 0, "pieces": 1,
    })  # fmt: skip
    lake.rows["order_lines"].append({
        **shared, "line_id": order_id, "sku_id": sku, "sku_code": f"SKU-{sku}",
        "category": "上衣" if sku < 3 else "裤装", "pieces": 1, "paid_minor": minor, "cost_minor": minor * 6 // 10,
    })  # fmt: skip
    lake.rows["parcels"].append({
        **shared, "parcel_id": order_id, "courier": "SF", "warehouse_id": 1, "state": "signed", "opened_at": paid,
        "ship_by": paid + timedelta(hours=8), "handed_over_at": paid + timedelta(hours=rng.randint(2, 10)),
        "signed_at": paid + timedelta(hours=40),
    })  # fmt: skip
    if rng.random() < 0.1:
        lake.rows["refunds"].append({**shared, "reference": f"R{order_id}", "refund_minor": minor // 2,
                                     "reason": "size", "is_returned": False})  # fmt: skip
    if rng.random() < 0.3:
        lake.rows["tickets"].append({
            **shared, "ticket_id": order_id, "channel": "widget", "kind": rng.choice(("size", "logistics")),
            "stage": "after_sale", "opened_at": paid, "first_reply_seconds": rng.choice((4, 9, 40)),
            "offered_at": paid + timedelta(hours=3),
        })  # fmt: skip
        lake.rows["ratings"].append({**shared, "survey_id": order_id, "ticket_id": order_id,
                                     "stars": rng.choice((None, 2, 5)), "sent_at": paid})  # fmt: skip


def _visit(rng: random.Random, lake: SmallLake, shop: Shop, day: date) -> None:
    for visitor in range(40):
        channel = rng.choice(("search", "search", "recommendation", "paid", "direct"))
        kinds = ["exposure", "click", "view", *(["view", "cart"] if rng.random() < 0.4 else [])]
        for step, kind in enumerate([*kinds, *(["order"] if rng.random() < 0.15 else [])]):
            lake.rows["traffic"].append({
                "biz_date": day, "shop_id": shop.pk, "version": 1, "event_id": f"{day}-{visitor}-{step}",
                "kind": kind, "visitor": f"v{visitor}", "session": f"s{visitor}", "channel": channel, "page": "/",
                "at": at(day, 40_000 + visitor * 60 + step), "stay_ms": 12_000 if step > 2 else None,
            })  # fmt: skip


def person(*roles: str, shops: list[Shop] | None = None) -> Actor:
    found = actor_of(make.make_person(*roles, shops=shops).pk)
    assert found is not None
    return found


def made(shop: Shop | None, period: ReportPeriod = ReportPeriod.DAY, first: date = DAY) -> Report:
    """A report that was computed."""
    outcome = make_reports.one(SYSTEM, MakeReport(shop.pk if shop else None, period, first))
    assert outcome.changed, outcome
    compute(outcome.id or 0)
    return Report.objects.get(pk=outcome.id)


def compute(report_id: int) -> None:
    make_report([ErrandRow(0, "make_report", report_id, None, {}, 1)])


def analysed(report: Report) -> Report:
    for command in (analyse_traffic, analyse_sales, analyse_customers):
        assert command.one(SYSTEM, AnalyseReport(report.pk, "搜索流量上升，带动成交。")).changed
    report.refresh_from_db()
    return report


def signed(report: Report, actor: Actor = SYSTEM) -> Report:
    outcome = sign_reports.one(actor, SignReport(report.pk, "整体平稳，新客增加。"))
    assert outcome.changed, outcome
    report.refresh_from_db()
    return report


def due(kind: str, subject_id: int) -> datetime | None:
    return Deadline.objects.filter(kind=kind, subject_id=subject_id).values_list("due_at", flat=True).first()
