"""The audit of stock: whether balances, lots, promises and the ledger say the same, and nothing is oversold."""

from dataclasses import asdict

from django.db.models import Sum

from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.stock.models import Stock
from shopkeeper.flows.products.stock.sql import receipts


def stock_audit() -> dict[str, int]:
    """How many rows break each rule; all zero in a sound house."""
    row = receipts.AUDIT.first()
    assert row is not None
    return asdict(row)


def sku_facts(after: int = 0, limit: int = 1_000) -> list[dict[str, object]]:
    """SKUs by id, after a given one, with what is on hand and promised in all warehouses."""
    rows = Sku.objects.filter(id__gt=after).order_by("id")[:limit]
    balances = {
        row["sku_id"]: row
        for row in Stock.objects.filter(sku__in=[sku.pk for sku in rows])
        .values("sku_id")
        .annotate(on_hand_total=Sum("on_hand"), promised_total=Sum("promised"))
    }
    nothing = {"on_hand_total": 0, "promised_total": 0}
    return [
        {
            "id": sku.pk,
            "code": sku.code,
            "barcode": sku.barcode,
            "on_hand": balances.get(sku.pk, nothing)["on_hand_total"],
            "promised": balances.get(sku.pk, nothing)["promised_total"],
        }
        for sku in rows
    ]
