"""O1.2: the day's check sessions, and the screen on which one is gone through and signed."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.confirm_session import ConfirmSession, confirm_session
from shopkeeper.flows.fulfilment.intake.commands.sign_session import SignSession, sign_session
from shopkeeper.flows.fulfilment.intake.pages.holding import HoldShown, show_hold
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.flows.fulfilment.intake.queries.sessions import (
    HeldOrder,
    SessionView,
    next_sessions,
    session_counts,
    session_view,
    sessions_page,
)
from shopkeeper.flows.fulfilment.intake.states import SessionState
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

SESSIONS = Listing(
    key="sessions",
    title=T("审单", "Check sessions"),
    clause="O1.2",
    record="intake-session",
    columns=(
        Column("when", T("场次", "Session"), always=True),
        Column("state", T("状态", "State"), always=True),
        Column("shop", T("店铺", "Shop")),
        Column("clean", T("待放行", "Clean"), align="end"),
        Column("held", T("异常", "Exceptions"), align="end"),
        Column("released", T("已放行", "Released"), align="end"),
        Column("due", T("签字时限", "Sign by")),
        Column("signed", T("签字", "Signed")),
    ),
    tabs=(
        Tab("open", T("进行中", "Open"), tone="amber"),
        Tab("signed", T("已签字", "Signed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    live="intake",
)


@page(
    "sessions/",
    name="intake-sessions",
    clause="O1.2",
    permission=Permission.ORDER_VIEW,
    menu=MenuEntry(T("审单", "Check sessions"), section="orders", order=20),
)
def sessions(request: Request) -> HttpResponse:
    asked = SESSIONS.read(request)
    if asked.counting:
        return SESSIONS.counters(request, session_counts(request.actor))
    shop = str(asked.filters.get("shop", ""))
    found = sessions_page(
        request.actor,
        state="" if asked.tab == "all" else asked.tab,
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
        after=asked.after,
        limit=asked.limit,
    )
    return SESSIONS.render(
        request,
        asked,
        "intake/sessions.html",
        rows=found.rows,
        next_key=found.next_key,
        choices={"shop": shop_choices(request.actor)},
        coming=next_sessions(request.actor, business_time.now()),
    )


@page("sessions/<int:session_id>/", name="intake-session", clause="O1.2", permission=Permission.ORDER_VIEW)
def session(request: Request, session_id: int) -> HttpResponse:
    """What came, the clean set with one button, every exception with what to do, and the signature."""
    found = session_view(request.actor, session_id)
    if found is None:
        raise Http404
    confirm = _confirm_action(request.actor, found)
    return render_record(
        request,
        "intake/session.html",
        _head(request.actor, found),
        timeline=_timeline(found),
        live="intake",
        found=found,
        confirm=confirm,
        held=[(one.row, _decisions(request.actor, one)) for one in found.held],
        more_clean=max(0, found.row.clean - len(found.clean)),
        more_held=max(0, found.row.held - len(found.held)),
    )


def _decisions(actor: Actor, one: HeldOrder) -> list[HoldShown]:
    return [show_hold(actor, one.row.id, view, one.row.currency) for view in one.holds]


@page(
    "sessions/<int:session_id>/confirm/",
    name="intake-session-confirm",
    clause="O1.2",
    permission=Permission.ORDER_CHECK,
    methods=("POST",),
)
def confirm(request: Request, session_id: int) -> HttpResponse:
    """Push the clean set to the warehouse."""
    outcomes = run_once(request, confirm_session, [ConfirmSession(session_id)])
    words = T(
        "已放行 {released} 单，缺货 {short} 单，还剩 {remaining} 单",
        "{released} released, {short} short, {remaining} left",
    )
    return answer_outcomes(request, outcomes, done=words)


@page(
    "sessions/<int:session_id>/sign/",
    name="intake-session-sign",
    clause="O1.2",
    permission=Permission.ORDER_CHECK,
    methods=("POST",),
)
def sign(request: Request, session_id: int) -> HttpResponse:
    """Sign a session in which nothing clean is left waiting."""
    outcomes = run_once(request, sign_session, [SignSession(session_id)])
    words = T(
        "已签字：放行 {released} 单，异常 {held} 单", "Signed: {released} released, {held:# exception|# exceptions}"
    )
    return answer_outcomes(request, outcomes, done=words)


def _confirm_action(actor: Actor, found: SessionView) -> Action | None:
    if not found.row.clean or not actor.may(Permission.ORDER_CHECK):
        return None
    label = T("放行全部 {n} 单", "Release all {n}").format(n=min(found.row.clean, 1_000))
    return Action(label, url=reverse("intake-session-confirm", args=[found.row.id]), icon="check")


def _sign_action(actor: Actor, found: SessionView) -> Action | None:
    if found.row.state == SessionState.SIGNED or not actor.may(Permission.ORDER_CHECK):
        return None
    why_not = T("还有 {n} 单待放行", "{n:# clean order is|# clean orders are} not released").format(n=found.row.clean)
    return Action(
        T("签字", "Sign"),
        url=reverse("intake-session-sign", args=[found.row.id]),
        icon="edit",
        why_not=why_not if found.row.clean else None,
    )


def _head(actor: Actor, found: SessionView) -> RecordHead:
    row = found.row
    signed = row.state == SessionState.SIGNED
    sign_action, confirm_action = _sign_action(actor, found), _confirm_action(actor, found)
    exceptions = T("{n} 项异常", "{n:# exception|# exceptions}").format(n=row.held)
    badges = [Badge(exceptions, "red", "alert-triangle")] if row.held else []
    return RecordHead(
        title=T("审单", "Check session"),
        number=f"{row.shop} {row.scheduled_at.astimezone(SHOP_ZONE):%m-%d %H:%M}",
        back="intake-sessions",
        state=SessionState(row.state),
        clause="O1.2",
        due_at=row.due_at,
        badges=tuple(badges),
        steps=(
            Step(T("开始", "Opened"), "done", row.opened_at),
            Step(T("放行", "Released"), "done" if signed or not row.clean else "now"),
            Step(T("签字", "Signed"), "done" if signed else "next" if row.clean else "now", row.signed_at),
        ),
        primary=confirm_action or sign_action,
        secondary=(sign_action,) if confirm_action and sign_action else (),
    )


def _timeline(found: SessionView) -> list[Happening]:
    row = found.row
    told = [Happening(row.opened_at, T("审单开始", "The session opened"), T("系统", "System").text())]
    if row.signed_at:
        words = T(
            "签字：放行 {released} 单，异常 {held} 单", "Signed: {released} released, {held:# exception|# exceptions}"
        )
        said = words.format(released=row.released, held=row.held)
        told.append(Happening(row.signed_at, said, row.signed_by, tone="green"))
    return told
