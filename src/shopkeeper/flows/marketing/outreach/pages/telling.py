"""How a mailing's record tells where it stands: steps, what may be done, what happened."""

from django.urls import reverse

from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.queries.mailings import MailingView
from shopkeeper.flows.marketing.outreach.states import ENDED, MailingState, OutreachChannel
from shopkeeper.flows.marketing.outreach.words import LABELS, REFUSALS
from shopkeeper.shared.words import T
from shopkeeper.web.pages import Request
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step

WAY = (MailingState.DRAFT, MailingState.IN_REVIEW, MailingState.APPROVED, MailingState.SENDING, MailingState.SENT)
WHY_RETURN = T("为什么退回？", "Why is it returned?")
WHY_STOP = T("为什么停止？", "Why is it stopped?")


def head_of(request: Request, view: MailingView) -> RecordHead:
    """The head of a mailing's record with what this person may do now."""
    state = MailingState(view.state)
    label = LABELS[OutreachChannel][OutreachChannel(view.channel)]
    primary, secondary = _actions(request, view, state)
    due = view.planned_at if state is MailingState.APPROVED else None
    return RecordHead(
        title=T("群发", "Mailing"),
        number=view.number,
        back="outreach-mailings",
        state=state,
        clause="M1.2",
        due_at=due,
        badges=(Badge(label.text, "blue", "send" if view.channel == OutreachChannel.EMAIL else "message"),),
        steps=_steps(view, state),
        primary=primary,
        secondary=tuple(secondary),
    )


def _steps(view: MailingView, state: MailingState) -> tuple[Step, ...]:
    names = (
        (T("写好", "Written"), view.saved_at),
        (T("提交", "Handed in"), view.submitted_at),
        (T("批准", "Approved"), view.decided_at),
        (T("开始发送", "Started"), view.started_at),
        (T("发完", "Sent"), view.ended_at),
    )
    if state is MailingState.STOPPED:
        passed = [Step(name, "done", at) for name, at in names[:4] if at]
        return (*passed, Step(T("停止", "Stopped"), "stopped", view.ended_at))
    now = WAY.index(state)
    steps = []
    for n, (name, at) in enumerate(names):
        place = "done" if n <= now else "now" if n == now + 1 else "next"
        steps.append(Step(name, place, at if n <= now else None))  # type: ignore[arg-type]  # one of the three
    return tuple(steps)


def _actions(request: Request, view: MailingView, state: MailingState) -> tuple[Action | None, list[Action]]:
    may, own = request.actor.may, request.actor.id in (view.writer_id, view.submitter_id)
    primary: Action | None = None
    secondary: list[Action] = []
    if state is MailingState.DRAFT and may(Permission.MAILING_EDIT):
        primary = Action(T("提交审批", "Hand in"), reverse("outreach-submit", args=[view.id]), icon="send")
        edit = reverse("outreach-edit", args=[view.id])
        secondary.append(Action(T("修改", "Edit"), edit, method="get", icon="edit"))
    if state is MailingState.IN_REVIEW and may(Permission.MAILING_APPROVE):
        why_not = REFUSALS["own_mailing"] if own else None
        approve = reverse("outreach-approve", args=[view.id])
        primary = Action(T("批准发送", "Approve"), approve, icon="check", why_not=why_not)
        back = reverse("outreach-return", args=[view.id])
        secondary.append(Action(T("退回", "Return"), back, icon="arrow-back-up", ask=WHY_RETURN, why_not=why_not))
    if state not in ENDED and may(Permission.MAILING_STOP):
        url = reverse("outreach-stop", args=[view.id])
        secondary.append(Action(T("停止", "Stop"), url, icon="ban", tone="red", ask=WHY_STOP))
    return primary, secondary


def timeline_of(view: MailingView) -> list[Happening]:
    """What happened to a mailing."""
    system = str(T("系统", "System"))
    told = [Happening(view.saved_at, T("保存草稿", "Draft saved"), view.writer or system)]
    if view.submitted_at:
        note = T("预计发给 {n} 人", "{n} would get it").format(n=view.estimate or 0).text()
        told.append(Happening(view.submitted_at, T("提交审批", "Handed in"), view.submitter or system, note))
    if view.decided_at:
        returned = bool(view.decision_reason)
        words = T("退回", "Returned") if returned else T("批准", "Approved")
        tone = "amber" if returned else "green"
        told.append(Happening(view.decided_at, words, view.decider or system, view.decision_reason, tone=tone))  # type: ignore[arg-type]
    if view.started_at:
        told.append(Happening(view.started_at, T("开始发送", "Started to go out"), system))
    if view.ended_at and view.state == MailingState.STOPPED:
        reason = REFUSALS.get(view.stop_reason)
        note = reason.text() if reason else view.stop_reason
        told.append(Happening(view.ended_at, T("停止", "Stopped"), view.stopper or system, note, tone="red"))
    elif view.ended_at:
        told.append(Happening(view.ended_at, T("全部发完", "Everybody has had their turn"), system, tone="green"))
    return told
