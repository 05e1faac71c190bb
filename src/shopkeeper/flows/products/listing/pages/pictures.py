"""P2.2: the verdicts on pictures: the list, one picture with everything measured, its file and a small copy."""

from typing import BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.flows.products.listing.commands.arrange_images import (
    OrderImages,
    RemoveImage,
    order_images,
    remove_images,
)
from shopkeeper.flows.products.listing.commands.attach_images import AttachImage, attach_images
from shopkeeper.flows.products.listing.commands.inspect_images import InspectImage, inspect_images
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.checking import thresholds
from shopkeeper.flows.products.listing.queries.facts import product_facts
from shopkeeper.flows.products.listing.queries.images import (
    PictureRow,
    matching_pictures,
    picture,
    pictures_page,
    verdict_counts,
)
from shopkeeper.flows.products.listing.rules.pictures import measures_of, thumbnail
from shopkeeper.flows.products.listing.states import ImageRole, ImageVerdict
from shopkeeper.flows.products.listing.words import ROLES
from shopkeeper.foundation.files import IMAGES, MEDIA_TYPES, FileRefused, kept_files, sniff
from shopkeeper.shared.outcomes import refused
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.labels import error_text
from shopkeeper.web.listing import BulkAction, Column, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, RecordHead, render_record
from shopkeeper.web.toasts import Toast, keep

FOR_A_YEAR = "private, max-age=31536000, immutable"
PICTURES = Listing(
    key="pictures",
    title=T("图片检查", "Picture inspection"),
    clause="P2.2",
    record="listing-image",
    columns=(
        Column("picture", T("图片", "Picture"), always=True),
        Column("verdict", T("结论", "Verdict")),
        Column("findings", T("问题", "Findings")),
        Column("size", T("像素", "Pixels"), align="end"),
        Column("sharpness", T("清晰度", "Sharpness"), align="end"),
        Column("white", T("边框白色", "White border"), align="end"),
        Column("added", T("上传", "Uploaded")),
        Column("due", T("更换时限", "Replace by")),
    ),
    tabs=(
        Tab("failed", T("不合格", "Failed"), tone="red"),
        Tab("waiting", T("检查中", "Inspecting"), tone="blue"),
        Tab("passed", T("合格", "Passed"), tone="green", counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    search=T("商品编码", "Product code"),
    bulk=(BulkAction("inspect", T("重新检查", "Inspect again"), url="listing-inspect", primary=True, icon="reload"),),
    live="listing",
)


@page(
    "images/",
    name="listing-images",
    clause="P2.2",
    permission=Permission.PRODUCT_VIEW,
    menu=MenuEntry(T("图片检查", "Pictures"), section="products", order=24),
)
def pictures(request: Request) -> HttpResponse:
    asked = PICTURES.read(request)
    if asked.counting:
        return PICTURES.counters(request, verdict_counts())
    after = asked.after_id or 0
    verdict = "" if asked.tab == "all" else asked.tab
    rows, next_key = pictures_page(verdict, asked.text[:60], after=after, limit=asked.limit)
    return PICTURES.render(request, asked, "listing/pictures.html", rows=rows, next_key=next_key, roles=ROLES)


@page("images/inspect/", name="listing-inspect", clause="P2.2", permission=Permission.IMAGE_EDIT, methods=("POST",))
def inspect(request: Request) -> HttpResponse:
    """Have the chosen pictures measured once more; in the background."""
    chosen = PICTURES.chosen(request)
    ids = chosen.ids
    if chosen.all_matching:
        verdict = "" if chosen.asked.tab == "all" else chosen.asked.tab
        ids = matching_pictures(verdict, chosen.asked.text[:60])
    outcomes = run_once(request, inspect_images, [InspectImage(i) for i in ids])
    return answer_outcomes(
        request, outcomes, done=T("{n} 张开始重新检查", "{n:# picture is|# pictures are} inspected again")
    )


def _found(image_id: int) -> PictureRow:
    found = picture(image_id)
    if found is None:
        raise Http404
    return found


@page("images/<int:image_id>/", name="listing-image", clause="P2.2", permission=Permission.PRODUCT_VIEW)
def one(request: Request, image_id: int) -> HttpResponse:
    """One picture: what was measured, against which limit, and what to do."""
    found = _found(image_id)
    may = request.actor.may(Permission.IMAGE_EDIT)
    ids = {"ids": found.id}
    again = Action(T("重新检查", "Inspect again"), reverse("listing-inspect"), ids, icon="reload")
    remove = Action(T("删除图片", "Remove"), reverse("listing-remove-image", args=[found.id]), icon="trash", tone="red")
    main = Action(T("设为主图", "Make it the main image"), reverse("listing-main-image", args=[found.id]), icon="star")
    replace = Action(T("更换图片", "Replace it"), "#replace-file", method="get", icon="upload")
    has_failed = found.verdict == ImageVerdict.FAILED
    secondary = (*((again,) if has_failed else ()), *((main,) if found.role == ImageRole.GALLERY else ()))
    first = Action(T("排到最前", "Put it first"), reverse("listing-first-image", args=[found.id]), icon="chevron-up")
    head = RecordHead(
        title=ROLES[found.role],
        number=found.product_code,
        back="listing-images",
        state=ImageVerdict(found.verdict),
        clause="P2.2",
        due_at=found.due_at,
        primary=(replace if has_failed else again) if may else None,
        secondary=secondary if may else (),
        more=(first, remove) if may else (),
    )
    measures = measures_of(found.measures) if found.inspected_at else None
    return render_record(
        request,
        "listing/picture.html",
        head,
        live="listing",
        found=found,
        measures=measures,
        limits=thresholds(read_policies()),
        is_main=found.role == ImageRole.MAIN,
        may_replace=may,
        has_failed=has_failed,
        role=ROLES[found.role],
    )


@page(
    "images/<int:image_id>/replace/",
    name="listing-replace-image",
    clause="P2.2",
    permission=Permission.IMAGE_EDIT,
    methods=("POST",),
)
def replace(request: Request, image_id: int) -> HttpResponse:
    """A new file takes the picture's role and place; the picture is taken off, and with it its duty to replace it.

    What was done before something came between is found done when the form is sent again.
    """
    found = _found(image_id)
    upload = request.FILES.get("file")
    outcome, here = refused("file_missing"), reverse("listing-image", args=[image_id])
    if upload is not None:
        try:
            kept = kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", IMAGES)
        except FileRefused as refusal:
            keep(request, [Toast("red", error_text(refusal))])
            return HttpResponseRedirect(here)
        item = AttachImage(found.product_id, kept.digest, ImageRole(found.role), kept.shown_name)
        outcome = run_once(request, attach_images, [item])[0]
    if not outcome.ok or outcome.id is None or outcome.id == image_id:
        return answer_outcomes(request, [outcome], done=T("已更换", "Replaced"), to=here)
    _take_place(request, found, outcome.id)
    removed = run_once(request, remove_images, [RemoveImage(image_id)])
    words = T("已更换，新图片正在检查", "Replaced; the new picture is being inspected")
    return answer_outcomes(request, removed, done=words, to="listing-image", args=(outcome.id,))


def _take_place(request: Request, old: PictureRow, new_id: int) -> None:
    """Put the new picture where the old one stands."""
    facts = product_facts([old.product_id])[old.product_id]
    ids = [image.id for image in sorted(facts.images, key=lambda image: (image.position, image.id))]
    if new_id in ids and old.id in ids:
        ids.remove(new_id)
        ids.insert(ids.index(old.id), new_id)
        run_once(request, order_images, [OrderImages(old.product_id, tuple(ids))])


@page(
    "images/<int:image_id>/remove/",
    name="listing-remove-image",
    clause="P2.2",
    permission=Permission.IMAGE_EDIT,
    methods=("POST",),
)
def remove(request: Request, image_id: int) -> HttpResponse:
    product_id = _found(image_id).product_id
    outcomes = run_once(request, remove_images, [RemoveImage(image_id)])
    words = T("图片已删除", "Picture removed")
    return answer_outcomes(request, outcomes, done=words, to="listing-product", args=(product_id,))


@page(
    "images/<int:image_id>/main/",
    name="listing-main-image",
    clause="P2.2",
    permission=Permission.IMAGE_EDIT,
    methods=("POST",),
)
def make_main(request: Request, image_id: int) -> HttpResponse:
    """The picture becomes the main one; the one before goes to the gallery."""
    found = _found(image_id)
    item = AttachImage(found.product_id, found.digest, ImageRole.MAIN, found.shown_name)
    outcomes = run_once(request, attach_images, [item])
    return answer_outcomes(request, outcomes, done=T("已设为主图，按主图重新检查", "It is the main image now"))


@page(
    "images/<int:image_id>/first/",
    name="listing-first-image",
    clause="P2.2",
    permission=Permission.IMAGE_EDIT,
    methods=("POST",),
)
def put_first(request: Request, image_id: int) -> HttpResponse:
    """The picture stands before the others of its product."""
    found = _found(image_id)
    facts = product_facts([found.product_id])[found.product_id]
    ordered = sorted(facts.images, key=lambda image: (image.position, image.id))
    ids = (image_id, *(image.id for image in ordered if image.id != image_id))
    outcomes = run_once(request, order_images, [OrderImages(found.product_id, ids)])
    return answer_outcomes(request, outcomes, done=T("已排到最前", "It stands first now"))


@page("images/<int:image_id>/file/", name="listing-image-file", clause="P2.2", permission=Permission.PRODUCT_VIEW)
def file(request: HttpRequest, image_id: int) -> HttpResponse:
    """The picture itself, with the type its content says."""
    content = _content(_found(image_id).digest)
    kind = sniff(content[:64])
    if kind is None:
        raise Http404
    headers = {"Cache-Control": FOR_A_YEAR, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=MEDIA_TYPES[kind], headers=headers)


@page("images/<int:image_id>/small/", name="listing-image-small", clause="P2.2", permission=Permission.PRODUCT_VIEW)
def small(request: HttpRequest, image_id: int) -> HttpResponse:
    """A small copy for lists; a picture that does not open has none."""
    found = _found(image_id)
    copy = thumbnail(_content(found.digest))
    if copy is None:
        raise Http404
    return HttpResponse(copy, content_type="image/jpeg", headers={"Cache-Control": FOR_A_YEAR})


def _content(digest: str) -> bytes:
    try:
        return kept_files().path(digest).read_bytes()
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
