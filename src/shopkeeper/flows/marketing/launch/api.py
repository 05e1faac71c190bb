"""The program's door to materials and gates: files and reads; every command has its own address besides."""

from dataclasses import asdict
from typing import Any, BinaryIO, cast

from django.http import Http404, HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile

from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.queries.arithmetic import Light, lights_of
from shopkeeper.flows.marketing.launch.queries.gates import (
    GateFilter,
    GateRow,
    gate_of_campaign,
    gate_record,
    gates_page,
)
from shopkeeper.flows.marketing.launch.queries.materials import (
    MaterialFilter,
    VersionRow,
    brands_of,
    material_record,
    materials_page,
)
from shopkeeper.flows.marketing.launch.queries.saying import said
from shopkeeper.flows.marketing.launch.schemas import (
    BrandAnswer,
    FileAnswer,
    GateDetail,
    Gates,
    MaterialDetail,
    Materials,
)
from shopkeeper.foundation.files import FILMS, IMAGES, kept_files
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


@router.post("/files", response=FileAnswer, operation_id="keep_material_file")
def keep_file(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """M2.1 A poster (JPEG, PNG) or film (MP4): judged by its content, kept. Its digest goes into `add_version`."""
    program(request, Permission.MATERIAL_MAKE)
    kept = kept_files().keep(cast("BinaryIO", file.file), file.name or "", IMAGES | FILMS)
    return {"digest": kept.digest, "size": kept.size, "kind": kept.kind}


@router.get("/materials", response=Materials, operation_id="list_materials")
def materials(
    request: HttpRequest,
    tab: str = "",
    campaign_id: int | None = None,
    shop_id: int | None = None,
    kind: str = "",
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Materials, newest first; `tab` is in_review, to_make, checking, approved or empty for all."""
    viewer = program(request, Permission.MATERIAL_VIEW)
    wanted = MaterialFilter(tab=tab, shop_id=shop_id, kind=kind, campaign_id=campaign_id)
    rows, next_key = materials_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/materials/{int:material_id}", response=MaterialDetail, operation_id="get_material")
def material(request: HttpRequest, material_id: int) -> dict[str, Any]:
    """One material with its versions, newest first: what was measured, found and decided; where it is used."""
    found = material_record(program(request, Permission.MATERIAL_VIEW), material_id)
    if found is None:
        raise Http404
    return {
        **asdict(found.row),
        "versions": [_version(version) for version in found.versions],
        "uses": [asdict(use) for use in found.uses],
    }


def _version(version: VersionRow) -> dict[str, Any]:
    findings = []
    for one in version.findings:
        reason, remedy = said(one)
        findings.append({**one.plain(), "reason": reason.both(), "remedy": remedy.both()})
    names = ("number", "digest", "text", "note", "verdict", "measures", "made_at", "checked_at", "decided_at",
             "is_approved", "decision_reason")  # fmt: skip
    return {**{name: getattr(version, name) for name in names}, "findings": findings}


@router.get("/brands", response=list[BrandAnswer], operation_id="list_brand_colours")
def brands(request: HttpRequest) -> list[dict[str, Any]]:
    """The brand colours of the viewer's shops."""
    return [asdict(row) for row in brands_of(program(request, Permission.MATERIAL_VIEW))]


@router.get("/gates", response=Gates, operation_id="list_gates")
def gates(
    request: HttpRequest, tab: str = "", shop_id: int | None = None, after: int | None = None, limit: int = 50
) -> dict[str, Any]:
    """Gates of campaigns, newest first; `tab` is to_test, red, passed, closed or empty for all."""
    viewer = program(request, Permission.GATE_VIEW)
    wanted = GateFilter(tab=tab, shop_id=shop_id)
    rows, next_key = gates_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_gate(row) for row in rows], "next": next_key}


@router.get("/gates/{int:gate_id}", response=GateDetail, operation_id="get_gate")
def gate(request: HttpRequest, gate_id: int) -> dict[str, Any]:
    """One gate: every check of its newest run with its arithmetic, what to do where it is red; the examples."""
    viewer = program(request, Permission.GATE_VIEW)
    found = gate_record(viewer, gate_id)
    if found is None:
        raise Http404
    examples = [
        {
            **asdict(one),
            "lines": [{"sku": sku, "quantity": count, "paid_minor": paid} for sku, count, paid in one.lines],
        }
        for one in found.examples
    ]
    checks = [{**_light(one), "facts": found.checks[one.key].facts if one.verdict else {}} for one in lights_of(found)]
    return {**_gate(found.row), "has_changed": found.has_changed, "examples": examples, "checks": checks}


@router.get("/campaigns/{int:campaign_id}/gate", response=GateDetail, operation_id="get_gate_of_campaign")
def gate_by_campaign(request: HttpRequest, campaign_id: int) -> dict[str, Any]:
    """The gate of a campaign."""
    gate_id = gate_of_campaign(program(request, Permission.GATE_VIEW), campaign_id)
    if gate_id is None:
        raise Http404
    return gate(request, gate_id)


def _gate(row: GateRow) -> dict[str, Any]:
    return {**asdict(row), "red": row.red}


def _light(light: Light) -> dict[str, Any]:
    return {
        "key": light.key,
        "verdict": light.verdict,
        "name": light.name.both(),
        "says": light.says.both(),
        "remedy": light.remedy.both() if light.remedy else None,
        "lines": [
            {
                "name": line.name,
                "says": line.says.both(),
                "why": line.why.both() if line.why else None,
                "ok": line.ok,
            }
            for line in light.lines
        ],
    }
