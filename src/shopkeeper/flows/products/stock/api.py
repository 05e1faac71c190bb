"""G6: what a program can read of stock."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries import levels as queries
from shopkeeper.flows.products.stock.queries.audit import stock_audit
from shopkeeper.foundation.actor import Actor
from shopkeeper.web.visitor import program

router = Router()
PAGE_MAX = 200


class LevelAnswer(Schema):
    id: int
    sku_id: int
    code: str
    barcode: str
    name: str
    spec: str
    warehouse_id: int
    warehouse: str
    on_hand: int
    promised: int
    free: int
    quarantined: int


class LevelPage(Schema):
    rows: list[LevelAnswer]
    next: str | None


class StockAudit(Schema):
    oversold: int
    balance_unlike_lots: int
    balance_unlike_promises: int
    lots_unlike_allotments: int
    balance_unlike_ledger: int


def _viewer(request: HttpRequest) -> Actor:
    return program(request, Permission.STOCK_VIEW)


@router.get("/levels", response=LevelPage)
def levels(request: HttpRequest, tab: str = "all", q: str = "", after: str = "", limit: int = 50) -> dict[str, Any]:
    """Balances of the caller's warehouses; `next` is the key of the following page."""
    size = max(1, min(limit, PAGE_MAX))
    key = int(after) if after.isdigit() else 0
    rows = queries.levels(_viewer(request), tab=tab, text=q, after=key, limit=size)
    return {"rows": [asdict(row) for row in rows], "next": str(rows[-1].id) if len(rows) == size else None}


@router.get("/audit", response=StockAudit)
def audit(request: HttpRequest) -> dict[str, int]:
    """How many balances disagree with lots, promises or the ledger; all zero is right."""
    _viewer(request)
    return stock_audit()
