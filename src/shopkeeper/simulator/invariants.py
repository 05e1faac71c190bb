"""What must hold whatever happened, judged from outside: the auditor's door compared with the outside world."""

from collections import Counter
from typing import Any

from shopkeeper.simulator.house import House
from shopkeeper.simulator.sandboxes.running import ControlDoor

EYES = "supervisor"
SENT_ONCE = ("ship_back", "waybill")


def judge(house: House, outside: ControlDoor) -> dict[str, bool]:
    """Each rule by name, and whether it holds."""
    rules = house.get(EYES, "audit/rules")
    stock = rules["stock"]
    orders = house.all_rows(EYES, "audit/orders")
    parcels = house.all_rows(EYES, "audit/parcels")
    ours = Counter(row["platform_no"] for row in orders)
    theirs = {str(trade["tid"]): trade for trade in outside.get("/platform/orders")["orders"]}
    return {
        "no_oversell": stock["oversold"] == 0,
        "no_order_lost": not theirs.keys() - ours.keys(),
        "none_doubled": max(ours.values(), default=1) == 1 and not ours.keys() - theirs.keys(),
        "one_number_one_parcel": _one_number_one_parcel(parcels, orders, theirs),
        "balance_is_ledger": not any(count for name, count in stock.items() if name != "oversold"),
        "books_balanced": rules["books_balanced"],
        "deadlines_accounted_for": rules["deadlines_accounted_for"],
        "nothing_sent_twice": all(
            row["count"] - row["lost_answers"] <= 1 for kind in SENT_ONCE for row in outside.ledger(kind)
        ),
    }


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
