"""The demo's drawn pictures: each its own, fit to be a main picture; customers' photographs are none."""

import pytest

from shopkeeper.flows.products.listing.rules.pictures import measure
from shopkeeper.simulator.drawings.evidence import SHOTS, photograph
from shopkeeper.simulator.drawings.goods import DRAWINGS, SECOND, main_picture, planned_picture, second_picture


@pytest.mark.parametrize("code", DRAWINGS)
def test_goods_stand_sharp_on_white_and_fill_the_picture(code) -> None:
    measured = measure(main_picture(code), f"{code}.jpg", 250)
    assert (measured.kind, measured.width, measured.height) == ("jpeg", 800, 800)
    assert measured.white_border == measured.white_corner == 1.0
    assert measured.subject > 0.6
    assert measured.sharpness > 60


def test_every_picture_is_its_own() -> None:
    drawn = [main_picture(code) for code in DRAWINGS] + [second_picture(code) for code in SECOND]
    assert len(set(drawn)) == len(drawn)
    assert second_picture("KNF") is None
    assert planned_picture("celadon") == planned_picture("celadon")


def test_photographs_show_a_table_and_can_be_out_of_focus() -> None:
    for name in SHOTS:
        assert measure(photograph(name), "照片.jpg", 250).white_border == 0.0
    sharp, soft = (measure(photograph("broken_spout", blur=blur), "照片.jpg", 250) for blur in (0.8, 9.0))
    assert soft.sharpness < sharp.sharpness
