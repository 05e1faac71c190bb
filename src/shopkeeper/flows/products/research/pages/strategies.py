"""P1.1 on screen: strategies, written by one person and decided on by another."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.research.commands.keep_strategy import (
    DecideStrategy,
    SaveStrategy,
    SubmitStrategy,
    WithdrawStrategy,
    decide_strategy,
    save_strategy,
    submit_strategy,
    withdraw_strategy,
)
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.queries import selection as queries
from shopkeeper.flows.products.research.queries.selection import StrategyRow
from shopkeeper.flows.products.research.states import StrategyState
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, in_wholes, read_form
from shopkeeper.web.labels import Tone, outcome_text
from shopkeeper.web.listing import Column, Listing
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action, Happening, RecordHead, Step, render_record

STRATEGIES = Listing(
    key="strategies",
    title=T("选品策略", "Selection strategies"),
    clause="P1.1",
    record="research-strategy",
    columns=(
        Column("name", T("名称", "Name"), always=True),
        Column("state", T("状态", "State")),
        Column("categories", T("目标类目", "Categories")),
        Column("band", T("价格带", "Price band"), align="end"),
        Column("margin", T("毛利目标", "Margin"), align="end"),
        Column("made", T("起草", "Made")),
        Column("due", T("审批时限", "Decide by")),
    ),
    live="research",
)


@page(
    "strategies/",
    name="research-strategies",
    clause="P1.1",
    permission=Permission.RESEARCH_VIEW,
    menu=MenuEntry(T("选品策略", "Strategies"), section="products", order=12),
)
def strategies(request: Request) -> HttpResponse:
    asked = STRATEGIES.read(request)
    after = asked.after_id or 0
    rows, next_key = queries.strategies(request.actor, after=after, limit=asked.limit)
    may_edit = request.actor.may(Permission.STRATEGY_EDIT)
    return STRATEGIES.render(
        request, asked, "research/strategies.html", rows=rows, next_key=next_key, may_edit=may_edit
    )


@page(
    "strategies/new/",
    name="research-strategy-new",
    clause="P1.1",
    permission=Permission.STRATEGY_EDIT,
    methods=("GET", "POST"),
)
def new(request: Request) -> HttpResponse:
    return _form(request, None)


@page(
    "strategies/<int:strategy_id>/edit/",
    name="research-strategy-edit",
    clause="P1.1",
    permission=Permission.STRATEGY_EDIT,
    methods=("GET", "POST"),
)
def edit(request: Request, strategy_id: int) -> HttpResponse:
    row = queries.strategy(request.actor, strategy_id)
    if row is None:
        raise Http404
    return _form(request, row)


def _form(request: Request, row: StrategyRow | None) -> HttpResponse:
    state: FormState[SaveStrategy] = FormState(values=_values(row) if row else {})
    if request.method == "POST":
        posted = request.POST.copy()
        posted.setlist("categories", [part for part in _split(posted.get("categories_text", "")) if part])
        state = read_form(posted, SaveStrategy, {"strategy_id": row.id if row else None})
        state.values["categories_text"] = posted.get("categories_text", "")
        if state.item is not None:
            outcomes = run_once(request, save_strategy, [state.item])
            if outcomes[0].ok:
                words = T("策略已保存", "The strategy is saved")
                return answer_outcomes(request, outcomes, done=words, to="research-strategy", args=(outcomes[0].id,))
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {"title": T("选品策略", "Selection strategy"), "state": state}
    return render_page(request, "research/strategy_form.html", view, status=422 if state.errors else 200)


def _split(text: str) -> list[str]:
    for mark in "，、；;\n":
        text = text.replace(mark, ",")
    return [part.strip() for part in text.split(",")]


def _values(row: StrategyRow) -> dict[str, object]:
    return {
        "name": row.name,
        "categories_text": "、".join(row.categories),
        "price_low_minor": f"{row.price_low_minor / 100:.2f}",
        "price_high_minor": f"{row.price_high_minor / 100:.2f}",
        "target_margin_basis_points": in_wholes(row.target_margin_basis_points),
        "positioning": row.positioning,
        "findings": row.findings,
    }


@page("strategies/<int:strategy_id>/", name="research-strategy", clause="P1.1", permission=Permission.RESEARCH_VIEW)
def record(request: Request, strategy_id: int) -> HttpResponse:
    row = queries.strategy(request.actor, strategy_id)
    if row is None:
        raise Http404
    return render_record(
        request, "research/strategy.html", _head(request, row), timeline=_timeline(row), live="research", row=row
    )


def _head(request: Request, row: StrategyRow) -> RecordHead:
    state = StrategyState(row.state)
    editable = state in (StrategyState.DRAFT, StrategyState.RETURNED) and request.actor.may(Permission.STRATEGY_EDIT)
    deciding = state is StrategyState.SUBMITTED and request.actor.may(Permission.SELECTION_APPROVE)
    decide = reverse("research-strategy-decide", args=[row.id])
    ask = T("说明理由", "Say why")
    submit = Action(T("提交审批", "Hand in"), reverse("research-strategy-submit", args=[row.id]), icon="send")
    approve = Action(T("批准", "Approve"), decide, {"decision": "approve"}, icon="check", ask=ask)
    back = Action(T("退回", "Return"), decide, {"decision": "return"}, icon="arrow-back", tone="red", ask=ask)
    edit_ = Action(T("修改", "Edit"), reverse("research-strategy-edit", args=[row.id]), method="get", icon="edit")
    withdraw = Action(T("撤回", "Withdraw"), reverse("research-strategy-withdraw", args=[row.id]), icon="arrow-back")
    waiting = state is StrategyState.SUBMITTED and request.actor.may(Permission.STRATEGY_EDIT)
    return RecordHead(
        title=T("选品策略", "Strategy"),
        number=row.name,
        back="research-strategies",
        state=state,
        clause="P1.1",
        due_at=row.due_at,
        steps=(
            Step(T("起草", "Written"), "done", row.made_at),
            Step(T("审批", "Decided"), "done" if row.decided_at else "now", row.decided_at),
            Step(T("生效", "In force"), "done" if state is StrategyState.APPROVED else "next"),
        ),
        primary=submit if editable else approve if deciding else None,
        secondary=(edit_,) if editable else (back,) if deciding else (),
        more=(withdraw,) if waiting else (),
    )


def _timeline(row: StrategyRow) -> list[Happening]:
    happened = [Happening(row.made_at, T("起草策略", "Written"), row.made_by)]
    if row.decided_at:
        returned = row.state == StrategyState.RETURNED
        words = T("退回", "Returned") if returned else T("批准", "Approved")
        tone: Tone = "red" if returned else "green"
        happened.append(Happening(row.decided_at, words, row.decided_by, row.decision_reason, tone=tone))
    return happened


@page(
    "strategies/<int:strategy_id>/submit/",
    name="research-strategy-submit",
    clause="P1.1",
    permission=Permission.STRATEGY_EDIT,
    methods=("POST",),
)
def submit_(request: Request, strategy_id: int) -> HttpResponse:
    outcomes = run_once(request, submit_strategy, [SubmitStrategy(strategy_id)])
    return answer_outcomes(request, outcomes, done=T("已提交审批", "Handed in"))


@page(
    "strategies/<int:strategy_id>/withdraw/",
    name="research-strategy-withdraw",
    clause="P1.1",
    permission=Permission.STRATEGY_EDIT,
    methods=("POST",),
)
def withdraw_(request: Request, strategy_id: int) -> HttpResponse:
    outcomes = run_once(request, withdraw_strategy, [WithdrawStrategy(strategy_id)])
    return answer_outcomes(request, outcomes, done=T("已撤回", "Withdrawn"))


@page(
    "strategies/<int:strategy_id>/decide/",
    name="research-strategy-decide",
    clause="P1.1",
    permission=Permission.SELECTION_APPROVE,
    methods=("POST",),
)
def decide(request: Request, strategy_id: int) -> HttpResponse:
    state = read_form(request.POST, DecideStrategy, {"strategy_id": strategy_id})
    if state.item is None:
        raise Http404
    outcomes = run_once(request, decide_strategy, [state.item])
    return answer_outcomes(request, outcomes, done=T("已决定", "Decided"))
