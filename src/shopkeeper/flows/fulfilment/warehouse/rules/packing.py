"""O2.2: what a scan, an eye and a scale say at the packing station."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shopkeeper.flows.fulfilment.warehouse.rules.picking import plain_code
from shopkeeper.flows.fulfilment.warehouse.states import Verdict


@dataclass(slots=True)
class ToCheck:
    """One line of an open parcel: how many pieces it needs, how many have passed, how many are in the tote."""

    id: int
    order_line_id: int
    sku_id: int
    codes: frozenset[str]
    quantity: int
    checked: int
    in_tote: int


@dataclass(frozen=True, slots=True)
class PackVerdict:
    """`passed` pieces are added to the line (below zero: taken back), `failed` leave the tote."""

    code: str
    line: ToCheck | None = None
    passed: int = 0
    failed: int = 0


def judge_piece(lines: Sequence[ToCheck], code: str, quantity: int, verdict: Verdict) -> PackVerdict:
    """Judge one scan against the parcel's lines and book it on them.

    'not_in_order': no line wants this piece. 'too_many': more than ordered. 'not_picked': more than was
    fetched. A piece that fails comes from those not yet checked; if all were, one check is taken back.
    """
    asked = plain_code(code)
    fitting = [line for line in lines if asked in line.codes]
    if not fitting:
        return PackVerdict("not_in_order")
    if verdict is Verdict.OK:
        return _pass(fitting, quantity)
    line = next((one for one in fitting if one.in_tote >= quantity), None)
    if line is None:
        return PackVerdict("not_picked", fitting[0])
    line.in_tote -= quantity
    taken_back = max(0, line.checked - line.in_tote)
    line.checked -= taken_back
    return PackVerdict("ok", line, passed=-taken_back, failed=quantity)


def _pass(fitting: Sequence[ToCheck], quantity: int) -> PackVerdict:
    wanting = next((one for one in fitting if one.checked + quantity <= one.quantity), None)
    if wanting is None:
        return PackVerdict("too_many", fitting[0])
    if wanting.checked + quantity > wanting.in_tote:
        return PackVerdict("not_picked", wanting)
    wanting.checked += quantity
    return PackVerdict("ok", wanting, passed=quantity)


@dataclass(frozen=True, slots=True)
class Scale:
    """What the parcel should weigh, in grams, and how far off it may be; None where a SKU has no weight."""

    expected_g: int | None
    tolerance_g: int


def expected_weight(
    pieces: Iterable[tuple[int, int]], *, tare_g: int, tolerance_g: int, tolerance_percent: int
) -> Scale:
    """The weight of (grams, quantity) pieces and packaging; the larger of the two tolerances counts."""
    listed = list(pieces)
    if any(weight <= 0 for weight, _ in listed):
        return Scale(None, tolerance_g)
    total = tare_g + sum(weight * quantity for weight, quantity in listed)
    return Scale(total, max(tolerance_g, total * tolerance_percent // 100))


def judge_weight(scale: Scale, weight_g: int) -> Literal["ok", "too_light", "too_heavy"]:
    """A parcel lighter than it should be lacks something; a heavier one holds too much."""
    if scale.expected_g is None or abs(weight_g - scale.expected_g) <= scale.tolerance_g:
        return "ok"
    return "too_light" if weight_g < scale.expected_g else "too_heavy"


@dataclass(frozen=True, slots=True)
class Sought:
    """What a code scanned at the packing station names, by its form; `text` as it was read."""

    text: str
    code: str
    order_id: int | None = None
    wave_id: int | None = None
    slot: int | None = None
    parcel_id: int | None = None


_ORDER = re.compile(r"JY0*(\d{1,18})", re.ASCII)
_TOTE = re.compile(r"BC0*(\d{1,18})-0*(\d{1,4})", re.ASCII)
_PARCEL = re.compile(r"CK0*(\d{1,18})", re.ASCII)


def read_order_code(text: str) -> Sought:
    """Read an order number, a tote, a parcel number, or else a waybill or the platform's number."""
    code = plain_code(text)
    if found := _ORDER.fullmatch(code):
        return Sought(text.strip(), code, order_id=int(found[1]))
    if found := _TOTE.fullmatch(code):
        return Sought(text.strip(), code, wave_id=int(found[1]), slot=int(found[2]))
    if found := _PARCEL.fullmatch(code):
        return Sought(text.strip(), code, parcel_id=int(found[1]))
    return Sought(text.strip(), code)
