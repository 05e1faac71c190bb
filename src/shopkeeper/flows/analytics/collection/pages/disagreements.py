"""D1.1 on screen: what sources disagree about, and one case with the arithmetic and the answer."""

from django.http import Http404, HttpResponse

from shopkeeper.flows.analytics.collection.commands.answer_disagreements import (
    AnswerDisagreement,
    answer_disagreements,
)
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.disagreements import (
    CaseFilter,
    CaseView,
    case_counts,
    case_of,
    cases_page,
    explained_before,
    tolerance_of,
)
from shopkeeper.flows.analytics.collection.states import (
    ComparedFigure,
    DisagreementReason,
    DisagreementState,
    FigureOrigin,
)
from shopkeeper.flows.analytics.collection.words import AS_BEFORE, LABELS, RULES_OF_FIGURES
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import Request, page
from shopkeeper.web.record import Happening, RecordHead, Step, render_record

AS_BEFORE_BEGINS = tuple(words.partition("{")[0] for words in (AS_BEFORE.zh, AS_BEFORE.en))
DISAGREEMENTS = Listing(
    key="disagreements",
    title=T("数据差异", "Disagreements"),
    clause="D1.1",
    record="collection-disagreement",
    columns=(
        Column("figure", T("指标", "Figure"), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("day", T("日期", "Day")),
        Column("value", T("基准", "Held against"), align="end"),
        Column("other", T("对比来源", "Other source"), align="end"),
        Column("by", T("差异", "Apart"), align="end"),
        Column("reason", T("原因", "Reason")),
        Column("due", T("核对时限", "Do by")),
    ),
    tabs=(
        Tab("open", T("待核对", "To reconcile"), tone="amber"),
        Tab("answered", T("已说明", "Explained"), counted=False),
        Tab("vanished", T("已一致", "Agree now"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter(
            "figure", T("指标", "Figure"), choices=[(str(f), LABELS[ComparedFigure][f].text) for f in ComparedFigure]
        ),
    ),
    live="collection",
    arrivals="collection.disagreement_opened",
)


@page("disagreements/", name="collection-disagreements", clause="D1.1", permission=Permission.COLLECTION_VIEW)
def disagreements(request: Request) -> HttpResponse:
    asked = DISAGREEMENTS.read(request)
    if asked.counting:
        return DISAGREEMENTS.counters(request, case_counts(request.actor))
    shop = str(asked.filters.get("shop", ""))
    wanted = CaseFilter(
        state="" if asked.tab == "all" else asked.tab,
        shop_id=int(shop) if shop.isdecimal() else None,
        figure=str(asked.filters.get("figure", "")),
    )
    rows, next_key = cases_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return DISAGREEMENTS.render(
        request,
        asked,
        "collection/disagreements.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shop_choices(request.actor)},
    )


@page(
    "disagreements/<int:case_id>/",
    name="collection-disagreement",
    clause="D1.1",
    permission=Permission.COLLECTION_VIEW,
)
def disagreement(request: Request, case_id: int) -> HttpResponse:
    return _record(request, case_id, FormState())


@page(
    "disagreements/<int:case_id>/answer/",
    name="collection-disagreement-answer",
    clause="D1.1",
    permission=Permission.CASE_ANSWER,
    methods=("POST",),
)
def answer(request: Request, case_id: int) -> HttpResponse:
    """Say why; mistakes show the page again with what was written."""
    state = read_form(request.POST, AnswerDisagreement, {"case_id": case_id})
    if state.item is not None:
        outcomes = run_once(request, answer_disagreements, [state.item])
        if outcomes[0].ok:
            words = T("原因已记录", "The reason is on record")
            return answer_outcomes(request, outcomes, done=words, to="collection-disagreements")
        state.errors[WHOLE] = outcome_text(outcomes[0])
    response = _record(request, case_id, state)
    response.status_code = 422
    return response


def _record(request: Request, case_id: int, state: FormState[AnswerDisagreement]) -> HttpResponse:
    found = case_of(request.actor, case_id)
    if found is None:
        raise Http404
    may_answer = found.state == DisagreementState.OPEN and request.actor.may(Permission.CASE_ANSWER)
    earlier = explained_before(request.actor, found) if may_answer else None
    if earlier and not state.values:
        state.values = {"reason": earlier.reason, "note": _as_before(earlier)}
    return render_record(
        request,
        "collection/disagreement.html",
        _head(found),
        timeline=_timeline(found),
        case=found,
        label=LABELS[ComparedFigure][ComparedFigure(found.figure)].text,
        state=state,
        rules=[
            (LABELS[FigureOrigin][FigureOrigin(source)].text, RULES_OF_FIGURES[source][found.figure])
            for source in (found.source, found.other_source)
        ],
        tolerance=tolerance_of(found),
        reasons=[(str(reason), LABELS[DisagreementReason][reason].text) for reason in DisagreementReason],
        may_answer=may_answer,
        earlier=earlier,
    )


def _as_before(earlier: CaseView) -> str:
    """What was said of the same difference last, to begin with; the first day it was said of stays in it."""
    if not earlier.note or any(earlier.note.startswith(begin) for begin in AS_BEFORE_BEGINS):
        return earlier.note
    return AS_BEFORE.format(day=f"{earlier.day:%m-%d}", words=earlier.note).text()[:300]


def _head(found: CaseView) -> RecordHead:
    ended = found.state != DisagreementState.OPEN
    return RecordHead(
        title=T("数据差异", "Disagreement"),
        number=f"{found.shop} · {LABELS[ComparedFigure][ComparedFigure(found.figure)].text} · {found.day:%Y-%m-%d}",
        back="collection-disagreements",
        state=DisagreementState(found.state),
        clause="D1.1",
        due_at=found.open_until,
        steps=(
            Step(T("发现差异", "Found"), "done", found.opened_at),
            Step(T("核对原因", "Reconciled"), "done" if ended else "now", found.ended_at),
        ),
    )


def _timeline(found: CaseView) -> list[Happening]:
    system = str(T("系统", "System"))
    happenings = [Happening(found.opened_at, T("差异超出容差", "Apart beyond the tolerance"), system, tone="amber")]
    if found.ended_at and found.state == DisagreementState.VANISHED:
        happenings.append(Happening(found.ended_at, T("新数据已一致", "Newer figures agree"), system, tone="green"))
    elif found.ended_at:
        label = LABELS[DisagreementReason][DisagreementReason(found.reason)]
        happenings.append(Happening(found.ended_at, label.text, found.answered_by, found.note, "note", label.tone))
    return happenings
