"""Distinct counts that merge: exact up to two thousand, then a HyperLogLog of 16,384 registers (error about 0.8 %).

A sketch is bytes. Beginning with E it holds the hashes themselves, eight bytes each, in order; beginning with H the
registers. Two sketches of the same or of other hours merge without counting anybody twice.
"""

import math
from collections.abc import Iterable
from hashlib import blake2b

EXACT_MOST = 2_048
PRECISION = 14
REGISTERS = 1 << PRECISION
_ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)
_EXACT, _LOGLOG = b"E", b"H"
EMPTY = _EXACT


def hash_of(text: str) -> int:
    """Sixty-four even bits of a name."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def sketch(hashes: Iterable[int]) -> bytes:
    """A sketch of these."""
    return _packed(set(hashes))


def merged(sketches: Iterable[bytes]) -> bytes:
    """One sketch of all that these hold."""
    members: set[int] = set()
    registers: bytearray | None = None
    for one in sketches:
        if one[:1] == _LOGLOG:
            registers = bytearray(one[1:]) if registers is None else bytearray(map(max, registers, one[1:]))
        else:
            members.update(_members(one))
    if registers is None:
        return _packed(members)
    _add(registers, members)
    return _LOGLOG + bytes(registers)


def count(one: bytes) -> int:
    """How many different ones a sketch holds; exact where `is_exact`."""
    if one[:1] != _LOGLOG:
        return (len(one) - 1) // 8
    registers = one[1:]
    empty = registers.count(0)
    estimate = _ALPHA * REGISTERS * REGISTERS / sum(2.0**-value for value in registers)
    if estimate <= 2.5 * REGISTERS and empty:
        estimate = REGISTERS * math.log(REGISTERS / empty)
    return round(estimate)


def is_exact(one: bytes) -> bool:
    return one[:1] != _LOGLOG


def _packed(members: set[int]) -> bytes:
    if len(members) <= EXACT_MOST:
        return _EXACT + b"".join(member.to_bytes(8) for member in sorted(members))
    registers = bytearray(REGISTERS)
    _add(registers, members)
    return _LOGLOG + bytes(registers)


def _members(one: bytes) -> Iterable[int]:
    return (int.from_bytes(one[at : at + 8]) for at in range(1, len(one), 8))


def _add(registers: bytearray, members: Iterable[int]) -> None:
    rest = 64 - PRECISION
    for member in members:
        place = member >> rest
        low = member & ((1 << rest) - 1)
        rank = rest - low.bit_length() + 1
        if rank > registers[place]:
            registers[place] = rank
