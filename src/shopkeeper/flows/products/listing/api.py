"""G6: what a program can read of products, and how it hands in files; commands are served from the registry."""

from dataclasses import asdict
from typing import Annotated, Any, BinaryIO, cast

from django.http import Http404, HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile
from pydantic import Field

from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.categories import category_roots
from shopkeeper.flows.products.listing.queries.facts import ImageFacts, SkuFacts
from shopkeeper.flows.products.listing.queries.images import PictureRow, pictures_page
from shopkeeper.flows.products.listing.queries.importing import import_of
from shopkeeper.flows.products.listing.queries.lists import ProductFilter, products_page
from shopkeeper.flows.products.listing.queries.record import product_record
from shopkeeper.flows.products.listing.queries.saying import said
from shopkeeper.flows.products.listing.queries.searching import skus_called
from shopkeeper.flows.products.listing.rules.findings import Finding, revived
from shopkeeper.flows.products.listing.schemas import (
    CategoryOut,
    FileOut,
    ImageOut,
    ImportOut,
    Page,
    ProductOut,
    ProductRecordOut,
    SkuOut,
)
from shopkeeper.flows.products.listing.states import ImageVerdict, ProductState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.files import IMAGES, TABLES, kept_files
from shopkeeper.web.visitor import program

router = Router()
MOST_ROWS = 200
Searched = Annotated[str, Field(max_length=200)]


def _viewer(request: HttpRequest) -> Actor:
    return program(request, Permission.PRODUCT_VIEW)


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@router.get("/products", response=Page[ProductOut], summary="P2.1 Products, newest first")
def products(
    request: HttpRequest,
    state: str = "",
    q: Searched = "",
    tag: str = "",
    category: int | None = None,
    after: str = "",
    limit: int = 50,
) -> Any:
    """One page. `q` finds title, code, barcode and pinyin initials; `category` takes in all leaves below it."""
    _viewer(request)
    wanted = ProductFilter(state if state in set(ProductState) else "", q, (), tag[:20], category)
    rows, key = products_page(wanted, after=_key(after), limit=max(1, min(limit, MOST_ROWS)))
    return {"rows": rows, "next": key}


@router.get("/products/{int:product_id}", response=ProductRecordOut, summary="P2.1 One product with its checks")
def product(request: HttpRequest, product_id: int) -> Any:
    viewer = _viewer(request)
    found = product_record(product_id)
    if found is None:
        raise Http404
    facts = found.facts
    own = {name: getattr(facts, name) for name in facts.__dataclass_fields__}
    return {
        **own,
        "leaf_id": facts.category.id if facts.category else None,
        "category": facts.category.names if facts.category else (),
        "due_at": found.due_at,
        "review_reason": found.review_reason,
        "review_findings": found.review_findings,
        "skus": [_sku(sku, viewer) for sku in facts.skus],
        "images": [_image(image) for image in facts.images],
        "findings": [_finding(finding) for finding in found.findings],
    }


def _sku(sku: SkuFacts, viewer: Actor) -> dict[str, Any]:
    cost = sku.cost_minor if viewer.may(Permission.PRODUCT_EDIT) else None
    return {**asdict(sku), "cost_minor": cost}


def _image(image: ImageFacts | PictureRow) -> dict[str, Any]:
    own = {name: getattr(image, name) for name in ImageOut.model_fields}
    return {**own, "findings": [_finding(revived(plain)) for plain in image.findings]}


def _finding(finding: Finding) -> dict[str, Any]:
    reason, remedy = said(finding)
    return {**finding.plain(), "reason": reason.both(), "remedy": remedy.both()}


@router.get("/skus", response=Page[SkuOut], summary="P2.1 SKUs by name, code, barcode or pinyin initials")
def skus(request: HttpRequest, q: Searched, after: str = "", limit: int = 20) -> Any:
    viewer, size = _viewer(request), max(1, min(limit, MOST_ROWS))
    rows = skus_called(q, after=_key(after), limit=size + 1)
    key = str(rows[size - 1].id) if len(rows) > size else ""
    return {"rows": [_sku(sku, viewer) for sku in rows[:size]], "next": key}


@router.get("/categories", response=list[CategoryOut], summary="P2.3 The category tree")
def categories(request: HttpRequest) -> Any:
    _viewer(request)
    return category_roots()


@router.get("/images", response=Page[ImageOut], summary="P2.2 Pictures with their verdicts, newest first")
def images(request: HttpRequest, verdict: str = "", q: Searched = "", after: str = "", limit: int = 50) -> Any:
    """One page; `q` is the beginning of a product's code."""
    _viewer(request)
    wanted = verdict if verdict in set(ImageVerdict) else ""
    rows, key = pictures_page(wanted, q, after=_key(after), limit=max(1, min(limit, MOST_ROWS)))
    return {"rows": [_image(row) for row in rows], "next": key}


@router.get("/imports/{int:import_id}", response=ImportOut, summary="P2.1 One's own import of products")
def one_import(request: HttpRequest, import_id: int) -> Any:
    found = import_of(program(request, Permission.PRODUCT_EDIT), import_id)
    if found is None:
        raise Http404
    return found


@router.post("/pictures", response=FileOut, summary="P2.2 Hand in a picture file, to be attached by its digest")
def hand_in_picture(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """PNG or JPEG by its content, whatever it is called; anything else is refused and not kept."""
    program(request, Permission.IMAGE_EDIT)
    return kept_files().keep(cast("BinaryIO", file.file), file.name or "", IMAGES)


@router.post("/tables", response=FileOut, summary="P2.1 Hand in a table of products, to be imported by its digest")
def hand_in_table(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """CSV or XLSX by its content."""
    program(request, Permission.PRODUCT_EDIT)
    return kept_files().keep(cast("BinaryIO", file.file), file.name or "", TABLES)
