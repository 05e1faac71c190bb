"""P2.1: products and SKUs that a file names become ours, so that the orders in it can be matched."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing.models import Product, Sku
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.rules.searching import search_fields
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

CODE_MAX = 60


@dataclass(frozen=True, slots=True)
class ImportSku:
    """A product with one variant. Weight in grams; prices stay open until somebody sets them."""

    code: str
    name: str
    category: str = ""
    weight_g: int = 0
    currency: str = "CNY"


@command(clause="P2.1", permission=Permission.SKU_IMPORT, scope=EVERYWHERE)
def import_skus(step: Step, items: Sequence[ImportSku]) -> list[Outcome]:
    """Make products and SKUs that are not there; a known code is unchanged. They are sold, so they count as approved.

    Refused: sku_code_unreadable.
    """
    readable = [item for item in items if 0 < len(item.code.strip()) <= CODE_MAX]
    known = set(Sku.objects.filter(code__in=[item.code for item in readable]).values_list("code", flat=True))
    fresh = {item.code: item for item in readable if item.code not in known}
    if fresh:
        _make(fresh)
    answered: set[str] = set()
    outcomes = []
    for item in items:
        if not 0 < len(item.code.strip()) <= CODE_MAX:
            outcomes.append(refused("sku_code_unreadable"))
            continue
        outcomes.append(done() if item.code in fresh and item.code not in answered else unchanged())
        answered.add(item.code)
    return outcomes


def _make(fresh: dict[str, ImportSku]) -> None:
    """Insert in key order; somebody else may make the same at this moment, then theirs stays."""
    codes = sorted(fresh)
    Product.objects.bulk_create(
        [
            Product(
                code=code,
                title=fresh[code].name[:200],
                category=fresh[code].category[:100],
                search_text=text,
                search_grams=pieces,
            )
            for code in codes
            for text, pieces in [search_fields(fresh[code].name[:200], code)]
        ],
        ignore_conflicts=True,
    )
    products = dict(Product.objects.filter(code__in=codes).values_list("code", "id"))
    Sku.objects.bulk_create(
        [
            Sku(
                product_id=products[code],
                code=code,
                barcode=code,
                name=fresh[code].name[:200],
                weight_g=max(0, fresh[code].weight_g),
                currency=fresh[code].currency,
                search_text=text,
                search_grams=pieces,
            )
            for code in codes
            for text, pieces in [search_fields(fresh[code].name[:200], code)]
        ],
        ignore_conflicts=True,
    )
