"""M2.1: the colours of a picture against the brand's."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shopkeeper.flows.marketing.launch.rules.colours import Shade, brand_share, distance, dominant, lab, read_colour

pytestmark = pytest.mark.clause("M2.1")
COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def picture(*blocks: tuple[str, int]) -> bytes:
    """Stripes of colours, each so many pixels wide."""
    image = Image.new("RGB", (sum(width for _, width in blocks), 100))
    at = 0
    for colour, width in blocks:
        image.paste(colour, (at, 0, at + width, 100))
        at += width
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#ffffff", (100, 0, 0)),
        ("#000000", (0, 0, 0)),
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#0000ff", (32.30, 79.20, -107.86)),
    ],
)
def test_lab_is_as_the_tables_have_it(colour: str, expected: tuple[float, float, float]) -> None:
    assert lab(colour) == pytest.approx(expected, abs=0.05)


@given(COLOURS, COLOURS)
def test_a_distance_is_the_same_both_ways_and_nothing_to_itself(one: str, other: str) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert distance(one, one) == pytest.approx(0)
    assert distance(one, other) < 270


def test_the_largest_colours_of_a_picture_are_found_with_their_shares() -> None:
    shades = dominant(picture(("#e1251b", 70), ("#ffffff", 30)))
    assert shades[0].share == pytest.approx(0.7, abs=0.02)
    assert distance(shades[0].colour, "#e1251b") < 3
    assert sum(shade.share for shade in shades) == pytest.approx(1, abs=0.01)


def test_the_share_in_brand_colours_counts_what_is_near_enough() -> None:
    shades = (Shade("#e1251b", 0.3), Shade("#e02020", 0.1), Shade("#00aa55", 0.6))
    share, least = brand_share(shades, ["#e1251b"], most=10)
    assert share == pytest.approx(0.4)
    assert least == 0
    assert brand_share(shades, [], most=10) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "read"), [("#E1251B", "#e1251b"), ("e1251b", "#e1251b"), ("红", ""), ("#fff", ""), ("", "")]
)
def test_a_colour_is_read_as_it_is_written_on_the_web(text: str, read: str) -> None:
    assert read_colour(text) == read
