"""快递100's tracking as our result: two-level codes to states, events oldest first, each event once."""

from typing import Any, Literal

from shopkeeper.flows.fulfilment.parcels.ports import TrackEvent, TrackResult, TrackState
from shopkeeper.integrations.texts import china_moment, clean_text

_STATES: dict[str, TrackState] = {
    "0": "transit",
    "1": "picked",
    "101": "ordered",
    "102": "ordered",
    "2": "problem",
    "203": "refused",
    "3": "signed",
    "4": "returned",
    "5": "delivering",
    "6": "returning",
    "7": "forwarded",
    "8": "customs",
    "10": "customs",
    "11": "customs",
    "12": "customs",
    "13": "customs",
    "14": "refused",
}
_WATCHES: dict[str, Literal["polling", "shutdown", "abort", "updateall"]] = {
    "polling": "polling",
    "shutdown": "shutdown",
    "abort": "abort",
    "updateall": "updateall",
}
MAX_EVENTS = 2000


def state_of(code: str) -> TrackState:
    """The state behind a one- or two-level code (1001 trunk, 301 signed in person, …). Raises
    `ValueError`."""
    if not code.isdecimal() or len(code) > 4:
        raise ValueError(f"not a tracking code: {code[:10]!r}")
    state = _STATES.get(code) or _STATES.get("0" if code.startswith("100") else code[:1])
    if state is None:
        raise ValueError(f"unknown tracking code {code}")
    return state


def track_result(inside: dict[str, Any], watch: str = "", corrected: str = "") -> TrackResult:
    """A query's answer, or the `lastResult` of a push. Raises `ValueError`, `KeyError`, `TypeError`."""
    rows = inside.get("data") or []
    if not isinstance(rows, list) or len(rows) > MAX_EVENTS:
        raise ValueError("tracking data has no form")
    overall = str(inside.get("state") or "0")
    events = list(dict.fromkeys(_event(row, overall) for row in reversed(rows)))
    events.sort(key=lambda event: event.at)
    code = events[-1].code if events else overall
    return TrackResult(
        number=clean_text(inside["nu"], 64),
        courier_code=clean_text(inside["com"], 40),
        state=state_of(code),
        code=code,
        events=tuple(events),
        watch=_WATCHES.get(watch, ""),
        corrected_courier=clean_text(corrected, 40),
    )


def _event(row: dict[str, Any], overall: str) -> TrackEvent:
    at = china_moment(row.get("ftime") or row["time"])
    if at is None:
        raise ValueError("an event without its moment")
    code = str(row.get("statusCode") or overall)
    return TrackEvent(
        at, code, state_of(code), clean_text(row.get("context"), 500), clean_text(row.get("areaName"), 200)
    )
