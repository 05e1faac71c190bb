"""Each rule of the reckoning notices its own fault: a judge that cannot say no proves nothing."""

from dataclasses import replace
from typing import Any

import pytest

from tests.faults.reckoning import ONCE_EACH, ONCE_PER_PARCEL, Facts, broken

ORDER, PARCEL, TID, NUMBER = 5, 9, "3001", "YT0000000000001"
REPORT = {"tid": int(TID), "count": 2, "lost_answers": 1, "accepted": True}
SOUND = Facts(
    unsettled=[],
    orders=[(TID, ORDER, "shipped")],
    lines=[(1, ORDER, 2, 2, 2, 2, 2)],
    shipped={ORDER: 2},
    scans=[("pick", "a", True), ("pick", "b", True), ("pick", "c", False), ("pack", "d", True)],
    parcels=[(PARCEL, ORDER, TID, "yuantong", NUMBER, "handed_over", "acknowledged", 1, False)],
    same_number=[],
    events={**{(name, ORDER): 1 for name in ONCE_EACH}, **{(name, PARCEL): 1 for name in ONCE_PER_PARCEL}},
    courier={f"CK{PARCEL:010d}": [NUMBER]},
    invoices={TID: {NUMBER}},
    ship_backs=[REPORT],
    rules={
        "stock": {"oversold": 0, "balance_unlike_ledger": 0},
        "books_balanced": True,
        "deadlines_accounted_for": True,
    },
    sent={"pick": {"a", "b"}, "pack": {"d"}},
    tids=[TID],
)
FAULTS: dict[str, dict[str, Any]] = {
    "an errand is stuck": {"unsettled": ["errand ship_back 9 tries 3 timeout"]},
    "an order is lost": {"orders": []},
    "an order is there twice": {"orders": [*SOUND.orders, (TID, 6, "shipped")]},
    "an order did not leave": {"orders": [(TID, ORDER, "packed")]},
    "a piece was picked too much": {"lines": [(1, ORDER, 2, 3, 2, 2, 2)]},
    "a piece was not checked": {"lines": [(1, ORDER, 2, 2, 1, 2, 2)]},
    "stock went down twice": {"shipped": {ORDER: 4}},
    "stock did not go down": {"shipped": {}},
    "a scan counted twice": {"scans": [*SOUND.scans, ("pick", "a", True)]},
    "a scan was lost": {"scans": SOUND.scans[1:]},
    "a scan out of nowhere": {"scans": [*SOUND.scans, ("pack", "x", True)]},
    "two parcels for an order": {"parcels": SOUND.parcels * 2},
    "no parcel": {"parcels": []},
    "a number on two parcels": {"same_number": [("yuantong", NUMBER, 2)]},
    "a second number was issued": {"courier": {f"CK{PARCEL:010d}": [NUMBER, "YT0000000000002"]}},
    "the platform has another number": {"invoices": {TID: {"YT0000000000002"}}},
    "not acknowledged": {"parcels": [(*SOUND.parcels[0][:6], "pending", 1, False)]},
    "the buyer was told twice": {"parcels": [(*SOUND.parcels[0][:7], 2, False)]},
    "something was announced twice": {"events": {**SOUND.events, (ONCE_EACH[0], ORDER): 2}},
    "something was not announced": {"events": {k: 1 for k in SOUND.events if k[0] != ONCE_PER_PARCEL[1]}},
    "the platform heard it twice": {"ship_backs": [{**REPORT, "lost_answers": 0}]},
    "the platform never took it": {"ship_backs": [{**REPORT, "accepted": False}]},
    "the platform never heard": {"ship_backs": []},
    "stock is unlike its ledger": {"rules": {**SOUND.rules, "stock": {"balance_unlike_ledger": 1}}},
    "the books do not balance": {"rules": {**SOUND.rules, "books_balanced": False}},
    "a deadline is lost": {"rules": {**SOUND.rules, "deadlines_accounted_for": False}},
}


def test_a_sound_house_passes() -> None:
    assert broken(SOUND) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed(fault: str) -> None:
    assert broken(replace(SOUND, **FAULTS[fault])) != []
