"""G6: what a program can read of stock."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries import levels as queries
from shopkeeper.flows.products.stock.queries.audit import stock_audit
from shopkeeper.flows.products.stock.queries.restocking import (
    ReminderFilter,
    reminder_record,
    reminders_page,
    thresholds,
)
from shopkeeper.flows.products.stock.schemas import (
    LevelDetail,
    LevelPage,
    ReminderDetail,
    Reminders,
    StockAudit,
    ThresholdAnswer,
)
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import day_of
from shopkeeper.web.visitor import program

router = Router()
PAGE_MAX = 200


def _viewer(request: HttpRequest) -> Actor:
    return program(request, Permission.STOCK_VIEW)


@router.get("/levels", response=LevelPage)
def levels(request: HttpRequest, tab: str = "all", q: str = "", after: str = "", limit: int = 50) -> dict[str, Any]:
    """Balances of the caller's warehouses; `next` is the key of the following page."""
    size = max(1, min(limit, PAGE_MAX))
    key = int(after) if after.isdecimal() and len(after) < 19 else 0
    rows = queries.levels(_viewer(request), tab=tab, text=q, after=key, limit=size)
    return {"rows": [asdict(row) for row in rows], "next": str(rows[-1].id) if len(rows) == size else None}


@router.get("/levels/{stock_id}", response=LevelDetail, operation_id="get_stock_level")
def level(request: HttpRequest, stock_id: int) -> dict[str, Any]:
    """One balance with its lots; `lots[].id` is what adjust-stock and move-lots take."""
    row = queries.level(_viewer(request), stock_id)
    if row is None:
        raise Http404
    return {**asdict(row), "lots": [asdict(lot) for lot in queries.lots(row)]}


@router.get("/audit", response=StockAudit)
def audit(request: HttpRequest) -> dict[str, int]:
    """How many balances disagree with lots, promises or the ledger; all zero is right."""
    _viewer(request)
    return stock_audit()


@router.get("/reminders", response=Reminders, operation_id="list_restock_reminders")
def reminders(
    request: HttpRequest, state: str = "open", code: str = "", after: str = "", limit: int = 50
) -> dict[str, Any]:
    """Restock reminders, what is due first. `state`: open, ordered, snoozed, restocked, closed; empty: all."""
    program(request, Permission.RESTOCK_VIEW)
    wanted = ReminderFilter(state=state, numbers=(code.strip(),) if code.strip() else ())
    today = day_of(business_time.now())
    rows, next_key = reminders_page(wanted, today, after=after, limit=min(max(limit, 1), PAGE_MAX))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/reminders/{reminder_id}", response=ReminderDetail, operation_id="get_restock_reminder")
def reminder(request: HttpRequest, reminder_id: int) -> dict[str, Any]:
    """One reminder with the SKU's balances in the caller's warehouses."""
    found = reminder_record(program(request, Permission.RESTOCK_VIEW), reminder_id)
    if found is None:
        raise Http404
    return {**asdict(found.row), "levels": [asdict(row) for row in found.levels]}


@router.get("/thresholds", response=list[ThresholdAnswer], operation_id="list_thresholds")
def warning_thresholds(request: HttpRequest, after: int = 0, limit: int = PAGE_MAX) -> list[dict[str, Any]]:
    """Thresholds set for SKUs and categories; what has none follows the policy `restock_threshold`.

    A full page is followed by another: `after` is the highest `id` of the page before.
    """
    program(request, Permission.RESTOCK_VIEW)
    return [asdict(row) for row in thresholds(after=after, limit=min(max(limit, 1), PAGE_MAX))]
