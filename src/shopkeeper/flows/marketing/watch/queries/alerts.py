"""Alerts: the list with its counters, one with its actions and their effects, calls for restock, presales."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from shopkeeper.flows.marketing.watch.models import Action, Alert, Presale, RestockCall
from shopkeeper.flows.marketing.watch.states import ActionKind, AlertState, CallState, PresaleState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.naming import names_of

_COLUMNS = (
    "id", "campaign_id", "campaign__code", "campaign__name", "shop_id", "shop__name", "kind", "sku_id", "sku__code",
    "sku__name", "state", "hour", "opened_at", "due_at", "facts", "answered_at", "answered_by", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    kind: str = ""
    shop_id: int | None = None
    campaign_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert; `facts` is its arithmetic."""

    id: int
    campaign_id: int
    code: str
    name: str
    shop_id: int
    shop: str
    kind: str
    sku_id: int | None
    sku_code: str
    sku_name: str
    state: str
    hour: datetime
    opened_at: datetime
    due_at: datetime
    facts: dict[str, Any]
    answered_at: datetime | None
    answered_by: str
    reason: str

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == AlertState.OPEN else None

    @property
    def was_late(self) -> bool:
        return self.answered_at is not None and self.answered_at > self.due_at


@dataclass(frozen=True, slots=True)
class ActionLine:
    """Something done, the figures before it and after it: None until they are measured."""

    id: int
    alert_id: int
    campaign_id: int
    kind: str
    note: str
    reference: int | None
    taken_at: datetime
    taken_by: str
    before: dict[str, Any]
    after_one: dict[str, Any] | None
    after_three: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call for restock; `asked_for` are the words of who called, `note` those of the answer, where there is one."""

    id: int
    campaign_id: int
    code: str
    name: str
    shop_id: int
    shop: str
    alert_id: int
    sku_id: int
    sku_code: str
    sku_name: str
    state: str
    quantity: int
    needed_by: datetime
    reminder_id: int | None
    asked_at: datetime
    asked_by: str
    asked_for: str
    due_at: datetime
    arrives_at: datetime | None
    promised_quantity: int | None
    answered_at: datetime | None
    answered_by: str
    note: str
    arrived_at: datetime | None

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == CallState.ASKED else None


@dataclass(frozen=True, slots=True)
class PresaleLine:
    """A SKU sold ahead of its stock, or proposed to be."""

    id: int
    campaign_id: int
    shop_id: int
    alert_id: int | None
    sku_id: int
    sku_code: str
    state: str
    ship_within_days: int
    proposed_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class AlertRecord:
    line: AlertLine
    actions: tuple[ActionLine, ...]
    calls: tuple[CallLine, ...]
    presales: tuple[PresaleLine, ...]


def alert_counts(viewer: Actor) -> dict[str, int]:
    """How many are open, for the list's tabs."""
    return dict(_seen(viewer).filter(state=AlertState.OPEN).values_list("state").annotate(n=Count("id")))


def alerts_page(
    viewer: Actor, wanted: AlertFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[AlertLine], str]:
    """A page of alerts, newest first, and the key of the next ('' where there is none)."""
    rows = _seen(viewer)
    for name in ("state", "kind", "shop_id", "campaign_id"):
        value = getattr(wanted, name)
        if value not in ("", None):
            rows = rows.filter(**{name: value})
    if wanted.text:
        text = wanted.text[:60]
        rows = rows.filter(Q(campaign__code=text) | Q(campaign__name__contains=text) | Q(sku__code=text))
    if after:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id").values_list(*_COLUMNS)[: limit + 1])
    lines = _lines(found[:limit])
    return lines, str(lines[-1].id) if len(found) > limit else ""


def open_alerts(viewer: Actor, campaign_id: int) -> list[AlertLine]:
    """What waits for an answer in one campaign, what is due first."""
    rows = _seen(viewer).filter(campaign_id=campaign_id, state=AlertState.OPEN).order_by("due_at", "id")
    return _lines(list(rows.values_list(*_COLUMNS)))


def alerts_of_campaign(campaign_id: int) -> list[AlertLine]:
    """All alerts of a campaign, oldest first; it asks nobody's rights."""
    return _lines(list(Alert.objects.filter(campaign_id=campaign_id).order_by("id").values_list(*_COLUMNS)))


def actions_of_campaign(campaign_id: int) -> list[ActionLine]:
    """Everything done about a campaign's alerts, oldest first; it asks nobody's rights."""
    return _actions(Action.objects.filter(campaign_id=campaign_id))


def alert_record(viewer: Actor, alert_id: int) -> AlertRecord | None:
    """One alert whole; None where it is not in the viewer's shops."""
    found = _seen(viewer).filter(id=alert_id).values_list(*_COLUMNS).first()
    if found is None:
        return None
    line = _lines([found])[0]
    goods = {"campaign_id": line.campaign_id, "sku_id": line.sku_id or 0}
    return AlertRecord(
        line,
        tuple(_actions(Action.objects.filter(alert_id=alert_id))),
        tuple(_calls(RestockCall.objects.filter(**goods))),
        tuple(_presales(Presale.objects.filter(**goods))),
    )


def call_record(viewer: Actor, call_id: int) -> CallLine | None:
    """One call for restock; None where it is not in the viewer's shops."""
    rows = RestockCall.objects.filter(id=call_id)
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return next(iter(_calls(rows)), None)


def calls_page(
    viewer: Actor, state: str = "", *, after: int | None = None, limit: int = 50
) -> tuple[list[CallLine], str]:
    """Calls for restock, newest first, and the key of the next page."""
    rows = RestockCall.objects.all()
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    if state:
        rows = rows.filter(state=state)
    if after:
        rows = rows.filter(id__lt=after)
    ids = list(rows.order_by("-id").values_list("id", flat=True)[: limit + 1])
    lines = sorted(_calls(RestockCall.objects.filter(id__in=ids[:limit])), key=lambda line: -line.id)
    return lines, str(lines[-1].id) if len(ids) > limit else ""


def call_counts(viewer: Actor) -> dict[str, int]:
    """How many wait for an answer."""
    rows = RestockCall.objects.filter(state__in=(CallState.ASKED, CallState.PROMISED))
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def presales_of_campaign(campaign_id: int) -> list[PresaleLine]:
    """A campaign's presales, oldest first; it asks nobody's rights."""
    return _presales(Presale.objects.filter(campaign_id=campaign_id))


def presale_record(viewer: Actor, presale_id: int) -> PresaleLine | None:
    """One presale; None where it is not in the viewer's shops."""
    rows = Presale.objects.filter(id=presale_id)
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return next(iter(_presales(rows)), None)


def ship_within_days(shop_id: int, sku_ids: Sequence[int]) -> dict[int, int]:
    """SKUs of a shop that are on presale now, and within how many days their orders ship."""
    rows = Presale.objects.filter(shop_id=shop_id, sku_id__in=sku_ids, state=PresaleState.ON)
    days: dict[int, int] = {}
    for sku_id, within in rows.values_list("sku_id", "ship_within_days"):
        days[sku_id] = max(within, days.get(sku_id, 0))
    return days


def _seen(viewer: Actor) -> QuerySet[Alert]:
    rows = Alert.objects.all()
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def _lines(found: Sequence[tuple[Any, ...]]) -> list[AlertLine]:
    names = names_of(row[16] for row in found)
    lines = []
    for row in found:
        values = dict(zip(_COLUMNS, row, strict=True))
        lines.append(
            AlertLine(
                **{name: values[name] for name in _COLUMNS if "__" not in name and name != "answered_by"},
                code=values["campaign__code"],
                name=values["campaign__name"],
                shop=values["shop__name"],
                sku_code=values["sku__code"] or "",
                sku_name=values["sku__name"] or "",
                answered_by=names.get(values["answered_by"] or 0, ""),
            )
        )
    return lines


def _actions(rows: QuerySet[Action]) -> list[ActionLine]:
    found = list(rows.order_by("id"))
    names = names_of(row.taken_by for row in found)
    return [
        ActionLine(
            row.pk,
            row.alert_id,
            row.campaign_id,
            row.kind,
            row.note,
            row.reference,
            row.taken_at,
            names.get(row.taken_by, ""),
            row.before,
            row.after_one,
            row.after_three,
        )
        for row in found
    ]


def _calls(rows: QuerySet[RestockCall]) -> list[CallLine]:
    found = list(rows.select_related("campaign", "shop", "sku").order_by("id"))
    names = names_of(id_ for row in found for id_ in (row.asked_by, row.answered_by))
    calling = Action.objects.filter(kind=ActionKind.URGENT_RESTOCK, alert_id__in={row.alert_id for row in found})
    words = dict(calling.values_list("alert_id", "note"))
    own = (
        "campaign_id", "shop_id", "alert_id", "sku_id", "state", "quantity", "needed_by", "reminder_id", "asked_at",
        "due_at", "arrives_at", "promised_quantity", "answered_at", "note", "arrived_at",
    )  # fmt: skip
    return [
        CallLine(
            id=row.pk,
            code=row.campaign.code,
            name=row.campaign.name,
            shop=row.shop.name,
            sku_code=row.sku.code,
            sku_name=row.sku.name,
            asked_by=names.get(row.asked_by, ""),
            asked_for=words.get(row.alert_id, ""),
            answered_by=names.get(row.answered_by or 0, ""),
            **{name: getattr(row, name) for name in own},
        )
        for row in found
    ]


def _presales(rows: QuerySet[Presale]) -> list[PresaleLine]:
    return [
        PresaleLine(
            row.pk,
            row.campaign_id,
            row.shop_id,
            row.alert_id,
            row.sku_id,
            row.sku.code,
            row.state,
            row.ship_within_days,
            row.proposed_at,
            row.started_at,
            row.ended_at,
            row.reason,
        )
        for row in rows.select_related("sku").order_by("id")
    ]
