"""Segments (M1.1): who they are, how many right now, how two overlap; counted as one types."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.commands.save_segment import (
    CountSegment,
    RetireSegment,
    count_segments,
    retire_segments,
    save_segment,
)
from shopkeeper.flows.marketing.campaigns.forms import read_segment_form, segment_values
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.segments import (
    SegmentView,
    overlap_of,
    segment_view,
    segments_of,
    size_of,
)
from shopkeeper.flows.marketing.campaigns.words import segment_says
from shopkeeper.flows.products.pricing.queries.plans import category_choices
from shopkeeper.foundation import business_time
from shopkeeper.foundation.naming import open_shops_of
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

FIFTHS = [(str(n), str(n)) for n in range(1, 6)]


@page(
    "segments/",
    name="segments",
    clause="M1.1",
    permission=Permission.CAMPAIGN_VIEW,
    menu=MenuEntry(T("人群", "Segments"), section="marketing", order=30),
)
def segments(request: Request) -> HttpResponse:
    """All segments of one's shops; two of one shop laid over each other where asked."""
    rows = segments_of(request.actor)
    own, other = _asked(rows, request.GET.get("a", "")), _asked(rows, request.GET.get("b", ""))
    same = own is not None and other is not None and own.shop_id == other.shop_id and own.id != other.id
    over = overlap_of(own.shop_id, own.definition, other.definition) if own and other and same else None
    return render_page(
        request,
        "campaigns/segments.html",
        {
            "rows": [(row, segment_says(row.definition)) for row in rows],
            "choices": [(str(row.id), f"{row.shop} · {row.name}") for row in rows],
            "own": own,
            "other": other,
            "over": over,
            "unlike": own is not None and other is not None and not same,
            "may_edit": request.actor.may(Permission.SEGMENT_EDIT),
        },
    )


def _asked(rows: list[SegmentView], text: str) -> SegmentView | None:
    return next((row for row in rows if str(row.id) == text), None)


@page("segments/new/", name="segment-new", clause="M1.1", permission=Permission.SEGMENT_EDIT, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    return _form(request, T("新建人群", "New segment"), None)


@page(
    "segments/<int:segment_id>/edit/",
    name="segment-edit",
    clause="M1.1",
    permission=Permission.SEGMENT_EDIT,
    methods=("GET", "POST"),
)
def edit(request: Request, segment_id: int) -> HttpResponse:
    row = segment_view(request.actor, segment_id)
    if row is None:
        raise Http404
    return _form(request, T("修改人群", "Edit a segment"), row)


def _form(request: Request, title: T, row: SegmentView | None) -> HttpResponse:
    shops = open_shops_of(request.actor)
    fixed = {"shop_id": row.shop_id, "code": row.code} if row else {}
    status = 200
    definition = row.definition if row else None
    if request.method == "POST":
        state, definition = read_segment_form(request.POST, fixed)
        if state.item is not None:
            outcomes = run_once(request, save_segment, [state.item])
            if outcomes[0].ok:
                done = T("人群已保存，现有 {size} 人", "The segment is saved; {size:# customer|# customers} now")
                return answer_outcomes(request, outcomes, done=done, to="segments")
            state.errors[WHOLE] = outcome_text(outcomes[0])
        status = 422
    elif row:
        state = FormState(values={**segment_values(row.definition), "name": row.name, "shop_id": row.shop_id})
    else:
        state = FormState(values={"shop_id": shops[0][0] if shops else ""})
    shop_id = row.shop_id if row else _shop(request, shops)
    context = {
        "title": title,
        "state": state,
        "row": row,
        "shops": shops,
        "fifths": FIFTHS,
        "customers": [("new", T("新客", "New")), ("returning", T("老客", "Returning"))],
        "categories": category_choices(),
        "size": size_of(shop_id, definition, business_time.now(), read_policies()) if definition and shop_id else None,
        "cancel_url": reverse("segments"),
    }
    return render_page(request, "campaigns/segment.html", context, status=status)


def _shop(request: Request, shops: list[tuple[str, str]]) -> int | None:
    asked = request.POST.get("shop_id", "")
    known = {key for key, _ in shops}
    return int(asked) if asked in known else None


@page("segments/preview/", name="segment-preview", clause="M1.1", permission=Permission.SEGMENT_EDIT, methods=("POST",))
def preview(request: Request) -> HttpResponse:
    """How many belong to what the form says right now; nothing is written."""
    _, definition = read_segment_form(request.POST, {})
    shop_id = _shop(request, open_shops_of(request.actor))
    size = size_of(shop_id, definition, business_time.now(), read_policies()) if definition and shop_id else None
    return render_page(request, "campaigns/size.html", {"size": size})


@page("segments/count/", name="segment-count", clause="M1.1", permission=Permission.SEGMENT_EDIT, methods=("POST",))
def count(request: Request) -> HttpResponse:
    ids = [int(one) for one in request.POST.getlist("ids") if one.isdecimal() and len(one) < 19]
    outcomes = run_once(request, count_segments, [CountSegment(id_) for id_ in ids])
    return answer_outcomes(
        request, outcomes, done=T("已重新计数：{size} 人", "Counted anew: {size:# customer|# customers}")
    )


@page("segments/retire/", name="segment-retire", clause="M1.1", permission=Permission.SEGMENT_EDIT, methods=("POST",))
def retire(request: Request) -> HttpResponse:
    ids = [int(one) for one in request.POST.getlist("ids") if one.isdecimal() and len(one) < 19]
    outcomes = run_once(request, retire_segments, [RetireSegment(id_) for id_ in ids])
    return answer_outcomes(request, outcomes, done=T("人群已停用", "The segment is retired"))
