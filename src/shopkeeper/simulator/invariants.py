"""What must hold whatever happened, judged from outside: the auditor's door compared with the outside world."""

from collections import Counter
from collections.abc import Container, Iterable
from typing import Any

from shopkeeper.simulator.catalogue import DEPOTS, SHOPFRONTS
from shopkeeper.simulator.house import House
from shopkeeper.simulator.invariants_marketing import judge_marketing
from shopkeeper.simulator.invariants_service import judge_service
from shopkeeper.simulator.sandboxes.running import ControlDoor

EYES = "supervisor"
SENT_ONCE = ("ship_back", "waybill")
OWN = "OWN-"


def judge(house: House, outside: ControlDoor) -> dict[str, bool]:
    """Each rule by name, and whether it holds."""
    rules = house.get(EYES, "audit/rules")
    stock = rules["stock"]
    orders = house.all_rows(EYES, "audit/orders")
    parcels = house.all_rows(EYES, "audit/parcels")
    ours = Counter(row["platform_no"] for row in orders)
    trades = outside.get("/platform/orders")["orders"]
    theirs = {str(trade["tid"]): trade for trade in trades if trade.get("listed", True)}  # some show paid orders only
    return {
        "no_oversell": stock["oversold"] == 0,
        "no_order_lost": not theirs.keys() - ours.keys(),
        "none_doubled": max(ours.values(), default=1) == 1 and not _unknown(ours, theirs),
        "one_number_one_parcel": _one_number_one_parcel(parcels, orders, theirs),
        "balance_is_ledger": not any(count for name, count in stock.items() if name != "oversold"),
        "books_balanced": rules["books_balanced"],
        "deadlines_accounted_for": rules["deadlines_accounted_for"],
        "nothing_sent_twice": all(
            row["count"] - row["lost_answers"] <= 1 for kind in SENT_ONCE for row in outside.ledger(kind)
        ),
        "listed_is_sellable": _listed_is_sellable(house, outside),
        **judge_service(house, outside, rules, ours),
        **judge_marketing(house, outside, rules, orders),
    }


def _unknown(ours: Iterable[str], theirs: Container[str]) -> list[str]:
    """Orders of ours that no platform knows; replacements we send for no money are ours alone."""
    return [number for number in ours if number not in theirs and not number.startswith(OWN)]


def _listed_is_sellable(house: House, outside: ControlDoor) -> bool:
    """Every quantity on every shelf is what is free in the shop's own warehouse; no shop keeps any back here."""
    levels, key = [], ""
    while key is not None:
        page = house.get(EYES, "stock/levels", after=key, limit=200)
        levels += page["rows"]
        key = page["next"]
    free = {(row["code"], row["warehouse_id"]): max(row["free"], 0) for row in levels}
    depots = {depot.code: place for place, depot in enumerate(DEPOTS, start=1)}
    return all(
        sku["quantity"] == free.get((sku["outer_id"], depots[front.warehouse]), 0)
        for front in SHOPFRONTS
        for item in outside.get("/platform/listings", session=front.session)["listings"]
        if item["on_sale"]
        for sku in item["skus"]
    )


def _one_number_one_parcel(
    parcels: list[dict[str, Any]], orders: list[dict[str, Any]], theirs: dict[str, dict[str, Any]]
) -> bool:
    """No number is on two parcels, and the platform knows each order by the number of its own parcel."""
    numbers = Counter((row["courier"], row["number"]) for row in parcels if row["number"])
    if max(numbers.values(), default=1) > 1:
        return False
    platform_no = {row["id"]: row["platform_no"] for row in orders}
    own: dict[str, set[str]] = {}
    for row in parcels:
        own.setdefault(platform_no.get(row["order_id"], ""), set()).add(row["number"] or "")
    return all(
        line["invoice_no"] in own.get(tid, set())
        for tid, trade in theirs.items()
        for line in trade["orders"]
        if line["invoice_no"]
    )
