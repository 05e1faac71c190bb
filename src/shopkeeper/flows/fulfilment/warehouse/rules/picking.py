"""O2.1: what a scan at the shelf means. Each piece is compared with what the list asks for at this place."""

from collections.abc import Sequence
from dataclasses import dataclass


def plain_code(text: str) -> str:
    """A scanned or typed code without the scanner's prefix (`]C1`), blanks and case."""
    code = text.strip().upper()
    if code[:1] == "]" and len(code) > 3:
        code = code[3:]
    return code.removeprefix("LOC:").removeprefix("SLOT:").strip()


@dataclass(slots=True)
class ToPick:
    """One line of a pick list in hand; `left` falls as pieces are taken."""

    id: int
    sku_id: int
    codes: frozenset[str]
    bin_code: str
    slot: int
    left: int


@dataclass(frozen=True, slots=True)
class Take:
    line_id: int
    slot: int
    quantity: int


@dataclass(frozen=True, slots=True)
class PickVerdict:
    """`code` is 'ok' or the coded reason; `expected` is the line the list asks for now."""

    code: str
    takes: tuple[Take, ...] = ()
    expected: ToPick | None = None


def judge_pick(lines: Sequence[ToPick], code: str, quantity: int, bin_code: str = "") -> PickVerdict:
    """Judge one scan; `lines` is the wave's list in walking order, finished lines included.

    Right: the SKU asked for in the bin at hand (the next open bin, or the one named). Pieces go to the lines
    in order, slot by slot. 'wrong_piece': the wave wants it, but not here. 'over_pick': more than the list
    asks for. 'not_in_wave': nothing in this wave has this code. 'wrong_bin': nothing is to be picked there.
    'wave_complete': nothing is left to pick.
    """
    open_lines = [line for line in lines if line.left > 0]
    asked = plain_code(code)
    known = [line for line in lines if asked in line.codes]
    if not known:
        return PickVerdict("not_in_wave", expected=open_lines[0] if open_lines else None)
    if not any(line.left for line in known):
        return PickVerdict("over_pick", expected=open_lines[0] if open_lines else None)
    place = plain_code(bin_code) or open_lines[0].bin_code.upper()
    here = [line for line in open_lines if line.bin_code.upper() == place]
    if not here:
        return PickVerdict("wrong_bin", expected=open_lines[0])
    fitting = [line for line in here if asked in line.codes]
    if not fitting:
        return PickVerdict("wrong_piece", expected=here[0])
    if quantity > sum(line.left for line in fitting):
        return PickVerdict("over_pick", expected=fitting[0])
    return PickVerdict("ok", tuple(_take(fitting, quantity)), fitting[0])


def _take(fitting: Sequence[ToPick], quantity: int) -> list[Take]:
    takes = []
    for line in fitting:
        part = min(line.left, quantity)
        if part:
            takes.append(Take(line.id, line.slot, part))
            line.left -= part
            quantity -= part
    return takes
