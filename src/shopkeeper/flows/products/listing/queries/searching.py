"""SKUs by name, code, barcode or pinyin initials: for the service desk, the palette, and whoever picks goods."""

from django.db.models import Q

from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.listing.queries.facts import SkuFacts, sku_facts_by_id
from shopkeeper.flows.products.listing.rules.searching import asked_grams, folded
from shopkeeper.flows.products.listing.sql import searching as sql


def skus_called(text: str, *, after: int = 0, limit: int = 20) -> list[SkuFacts]:
    """SKUs whose name, specification, code, barcode or initials hold the text, by id; nothing for an empty text."""
    grams = asked_grams(text)
    if not grams:
        return []
    rows = sql.SKUS.rows(grams=grams, searched=folded(text), after=after, limit=limit)
    facts = sku_facts_by_id([row.id for row in rows])
    return [facts[row.id] for row in rows]


def sku_id_of(code: str) -> int | None:
    """A SKU by its code or barcode."""
    return Sku.objects.filter(Q(code=code) | Q(barcode=code)).values_list("id", flat=True).first()


def sku_choices(text: str, limit: int = 20) -> list[tuple[str, str]]:
    """Codes of SKUs that are sold, with name and specification, for whoever picks one by any of them."""
    text = text.strip()[:60]
    rows = Sku.objects.filter(is_delisted=False)
    if text:
        holds = Q(search_grams__contains=asked_grams(text), search_text__contains=folded(text))
        rows = rows.filter(holds | Q(code__startswith=text) | Q(barcode__startswith=text))
    found = rows.order_by("code").values_list("code", "name", "spec")[:limit]
    return [(code, " · ".join(part for part in (name, spec, code) if part)) for code, name, spec in found]
