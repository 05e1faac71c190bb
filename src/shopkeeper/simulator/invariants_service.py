"""What must hold of customer service whatever happened: lines said, money back, pieces back, customers asked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.house import House
from shopkeeper.simulator.sandboxes.running import ControlDoor

EYES = "supervisor"
PAID_BACK = "SUCCESS"
SHOP_OF = {front.session: number for number, front in enumerate(SHOPFRONTS, start=1)}


def judge_service(
    house: House, outside: ControlDoor, rules: Mapping[str, Any], platform_nos: Iterable[str]
) -> dict[str, bool]:
    """Each rule by name, and whether it holds. `platform_nos` are the orders we hold."""
    return {
        "no_message_lost_or_doubled": _every_line_once(house, outside),
        "refunds_as_on_the_platform": _refunds_agree(house, outside, set(platform_nos)),
        "returned_pieces_accounted_for": not any(rules["returns"].values()),
        "one_survey_per_ticket": rules["surveys_doubled"] == 0,
    }


def _every_line_once(house: House, outside: ControlDoor) -> bool:
    """Every line a shopper wrote is with us once; every line of ours that counts as sent was shown, once."""
    lines = house.all_rows(EYES, "audit/chat-lines")
    heard = Counter(
        (row["shop_id"], row["client_id"].removeprefix("p:")) for row in lines if row["sender"] == "customer"
    )
    written = {
        (SHOP_OF[line["session"]], line["message_id"]) for line in outside.get("/platform/chats/written")["lines"]
    }
    sent = {f"sk{row['id']}" for row in lines if row["delivery"] == "sent"}
    said = sent | {f"sk{row['id']}" for row in lines if row["delivery"] == "pending"}
    shown: Counter[str] = Counter()
    for front in SHOPFRONTS:
        answers = outside.get("/platform/chats", session=front.session)["lines"]
        shown.update(line["client_msg_id"] for line in answers)
    once = max(heard.values(), default=1) == 1 and max(shown.values(), default=1) == 1
    return once and heard.keys() == written and sent <= shown.keys() <= said


def _refunds_agree(house: House, outside: ControlDoor, ours: set[str]) -> bool:
    """Nowhere more went back than was paid; our books have what the platform paid back, order by order."""
    rows = {row["platform_no"]: row for row in house.all_rows(EYES, "audit/refunds")}
    theirs: Counter[str] = Counter()
    for refund in outside.get("/platform/refunds")["refunds"]:
        if refund["status"] == PAID_BACK and str(refund["tid"]) in ours:
            theirs[str(refund["tid"])] += int(Decimal(refund["refund_fee"]) * 100)
    bounded = all(row["given_minor"] <= row["booked_minor"] <= row["paid_minor"] for row in rows.values())
    booked = {number: row["booked_minor"] for number, row in rows.items()}
    return bounded and all(booked.get(number, 0) == minor for number, minor in theirs.items())
