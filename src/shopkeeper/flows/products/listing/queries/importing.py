"""What an import asks: which products a file names, where its categories lead, how an import stands; and its export."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from shopkeeper.flows.products.listing.models import Category, Product, ProductImport
from shopkeeper.flows.products.listing.queries.checking import findings_of
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, SkuFacts, product_facts
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.rules.tree import Node, Tree
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.flows.products.listing.states import ImportState
from shopkeeper.foundation.actor import Actor
from shopkeeper.sop.policy import Policies

PIECE = 500


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import as its owner looks at it."""

    id: int
    state: str
    digest: str
    shown_name: str
    is_dry_run: bool
    asked_by: int
    asked_at: datetime
    done_count: int
    result: dict[str, Any]
    failures_digest: str

    @property
    def is_over(self) -> bool:
        return self.state in (ImportState.DONE, ImportState.FAILED)


def import_to_run(import_id: int) -> ImportView | None:
    """An import for the worker."""
    row = ProductImport.objects.filter(id=import_id).first()
    return _view(row) if row else None


def import_of(viewer: Actor, import_id: int) -> ImportView | None:
    """One's own import."""
    row = ProductImport.objects.filter(id=import_id, asked_by=viewer.id).first()
    return _view(row) if row else None


def imports_of(viewer: Actor, limit: int = 8) -> list[ImportView]:
    """One's own imports, newest first."""
    return [_view(row) for row in ProductImport.objects.filter(asked_by=viewer.id).order_by("-id")[:limit]]


def known_products(codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Id and version of the products that are there, by code."""
    rows = Product.objects.filter(code__in=list(codes)).values_list("code", "id", "version")
    return {code: (product_id, version) for code, product_id, version in rows}


def living_tree() -> Tree:
    """The tree as a file's paths are looked up in it."""
    rows = Category.objects.order_by("level", "id").values_list("id", "parent_id", "level", "name", "is_retired")
    return Tree(Node(*row) for row in rows)


def text_findings(product_ids: Sequence[int], policies: Policies) -> dict[int, list[Finding]]:
    """What the checks say of these products, pictures aside."""
    rows = sql.AS_STANDING.rows(ids=list(product_ids))
    return {
        product_id: [f for f in findings if f.place != "images"]
        for product_id, findings in findings_of(rows, policies).items()
    }


def products_with_skus(ids: Iterable[int]) -> Iterator[tuple[ProductFacts, SkuFacts | None]]:
    """Products with their variants, a row each, as the table of products has them; read by pieces."""
    walk = iter(ids)
    while some := list(islice(walk, PIECE)):
        for facts in product_facts(some).values():
            for sku in facts.skus or (None,):
                yield facts, sku


def _view(row: ProductImport) -> ImportView:
    return ImportView(**{name: getattr(row, name) for name in ImportView.__dataclass_fields__})
