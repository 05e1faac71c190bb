"""M3.1 on screen: 《活动监控表》, day by day, with its hours, what was corrected, signature and papers."""

from collections import Counter
from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.watch.commands.sign_sheets import SignSheet, sign_sheets
from shopkeeper.flows.marketing.watch.documents import monitoring_answer, monitoring_paper, source_words
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.queries.sheets import (
    SheetFilter,
    SheetRecord,
    sheet_counts,
    sheet_record,
    sheets_page,
)
from shopkeeper.flows.marketing.watch.states import SheetState
from shopkeeper.flows.marketing.watch.words import LABELS
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T, listed
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

SHEETS = Listing(
    key="watch-sheets",
    title=T("活动监控表", "Monitoring record"),
    clause="M3.1",
    record="watch-sheet",
    columns=(
        Column("day", T("日期", "Day"), always=True),
        Column("campaign", T("活动", "Campaign"), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("hours", T("已结小时", "Hours"), align="end"),
        Column("awaited", T("待登记", "To record"), align="end"),
        Column("signer", T("签字", "Signed by")),
        Column("due", T("签字时限", "Sign by")),
    ),
    tabs=(
        Tab("open", LABELS[SheetState][SheetState.OPEN].text, tone="amber"),
        Tab("signed", LABELS[SheetState][SheetState.SIGNED].text, tone="green", counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("活动名称或编号", "Name or code of a campaign"),
    live="watch",
)


@page(
    "sheets/",
    name="watch-sheets",
    clause="M3.1",
    permission=Permission.WATCH_VIEW,
    menu=MenuEntry(T("活动监控表", "Monitoring"), section="marketing", order=52),
)
def sheets(request: Request) -> HttpResponse:
    asked = SHEETS.read(request)
    if asked.counting:
        return SHEETS.counters(request, sheet_counts(request.actor))
    shop, campaign = str(asked.filters.get("shop", "")), request.GET.get("campaign", "")
    wanted = SheetFilter(
        state="" if asked.tab == "all" or campaign else asked.tab,
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
        campaign_id=int(campaign) if campaign.isdecimal() and len(campaign) < 19 else None,
        text=asked.text,
    )
    rows, next_key = sheets_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return SHEETS.render(
        request, asked, "watch/sheets.html", rows=rows, next_key=next_key, choices={"shop": shops_of(request.actor)},
        may_record=request.actor.may(Permission.TRAFFIC_RECORD),
    )  # fmt: skip


@page("sheets/<int:sheet_id>/", name="watch-sheet", clause="M3.1", permission=Permission.WATCH_VIEW)
def sheet(request: Request, sheet_id: int) -> HttpResponse:
    found = sheet_record(request.actor, sheet_id)
    if found is None:
        raise Http404
    paper, policy = monitoring_paper(found), read_policies()
    return render_record(
        request,
        "watch/sheet.html",
        _head(request, found),
        timeline=_timeline(found),
        live="watch",
        found=found,
        line=found.line,
        lines=list(zip(found.hours, paper.hours, strict=True)),
        total=paper.total,
        opens=_shown(found.opens_at),
        running_hour=f"{found.hours[-1].ends_at.astimezone(SHOP_ZONE):%H:%M}" if found.running else "",
        may_record=found.line.state == SheetState.OPEN and request.actor.may(Permission.TRAFFIC_RECORD),
        to_sign=_to_sign(request, found),
        share=f"{policy('watch_benchmark_share_bp', found.line.shop_id) / 100:g}%",
        least_visitors=policy("watch_min_visitors", found.line.shop_id),
        in_a_row=policy("watch_low_readings", found.line.shop_id),
        quiet_hours=policy("watch_quiet_hours", found.line.shop_id),
    )


def _shown(at: datetime | None) -> str:
    return f"{at.astimezone(SHOP_ZONE):%m-%d %H:%M}" if at else ""


def _to_sign(request: Request, found: SheetRecord) -> str:
    """For whoever may sign: who recorded how many hours. Empty where there is nothing to sign."""
    if found.line.state != SheetState.OPEN or not request.actor.may(Permission.SHEET_SIGN):
        return ""
    counts = Counter(hour.recorder or source_words(hour) for hour in found.hours if hour.told)
    hours = T("{who}（{n} 小时）", "{who} ({n:# hour|# hours})")
    return listed(hours.format(who=who, n=n) for who, n in counts.items()) or str(T("无人", "nobody"))


def _head(request: Request, found: SheetRecord) -> RecordHead:
    line = found.line
    signed = line.state == SheetState.SIGNED
    papers = tuple(
        Action(label, reverse("watch-sheet-document", args=[line.id, kind]), method="get", icon=icon)
        for kind, label, icon in (
            ("pdf", T("PDF", "PDF"), "printer"),
            ("xlsx", T("导出表格", "XLSX"), "download"),
        )
    )
    primary = None
    if not signed and request.actor.may(Permission.SHEET_SIGN):
        why_not = None
        if found.opens_at:
            opens = T("这一天还没有结束，{at} 起可以签字", "The day is not over: it can be signed from {at}")
            why_not = opens.format(at=_shown(found.opens_at))
        ask = T(
            "有 {n} 个小时没有流量，写明为什么照签", "{n:# hour is|# hours are} without traffic: why sign all the same?"
        )
        primary = Action(
            T("核对签字", "Sign"),
            reverse("watch-sheet-sign", args=[line.id]),
            icon="check",
            ask=ask.format(n=found.gaps) if found.gaps else None,
            why_not=why_not,
        )
    return RecordHead(
        title=T("活动监控表", "Monitoring record"),
        number=f"{line.name} {line.day:%Y-%m-%d}",
        back="watch-sheets",
        state=SheetState(line.state),
        clause="M3.1",
        due_at=line.open_until,
        badges=(Badge(T("当天未结束", "Day not over"), "grey", "clock"),) if found.opens_at and not signed else (),
        steps=(
            Step(T("逐小时登记", "Recorded"), "done" if signed or not line.awaited else "now"),
            Step(T("核对签字", "Signed"), "done" if signed else "next", line.signed_at),
        ),
        primary=primary,
        secondary=papers,
    )


def _timeline(found: SheetRecord) -> list[Happening]:
    """Figures that were replaced, and the signature."""
    told = [
        Happening(
            one.replaced_at,
            T("{h} 更正：原访客 {v}", "{h} corrected: {v:# visitor|# visitors} before").format(h=shown, v=one.visitors),
            one.replaced_by,
            one.reason,
            "note",
            "amber",
        )
        for hour in found.hours
        for shown in [f"{hour.hour.astimezone(SHOP_ZONE):%H:%M}"]
        for one in hour.earlier
    ]
    line = found.line
    if line.signed_at:
        told.append(Happening(line.signed_at, T("签字确认", "Signed"), line.signed_by, line.reason, tone="green"))
    return told


@page(
    "sheets/<int:sheet_id>/sign/",
    name="watch-sheet-sign",
    clause="M3.1",
    permission=Permission.SHEET_SIGN,
    methods=("POST",),
)
def sign(request: Request, sheet_id: int) -> HttpResponse:
    state = read_form(request.POST, SignSheet, {"sheet_id": sheet_id})
    item = state.item or SignSheet(sheet_id)
    outcomes = run_once(request, sign_sheets, [item])
    return answer_outcomes(request, outcomes, done=T("监控表已签字", "The day is signed"))


@page(
    "sheets/<int:sheet_id>/document.<str:kind>",
    name="watch-sheet-document",
    clause="M3.1",
    permission=Permission.WATCH_VIEW,
)
def document(request: Request, sheet_id: int, kind: str) -> HttpResponse:
    """《活动监控表》."""
    answer = monitoring_answer(request.actor, sheet_id, kind) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer
