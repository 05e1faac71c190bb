"""The supervisor's pages of P4.1: the queue, one submission with its findings marked and what changed since."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.listing.queries.saying import told
from shopkeeper.flows.products.listing.rules.findings import revived
from shopkeeper.flows.products.publishing.commands.grant_exemptions import GrantExemption, grant_exemptions
from shopkeeper.flows.products.publishing.commands.review_products import Mark, ReviewProduct, review_products
from shopkeeper.flows.products.publishing.commands.revoke_exemptions import RevokeExemption, revoke_exemptions
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.offers import is_to_be_published, product_of
from shopkeeper.flows.products.publishing.queries.reviews import (
    ReviewFilter,
    ReviewRecord,
    matching_reviews,
    review_counts,
    review_record,
    reviews_page,
)
from shopkeeper.flows.products.publishing.queries.word_lists import exemption_rows
from shopkeeper.flows.products.publishing.states import ExemptionKind, ReviewState
from shopkeeper.flows.products.publishing.words import LABELS, place_words
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import BulkAction, Chosen, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, may_open, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

REVIEWS = Listing(
    key="reviews",
    title=T("商品审核", "Product reviews"),
    clause="P4.1",
    record="publishing-review",
    columns=(
        Column("product", T("商品", "Product"), always=True),
        Column("state", T("状态", "State")),
        Column("findings", T("检查结果", "Findings")),
        Column("submitter", T("提交人", "Submitted by")),
        Column("submitted", T("提交时间", "Submitted")),
        Column("decided", T("审核人", "Reviewed by")),
        Column("due", T("审核时限", "Review by")),
    ),
    tabs=(
        Tab("open", T("待审核", "To review"), tone="amber"),
        Tab("approved", T("已通过", "Approved"), counted=False),
        Tab("returned", T("已退回", "Returned"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter(
            "finding",
            T("检查结果", "Findings"),
            choices=(
                ("block", T("有禁用词", "Forbidden words")),
                ("warn", T("只有慎用词", "Words with care only")),
                ("clean", T("没有问题", "Nothing found")),
            ),
        ),
    ),
    search=T("商品编码或标题，可粘贴多个编码", "Product code or title, paste many codes"),
    bulk=(
        BulkAction("approve", T("通过", "Approve"), url="publishing-approve-many", primary=True, icon="check"),
        BulkAction(
            "return",
            T("退回", "Return"),
            url="publishing-return-many",
            icon="arrow-back",
            ask=T("为什么退回？", "Why is it returned?"),
        ),
    ),
    live="publishing",
    arrivals="publishing.review_opened",
)


@page(
    "reviews/",
    name="publishing-reviews",
    clause="P4.1",
    permission=Permission.REVIEW_VIEW,
    menu=MenuEntry(T("商品审核", "Reviews"), section="products", order=40),
)
def reviews(request: Request) -> HttpResponse:
    asked = REVIEWS.read(request)
    if asked.counting:
        return REVIEWS.counters(request, review_counts())
    rows, next_key = reviews_page(_wanted(asked), after=asked.after, limit=asked.limit)
    return REVIEWS.render(request, asked, "publishing/reviews.html", rows=rows, next_key=next_key)


def _wanted(asked: ListQuery) -> ReviewFilter:
    return ReviewFilter(
        state="" if asked.tab == "all" else asked.tab,
        text=asked.text[:100],
        numbers=tuple(asked.numbers),
        finding=str(asked.filters.get("finding", "")),
    )


def _ids(chosen: Chosen) -> list[int]:
    return matching_reviews(_wanted(chosen.asked)) if chosen.all_matching else chosen.ids


@page(
    "reviews/approve/",
    name="publishing-approve-many",
    clause="P4.1",
    permission=Permission.REVIEW_DECIDE,
    methods=("POST",),
)
def approve_many(request: Request) -> HttpResponse:
    """Approve the chosen submissions; those that may not pass answer why."""
    items = [ReviewProduct(id_, "approve") for id_ in _ids(REVIEWS.chosen(request))]
    outcomes = run_once(request, review_products, items)
    return answer_outcomes(request, outcomes, done=T("已通过 {n} 个商品", "{n:# product|# products} approved"))


@page(
    "reviews/return/",
    name="publishing-return-many",
    clause="P4.1",
    permission=Permission.REVIEW_DECIDE,
    methods=("POST",),
)
def return_many(request: Request) -> HttpResponse:
    """Send the chosen submissions back with one reason."""
    chosen = REVIEWS.chosen(request)
    items = [ReviewProduct(id_, "return", chosen.reason[:500]) for id_ in _ids(chosen)]
    outcomes = run_once(request, review_products, items)
    return answer_outcomes(request, outcomes, done=T("已退回 {n} 个商品", "{n:# product|# products} returned"))


@page("reviews/<int:review_id>/", name="publishing-review", clause="P4.1", permission=Permission.REVIEW_VIEW)
def review(request: Request, review_id: int) -> HttpResponse:
    return _record(request, review_id, FormState(), FormState())


@page(
    "reviews/<int:review_id>/decide/",
    name="publishing-decide",
    clause="P4.1",
    permission=Permission.REVIEW_DECIDE,
    methods=("POST",),
)
def decide(request: Request, review_id: int) -> HttpResponse:
    """Approve or return with the marked places; mistakes show the record again with what was written."""
    marks = tuple(Mark(place[:80]) for place in request.POST.getlist("marks")[:100])
    state = read_form(request.POST, ReviewProduct, {"review_id": review_id, "marks": marks})
    state.values["marks"] = [mark.place for mark in marks]
    if state.item is not None:
        outcomes: list[Outcome] = run_once(request, review_products, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=_decided(outcomes[0]), to="publishing-reviews")
        # What is missing is said at its field.
        place = "reason" if outcomes[0].code == "reason_needed" else WHOLE
        state.errors[place] = outcome_text(outcomes[0])
    response = _record(request, review_id, state, FormState())
    response.status_code = 422
    return response


def _decided(outcome: Outcome) -> T:
    """What was decided, and what comes next."""
    found = review_record(outcome.id or 0)
    if found is None or found.row.state != ReviewState.APPROVED:
        return T("已退回并通知修改", "Returned for a change")
    if is_to_be_published(found.row.product_id):
        return T(
            "已通过。还没有店铺在卖：发布已列入运营主管的工作台",
            "Approved. No shop sells it yet: publishing it is on the operations supervisor's work list",
        )
    return T("已通过，在售的店铺会自动更新", "Approved; shops that sell it are brought up to date")


@page(
    "reviews/<int:review_id>/exempt/",
    name="publishing-exempt",
    clause="P4.1",
    permission=Permission.EXEMPT,
    methods=("POST",),
)
def exempt(request: Request, review_id: int) -> HttpResponse:
    """Register an exemption of this product."""
    found = review_record(review_id)
    if found is None:
        raise Http404
    state = read_form(request.POST, GrantExemption, {"product_id": found.row.product_id})
    if state.item is not None:
        outcomes: list[Outcome] = run_once(request, grant_exemptions, [state.item])
        if outcomes[0].ok:
            words = T("豁免已登记", "The exemption is registered")
            return answer_outcomes(request, outcomes, done=words, to="publishing-review", args=(review_id,))
        state.errors[WHOLE] = outcome_text(outcomes[0])
    response = _record(request, review_id, FormState(), state)
    response.status_code = 422
    return response


@page(
    "reviews/<int:review_id>/revoke/",
    name="publishing-revoke",
    clause="P4.1",
    permission=Permission.EXEMPT,
    methods=("POST",),
)
def revoke(request: Request, review_id: int) -> HttpResponse:
    """End an exemption, with the reason."""
    given = request.POST.get("exemption_id", "")
    number = int(given) if given.isdecimal() and len(given) < 19 else 0
    item = RevokeExemption(number, request.POST.get("reason", "")[:300])
    outcomes = run_once(request, revoke_exemptions, [item])
    words = T("豁免已撤销", "The exemption has ended")
    return answer_outcomes(request, outcomes, done=words, to="publishing-review", args=(review_id,))


def _record(
    request: Request,
    review_id: int,
    state: FormState[ReviewProduct],
    exemption: FormState[GrantExemption],
) -> HttpResponse:
    found = review_record(review_id)
    if found is None:
        raise Http404
    row = found.row
    is_open = row.state == ReviewState.OPEN
    is_own = row.submitted_by == request.actor.id
    product = product_of(row.product_id)
    exemptions = exemption_rows(row.product_id, day_of(business_time.now()))
    return render_record(
        request,
        "publishing/review.html",
        _head(request, found),
        timeline=_timeline(found),
        live="publishing",
        found=found,
        row=row,
        texts=[(place, place_words(place), cut) for place, cut in found.texts()],
        findings=[(one, place_words(one.place)) for one in found.findings],
        advice=_advice(found),
        changes=[(one, place_words(one.place)) for one in found.changes],
        product=product,
        is_changed_since=bool(product and product.version != row.version),
        shows_picture=may_open(request.actor, "listing-image-small"),
        marks=[(mark, place_words(mark.place)) for mark in found.marks],
        state=state,
        chosen_marks=state.values.get("marks", ()),
        exemption=exemption,
        kinds=[(str(kind), LABELS[ExemptionKind][kind].text) for kind in ExemptionKind],
        listed=[(word, word) for word in dict.fromkeys(one.written for one in found.findings)],
        exemptions=[(one, _revoke_action(row.id, one.id)) for one in exemptions],
        may_decide=is_open and not is_own and request.actor.may(Permission.REVIEW_DECIDE),
        may_exempt=not is_own and request.actor.may(Permission.EXEMPT),
        is_own=is_open and is_own,
    )


def _advice(found: ReviewRecord) -> list[tuple[T, T, T]]:
    """What the product's own checks advise: place, reason, remedy."""
    return [(place, reason, remedy) for _, place, reason, remedy in told(revived(one) for one in found.advice)]


def _revoke_action(review_id: int, exemption_id: int) -> Action:
    return Action(
        T("撤销", "Revoke"),
        reverse("publishing-revoke", args=[review_id]),
        fields={"exemption_id": exemption_id},
        icon="x",
        ask=T("为什么撤销？", "Why does it end?"),
    )


def _head(request: Request, found: ReviewRecord) -> RecordHead:
    row = found.row
    badges = []
    if row.blocks:
        badges.append(Badge(T("{n} 处禁用词", "{n} forbidden").format(n=row.blocks), "red", "ban"))
    if row.warnings:
        badges.append(Badge(T("{n} 处慎用词", "{n} with care").format(n=row.warnings), "amber", "alert-triangle"))
    if not row.blocks and not row.warnings:
        badges.append(Badge(T("没有违禁词", "No listed words"), "green", "shield-check"))
    ended = row.state != ReviewState.OPEN
    approved = row.state == ReviewState.APPROVED
    last = T("通过", "Approved") if approved or not ended else T("退回", "Returned")
    publishes = request.actor.may(Permission.PUBLISH)
    publish = Action(
        T("去发布", "Publish to shops") if publishes else T("店铺上架", "In shops"),
        reverse("publishing-product", args=[row.product_id]),
        method="get",
        icon="send",
    )
    return RecordHead(
        title=T("商品审核", "Review"),
        number=row.code,
        back="publishing-reviews",
        state=ReviewState(row.state),
        clause="P4.1",
        due_at=row.open_until,
        badges=tuple(badges),
        steps=(
            Step(T("提交", "Submitted"), "done", row.submitted_at),
            Step(T("系统检查", "Checked"), "done", row.submitted_at),
            Step(T("主管审核", "Reviewed"), "done" if ended else "now", row.decided_at),
            Step(last, "done" if approved else "stopped" if ended else "next", row.decided_at),
        ),
        primary=publish if approved and publishes else None,
        secondary=(publish,) if approved and not publishes else (),
    )


def _timeline(found: ReviewRecord) -> list[Happening]:
    row = found.row
    happenings: list[Any] = []
    if found.before:
        label = LABELS[ReviewState][ReviewState(found.before.state)]
        at = found.before.decided_at or found.before.submitted_at
        before = T("上一次提交：{state}", "The submission before: {state}").format(state=label.text)
        happenings.append(Happening(at, before, found.before.decider, found.before.reason, "note", label.tone))
    happenings.append(Happening(row.submitted_at, T("提交审核", "Submitted"), row.submitter, found.note))
    if row.decided_at:
        label = LABELS[ReviewState][ReviewState(row.state)]
        happenings.append(Happening(row.decided_at, label.text, row.decider, row.reason, tone=label.tone))
    return happenings
