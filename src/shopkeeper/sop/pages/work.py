"""G2: the home of every role: what the procedure asks of me now."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.sop.commands.claim_work import ClaimWork, claim_work
from shopkeeper.sop.commands.escalate_work import EscalateWork, escalate_work
from shopkeeper.sop.commands.hand_over_work import HandOverWork, hand_over_work
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.pages.start import panel_of
from shopkeeper.sop.permissions import Permission
from shopkeeper.sop.queries.assigning import duty_to_assign
from shopkeeper.sop.queries.newcomer import is_new
from shopkeeper.sop.queries.work import Whose, WorkRow, url_of, work_counts, work_of
from shopkeeper.sop.roles import ROLE_WORDS
from shopkeeper.sop.telling import told_of
from shopkeeper.web.command_forms import answer_outcomes, submit
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action
from shopkeeper.web.worklist import WorkItem, render_worklist

FLOWS = (
    ("", T("全部", "All")),
    ("O", T("订单履约", "Fulfilment")),
    ("P", T("商品", "Products")),
    ("S", T("客服", "Service")),
    ("M", T("营销", "Marketing")),
    ("D", T("数据", "Data")),
    ("G", T("规程", "Procedure")),
)

WHOSE = (
    ("free", "", T("我的和没人领的", "Mine and nobody's")),
    ("mine", "mine", T("只看我的", "Mine only")),
    ("", "all", T("同事的也看", "Colleagues' too")),
)


@page(
    "",
    name="sop-work",
    clause="G2",
    permission=Permission.WORK_VIEW,
    menu=MenuEntry(T("工作台", "My work"), section="home", order=1),
)
def work(request: Request) -> HttpResponse:
    """The work list, by due time; filters by flow and by whose a duty is."""
    flow, whose = request.GET.get("flow", "")[:1], _whose(request)
    oversees = request.actor.may(Permission.WORK_ESCALATE)
    # One's own are asked for by themselves: a long queue before them does not cut them off.
    rows = {row.id: row for row in work_of(request.actor, flow=flow, whose="mine", part="own")}
    if whose != "mine":
        rows |= {row.id: row for row in work_of(request.actor, flow=flow, whose=whose, part="own", sees_held=oversees)}
    overseen = work_of(request.actor, flow=flow, part="overseen") if oversees and whose != "mine" else []
    items = [
        *(_item(request, row) for row in rows.values()),
        *(_item(request, row, is_overseen=True) for row in overseen),
    ]
    return render_worklist(
        request,
        _told([*rows.values(), *overseen], items),
        business_time.now(),
        template="sop/work.html",
        flows=FLOWS,
        flow=flow,
        choices=WHOSE,
        whose=whose,
        start=panel_of(request.actor) if _comes_in(request) and is_new(request.actor) else None,
    )


def _told(rows: Sequence[WorkRow], items: Sequence[WorkItem]) -> list[WorkItem]:
    """The duties with what their desks tell of the records: two cases of one parcel differ in nothing else."""
    told = told_of((row.kind, row.subject_id) for row in rows)
    words = [told.get((row.kind, row.subject_id), "") for row in rows]
    titled = T("{what}：{words}", "{what}: {words}")
    return [
        replace(item, what=titled.format(what=str(item.what), words=more)) if more else item
        for item, more in zip(items, words, strict=True)
    ]


def _whose(request: Request) -> Whose:
    """Mine and nobody's unless asked otherwise: that is what the counter counts."""
    asked = request.GET.get("whose", "")
    return "mine" if asked == "mine" else "" if asked == "all" else "free"


def _comes_in(request: Request) -> bool:
    """Whether the page is opened as one comes in, not filtered or asked for anew by itself."""
    return not request.GET and not request.headers.get("HX-Request")


def _item(request: Request, row: WorkRow, *, is_overseen: bool = False) -> WorkItem:
    kind = KINDS[row.kind]
    url = url_of(row.kind, row.clause, row.subject_id)
    is_mine = row.holder_id == request.actor.id
    return WorkItem(
        id=row.id,
        what=kind.title,
        record=row.label,
        url=url,
        clause=row.clause,
        due_at=row.due_at,
        opens_at=row.opens_at,
        waits_for=kind.waits_for,
        place=row.place or "",
        holder=row.holder or "",
        is_mine=is_mine,
        note=row.handed_over_reason,
        is_overseen=is_overseen,
        whose=str(ROLE_WORDS.get(row.role, row.role)) if is_overseen else "",
        action=Action(kind.action, url=url, method="get"),
        more=tuple(_more(request, row)),
    )


def _more(request: Request, row: WorkRow) -> list[Action]:
    actions = []
    if row.holder_id is None and row.role in request.actor.roles:
        actions.append(Action(T("认领", "Take it"), reverse("sop-claim"), {"deadline_id": row.id}, icon="check"))
    if row.claimed_by_id == request.actor.id:
        back = Action(
            T("交回", "Hand back"),
            reverse("sop-hand-over"),
            {"deadline_id": row.id},
            icon="arrow-back",
            ask=T("交接原因", "Why it is handed over"),
        )
        actions.append(back)
    if request.actor.may(Permission.WORK_ESCALATE) and request.actor.may(Permission.WORK_CLAIM):
        url = reverse("sop-assign", args=[row.id])
        actions.append(Action(T("指派给…", "Give it to…"), url, method="get", icon="user"))
    if request.actor.may(Permission.WORK_ESCALATE) and row.late_at and not row.escalated_at:
        actions.append(Action(T("立即上报", "Escalate"), reverse("sop-escalate"), {"deadline_id": row.id}, icon="bell"))
    return actions


@page("work/claim/", name="sop-claim", clause="G2", permission=Permission.WORK_CLAIM, methods=("POST",))
def claim(request: Request) -> HttpResponse:
    outcomes = claim_work(request.actor, [ClaimWork(_id(request))])
    return answer_outcomes(request, outcomes, done=T("已认领", "Taken"), emits=("sk:rows",))


@page("work/hand-over/", name="sop-hand-over", clause="G2", permission=Permission.WORK_CLAIM, methods=("POST",))
def hand_over(request: Request) -> HttpResponse:
    item = HandOverWork(_id(request), request.POST.get("reason", ""))
    outcomes = hand_over_work(request.actor, [item])
    return answer_outcomes(request, outcomes, done=T("已交回", "Handed back"), emits=("sk:rows",))


@page("work/escalate/", name="sop-escalate", clause="G2", permission=Permission.WORK_ESCALATE, methods=("POST",))
def escalate(request: Request) -> HttpResponse:
    outcomes = escalate_work(request.actor, [EscalateWork(_id(request))])
    return answer_outcomes(request, outcomes, done=T("已上报主管", "Escalated"), emits=("sk:rows",))


@page(
    "work/<int:deadline_id>/assign/",
    name="sop-assign",
    clause="G2",
    permission=Permission.WORK_ESCALATE,
    methods=("GET", "POST"),
)
def assign(request: Request, deadline_id: int) -> HttpResponse:
    """A supervisor gives a duty to somebody of its role, who finds it among their own."""
    duty = duty_to_assign(request.actor, deadline_id)
    if duty is None:
        raise Http404
    return submit(
        request,
        hand_over_work,
        HandOverWork,
        template="sop/assign.html",
        done=T("已指派", "Assigned"),
        context={
            "duty": duty,
            "kind": KINDS[duty.kind].title,
            "title": T("指派", "Give a duty to somebody"),
            "cancel_url": reverse("sop-work"),
        },
        extra={"deadline_id": deadline_id},
        to="sop-work",
    )


@page("work/due/", name="sop-due", clause="G2", permission=Permission.WORK_VIEW)
def due(request: Request) -> HttpResponse:
    """The counter in the shell: what is open, red where something is overdue."""
    counts = work_counts(request.actor, business_time.now())
    plain: HttpRequest = request
    return render(plain, "sop/due.html", {"counts": counts})


def _id(request: Request) -> int:
    text = request.POST.get("deadline_id", "")
    return int(text) if text.isdigit() and len(text) < 19 else 0
