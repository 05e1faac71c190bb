"""D3 on one page: the finding, the decision on it, its tasks, the figure before and after, the conclusion."""

from typing import Any, TypeVar

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.flows.analytics.decisions.commands.decide_findings import (
    DecideFinding,
    DismissFinding,
    decide_findings,
    dismiss_findings,
)
from shopkeeper.flows.analytics.decisions.commands.decision_tasks import (
    AddDecisionTask,
    DropDecisionTask,
    FinishDecisionTask,
    add_decision_tasks,
    drop_decision_tasks,
    finish_decision_tasks,
)
from shopkeeper.flows.analytics.decisions.commands.measure_decisions import ConcludeDecision, conclude_decisions
from shopkeeper.flows.analytics.decisions.pages.findings import WRONG_NUMBER, shown
from shopkeeper.flows.analytics.decisions.pages.telling import head_of, head_of_task, timeline_of, timeline_of_task
from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.flows.analytics.decisions.queries.chain import (
    Chain,
    chain_of,
    finding_of_decision,
    first_measure_day,
    task_record,
)
from shopkeeper.flows.analytics.decisions.queries.deciders import deciders, others_for
from shopkeeper.flows.analytics.decisions.queries.figures import week_before
from shopkeeper.flows.analytics.decisions.rules.effects import from_typed
from shopkeeper.flows.analytics.decisions.states import Conclusion, DecisionState, DecisionTaskState, FindingState
from shopkeeper.flows.analytics.decisions.words import LABELS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.words import T, listed
from shopkeeper.sop.roles import ROLE_WORDS, Role
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, page
from shopkeeper.web.record import render_record

Item = TypeVar("Item")
OWNERS = [(str(role), ROLE_WORDS[role]) for role in Role]
MEASURE_HELP = T(
    "最早 {day}。系统取测算日前同样天数的数据",
    "{day} at the earliest. The same number of days before it is taken",
)
CONCLUSIONS = [(str(one), label.text) for one, label in LABELS[Conclusion].items()]


@page("<int:finding_id>/", name="decisions-finding", clause="D3", permission=Permission.DECISION_VIEW)
def finding(request: Request, finding_id: int) -> HttpResponse:
    """The whole chain of one finding."""
    return _show(request, finding_id, FormState())


@page("made/<int:decision_id>/", name="decisions-made", clause="D3", permission=Permission.DECISION_VIEW)
def made(request: Request, decision_id: int) -> HttpResponse:
    """A decision is read with the finding it was made on."""
    found = finding_of_decision(request.actor, decision_id)
    if found is None:
        raise Http404
    return HttpResponseRedirect(reverse("decisions-finding", args=[found]))


def _show(request: Request, finding_id: int, state: FormState[Any], left: FormState[Any] | None = None) -> HttpResponse:
    """`left` is the form of leaving it as it is, `state` that of whatever else can be done."""
    left = left or FormState()
    row = _chain(request, finding_id)
    decides = request.actor.may(Permission.DECIDE)
    is_own = row.state == FindingState.OPEN and decides and row.finder_id == request.actor.id
    others = others_for(deciders(), row.finder_id, row.shop_id) if is_own else []
    stage = row.decision.state if row.decision else row.state
    earliest = first_measure_day(row, day_of(business_time.now()))
    if "measure_on" not in state.values:
        state.values["measure_on"] = earliest.isoformat()
    response = render_record(
        request,
        "decisions/finding.html",
        head_of(row),
        timeline=timeline_of(row),
        live="decisions",
        row=row,
        decision=row.decision,
        state=state,
        left=left,
        measure_help=MEASURE_HELP.format(day=earliest.isoformat()).both(),
        figures=_figures(row),
        tasks=[(task, ROLE_WORDS[task.owner], task.owner in request.actor.roles) for task in row.tasks],
        owners=OWNERS,
        conclusions=CONCLUSIONS,
        others=listed(one.name for one in others),
        is_alone=is_own and not others,
        may_decide=stage == FindingState.OPEN and decides and not others,
        may_add=stage == DecisionState.UNDER_WAY and decides,
        may_conclude=stage == DecisionState.MEASURED and decides,
        decides=decides,
    )
    if state.errors or left.errors:
        response.status_code = 422
    return response


def _chain(request: Request, finding_id: int) -> Chain:
    row = chain_of(request.actor, finding_id)
    if row is None:
        raise Http404
    return row


def _figures(row: Chain) -> dict[str, str]:
    """The values of a chain as people read them."""
    decision = row.decision
    found = {
        "value": shown(row.value, row.unit, row.currency),
        "compared": shown(row.compared, row.unit, row.currency),
        "change": shown(row.change, row.unit, row.currency),
        "week_before": shown(week_before(row.metric, row.shop_id, row.first_day, row.last_day), row.unit, row.currency),
        "days": str((row.last_day - row.first_day).days + 1),
    }
    if decision:
        found["expected"] = shown(decision.expected, row.unit, row.currency)
        found["after"] = shown(decision.after, row.unit, row.currency)
    if decision and decision.arithmetic:
        found["hoped"] = shown(decision.arithmetic.hoped, row.unit, row.currency)
        found["moved"] = shown(decision.arithmetic.change, row.unit, row.currency)
        reached = decision.arithmetic.reached
        found["reached"] = "" if reached is None else f"{reached / 100:.1f}%"
    return found


def _run(
    request: Request,
    finding_id: int,
    command: Command[Item],
    state: FormState[Item],
    done: T,
    *,
    leaves: bool = False,
) -> HttpResponse:
    """Run one item read from a form of the record (`leaves`: of the one that leaves the finding as it is); mistakes
    show the record again with what was entered."""
    if state.item is not None:
        outcomes = run_once(request, command, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=done, to="decisions-finding", args=[finding_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, finding_id, FormState(), state) if leaves else _show(request, finding_id, state)


def _typed(request: Request, row: Chain, name: str) -> tuple[str, int | None]:
    """A value as it was typed, and as a number of the metric's smallest parts."""
    text = request.POST.get(f"{name}_typed", "").strip()
    return text, from_typed(text, row.unit) if text else None


def _keep_typed(state: FormState[Any], name: str, text: str, value: int | None) -> None:
    state.values[f"{name}_typed"] = text
    if text and value is None:
        state.errors[f"{name}_typed"] = str(WRONG_NUMBER)
        state.item = None


@page(
    "<int:finding_id>/decide/",
    name="decisions-decide",
    clause="D3",
    permission=Permission.DECIDE,
    methods=("POST",),
)
def decide(request: Request, finding_id: int) -> HttpResponse:
    row = _chain(request, finding_id)
    text, value = _typed(request, row, "expected")
    state = read_form(request.POST, DecideFinding, {"finding_id": finding_id, "expected": value, "tasks": ()})
    _keep_typed(state, "expected", text, value)
    return _run(
        request,
        finding_id,
        decide_findings,
        state,
        T("已决策；要人做的，请在下面派任务", "Decided; where somebody has to act, give the task below"),
    )


@page(
    "<int:finding_id>/dismiss/",
    name="decisions-dismiss",
    clause="D3",
    permission=Permission.DECIDE,
    methods=("POST",),
)
def dismiss(request: Request, finding_id: int) -> HttpResponse:
    state = read_form(request.POST, DismissFinding, {"finding_id": finding_id})
    return _run(request, finding_id, dismiss_findings, state, T("已记为不处理", "Left as it is"), leaves=True)


@page(
    "<int:finding_id>/tasks/",
    name="decisions-add-task",
    clause="D3",
    permission=Permission.DECIDE,
    methods=("POST",),
)
def add_task(request: Request, finding_id: int) -> HttpResponse:
    row = _chain(request, finding_id)
    if row.decision is None:
        raise Http404
    state = read_form(request.POST, AddDecisionTask, {"decision_id": row.decision.id})
    return _run(request, finding_id, add_decision_tasks, state, T("任务已派出", "The task is given out"))


@page(
    "<int:finding_id>/conclude/",
    name="decisions-conclude",
    clause="D3",
    permission=Permission.DECIDE,
    methods=("POST",),
)
def conclude(request: Request, finding_id: int) -> HttpResponse:
    row = _chain(request, finding_id)
    if row.decision is None:
        raise Http404
    text, value = _typed(request, row, "after")
    state = read_form(request.POST, ConcludeDecision, {"decision_id": row.decision.id, "after": value})
    _keep_typed(state, "after", text, value)
    return _run(request, finding_id, conclude_decisions, state, T("结论已记录", "Concluded"))


@page("tasks/<int:task_id>/", name="decisions-task", clause="D3", permission=Permission.DECISION_VIEW)
def task(request: Request, task_id: int) -> HttpResponse:
    """One task, as its owner gets it."""
    return _show_task(request, task_id, FormState())


def _show_task(request: Request, task_id: int, state: FormState[Any]) -> HttpResponse:
    found = task_record(request.actor, task_id)
    if found is None:
        raise Http404
    is_open = found.task.state == DecisionTaskState.OPEN
    response = render_record(
        request,
        "decisions/task.html",
        head_of_task(found),
        timeline=timeline_of_task(found.task),
        live="decisions",
        found=found,
        task=found.task,
        owner=ROLE_WORDS[found.task.owner],
        state=state,
        may_finish=is_open and found.task.owner in request.actor.roles and request.actor.may(Permission.TASK_DO),
        may_drop=is_open and request.actor.may(Permission.DECIDE),
    )
    if state.errors:
        response.status_code = 422
    return response


def _end_task(request: Request, task_id: int, command: Command[Item], item_type: type[Item], done: T) -> HttpResponse:
    state = read_form(request.POST, item_type, {"task_id": task_id})
    if state.item is not None:
        outcomes = run_once(request, command, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=done, to="decisions-task", args=[task_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show_task(request, task_id, state)


@page(
    "tasks/<int:task_id>/finish/",
    name="decisions-finish-task",
    clause="D3",
    permission=Permission.TASK_DO,
    methods=("POST",),
)
def finish(request: Request, task_id: int) -> HttpResponse:
    return _end_task(request, task_id, finish_decision_tasks, FinishDecisionTask, T("任务已完成", "Done"))


@page(
    "tasks/<int:task_id>/drop/",
    name="decisions-drop-task",
    clause="D3",
    permission=Permission.DECIDE,
    methods=("POST",),
)
def drop(request: Request, task_id: int) -> HttpResponse:
    return _end_task(request, task_id, drop_decision_tasks, DropDecisionTask, T("任务已取消", "Called off"))
