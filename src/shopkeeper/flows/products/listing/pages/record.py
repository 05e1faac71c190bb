"""P2.1–P2.3: one product: text, variants, pictures with verdicts, what is left to mend, all that happened."""

from typing import BinaryIO, cast

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.flows.products.listing.commands.attach_images import AttachImage, attach_images
from shopkeeper.flows.products.listing.commands.retire_products import ReviveProduct, revive_products
from shopkeeper.flows.products.listing.commands.set_tags import SetTags, set_tags
from shopkeeper.flows.products.listing.commands.submit_product import (
    SubmitProduct,
    WithdrawProduct,
    submit_product,
    withdraw_products,
)
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.record import ProductRecord, as_returned, product_record
from shopkeeper.flows.products.listing.queries.saying import told
from shopkeeper.flows.products.listing.rules.findings import errors, revived
from shopkeeper.flows.products.listing.states import ImageRole, ProductState, Tag
from shopkeeper.flows.products.listing.words import LABELS, NO_REASON, PLATFORMS, PROMISES, ROLES
from shopkeeper.foundation.files import IMAGES, FileRefused, kept_files
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.labels import error_text, label_of
from shopkeeper.web.pages import Request, may_open, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record
from shopkeeper.web.toasts import Toast, keep

MOST_FILES = 40
WHY_UNCHANGED = T(
    "退回后没有改动。为什么原样再提交？", "Nothing has changed since it was returned. Why submit it as it is?"
)
SHOPS_PAGE = "publishing-product"
PUBLISH_PAGE = "publishing-offers"
OPEN = (ProductState.DRAFT, ProductState.RETURNED, ProductState.APPROVED)


@page("<int:product_id>/", name="listing-product", clause="P2.1", permission=Permission.PRODUCT_VIEW)
def product(request: Request, product_id: int) -> HttpResponse:
    found = _found(product_id)
    facts, actor = found.facts, request.actor
    may_edit = actor.may(Permission.PRODUCT_EDIT)
    is_open = facts.state in OPEN
    return render_record(
        request,
        "listing/product.html",
        _head(found, request),
        timeline=_timeline(found),
        live="listing",
        facts=facts,
        findings=told(found.findings),
        unfit=len(errors(list(found.findings))),
        images=[(image, ROLES[image.role], told(map(revived, image.findings))) for image in facts.images],
        promises=[PROMISES[promise] for promise in facts.promises],
        platforms=[PLATFORMS[platform] for platform in facts.platforms],
        no_reason=NO_REASON[facts.no_reason],
        review=found,
        advised=len(found.findings) - len(errors(list(found.findings))),
        marked=told(map(revived, found.review_findings)) if found.was_returned and is_open else [],
        untouched=found.is_as_returned,
        shows_checks=facts.state in (ProductState.DRAFT, ProductState.RETURNED),
        shows_cost=may_edit,
        may_edit=may_edit and is_open,
        may_picture=actor.may(Permission.IMAGE_EDIT) and is_open,
        may_tag=may_edit and facts.state != ProductState.RETIRED,
        tags=[(tag, LABELS[Tag][tag].text, tag in facts.tags) for tag in Tag],
        roles=[(role, ROLES[role]) for role in ImageRole],
    )


def _found(product_id: int) -> ProductRecord:
    found = product_record(product_id)
    if found is None:
        raise Http404
    return found


def _head(found: ProductRecord, request: Request) -> RecordHead:
    facts, may = found.facts, request.actor.may
    here = {"ids": facts.id}
    submit = Action(
        T("提交审核", "Submit for review"),
        reverse("listing-submit", args=[facts.id]),
        {"version": facts.version},
        icon="send",
        ask=WHY_UNCHANGED if found.is_as_returned else None,
        why_not=T("还有 {n} 处要改", "{n:# thing|# things} to mend first").format(n=len(errors(list(found.findings))))
        if errors(list(found.findings))
        else None,
    )
    edit = Action(T("编辑", "Edit"), reverse("listing-edit", args=[facts.id]), method="get", icon="edit")
    withdraw = Action(T("撤回修改", "Withdraw"), reverse("listing-withdraw", args=[facts.id]), icon="arrow-back")
    revive = Action(T("恢复", "Revive"), reverse("listing-revive", args=[facts.id]), icon="reload")
    retire = Action(
        T("停用", "Retire"), reverse("listing-retire-many"), here, icon="ban", ask=T("停用原因", "Why is it retired?")
    )
    is_draft = facts.state in (ProductState.DRAFT, ProductState.RETURNED)
    offered = {
        ProductState.DRAFT: (submit, (edit,)),
        ProductState.RETURNED: (submit, (edit,)),
        ProductState.APPROVED: (None, (edit,)),
        ProductState.SUBMITTED: (None, (withdraw,)),
        ProductState.RETIRED: (revive, ()),
    }[ProductState(facts.state)]
    primary = offered[0]
    if primary is submit and not may(Permission.PRODUCT_SUBMIT):
        primary = None
    if primary is revive and not may(Permission.PRODUCT_RETIRE):
        primary = None
    rights = {edit.url: Permission.PRODUCT_EDIT, withdraw.url: Permission.PRODUCT_SUBMIT}
    retirable = may(Permission.PRODUCT_RETIRE) and (is_draft or facts.state == ProductState.APPROVED)
    return RecordHead(
        title=T("商品", "Product"),
        number=facts.code,
        back="listing-products",
        state=ProductState(facts.state),
        clause="P2.1",
        due_at=found.due_at,
        badges=tuple(Badge(label_of(tag, "Tag").text, label_of(tag, "Tag").tone, "tag") for tag in facts.tags),
        steps=_steps(found),
        primary=primary,
        secondary=(*(action for action in offered[1] if may(rights[action.url])), *_in_shops(found, request)),
        more=(retire,) if retirable else (),
    )


def _in_shops(found: ProductRecord, request: Request) -> tuple[Action, ...]:
    """The way to the product's place in the shops, once it may be sold."""
    if found.facts.approved_version is None or not may_open(request.actor, SHOPS_PAGE):
        return ()
    url = reverse(SHOPS_PAGE, args=[found.facts.id])
    publishes = may_open(request.actor, PUBLISH_PAGE) and found.facts.state == ProductState.APPROVED
    words = T("去发布", "Publish") if publishes else T("店铺上架", "In shops")
    return (Action(words, url, method="get", icon="building-store"),)


def _steps(found: ProductRecord) -> tuple[Step, ...]:
    facts = found.facts
    state = ProductState(facts.state)
    reviewed = state in (ProductState.APPROVED, ProductState.RETURNED)
    ends = {
        ProductState.RETURNED: Step(T("已退回", "Returned"), "stopped"),
        ProductState.APPROVED: Step(T("已通过", "Approved"), "done", facts.approved_at),
        ProductState.RETIRED: Step(T("已停用", "Retired"), "stopped"),
    }
    return (
        Step(T("录入", "Entered"), "now" if state is ProductState.DRAFT else "done"),
        Step(
            T("待审核", "To review"),
            "now" if state is ProductState.SUBMITTED else "done" if reviewed else "next",
            facts.submitted_at if reviewed or state is ProductState.SUBMITTED else None,
        ),
        ends.get(state, Step(T("通过", "Approved"))),
    )


def _timeline(found: ProductRecord) -> list[Happening]:
    """Versions and moves; the system's own are said so."""
    system = T("系统", "System").text()
    happened = []
    for change in found.changes:
        if change.became:
            label = label_of(change.became, "ProductState")
            happened.append(Happening(change.at, label.text, change.who or system, change.reason, tone=label.tone))
        else:
            words = T("保存第 {n} 版", "Version {n} saved").format(n=change.version)
            happened.append(Happening(change.at, words, change.who or system, kind="note"))
    return happened


@page(
    "<int:product_id>/submit/",
    name="listing-submit",
    clause="P2.1",
    permission=Permission.PRODUCT_SUBMIT,
    methods=("POST",),
)
def submit(request: Request, product_id: int) -> HttpResponse:
    """Submit the version that was read; what was returned and not changed, with the reason why not."""
    version, note = request.POST.get("version", ""), request.POST.get("reason", "").strip()[:300]
    if not note and as_returned([product_id]):
        return answer_outcomes(request, [refused("unchanged_since_returned", product_id)], done=T("", ""))
    item = SubmitProduct(product_id, int(version) if version.isdecimal() and len(version) < 9 else 0, note)
    outcomes = run_once(request, submit_product, [item])
    return answer_outcomes(request, outcomes, done=T("已提交审核", "Submitted for review"))


@page(
    "<int:product_id>/withdraw/",
    name="listing-withdraw",
    clause="P2.1",
    permission=Permission.PRODUCT_SUBMIT,
    methods=("POST",),
)
def withdraw(request: Request, product_id: int) -> HttpResponse:
    outcomes = run_once(request, withdraw_products, [WithdrawProduct(product_id)])
    return answer_outcomes(request, outcomes, done=T("已撤回，可以修改", "Withdrawn; it can be edited"))


@page(
    "<int:product_id>/revive/",
    name="listing-revive",
    clause="P2.1",
    permission=Permission.PRODUCT_RETIRE,
    methods=("POST",),
)
def revive(request: Request, product_id: int) -> HttpResponse:
    outcomes = run_once(request, revive_products, [ReviveProduct(product_id)])
    words = T("已恢复为草稿，规格请逐个重新上架", "A draft again; put its variants back on sale one by one")
    return answer_outcomes(request, outcomes, done=words)


@page(
    "<int:product_id>/tags/",
    name="listing-tags",
    clause="P2.3",
    permission=Permission.PRODUCT_EDIT,
    methods=("POST",),
)
def tags(request: Request, product_id: int) -> HttpResponse:
    """The ticked tags are all that a person wants on it."""
    outcomes = run_once(request, set_tags, [SetTags(product_id, tuple(request.POST.getlist("tags")))])
    return answer_outcomes(request, outcomes, done=T("标签已更新", "Tags updated"))


@page(
    "<int:product_id>/images/",
    name="listing-attach",
    clause="P2.2",
    permission=Permission.IMAGE_EDIT,
    methods=("POST",),
)
def attach(request: Request, product_id: int) -> HttpResponse:
    """Keep the files that are pictures and attach them; each of the others is told why not."""
    role = request.POST.get("role", "")
    wanted = ImageRole(role) if role in set(ImageRole) else ImageRole.GALLERY
    items, refusals = [], []
    for upload in request.FILES.getlist("files")[:MOST_FILES]:
        try:
            kept = kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", IMAGES)
        except FileRefused as refusal:
            refusals.append(f"{upload.name}：{error_text(refusal)}")
            continue
        items.append(AttachImage(product_id, kept.digest, wanted, kept.shown_name))
    outcomes: list[Outcome] = run_once(request, attach_images, items) if items else []
    if refusals:
        said_ = T("{n} 个文件没有收下", "{n:# file was|# files were} not taken").format(n=len(refusals)).text()
        keep(request, [Toast("red", said_, refusals)])
    if refusals and not outcomes:
        return HttpResponseRedirect(reverse("listing-product", args=[product_id]))
    words = T("已上传 {n} 张，正在检查", "{n} uploaded, being inspected")
    return answer_outcomes(
        request, outcomes or [refused("file_missing")], done=words, to="listing-product", args=(product_id,)
    )
