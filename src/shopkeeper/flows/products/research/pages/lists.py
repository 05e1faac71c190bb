"""P1.2 on screen: versions of 《商品选品清单》, made, handed in, decided on; what is taken becomes draft products."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.research.commands.decide_selection import (
    DecideSelectionList,
    DraftCandidate,
    SubmitSelectionList,
    WithdrawSelectionList,
    decide_selection_list,
    draft_candidates,
    submit_selection_list,
    withdraw_selection_list,
)
from shopkeeper.flows.products.research.commands.make_selection_list import MakeSelectionList, make_selection_list
from shopkeeper.flows.products.research.documents import selection_list_answer
from shopkeeper.flows.products.research.papers.selection_list import percent
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.queries import selection as queries
from shopkeeper.flows.products.research.queries.selection import Entry, ListRow
from shopkeeper.flows.products.research.rules.scoring import Part
from shopkeeper.flows.products.research.states import Criterion, Decision, ListState
from shopkeeper.flows.products.research.words import LABELS, VALUE_KINDS, said
from shopkeeper.shared.money import Money
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import Tone, outcome_text
from shopkeeper.web.listing import Column, Listing
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

LISTS = Listing(
    key="selections",
    title=T("选品清单", "Selection lists"),
    clause="P1.2",
    record="research-list",
    columns=(
        Column("version", T("版本", "Version"), always=True),
        Column("state", T("状态", "State")),
        Column("period", T("统计期", "Period")),
        Column("strategy", T("策略", "Strategy")),
        Column("target", T("销售目标", "Target"), align="end"),
        Column("candidates", T("候选", "Candidates"), align="end"),
        Column("taken", T("入选", "Taken"), align="end"),
        Column("made", T("编制", "Made")),
        Column("due", T("审批时限", "Decide by")),
    ),
    live="research",
)


@page(
    "lists/",
    name="research-lists",
    clause="P1.2",
    permission=Permission.RESEARCH_VIEW,
    menu=MenuEntry(T("选品清单", "Selection lists"), section="products", order=16),
)
def lists(request: Request) -> HttpResponse:
    asked = LISTS.read(request)
    after = asked.after_id or 0
    rows, next_key = queries.selection_lists(request.actor, after=after, limit=asked.limit)
    may_edit = request.actor.may(Permission.CANDIDATE_EDIT)
    return LISTS.render(request, asked, "research/lists.html", rows=rows, next_key=next_key, may_edit=may_edit)


@page(
    "lists/new/",
    name="research-list-new",
    clause="P1.2",
    permission=Permission.CANDIDATE_EDIT,
    methods=("GET", "POST"),
)
def new(request: Request) -> HttpResponse:
    """Period, target and weights; the weights begin as the policy has them."""
    policy = read_policies()
    weights = {str(c): policy(f"score_weight_{c}") for c in Criterion}
    state: FormState[Any] = FormState(values={f"weight_{name}": value for name, value in weights.items()})
    if request.method == "POST":
        given = {name: request.POST.get(f"weight_{name}", "") for name in weights}
        state = read_form(request.POST, MakeSelectionList, {"weights": given})
        state.values |= {f"weight_{name}": value for name, value in given.items()}
        if state.errors.pop("weights", None):
            state.errors[WHOLE] = T("权重填 0 到 100 的整数", "Weights are whole numbers from 0 to 100").text()
        if state.item is not None:
            outcomes = run_once(request, make_selection_list, [state.item])
            if outcomes[0].ok:
                words = T("已生成第 {version} 版清单", "Version {version} of the list is made")
                return answer_outcomes(request, outcomes, done=words, to="research-list", args=(outcomes[0].id,))
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {
        "title": T("生成选品清单", "Make a selection list"),
        "state": state,
        "criteria": [(f"weight_{c}", LABELS[Criterion][c].text) for c in Criterion],
    }
    return render_page(request, "research/list_form.html", view, status=422 if state.errors else 200)


@page("lists/<int:list_id>/", name="research-list", clause="P1.2", permission=Permission.RESEARCH_VIEW)
def record(request: Request, list_id: int) -> HttpResponse:
    return _record(request, list_id, FormState())


def _record(request: Request, list_id: int, state: FormState[DecideSelectionList]) -> HttpResponse:
    found = queries.selection_list(request.actor, list_id)
    if found is None:
        raise Http404
    row, entries = found
    deciding = row.state == ListState.SUBMITTED and request.actor.may(Permission.SELECTION_APPROVE)
    state.values.setdefault("left", set())
    return render_record(
        request,
        "research/list.html",
        _head(request, row, entries),
        timeline=_timeline(row),
        live="research",
        row=row,
        state=state,
        entries=[(entry, [_part(part) for part in entry.parts], said(entry.why)) for entry in entries],
        to_complete=queries.to_complete([e.candidate.product_id for e in entries if e.candidate.product_id]),
        deciding=deciding,
        is_own=request.actor.id in (row.made_by_id, row.submitted_by_id),
    )


def _part(part: Part) -> dict[str, Any]:
    """A component as shown: the value in its own unit, the mark, the weight."""
    kind, value = VALUE_KINDS[part.criterion], part.value
    texts = {
        "rate": lambda v: percent(v),
        "money": lambda v: str(Money(v)),
        "days": lambda v: T("{n} 天", "{n:# day|# days}").format(n=v).text(),
        "number": lambda v: f"{v:,}",
    }
    return {
        "criterion": str(part.criterion),
        "label": LABELS[Criterion][part.criterion].text,
        "value": texts[kind](value) if value is not None else T("未知", "not known").text(),
        "mark": part.mark,
        "weight": part.weight,
        "known": value is not None,
    }


def _head(request: Request, row: ListRow, entries: list[Entry]) -> RecordHead:
    state = ListState(row.state)
    actions = [
        Action(T("PDF", "PDF"), reverse("research-list-document", args=[row.id, "pdf"]), method="get", icon="printer"),
        Action(
            T("导出表格", "XLSX"),
            reverse("research-list-document", args=[row.id, "xlsx"]),
            method="get",
            icon="download",
        ),
    ]
    primary = None
    if state is ListState.DRAFT and request.actor.may(Permission.SELECTION_SUBMIT):
        primary = Action(T("提交审批", "Hand in"), reverse("research-list-submit", args=[row.id]), icon="send")
    undrafted = [e.candidate.id for e in entries if e.decision == Decision.TAKE and e.candidate.product_id is None]
    if state is ListState.APPROVED and undrafted and request.actor.may(Permission.CANDIDATE_EDIT):
        url = reverse("research-list-draft", args=[row.id])
        primary = Action(T("建商品草稿（{n}）", "Draft products ({n})").format(n=len(undrafted)), url, icon="package")
    is_drafted = state is ListState.APPROVED and not undrafted
    withdraw = Action(T("撤回", "Withdraw"), reverse("research-list-withdraw", args=[row.id]), icon="arrow-back")
    waiting = state is ListState.SUBMITTED and request.actor.may(Permission.SELECTION_SUBMIT)
    return RecordHead(
        title=T("商品选品清单", "Selection list"),
        number=f"V{row.version}",
        back="research-lists",
        state=state,
        clause="P1.2",
        due_at=row.due_at,
        steps=(
            Step(T("评分排序", "Scored"), "done", row.made_at),
            Step(T("审批", "Decided"), "done" if row.decided_at else "now", row.decided_at),
            Step(T("建商品", "Drafted"), "done" if is_drafted else "next"),
        ),
        badges=(Badge(T("商品草稿已建", "Drafts made"), "green", "package"),) if is_drafted else (),
        primary=primary,
        secondary=tuple(actions),
        more=(withdraw,) if waiting else (),
    )


def _timeline(row: ListRow) -> list[Happening]:
    happened = [Happening(row.made_at, T("候选评分并排序", "Candidates scored and ranked"), row.made_by)]
    if row.decided_at:
        returned = row.state == ListState.RETURNED
        words = T("退回", "Returned") if returned else T("批准", "Approved")
        tone: Tone = "red" if returned else "green"
        happened.append(Happening(row.decided_at, words, row.decided_by, row.decision_reason, tone=tone))
    return happened


@page("lists/<int:list_id>/document.<str:kind>", name="research-list-document", clause="P1.2",
      permission=Permission.RESEARCH_VIEW)  # fmt: skip
def document(request: Request, list_id: int, kind: str) -> HttpResponse:
    answer = selection_list_answer(request.actor, list_id, kind) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer


@page(
    "lists/<int:list_id>/submit/",
    name="research-list-submit",
    clause="P1.2",
    permission=Permission.SELECTION_SUBMIT,
    methods=("POST",),
)
def submit_(request: Request, list_id: int) -> HttpResponse:
    outcomes = run_once(request, submit_selection_list, [SubmitSelectionList(list_id)])
    return answer_outcomes(request, outcomes, done=T("已提交审批", "Handed in"))


@page(
    "lists/<int:list_id>/withdraw/",
    name="research-list-withdraw",
    clause="P1.2",
    permission=Permission.SELECTION_SUBMIT,
    methods=("POST",),
)
def withdraw_(request: Request, list_id: int) -> HttpResponse:
    outcomes = run_once(request, withdraw_selection_list, [WithdrawSelectionList(list_id)])
    return answer_outcomes(request, outcomes, done=T("已撤回", "Withdrawn"))


@page(
    "lists/<int:list_id>/decide/",
    name="research-list-decide",
    clause="P1.2",
    permission=Permission.SELECTION_APPROVE,
    methods=("POST",),
)
def decide(request: Request, list_id: int) -> HttpResponse:
    """Approve what is ticked, or return the whole; mistakes show the list again with what was ticked."""
    ticked = {int(text) for text in request.POST.getlist("taken") if text.isdecimal() and len(text) < 19}
    found = queries.selection_list(request.actor, list_id)
    if found is None:
        raise Http404
    left = tuple(e.candidate.id for e in found[1] if e.candidate.id not in ticked)
    extra = {"list_id": list_id, "left_out": left if request.POST.get("decision") == "approve" else ()}
    state = read_form(request.POST, DecideSelectionList, extra)
    if state.item is not None:
        outcomes = run_once(request, decide_selection_list, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=T("清单已决定", "The list is decided"), to="research-list",
                                   args=(list_id,))  # fmt: skip
        _put_refusal(state, outcomes[0])
    state.values["left"] = set(left)
    response = _record(request, list_id, state)
    response.status_code = 422
    return response


def _put_refusal(state: FormState[DecideSelectionList], outcome: Outcome) -> None:
    """A reason that is missing is asked for at its field, and what it is needed for is said."""
    assert state.item is not None
    if outcome.code != "reason_needed":
        state.errors[WHOLE] = outcome_text(outcome)
    elif state.item.decision == "return":
        state.errors["reason"] = T("退回要写明原因。", "Say why the list is returned.").text()
    else:
        words = T(
            "有 {n} 个候选没有勾选：请写明不选的原因，或把它们勾上。",
            "{n:# candidate is not ticked: say why it is left out, or tick it|"
            "# candidates are not ticked: say why they are left out, or tick them}.",
        )
        state.errors["reason"] = words.format(n=len(set(state.item.left_out))).text()


@page(
    "lists/<int:list_id>/draft/",
    name="research-list-draft",
    clause="P1.2",
    permission=Permission.CANDIDATE_EDIT,
    methods=("POST",),
)
def draft(request: Request, list_id: int) -> HttpResponse:
    found = queries.selection_list(request.actor, list_id)
    if found is None:
        raise Http404
    taken = [e.candidate.id for e in found[1] if e.decision == Decision.TAKE and e.candidate.product_id is None]
    outcomes = run_once(request, draft_candidates, [DraftCandidate(id_) for id_ in taken])
    return answer_outcomes(
        request,
        outcomes,
        done=T(
            "已建 {n} 个商品草稿，在“候选与得分”里打开补全（已列入商品专员的工作台）",
            "{n:# draft product|# draft products} made: open and complete them from the scores below (they are on the "
            "product specialist's work list)",
        ),
    )
