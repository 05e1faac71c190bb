"""M3.2 on screen: alerts, and one with its arithmetic, what can be done about it, and what came of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.queries.campaigns import campaign_facts
from shopkeeper.flows.marketing.campaigns.words import BUDGET_KINDS
from shopkeeper.flows.marketing.watch.commands.answer_alerts import (
    AskBudget,
    AskSlot,
    ChangeCopy,
    DismissAlert,
    PauseCampaignRule,
    ask_budget,
    ask_slots,
    change_copy,
    dismiss_alerts,
    pause_campaign_rules,
)
from shopkeeper.flows.marketing.watch.commands.call_restock import CallRestock, call_restock
from shopkeeper.flows.marketing.watch.commands.set_presales import StartPresale, start_presales
from shopkeeper.flows.marketing.watch.pages.live import shown_facts
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.queries.alerts import (
    ActionLine,
    AlertFilter,
    AlertRecord,
    alert_counts,
    alert_record,
    alerts_page,
)
from shopkeeper.flows.marketing.watch.queries.board import budget_items, published_rules
from shopkeeper.flows.marketing.watch.states import ANSWERS, ActionKind, AlertKind, AlertState, PresaleState
from shopkeeper.flows.marketing.watch.words import LABELS, arithmetic, percent, reason_words
from shopkeeper.foundation import business_time
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

ALERTS = Listing(
    key="watch-alerts",
    title=T("活动预警", "Campaign alerts"),
    clause="M3.2",
    record="watch-alert",
    columns=(
        Column("kind", T("预警", "Alert"), always=True),
        Column("campaign", T("活动", "Campaign"), always=True),
        Column("state", T("状态", "State")),
        Column("why", T("依据", "Why")),
        Column("shop", T("店铺", "Shop")),
        Column("opened", T("发现时间", "Opened")),
        Column("due", T("处理时限", "Answer by")),
    ),
    tabs=(
        Tab("open", LABELS[AlertState][AlertState.OPEN].text, tone="red"),
        Tab("acted", LABELS[AlertState][AlertState.ACTED].text, counted=False),
        Tab("dismissed", LABELS[AlertState][AlertState.DISMISSED].text, counted=False),
        Tab("lifted", LABELS[AlertState][AlertState.LIFTED].text, counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("kind", T("预警", "Alert"), choices=[(str(kind), LABELS[AlertKind][kind].text) for kind in AlertKind]),
    ),
    search=T("活动名称、编号或商品编码", "Campaign or SKU code"),
    live="watch",
    arrivals="watch.alert_opened",
)
DOINGS: dict[str, tuple[Any, type[Any]]] = {
    ActionKind.CHANGE_COPY: (change_copy, ChangeCopy),
    ActionKind.ADD_SLOT: (ask_slots, AskSlot),
    ActionKind.RAISE_BUDGET: (ask_budget, AskBudget),
    ActionKind.PAUSE_RULE: (pause_campaign_rules, PauseCampaignRule),
    ActionKind.URGENT_RESTOCK: (call_restock, CallRestock),
    ActionKind.PRESALE: (start_presales, StartPresale),
}
DONE = T("措施已记录，之后会自动测量效果", "On record; its effect will be measured by itself")


@page(
    "alerts/",
    name="watch-alerts",
    clause="M3.2",
    permission=Permission.WATCH_VIEW,
    menu=MenuEntry(T("活动预警", "Alerts"), section="marketing", order=54),
)
def alerts(request: Request) -> HttpResponse:
    asked = ALERTS.read(request)
    if asked.counting:
        return ALERTS.counters(request, alert_counts(request.actor))
    shop, campaign = str(asked.filters.get("shop", "")), request.GET.get("campaign", "")
    wanted = AlertFilter(
        state="" if asked.tab == "all" else asked.tab,
        kind=str(asked.filters.get("kind", "")),
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
        campaign_id=int(campaign) if campaign.isdecimal() and len(campaign) < 19 else None,
        text=asked.text,
    )
    rows, next_key = alerts_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return ALERTS.render(
        request, asked, "watch/alerts.html", rows=[_Line(row) for row in rows], next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )  # fmt: skip


class _Line:
    """An alert's row with the last line of its arithmetic."""

    def __init__(self, row: Any) -> None:
        self.id, self.row = row.id, row
        self.why = arithmetic(row.kind, shown_facts(row, SHOP_ZONE))[0]


@page("alerts/<int:alert_id>/", name="watch-alert", clause="M3.2", permission=Permission.WATCH_VIEW)
def alert(request: Request, alert_id: int) -> HttpResponse:
    return _show(request, alert_id, "", FormState())


@page(
    "alerts/<int:alert_id>/act/<str:kind>/",
    name="watch-alert-act",
    clause="M3.2",
    permission=Permission.ALERT_ANSWER,
    methods=("POST",),
)
def act(request: Request, alert_id: int, kind: str) -> HttpResponse:
    """Take one action; mistakes show the page again with what was written."""
    if kind not in DOINGS:
        raise Http404
    command, item = DOINGS[kind]
    state: FormState[Any] = read_form(request.POST, item, {"alert_id": alert_id})
    if state.item is not None:
        outcomes = run_once(request, command, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=DONE, to="watch-alert", args=[alert_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, alert_id, kind, state)


@page(
    "alerts/<int:alert_id>/dismiss/",
    name="watch-alert-dismiss",
    clause="M3.2",
    permission=Permission.ALERT_ANSWER,
    methods=("POST",),
)
def dismiss(request: Request, alert_id: int) -> HttpResponse:
    item = DismissAlert(alert_id, request.POST.get("reason", "").strip()[:300])
    outcomes = run_once(request, dismiss_alerts, [item])
    return answer_outcomes(request, outcomes, done=T("预警已忽略", "The alert is dismissed"))


def _show(request: Request, alert_id: int, kind: str, state: FormState[Any]) -> HttpResponse:
    found = alert_record(request.actor, alert_id)
    if found is None:
        raise Http404
    line = found.line
    taken = {one.kind for one in found.actions}
    campaign = campaign_facts({line.campaign_id})[line.campaign_id]
    may = request.actor.may(Permission.ALERT_ANSWER) and campaign.is_live
    may = may and line.state in (AlertState.OPEN, AlertState.ACTED)
    offered = [k for k in ANSWERS[AlertKind(line.kind)] if k not in taken] if may else []
    response = render_record(
        request,
        "watch/alert.html",
        _head(request, found),
        timeline=_timeline(found),
        live="watch",
        found=found,
        line=line,
        why=arithmetic(line.kind, shown_facts(line, SHOP_ZONE)),
        effects=[_effect(one, line.kind) for one in found.actions],
        offers=[(k, LABELS[ActionKind][k].text, _state(found, k, kind, state)) for k in offered],
        rules=published_rules(line.campaign_id),
        budget=_budget(line.campaign_id),
        proposal=next((one for one in found.presales if one.state == PresaleState.PROPOSED), None),
        may_end=request.actor.may(Permission.ALERT_ANSWER),
    )
    if state.errors:
        response.status_code = 422
    return response


def _budget(campaign_id: int) -> list[tuple[str, str]]:
    """The campaign's budget items as choices: what for, its name, spent of allowed."""
    items = budget_items(campaign_id)
    named = {one.id: " · ".join(filter(None, (str(BUDGET_KINDS[one.kind]), one.name))) for one in items}
    return [(str(one.id), f"{named[one.id]}  {Money(one.spent_minor)} / {Money(one.allowed_minor)}") for one in items]


def _state(found: AlertRecord, offered: str, tried: str, state: FormState[Any]) -> FormState[Any]:
    """The form of an action: as it was sent, or with what is proposed."""
    if offered == tried:
        return state
    line, policy = found.line, read_policies()
    soon = (business_time.now() + timedelta(hours=policy("watch_copy_hours", line.shop_id))).astimezone(SHOP_ZONE)
    proposed: dict[str, dict[str, Any]] = {
        ActionKind.CHANGE_COPY: {"due_at": soon},
        ActionKind.ADD_SLOT: {"apply_by": soon},
        ActionKind.URGENT_RESTOCK: {"quantity": line.facts.get("needed", "")},
        ActionKind.PRESALE: {"ship_within_days": policy("watch_presale_days", line.shop_id)},
    }
    return FormState(values=proposed.get(offered, {}))


def _effect(one: ActionLine, kind: str) -> tuple[ActionLine, list[tuple[T, list[str]]]]:
    """An action with its figures before, one hour and three hours after."""
    spans = [one.before, one.after_one, one.after_three]
    rows: list[tuple[T, list[str]]] = []
    if kind == AlertKind.CONVERSION_LOW:
        rows.append((T("转化率", "Conversion"), [percent(s["conversion_bp"]) if s else "" for s in spans]))
        rows.append((T("访客", "Visitors"), [str(s["visitors"]) if s else "" for s in spans]))
    rows.append((T("订单", "Orders"), [str(s["orders"]) if s else "" for s in spans]))
    rows.append((T("售出件数", "Pieces sold"), [str(s["sold"]) if s else "" for s in spans]))
    left = ["–" if s and s["left"] is None else str(s["left"]) if s else "" for s in spans]
    rows.append((T("可售库存", "Stock left"), left))
    rows.append((T("小时数", "Hours"), [_hours(s, kind) if s else "" for s in spans]))
    return one, rows


def _hours(span: Mapping[str, Any], kind: str) -> str:
    """How many hours are counted; of conversion also how many of them have visitors to count."""
    hours, told = span["hours"], span.get("hours_with_traffic", span["hours"])
    if kind != AlertKind.CONVERSION_LOW or told == hours:
        return str(hours)
    return str(T("{n}（{told} 小时有访客数据）", "{n} ({told} with visitors on record)").format(n=hours, told=told))


def _head(request: Request, found: AlertRecord) -> RecordHead:
    line = found.line
    is_open = line.state == AlertState.OPEN
    secondary: tuple[Action, ...] = ()
    if is_open and request.actor.may(Permission.ALERT_ANSWER):
        secondary = (
            Action(
                T("忽略", "Dismiss"),
                reverse("watch-alert-dismiss", args=[line.id]),
                icon="x",
                ask=T("为什么不用处理？", "Why is nothing to be done?"),
            ),
        )
    badges = [Badge(line.sku_code, "grey", "package")] if line.sku_code else []
    if line.was_late:
        badges.append(Badge(T("超时处理", "Answered late"), "amber", "clock"))
    acted = next((one.taken_at for one in found.actions), None)
    measured = any(one.after_three is not None for one in found.actions)
    over = line.state in (AlertState.DISMISSED, AlertState.LIFTED)
    return RecordHead(
        title=LABELS[AlertKind][AlertKind(line.kind)].text,
        number=line.name,
        back="watch-alerts",
        state=AlertState(line.state),
        clause="M3.2",
        due_at=line.open_until,
        badges=tuple(badges),
        steps=(
            Step(T("发现", "Found"), "done", line.opened_at),
            Step(T("处理", "Answered"), "stopped" if over else "done" if acted else "now", line.answered_at),
            Step(T("效果", "Effect"), "done" if measured else "now" if acted else "next"),
        ),
        secondary=secondary,
    )


def _timeline(found: AlertRecord) -> list[Happening]:
    line, system = found.line, str(T("系统", "System"))
    told = [Happening(line.opened_at, T("发现预警", "Alert opened"), system, tone="red")]
    for one in found.actions:
        label = LABELS[ActionKind][ActionKind(one.kind)]
        told.append(Happening(one.taken_at, label.text, one.taken_by or system, one.note, tone="blue"))
    if line.state == AlertState.DISMISSED and line.answered_at:
        told.append(Happening(line.answered_at, T("忽略", "Dismissed"), line.answered_by, line.reason))
    for call in found.calls:
        if call.answered_at:
            words = T("补货答复", "Restock answered")
            told.append(Happening(call.answered_at, words, call.answered_by, call.note, "note"))
        if call.arrived_at:
            told.append(Happening(call.arrived_at, T("补货到货", "Pieces arrived"), kind="outside", tone="green"))
    for presale in found.presales:
        if presale.ended_at:
            words = T("预售结束", "Presale ended")
            told.append(Happening(presale.ended_at, words, "", str(reason_words(presale.reason))))
    return told
