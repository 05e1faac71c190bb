"""A shop's watched campaign with its hours, alerts, call and presale, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shopkeeper.flows.marketing.campaigns.models import BudgetItem, Campaign, CampaignGoods
from shopkeeper.flows.marketing.watch.models import Alert, DaySheet, Presale, RestockCall
from shopkeeper.flows.marketing.watch.rules.hours import hour_of
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.clock import machine_now

NOW = machine_now()
HOUR = timedelta(hours=1)


@dataclass
class Watched:
    campaign: int
    sheet: int
    low_conversion: int
    low_stock: int
    call: int
    presale: int
    budget: int


# What an alert says of itself.
STOCK = {
    "sku_code": "A-1", "left": 5, "sold": [4, 3, 3], "needed": 5, "minutes_left": 90, "least_minutes": 720,
    "minutes_to_end": 2_880,
}  # fmt: skip
CONVERSION = {
    "hours": [
        {"hour": NOW.isoformat(), "visitors": 400, "buyers": 2, "conversion_bp": 50, "benchmark_bp": None},
        {"hour": NOW.isoformat(), "visitors": 380, "buyers": 1, "conversion_bp": 26, "benchmark_bp": None},
    ],
    "target_bp": 200, "benchmark_bp": None, "benchmark_name": "", "share_bp": 8_000,
    "least_visitors": 200,
}  # fmt: skip


def watched_of(shop: Shop, sku_id: int) -> Watched:
    """A live campaign of one hour, nobody's record of it, two alerts, a call for pieces and a proposed presale."""
    now = machine_now()
    moments = dict.fromkeys(("state_at", "made_at", "saved_at", "decided_at", "launched_at", "starts_at"), now - HOUR)
    people = dict.fromkeys(("made_by", "saved_by", "decided_by", "launched_by"), 0)
    campaign = Campaign.objects.create(
        shop=shop, code="watched", name="进行中", state="live", ends_at=now + 48 * HOUR, **moments, **people
    )
    CampaignGoods.objects.create(campaign=campaign, sku_id=sku_id, planned_quantity=10, price_minor=1_000)
    _run("start_watches", campaign_id=campaign.pk)
    sheet = DaySheet.objects.create(campaign=campaign, shop=shop, day=date(2026, 6, 1), state_at=now, due_at=now)
    conversion, stock, asked = (
        _alert(campaign, "conversion_low", None, CONVERSION),
        _alert(campaign, "stock_low", sku_id, STOCK),
        _alert(campaign, "stock_low", sku_id, STOCK, state="lifted"),
    )
    call = RestockCall.objects.create(
        campaign=campaign, shop=shop, alert=asked, sku_id=sku_id, state_at=now, quantity=5, needed_by=now,
        asked_at=now, asked_by=0, due_at=now,
    )  # fmt: skip
    presale = Presale.objects.create(
        campaign=campaign, shop=shop, alert=asked, sku_id=sku_id, state_at=now, ship_within_days=7, proposed_at=now,
        proposed_by=0,
    )  # fmt: skip
    budget = BudgetItem.objects.create(campaign=campaign, shop=shop, kind="ads", planned_minor=1_000)
    return Watched(campaign.pk, sheet.pk, conversion.pk, stock.pk, call.pk, presale.pk, budget.pk)


def _alert(campaign: Campaign, kind: str, sku_id: int | None, facts: dict[str, Any], state: str = "open") -> Alert:
    moments = dict.fromkeys(("state_at", "hour", "opened_at", "due_at"), NOW)
    return Alert.objects.create(
        campaign=campaign, shop_id=campaign.shop_id, kind=kind, sku_id=sku_id, state=state, facts=facts, **moments
    )


def _run(_command: str, /, **fields: Any) -> None:
    outcome = COMMANDS[_command].one(SYSTEM, COMMANDS[_command].item(**fields))
    assert outcome.ok, (_command, outcome)


def _item(_command: str, /, **fields: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[_command].item(
        **{name: value(place) if callable(value) else value for name, value in fields.items()}
    )


def _shop(place: Any) -> int:
    return place.shop.pk


def _of(name: str) -> Callable[[Any], int]:
    return lambda place: getattr(place.watched, name)


WATCH_ITEMS: dict[str, Callable[[Any], Any]] = {
    "answer_restock": _item("answer_restock", call_id=_of("call"), note="工厂停工"),
    "ask_budget": _item(
        "ask_budget", alert_id=_of("low_conversion"), item_id=_of("budget"), amount_minor=100, reason="加投"
    ),
    "ask_slots": _item("ask_slots", alert_id=_of("low_conversion"), place="猜你喜欢", apply_by=NOW + 9 * HOUR),
    "call_restock": _item("call_restock", alert_id=_of("low_stock")),
    "change_copy": _item("change_copy", alert_id=_of("low_conversion"), what="突出满减"),
    "dismiss_alerts": _item("dismiss_alerts", alert_id=_of("low_conversion"), reason="大盘都低"),
    "end_presales": _item("end_presales", presale_id=_of("presale"), reason="已到货"),
    "pause_campaign_rules": _item(
        "pause_campaign_rules", alert_id=_of("low_conversion"), rule_id=lambda p: p.promotions.in_review, reason="设错"
    ),
    "record_traffic": _item(
        "record_traffic", shop_id=_shop, campaign_id=_of("campaign"), hour=hour_of(NOW) - HOUR, visitors=100
    ),
    "set_benchmarks": _item(
        "set_benchmarks", shop_id=_shop, name="同行同层平均", conversion_bp=320, valid_from=date(2026, 6, 1)
    ),
    "sign_sheets": _item("sign_sheets", sheet_id=_of("sheet")),
    "start_presales": _item("start_presales", alert_id=_of("low_stock"), ship_within_days=7),
}
