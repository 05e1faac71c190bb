"""M2.1: what an MP4 says of itself: pixels and length, read from its boxes; the film itself is not decoded."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BOXES = 10_000
CONTAINERS = frozenset({b"moov", b"trak"})


@dataclass(frozen=True, slots=True)
class Film:
    """A film's pixels and length in seconds; `trouble` says what kept it from being read."""

    width: int = 0
    height: int = 0
    seconds: float = 0.0
    trouble: str = ""


def read_film(content: bytes) -> Film:
    """Never raises for a bad one."""
    width = height = 0
    seconds = 0.0
    try:
        for name, body in _boxes(memoryview(content)):
            if name == b"mvhd":
                seconds = _seconds(body)
            elif name == b"tkhd":
                wide, high = _pixels(body)
                width, height = max(width, wide), max(height, high)
    except (struct.error, ValueError):
        return Film(trouble="film_damaged")
    if not width or not height:
        return Film(trouble="film_without_picture")
    return Film(width, height, round(seconds, 2))


def _boxes(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes that matter, containers opened. Raises ValueError for what does not fill its place."""
    spans = [(0, len(content))]
    for _ in range(MOST_BOXES):
        if not spans:
            return
        at, end = spans.pop()
        if at >= end:
            continue
        size, name = struct.unpack(">I4s", content[at : at + 8])
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", content[at + 8 : at + 16])
            head = 16
        size = size or end - at
        if size < head or at + size > end:
            raise ValueError("a box is larger than its place")
        spans.append((at + size, end))
        if name in CONTAINERS:
            spans.append((at + head, at + size))
        else:
            yield name, content[at + head : at + size]
    raise ValueError("too many boxes")


def _seconds(body: memoryview) -> float:
    is_long = body[0] == 1
    scale, length = struct.unpack(">IQ" if is_long else ">II", body[20:32] if is_long else body[12:20])
    return length / scale if scale else 0.0


def _pixels(body: memoryview) -> tuple[int, int]:
    """The last two numbers of a track's head, in 16.16; a sound track has none."""
    wide, high = struct.unpack(">II", body[-8:])
    return wide >> 16, high >> 16
