"""P4.2: one difference between us and a platform: both values, and how it is settled."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.publishing.commands.settle_mismatches import (
    ExplainMismatch,
    FixMismatch,
    explain_mismatches,
    fix_mismatches,
)
from shopkeeper.flows.products.publishing.pages.showing import compared_rows
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.listings import CaseRow, case_record
from shopkeeper.flows.products.publishing.rules.comparing import GONE
from shopkeeper.flows.products.publishing.states import MismatchEnding, MismatchState
from shopkeeper.flows.products.publishing.words import LABELS
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record


@page("mismatches/<int:case_id>/", name="publishing-mismatch", clause="P4.2", permission=Permission.LISTING_VIEW)
def mismatch(request: Request, case_id: int) -> HttpResponse:
    return _record(request, case_id, FormState())


@page(
    "mismatches/<int:case_id>/fix/",
    name="publishing-fix",
    clause="P4.2",
    permission=Permission.CHECK,
    methods=("POST",),
)
def fix(request: Request, case_id: int) -> HttpResponse:
    """Tell the platform everything again; the next look settles the case."""
    outcomes = run_once(request, fix_mismatches, [FixMismatch(case_id)])
    done = T("正在按我们的内容重新发布，稍后自动复核", "It is told again; the next look settles it")
    return answer_outcomes(request, outcomes, done=done, to="publishing-mismatch", args=(case_id,))


@page(
    "mismatches/<int:case_id>/explain/",
    name="publishing-explain",
    clause="P4.2",
    permission=Permission.CHECK,
    methods=("POST",),
)
def explain(request: Request, case_id: int) -> HttpResponse:
    """The difference may stay, with the reason; mistakes show the record again."""
    state = read_form(request.POST, ExplainMismatch, {"case_id": case_id})
    if state.item is not None:
        outcomes: list[Outcome] = run_once(request, explain_mismatches, [state.item])
        if outcomes[0].ok:
            words = T("已说明，差异不再提示", "Explained; it is not reported again")
            return answer_outcomes(request, outcomes, done=words, to="publishing-listings")
        state.errors[WHOLE] = outcome_text(outcomes[0])
    response = _record(request, case_id, state)
    response.status_code = 422
    return response


def _record(request: Request, case_id: int, state: FormState[ExplainMismatch]) -> HttpResponse:
    found = case_record(request.actor, case_id)
    if found is None:
        raise Http404
    is_open = found.state == MismatchState.OPEN
    may = is_open and request.actor.may(Permission.CHECK)
    is_gone = any(one.field == GONE for one in found.differences)
    fix_it = Action(
        T("按我们的内容重新发布", "Tell the platform again"), reverse("publishing-fix", args=[case_id]), icon="refresh"
    )
    return render_record(
        request,
        "publishing/mismatch.html",
        _head(found, fix_it if may else None),
        timeline=_timeline(found),
        live="publishing",
        found=found,
        compared=compared_rows(found.differences, found.currency),
        state=state,
        may_explain=may and not is_gone,
        is_gone=is_gone and is_open,
    )


def _head(found: CaseRow, fix_it: Action | None) -> RecordHead:
    ended = found.ended_at is not None
    return RecordHead(
        title=T("上架差异", "Difference"),
        number=found.code,
        back="publishing-listings",
        state=MismatchState(found.state),
        clause="P4.2",
        due_at=found.open_until,
        badges=(Badge(found.shop, "blue", "building-store"),),
        steps=(
            Step(T("核验发现", "Found"), "done", found.opened_at),
            Step(T("处理", "Settled"), "done" if ended else "now", found.ended_at),
        ),
        primary=fix_it,
    )


def _timeline(found: CaseRow) -> list[Happening]:
    system = str(T("系统", "System"))
    happenings = [Happening(found.opened_at, T("发现差异", "A difference was found"), system, tone="red")]
    if found.ended_at:
        label = LABELS[MismatchEnding][MismatchEnding(found.ending)]
        happenings.append(
            Happening(found.ended_at, label.text, found.ended_by or system, found.reason, tone=label.tone)
        )
    return happenings
