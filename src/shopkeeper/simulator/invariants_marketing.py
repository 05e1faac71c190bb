"""What must hold of campaigns and figures whatever happened: coupons, money, messages, lake and reports.

Each is judged from outside: the house's own reads against what platforms and providers keep.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.figures import fen, paid_on
from shopkeeper.simulator.house import House
from shopkeeper.simulator.sandboxes.running import ControlDoor
from shopkeeper.simulator.stepping import Steps, moment

EYES = "manager"
DATA = "data"
TAKEN = ("accepted", "delivered")  # by the provider
MAYBE_TAKEN = (*TAKEN, "failed", "queued")
MADE = ("complete", "incomplete", "signed", "confirmed")
ORDERS = "orders"
WRITES_MOST = 4


def judge_marketing(
    house: House, outside: ControlDoor, rules: Mapping[str, Any], orders: Sequence[Mapping[str, Any]]
) -> dict[str, bool]:
    """Each rule by name, and whether it holds. `orders` are all we have."""
    return {
        "coupons_exact": rules["promotions_counted"] and rules["coupons_overdrawn"] == 0,
        "spent_within_budget": _spent_within_budget(house),
        "customers_written_to_once": _written_to_once(house, outside),
        "lake_as_the_orders": _lake_agrees(house, len(orders)),
        "reports_as_the_orders": _reports_agree(house, outside),
    }


def lake_written(steps: Steps) -> None:
    """Let time go on until the lake has all that happened: a write, and what the write itself announced."""
    for _ in range(WRITES_MOST):
        standing = steps.house.get(DATA, "lake/standing")
        if not standing["unwritten"] or not standing["next_at"]:
            return
        steps.run_until(moment(standing["next_at"]))


def pages(house: House, who: str, address: str, **query: Any) -> list[dict[str, Any]]:
    """Every row of a list that answers `items` and the `next` page's key."""
    rows: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    while True:
        page = house.get(who, address, limit=200, **query, **more)
        rows += page["items"]
        if not page["next"]:
            return rows
        more = {"after": page["next"]}


def _spent_within_budget(house: House) -> bool:
    """No item's spends are more than was planned and granted, and each is the sum of its bills."""
    for campaign in pages(house, EYES, "campaigns/campaigns"):
        plan = house.get(EYES, f"campaigns/campaigns/{campaign['id']}")
        bills: Counter[int] = Counter()
        for bill in plan["spends"]:
            bills[bill["item_id"]] += bill["amount_minor"]
        for item in plan["budget"]:
            allowed = item["planned_minor"] + item["raised_minor"]
            if item["spent_minor"] > allowed or item["spent_minor"] != bills[item["id"]]:
                return False
    return True


def _written_to_once(house: House, outside: ControlDoor) -> bool:
    """Whom we say we wrote to, the providers wrote to, once; and nobody else."""
    ledger = [*outside.ledger("sms"), *outside.ledger("mail")]
    written = {row["identity"].lstrip("<").partition("@")[0] for row in ledger}
    once = all(row["count"] - row["lost_answers"] <= 1 for row in ledger) and len(written) == len(ledger)
    said: dict[str, set[str]] = {"taken": set(), "maybe": set()}
    for mailing in pages(house, EYES, "outreach/mailings"):
        for row in pages(house, EYES, f"outreach/mailings/{mailing['id']}/recipients"):
            if row["state"] in TAKEN:
                said["taken"].add(f"sk{row['id']}")
            if row["state"] in MAYBE_TAKEN:
                said["maybe"].add(f"sk{row['id']}")
    return bool(once and said["taken"] <= written <= said["maybe"])


def _lake_agrees(house: House, orders: int) -> bool:
    """Every order is in the lake once, where it has been written to; never more than there are."""
    today = date.fromisoformat(house.rest(None)["now"][:10])
    days = house.get(DATA, "lake/days", first=today - timedelta(days=390), last=today + timedelta(days=1))
    found = sum(row["rows"] for row in days if row["table"] == ORDERS)
    behind = house.get(DATA, "lake/standing")["unwritten"]
    return bool(found <= orders if behind else found == orders)


def _reports_agree(house: House, outside: ControlDoor) -> bool:
    """What a day's report says was paid, with what it says it left out, is what the platform was paid, to the fen."""
    for row in pages(house, DATA, "reports/reports", period="day"):
        if row["shop_id"] is None or row["state"] not in MADE or row["shop_id"] > len(SHOPFRONTS):
            continue
        blocks = house.get(DATA, f"reports/reports/{row['id']}")["figures"]["blocks"]
        told = blocks["sales"]["figures"]["paid_amount"]["now"][0] or 0
        told += sum(minor or 0 for table, _, _, minor in blocks["excluded"]["tables"]["excluded"] if table == ORDERS)
        paid = paid_on(outside, row["shop_id"], date.fromisoformat(row["first_day"]))
        if told != sum(fen(trade["payment"]) for trade in paid):
            return False
    return True
