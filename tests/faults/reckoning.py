"""The reckoning after the kills: what one seed sent, what the house has, what the outside world saw; and the rules."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shopkeeper.simulator.house import House
from shopkeeper.simulator.staff import EYES
from tests.faults.run import Run
from tests.faults.shop import KillableShop

PERIODIC = ("pull_orders",)  # errands that stay and come back by design
SETTLE_S = 45.0
ONCE_EACH = ("intake.order_taken_in", "intake.order_released", "warehouse.order_packed")
ONCE_PER_PARCEL = ("parcels.parcel_opened", "parcels.parcel_handed_over", "parcels.ship_back_acknowledged")
Row = tuple[Any, ...]

UNSETTLED = """
    SELECT 'errand ' || kind || ' ' || subject_id || ' tries ' || attempts || ' ' || last_error
    FROM foundation_errandentry
    WHERE kind <> ALL(%(periodic)s) AND (given_up_at IS NOT NULL OR next_at <= now() + interval '10 minutes')
    UNION ALL
    SELECT 'reader ' || c.name || ' is behind: ' || c.last_error FROM foundation_readercursor AS c
    WHERE EXISTS (SELECT FROM foundation_event AS e WHERE (e.xid, e.id) > (c.xid, c.event_id))
    UNION ALL
    SELECT 'ship-back of parcel ' || parcel_id || ' ' || state FROM parcels_shipback WHERE state <> 'acknowledged'
    UNION ALL
    SELECT 'nobody pulls shop ' || s.id FROM foundation_shop AS s WHERE NOT EXISTS (
        SELECT FROM foundation_errandentry WHERE kind = 'pull_orders' AND subject_id = s.id AND given_up_at IS NULL)"""

ORDERS = "SELECT platform_no, id, state FROM intake_order WHERE platform_no = ANY(%(tids)s) ORDER BY id"
LINES = """
    SELECT l.id, l.order_id, l.quantity,
           (SELECT coalesce(sum(picked), 0) FROM warehouse_pickline WHERE order_line_id = l.id),
           (SELECT coalesce(sum(checked), 0) FROM warehouse_packline WHERE order_line_id = l.id),
           (SELECT coalesce(sum(quantity), 0) FROM warehouse_scan
            WHERE order_line_id = l.id AND is_accepted AND station = 'pick'),
           (SELECT coalesce(sum(quantity), 0) FROM warehouse_scan
            WHERE order_line_id = l.id AND is_accepted AND station = 'pack')
    FROM intake_orderline AS l WHERE l.order_id = ANY(%(orders)s) ORDER BY l.id"""
SHIPPED = """
    SELECT subject_id, -sum(quantity) FROM stock_ledger
    WHERE kind = 'shipment' AND subject_id = ANY(%(orders)s) GROUP BY 1"""
SCANS = "SELECT station, split_part(key, '#', 1), is_accepted FROM warehouse_scan WHERE key LIKE %(name)s || '-%%'"
PARCELS = """
    SELECT p.id, p.order_id, o.platform_no, p.courier, p.number, p.state, b.state,
           (SELECT count(*) FROM parcels_notice AS n WHERE n.parcel_id = p.id), coalesce(b.is_repeat, false)
    FROM parcels_parcel AS p JOIN intake_order AS o ON o.id = p.order_id
    LEFT JOIN parcels_shipback AS b ON b.parcel_id = p.id
    WHERE p.order_id = ANY(%(orders)s) ORDER BY p.id"""
SAME_NUMBER = """
    SELECT courier, number, count(*) FROM parcels_parcel WHERE number IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1"""
EVENTS = """
    SELECT type, subject_id, count(*) FROM foundation_event
    WHERE (type = ANY(%(of_orders)s) AND subject_id = ANY(%(orders)s))
       OR (type = ANY(%(of_parcels)s) AND subject_id = ANY(%(parcels)s)) GROUP BY 1, 2"""


@dataclass(frozen=True)
class Facts:
    """Everything the rules look at."""

    unsettled: list[str]
    orders: list[Row]
    lines: list[Row]
    shipped: dict[int, int]
    scans: list[Row]
    parcels: list[Row]
    same_number: list[Row]
    events: dict[tuple[str, int], int]
    courier: dict[str, list[str]]  # our parcel reference → the numbers issued for it
    invoices: dict[str, set[str]]  # the platform's order → the numbers it knows
    ship_backs: list[dict[str, Any]]
    rules: dict[str, Any]
    asked_first: int = 0  # numbers the platform turned out to have, though nobody here had noted it
    sent: dict[str, set[str]] = field(default_factory=dict)
    tids: list[str] = field(default_factory=list)


def settled(shop: KillableShop) -> list[str]:
    """Wait until all is said and read; what is still open when patience ends."""
    shop.sandboxes.control.settle(20)
    end = time.monotonic() + SETTLE_S
    with shop.owner() as owner:
        while True:
            rows = owner.execute(UNSETTLED, {"periodic": list(PERIODIC)}).fetchall()
            if not rows or time.monotonic() > end:
                return [str(text) for (text,) in rows]
            time.sleep(0.2)


def gather(run: Run) -> Facts:
    """Read it all once nothing moves any more."""
    open_ends = settled(run.shop)
    control = run.shop.sandboxes.control
    with run.shop.owner() as owner:

        def rows(statement: str, **given: Any) -> list[Row]:
            return owner.execute(statement, given).fetchall()

        orders = rows(ORDERS, tids=run.tids)
        ids = [row[1] for row in orders]
        parcels = rows(PARCELS, orders=ids)
        counted = rows(
            EVENTS,
            of_orders=list(ONCE_EACH),
            of_parcels=list(ONCE_PER_PARCEL),
            orders=ids,
            parcels=[row[0] for row in parcels],
        )
        lines, shipped = rows(LINES, orders=ids), rows(SHIPPED, orders=ids)
        scans, same = rows(SCANS, name=run.name), rows(SAME_NUMBER)
    issued: dict[str, list[str]] = {}
    for parcel in control.get("/courier/parcels")["parcels"]:
        issued.setdefault(parcel["order_id"], []).append(parcel["number"])
    mine = set(run.tids)
    trades = {str(t["tid"]): t for t in control.get("/platform/orders")["orders"] if str(t["tid"]) in mine}
    house = House(run.shop.shop.address, run.shop.tokens)
    try:
        rules = house.get(EYES, "audit/rules")
    finally:
        house.close()
    return Facts(
        unsettled=open_ends,
        orders=orders,
        lines=lines,
        shipped={row[0]: int(row[1]) for row in shipped},
        scans=scans,
        parcels=parcels,
        same_number=same,
        events={(row[0], row[1]): row[2] for row in counted},
        courier=issued,
        invoices={tid: {line["invoice_no"] for line in trade["orders"]} for tid, trade in trades.items()},
        ship_backs=[row for row in control.ledger("ship_back") if str(row["tid"]) in mine],
        rules=rules,
        asked_first=sum(row[8] for row in parcels),
        sent=run.scans,
        tids=run.tids,
    )


def broken(facts: Facts) -> list[str]:
    """Every rule that does not hold, in words; empty in a sound house."""
    return [*facts.unsettled, *_orders(facts), *_scans(facts), *_parcels(facts), *_outside(facts), *_house(facts)]


def _orders(facts: Facts) -> list[str]:
    """Every accepted order once, every line of it fetched, checked and shipped once, every step announced once."""
    found = Counter(row[0] for row in facts.orders)
    wrong = [f"order {tid} is there {found[tid]} times" for tid in facts.tids if found[tid] != 1]
    wrong += [f"order {row[0]} is {row[2]}" for row in facts.orders if row[2] != "shipped"]
    pieces: Counter[int] = Counter()
    for line, order, quantity, *counted in facts.lines:
        pieces[order] += quantity
        if any(int(count) != quantity for count in counted):
            wrong.append(f"line {line} asks {quantity}: picked, checked, scanned at shelf and station {counted}")
    wrong += [
        f"order {order} shipped {facts.shipped.get(order, 0)} of {asked} pieces"
        for order, asked in pieces.items()
        if facts.shipped.get(order, 0) != asked
    ]
    wrong += _announced(facts, ONCE_EACH, [row[1] for row in facts.orders])
    return wrong + _announced(facts, ONCE_PER_PARCEL, [row[0] for row in facts.parcels])


def _announced(facts: Facts, types: tuple[str, ...], subjects: list[int]) -> list[str]:
    return [
        f"{name} of {subject} was announced {count} times"
        for name in types
        for subject in subjects
        if (count := facts.events.get((name, subject), 0)) != 1
    ]


def _scans(facts: Facts) -> list[str]:
    """Every scan that was made counts once, and none counts that nobody made."""
    wrong = []
    for station, sent in facts.sent.items():
        counted = Counter(key for place, key, accepted in facts.scans if place == station and accepted)
        wrong += [f"{station} scan {key} counted {counted[key]} times" for key in sorted(sent) if counted[key] != 1]
        wrong += [f"{station} scan {key} was never made" for key in sorted(counted.keys() - sent)]
    return wrong


def _parcels(facts: Facts) -> list[str]:
    """One parcel for an order, one number for a parcel, one parcel for a number; one notice to the buyer."""
    per_order = Counter(row[1] for row in facts.parcels)
    wrong = [f"order {row[1]} has {per_order[row[1]]} parcels" for row in facts.orders if per_order[row[1]] != 1]
    wrong += [f"number {number} of {courier} is on {count} parcels" for courier, number, count in facts.same_number]
    for parcel, _, tid, _, number, state, reported, notices, _ in facts.parcels:
        if facts.courier.get(f"CK{parcel:010d}") != [number]:
            wrong.append(f"parcel {parcel} has {number}, the courier issued {facts.courier.get(f'CK{parcel:010d}')}")
        if facts.invoices.get(tid) != {number}:
            wrong.append(f"parcel {parcel} has {number}, the platform knows {facts.invoices.get(tid)}")
        if reported != "acknowledged" or notices != 1:
            wrong.append(f"parcel {parcel} ({state}): ship-back {reported}, {notices} notices")
    return wrong


def _outside(facts: Facts) -> list[str]:
    """The platform was told of each parcel once; again only where its answer was lost."""
    told = Counter(str(row["tid"]) for row in facts.ship_backs)
    wrong = [f"the platform heard {told[tid]} numbers for {tid}" for tid in facts.tids if told[tid] != 1]
    for row in facts.ship_backs:
        if row["count"] - row["lost_answers"] > 1 or not row.get("accepted"):
            wrong.append(f"ship-back of {row['tid']}: {json.dumps(row, sort_keys=True)}")
    return wrong


def _house(facts: Facts) -> list[str]:
    """Stock, books and deadlines of the whole house, whoever's orders they are of."""
    wrong = [f"stock audit: {count} × {name}" for name, count in facts.rules["stock"].items() if count]
    return wrong + [name for name in ("books_balanced", "deadlines_accounted_for") if not facts.rules[name]]
