"""Files of materials (M2.1) as they are shown, two versions side by side, and a shop's brand colours."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.launch.commands.set_brand import SetBrand, set_brands
from shopkeeper.flows.marketing.launch.pages.material_parts import versions_of
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.queries.materials import brands_of, material_record, version_file
from shopkeeper.flows.marketing.launch.words import KINDS
from shopkeeper.flows.products.listing.rules.pictures import thumbnail
from shopkeeper.foundation.files import MEDIA_TYPES, kept_files, sniff
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

FOR_A_YEAR = "private, max-age=31536000, immutable"
HEAD = 4_096


@page(
    "materials/<int:material_id>/<int:number>/file/",
    name="launch-file",
    clause="M2.1",
    permission=Permission.MATERIAL_VIEW,
)
def file(request: HttpRequest, material_id: int, number: int) -> HttpResponse:
    """A version's file, with the type its content says."""
    content = _content(request, material_id, number)
    kind = sniff(content[:HEAD])
    if kind is None:
        raise Http404
    headers = {"Cache-Control": FOR_A_YEAR, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=MEDIA_TYPES[kind], headers=headers)


@page(
    "materials/<int:material_id>/<int:number>/small/",
    name="launch-small",
    clause="M2.1",
    permission=Permission.MATERIAL_VIEW,
)
def small(request: HttpRequest, material_id: int, number: int) -> HttpResponse:
    """A small copy for lists; what is no picture has none."""
    copy = thumbnail(_content(request, material_id, number), 320)
    if copy is None:
        raise Http404
    return HttpResponse(copy, content_type="image/jpeg", headers={"Cache-Control": FOR_A_YEAR})


def _content(request: Any, material_id: int, number: int) -> bytes:
    found = version_file(request.actor, material_id, number)
    if found is None:
        raise Http404
    try:
        return kept_files().path(found[0]).read_bytes()
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error


@page("materials/<int:material_id>/compare/", name="launch-compare", clause="M2.1", permission=Permission.MATERIAL_VIEW)
def compare(request: Request, material_id: int) -> HttpResponse:
    """Two versions side by side: the newest and the one before, or those named in the address."""
    found = material_record(request.actor, material_id)
    if found is None or len(found.versions) < 2:
        raise Http404
    shown = {str(one.row.number): one for one in versions_of(found)}
    newest = found.versions[0].number
    left = shown.get(request.GET.get("left", ""), shown[str(newest - 1)])
    right = shown.get(request.GET.get("right", ""), shown[str(newest)])
    view = {
        "title": T("版本对比", "Versions compared"),
        "row": found.row,
        "kind": KINDS[found.row.kind],
        "pair": [left, right],
        "choices": sorted(shown, key=int),
        "left": left.row.number,
        "right": right.row.number,
    }
    return render_page(request, "launch/compare.html", view)


@page(
    "brand/",
    name="launch-brand",
    clause="M2.1",
    permission=Permission.BRAND_SET,
    methods=("GET", "POST"),
    menu=MenuEntry(T("品牌色", "Brand colours"), section="marketing", order=35),
)
def brand(request: Request) -> HttpResponse:
    """The brand colours that posters are held against."""
    brands = brands_of(request.actor)
    chosen = request.POST.get("shop_id") or request.GET.get("shop", "") or (str(brands[0].shop_id) if brands else "")
    own = next((one for one in brands if str(one.shop_id) == chosen), None)
    state: FormState[Any] = FormState(values={"shop_id": chosen, "colours": "\n".join(own.colours) if own else ""})
    if request.method == "POST":
        typed = request.POST.get("colours", "")[:1_000]
        state.values["colours"] = typed
        if own is None:
            raise Http404
        outcomes = run_once(request, set_brands, [SetBrand(own.shop_id, tuple(typed.split()))])
        if outcomes[0].ok:
            words = T("品牌色已保存，之后的海报按它检查", "Saved; posters are held against these colours from now on")
            return answer_outcomes(request, outcomes, done=words, to="launch-materials")
        state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {
        "title": T("品牌色", "Brand colours"),
        "state": state,
        "brands": brands,
        "shops": [(str(one.shop_id), one.shop) for one in brands],
        "cancel_url": reverse("launch-materials"),
    }
    return render_page(request, "launch/brand.html", view, status=422 if state.errors else 200)
