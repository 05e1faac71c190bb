"""M2.1: what a film says of itself."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.launch.rules.films import Film, read_film

pytestmark = pytest.mark.clause("M2.1")


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def film(width: int, height: int, seconds: int, *, is_long: bool = False) -> bytes:
    scale = 600
    if is_long:
        mvhd = b"\x01\0\0\0" + bytes(16) + struct.pack(">IQ", scale, seconds * scale) + bytes(80)
    else:
        mvhd = bytes(4) + bytes(8) + struct.pack(">II", scale, seconds * scale) + bytes(80)
    sound = bytes(84)
    track = bytes(76) + struct.pack(">II", width << 16, height << 16)
    traks = box(b"trak", box(b"tkhd", sound)) + box(b"trak", box(b"tkhd", track))
    return box(b"ftyp", b"isom" + bytes(12)) + box(b"moov", box(b"mvhd", mvhd) + traks) + box(b"mdat", b"film")


@pytest.mark.parametrize("is_long", [False, True])
def test_pixels_and_length_are_read(is_long: bool) -> None:
    assert read_film(film(1080, 1920, 15, is_long=is_long)) == Film(1080, 1920, 15.0)


def test_a_film_without_picture_or_cut_off_says_so() -> None:
    assert read_film(film(0, 0, 5)).trouble == "film_without_picture"
    assert read_film(film(10, 10, 5)[:60]).trouble == "film_damaged"
    assert read_film(b"").trouble == "film_without_picture"


@given(st.binary(max_size=300))
def test_whatever_comes_it_does_not_raise(content: bytes) -> None:
    assert read_film(content).trouble in ("", "film_damaged", "film_without_picture")
    assert read_film(film(8, 8, 1)[:40] + content).trouble in ("", "film_damaged", "film_without_picture")
