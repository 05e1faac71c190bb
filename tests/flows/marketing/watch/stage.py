"""A live campaign that is watched, with traffic, orders and stock as the hours need them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from shopkeeper.flows.marketing.campaigns.models import BudgetItem, Campaign, CampaignGoods, CampaignRule
from shopkeeper.flows.marketing.watch.commands.close_hours import CloseHour, close_hours
from shopkeeper.flows.marketing.watch.commands.record_traffic import RecordTraffic, record_traffic
from shopkeeper.flows.marketing.watch.commands.set_benchmarks import SetBenchmark, set_benchmarks
from shopkeeper.flows.marketing.watch.commands.start_watches import StartWatch, start_watches
from shopkeeper.flows.marketing.watch.models import Alert, HourReading
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.models import Deadline
from tests import factories as make

START = datetime(2026, 6, 18, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
HOUR = timedelta(hours=1)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def specialist(**scope: Any) -> Actor:
    return make.actor_with(
        Permission.WATCH_VIEW, Permission.TRAFFIC_RECORD, Permission.BENCHMARK_SET, Permission.ALERT_ANSWER, **scope
    )


def supervisor(**scope: Any) -> Actor:
    return make.actor_with(Permission.WATCH_VIEW, Permission.SHEET_SIGN, **scope)


def buyer(**scope: Any) -> Actor:
    return make.actor_with(Permission.WATCH_VIEW, Permission.RESTOCK_ANSWER, **scope)


def campaign(shop: Shop, *skus: Sku, **fields: Any) -> Campaign:
    """A campaign that is live from START on, for three days, with a target conversion of 5 %."""
    defaults: dict[str, Any] = {
        "code": "618", "name": "618 大促", "state": "live", "state_at": START, "starts_at": START,
        "ends_at": START + timedelta(days=3), "launched_at": START, "launched_by": 1, "made_at": START, "made_by": 1,
        "saved_at": START, "saved_by": 1, "submitted_at": START, "submitted_by": 1, "decided_at": START,
        "decided_by": 2, "expected_conversion_bp": 500,
    }  # fmt: skip
    made = Campaign.objects.create(shop=shop, **{**defaults, **fields})
    CampaignGoods.objects.bulk_create(
        CampaignGoods(campaign=made, sku=sku, planned_quantity=100, price_minor=4_000) for sku in skus
    )
    return made


def with_rule(made: Campaign, rule_id: int) -> None:
    CampaignRule.objects.create(campaign=made, rule_id=rule_id)


def budget(made: Campaign, planned_minor: int = 100_000, spent_minor: int = 0) -> BudgetItem:
    return BudgetItem.objects.create(
        campaign=made, shop_id=made.shop_id, kind="ads", planned_minor=planned_minor, spent_minor=spent_minor
    )


def watched(shop: Shop, *skus: Sku, **fields: Any) -> Campaign:
    """A campaign whose watch has begun; business time is at its start."""
    made = campaign(shop, *skus, **fields)
    assert start_watches.one(SYSTEM, StartWatch(made.pk)).changed
    return made


def tick(monkeypatch: pytest.MonkeyPatch, made: Campaign, moment: datetime) -> Outcome:
    """It is this moment, and the hours that are over are closed."""
    at(monkeypatch, moment)
    return close_hours.one(SYSTEM, CloseHour(made.pk))


def bought(shop: Shop, sku: Sku, paid_at: datetime, quantity: int = 1, buyer_ref: str = "", **fields: Any) -> int:
    """An order paid at a moment; each by a buyer of its own unless named."""
    more = {"buyer_ref": buyer_ref} if buyer_ref else {}
    moments = {"placed_at": paid_at - timedelta(minutes=1), "paid_at": paid_at, "modified_at": paid_at}
    return make.make_order(shop, make.received_line(sku, quantity), **{**moments, **more, **fields})


def traffic(made: Campaign | Shop, hour: datetime, visitors: int = 1_000, **fields: Any) -> RecordTraffic:
    """An hour of a campaign, or of a whole shop."""
    scope = (made.shop_id, made.pk) if isinstance(made, Campaign) else (made.pk, None)
    shown = {"exposures": visitors * 20, "clicks": visitors * 2}
    return RecordTraffic(scope[0], hour, visitors, campaign_id=scope[1], **{**shown, **fields})


def record(made: Campaign | Shop, hour: datetime, visitors: int = 1_000, **fields: Any) -> Outcome:
    by = fields.pop("by", None) or specialist()
    return record_traffic.one(by, traffic(made, hour, visitors, **fields))


def benchmark(shop: Shop, conversion_bp: int, since: date = date(2026, 6, 1)) -> int:
    outcome = set_benchmarks.one(specialist(), SetBenchmark(shop.pk, "同行同层平均", conversion_bp, since))
    assert outcome.changed, outcome
    return outcome.id or 0


def low_conversion(monkeypatch: pytest.MonkeyPatch, made: Campaign) -> Alert:
    """Two hours of many visitors and no buyer: the alert they open. It is two hours after the start."""
    for n in (0, 1):
        tick(monkeypatch, made, START + HOUR * (n + 1))
        assert record(made, START + HOUR * n).changed
    return Alert.objects.get(campaign=made, kind="conversion_low")


def sold_out(monkeypatch: pytest.MonkeyPatch, made: Campaign) -> Alert:
    """The first hour closes with nothing left to sell: the alert it opens."""
    tick(monkeypatch, made, START + HOUR)
    return Alert.objects.get(campaign=made, kind="stock_low")


def reading(made: Campaign, hour: datetime = START) -> HourReading:
    return HourReading.objects.get(campaign=made, hour=hour)


def due(kind: str) -> list[datetime]:
    """The due times of a kind's open deadlines."""
    return list(Deadline.objects.filter(kind=kind).order_by("due_at").values_list("due_at", flat=True))


def opens(kind: str) -> list[datetime | None]:
    """From when on a kind's open deadlines can be done; None: at once."""
    return list(Deadline.objects.filter(kind=kind).order_by("due_at").values_list("opens_at", flat=True))


def ended(kind: str) -> list[tuple[str, bool]]:
    """How deadlines of a kind ended, and whether late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = %s ORDER BY closed_at", [kind])
        return cursor.fetchall()


def told() -> list[str]:
    """The types of what this desk announced, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type FROM foundation_event WHERE type LIKE 'watch.%' ORDER BY id")
        return [type_ for (type_,) in cursor.fetchall()]
