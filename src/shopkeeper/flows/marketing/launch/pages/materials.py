"""Pages of materials (M2.1): the list, a brief, one material with its versions, what is decided, where it is used."""

from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.queries.campaigns import campaigns_in
from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.flows.marketing.launch.commands.add_version import AddVersion, add_version
from shopkeeper.flows.marketing.launch.commands.decide_materials import (
    ApproveMaterial,
    ReturnMaterial,
    approve_materials,
    return_materials,
)
from shopkeeper.flows.marketing.launch.commands.use_material import UseMaterial, use_materials
from shopkeeper.flows.marketing.launch.commands.write_brief import DropMaterial, drop_materials, write_brief
from shopkeeper.flows.marketing.launch.forms import read_brief
from shopkeeper.flows.marketing.launch.pages.material_parts import (
    WHY_APPROVE,
    WHY_RETURN,
    head_of,
    timeline_of,
    versions_of,
)
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.queries.materials import (
    MaterialFilter,
    MaterialRecord,
    brands_of,
    material_counts,
    material_record,
    materials_page,
)
from shopkeeper.flows.marketing.launch.states import MaterialState, Verdict
from shopkeeper.flows.marketing.launch.words import KINDS
from shopkeeper.foundation.files import FILMS, IMAGES, FileRefused, kept_files
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import error_text, outcome_text
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import render_record
from shopkeeper.web.toasts import Toast, keep

PLANNABLE = (CampaignState.IDEA, CampaignState.PLANNED, CampaignState.IN_REVIEW, CampaignState.APPROVED,
             CampaignState.LIVE)  # fmt: skip
MATERIALS = Listing(
    key="materials",
    title=T("活动素材", "Materials"),
    clause="M2.1",
    record="launch-material",
    columns=(
        Column("title", T("素材", "Material"), always=True),
        Column("state", T("状态", "State")),
        Column("campaign", T("活动", "Campaign")),
        Column("size", T("尺寸", "Size")),
        Column("version", T("版本", "Version"), align="end"),
        Column("findings", T("检查", "Checks")),
        Column("shop", T("店铺", "Shop")),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("in_review", T("待审核", "In review"), tone="amber"),
        Tab("to_make", T("待制作", "To make"), tone="blue"),
        Tab("checking", T("检查中", "Being checked")),
        Tab("approved", T("已通过", "Approved"), tone="green", counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("kind", T("类型", "Kind"), choices=tuple(KINDS.items())),
    ),
    search=T("素材或活动名称", "Material or campaign"),
    bulk=(
        BulkAction("approve", T("通过", "Approve"), url="launch-approve", primary=True, icon="check", ask=WHY_APPROVE),
        BulkAction("return", T("退回", "Return"), url="launch-return", icon="arrow-back", ask=WHY_RETURN),
    ),
    live="launch",
    arrivals="launch.material_briefed",
)


def _wanted(asked: ListQuery) -> MaterialFilter:
    shop = str(asked.filters.get("shop", ""))
    return MaterialFilter(
        tab=asked.tab,
        text=asked.text[:80],
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
        kind=str(asked.filters.get("kind", "")),
    )


@page(
    "materials/",
    name="launch-materials",
    clause="M2.1",
    permission=Permission.MATERIAL_VIEW,
    menu=MenuEntry(T("活动素材", "Materials"), section="marketing", order=34),
)
def materials(request: Request) -> HttpResponse:
    asked = MATERIALS.read(request)
    if asked.counting:
        return MATERIALS.counters(request, material_counts(request.actor))
    rows, next_key = materials_page(request.actor, _wanted(asked), after=asked.after_id, limit=asked.limit)
    return MATERIALS.render(
        request,
        asked,
        "launch/materials.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": [(str(one.shop_id), one.shop) for one in brands_of(request.actor)]},
        kinds=KINDS,
        may_brief=request.actor.may(Permission.MATERIAL_BRIEF),
        may_brand=request.actor.may(Permission.BRAND_SET),
    )


@page(
    "materials/new/", name="launch-brief", clause="M2.1", permission=Permission.MATERIAL_BRIEF, methods=("GET", "POST")
)
def new(request: Request) -> HttpResponse:
    """Ask for a material of a campaign."""
    campaigns = [(str(one.id), f"{one.name} · {one.code}") for one in campaigns_in(request.actor.shops, *PLANNABLE)]
    state: FormState[Any] = FormState(values={"campaign_id": request.GET.get("campaign", ""), "kind": "poster"})
    if request.method == "POST":
        state = read_brief(request.POST, {key for key, _ in campaigns})
        if state.item is not None:
            outcomes = run_once(request, write_brief, [state.item])
            if outcomes[0].ok:
                words = T("已交给设计", "It is with design now")
                return answer_outcomes(request, outcomes, done=words, to="launch-material", args=(outcomes[0].id,))
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {
        "title": T("提素材要求", "Ask for a material"),
        "state": state,
        "campaigns": campaigns,
        "kinds": list(KINDS.items()),
        "cancel_url": reverse("launch-materials"),
    }
    return render_page(request, "launch/brief.html", view, status=422 if state.errors else 200)


@page("materials/approve/", name="launch-approve", clause="M2.1", permission=Permission.MATERIAL_APPROVE,
      methods=("POST",))  # fmt: skip
def approve(request: Request) -> HttpResponse:
    """Approve what is in review; one's own is refused."""
    chosen = MATERIALS.chosen(request)
    outcomes = run_once(request, approve_materials, [ApproveMaterial(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已通过 {n} 件素材", "{n:# material|# materials} approved"))


@page("materials/return/", name="launch-return", clause="M2.1", permission=Permission.MATERIAL_APPROVE,
      methods=("POST",))  # fmt: skip
def return_(request: Request) -> HttpResponse:
    """Return what is in review, with what is to change."""
    chosen = MATERIALS.chosen(request)
    outcomes = run_once(request, return_materials, [ReturnMaterial(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已退回 {n} 件素材", "{n:# material|# materials} returned"))


@page("materials/drop/", name="launch-drop", clause="M2.1", permission=Permission.MATERIAL_BRIEF, methods=("POST",))
def drop(request: Request) -> HttpResponse:
    """What is no longer wanted."""
    chosen = MATERIALS.chosen(request)
    outcomes = run_once(request, drop_materials, [DropMaterial(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已取消", "Dropped"))


@page("materials/<int:material_id>/", name="launch-material", clause="M2.1", permission=Permission.MATERIAL_VIEW)
def material(request: Request, material_id: int) -> HttpResponse:
    """One material: its newest version as buyers would see it, what was found, and all versions."""
    return _shown(request, _found(request, material_id))


def _found(request: Request, material_id: int) -> MaterialRecord:
    found = material_record(request.actor, material_id)
    if found is None:
        raise Http404
    return found


def _shown(
    request: Request, found: MaterialRecord, state: FormState[Any] | None = None, use: FormState[Any] | None = None
) -> HttpResponse:
    may, row = request.actor.may, found.row
    is_open = row.state not in (MaterialState.DROPPED, MaterialState.CHECKING)
    versions = versions_of(found)
    text = found.versions[0].text if found.versions else ""  # a copy is changed, not written anew
    return render_record(
        request,
        "launch/material.html",
        head_of(request, found),
        timeline=timeline_of(found),
        live="launch",
        found=found,
        row=row,
        newest=versions[0] if versions else None,
        versions=versions,
        in_use={use.number for use in found.uses},
        kind=KINDS[row.kind],
        is_own=row.state == MaterialState.IN_REVIEW and found.versions[0].made_by == request.actor.id,
        may_make=may(Permission.MATERIAL_MAKE) and is_open,
        may_use=may(Permission.MATERIAL_BRIEF) and row.approved > 0,
        may_brand=may(Permission.BRAND_SET),
        state=state or FormState(values={"text": text}),
        use=use or FormState(values={"channel": row.channel}),
    )


@page("materials/<int:material_id>/versions/", name="launch-add-version", clause="M2.1",
      permission=Permission.MATERIAL_MAKE, methods=("POST",))  # fmt: skip
def add(request: Request, material_id: int) -> HttpResponse:
    """Hand in a version: a file, kept and judged by its content, or a text."""
    found = _found(request, material_id)
    upload, digest, name = request.FILES.get("file"), "", ""
    text, note = request.POST.get("text", "")[:5_000], request.POST.get("note", "")[:300]
    state: FormState[Any] = FormState(values={"text": text, "note": note})
    if upload is not None:
        try:
            kept = kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", IMAGES | FILMS)
        except FileRefused as refusal:
            keep(request, [Toast("red", error_text(refusal, "launch"))])
            return HttpResponseRedirect(reverse("launch-material", args=[material_id]))
        digest, name = kept.digest, kept.shown_name
    outcomes = run_once(request, add_version, [AddVersion(material_id, digest, text, name, note)])
    if not outcomes[0].ok:
        state.errors["file" if found.row.kind != "copy" else "text"] = outcome_text(outcomes[0])
        return _shown(request, found, state)
    return _handed_in(request, outcomes, _found(request, material_id))


def _handed_in(request: Request, outcomes: Sequence[Outcome], found: MaterialRecord) -> HttpResponse:
    """A text has its verdict at once, a file within seconds: said as it is."""
    newest = found.versions[0]
    words = T("第 {number} 版已收下，正在检查", "Version {number} is in and being checked")
    if newest.verdict == Verdict.PASSED:
        words = T("第 {number} 版检查合格，等待审核", "Version {number} passed its checks and waits for review")
    if newest.verdict == Verdict.FAILED and outcomes[0].changed:
        failed = T(
            "第 {number} 版检查不合格，请按检查结果修改后再交",
            "Version {number} failed its checks; mend it and hand it in again",
        )
        keep(request, [Toast("red", failed.format(number=newest.number).text())])
        return HttpResponseRedirect(reverse("launch-material", args=[found.row.id]))
    return answer_outcomes(request, outcomes, done=words, to="launch-material", args=(found.row.id,))


@page("materials/<int:material_id>/use/", name="launch-use", clause="M2.1", permission=Permission.MATERIAL_BRIEF,
      methods=("POST",))  # fmt: skip
def use(request: Request, material_id: int) -> HttpResponse:
    """Note where the approved version is used."""
    found = _found(request, material_id)
    state = read_form(request.POST, UseMaterial, {"material_id": material_id})
    if state.item is not None:
        outcomes = run_once(request, use_materials, [state.item])
        if outcomes[0].ok:
            words = T("已登记使用位置", "Its place is noted")
            return answer_outcomes(request, outcomes, done=words, to="launch-material", args=(material_id,))
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _shown(request, found, use=state)
