"""P4.2: one difference between us and a platform: both values, and how it is settled."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.publishing.commands.settle_mismatches import (
    ExplainMismatch,
    FixMismatch,
    explain_mismatches,
    fix_mismatches,
)
from shopkeeper.flows.products.publishing.pages.showing import Verdict, compared_rows, ending_of, told_and_read
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.history import Happened, listing_history
from shopkeeper.flows.products.publishing.queries.listings import CaseRow, case_record
from shopkeeper.flows.products.publishing.rules.comparing import GONE
from shopkeeper.flows.products.publishing.states import MismatchEnding, MismatchState
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record


@page(
    "mismatches/<int:case_id>/",
    name="publishing-mismatch",
    clause="P4.2",
    permission=Permission.LISTING_VIEW,
    beside="publishing-listings",
)
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
    done = T(
        "已重新发布。平台接受后会自动读回核对，两边一致这条差异就自动关闭",
        "Told again. Once the platform has accepted it, it is read back by itself; if both are equal, this is closed",
    )
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
    history = [one for one in listing_history(found.listing_id) if _belongs(found, one)]
    told = next((one for one in reversed(history) if one.what == "wanted"), None)
    is_open = found.state == MismatchState.OPEN
    may = is_open and request.actor.may(Permission.CHECK)
    is_gone = any(one.field == GONE for one in found.differences)
    looks_at = None
    if found.progress == "told" and found.published_at:
        minutes = read_policies()("check_after_minutes", found.shop_id)
        looks_at = found.published_at + timedelta(minutes=minutes)
    return render_record(
        request,
        "publishing/mismatch.html",
        _head(found, _actions(found) if may else [], told),
        timeline=_timeline(found, history),
        live="publishing",
        found=found,
        compared=compared_rows(found.differences, found.platform, found.currency, _unequal(found)),
        state=state,
        may_explain=may and not is_gone,
        is_gone=is_gone and found.progress == "open",
        looks_at=looks_at,
        told=told,
        taken_by=told.at + timedelta(hours=read_policies()("publish_hours", found.shop_id)) if told else None,
    )


def _belongs(found: CaseRow, one: Happened) -> bool:
    """What happened to the listing between the look that found the difference and the one that settled it."""
    if one.what == "checked":
        return found.opened_at < one.at and (found.ended_at is None or one.at < found.ended_at)
    later = found.opened_at <= one.at and (found.ended_at is None or one.at <= found.ended_at)
    return later and one.command != "publish_products" and not (one.what == "published" and one.at == found.opened_at)


def _unequal(found: CaseRow) -> Verdict:
    if found.state == MismatchState.OPEN:
        return "differs"
    return "explained" if found.ending == MismatchEnding.EXPLAINED else "was"


def _actions(found: CaseRow) -> list[Action]:
    """What may be done next, the first of it above all: tell again, then look."""
    tell = Action(
        T("按我们的内容重新发布", "Tell the platform again"), reverse("publishing-fix", args=[found.id]), icon="refresh"
    )
    look = Action(
        T("立即核验", "Check now"), reverse("publishing-check"), {"ids": found.listing_id}, icon="shield-check"
    )
    return {"open": [tell, look], "told": [look, tell], "refused": [tell]}.get(found.progress, [])


def _head(found: CaseRow, actions: list[Action], told: Happened | None) -> RecordHead:
    ended = found.ended_at is not None
    who = (told.who if told else "") or found.ended_by
    dealt = T("处理：{who}", "Dealt with: {who}").format(who=who) if who else T("处理", "Dealt with")
    waits = found.progress in ("telling", "told")
    return RecordHead(
        title=T("上架差异", "Difference"),
        number=found.code,
        back="publishing-listings",
        state=MismatchState(found.state),
        clause="P4.2",
        due_at=found.open_until,
        badges=(
            Badge(found.shop, "blue", "building-store"),
            *((Badge(T("等待复核", "Waits for the next look"), "blue", "clock"),) if waits else ()),
        ),
        steps=(
            Step(T("核验发现", "Found"), "done", found.opened_at),
            Step(dealt, "done" if ended or waits else "now", told.at if told else found.ended_at),
            Step(T("复核一致", "Looked at again"), "done" if ended else "now" if waits else "next", found.ended_at),
        ),
        primary=actions[0] if actions else None,
        secondary=tuple(actions[1:]),
    )


def _timeline(found: CaseRow, history: list[Happened]) -> list[Happening]:
    system = str(T("系统", "System"))
    opened = Happening(found.opened_at, T("发现差异", "A difference was found"), system, tone="red")
    return [opened, *told_and_read(history, found.shop), *ending_of(found)]
