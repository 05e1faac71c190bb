"""Drawn pictures: the same number the same picture, and fit to be a main one."""

from shopkeeper.flows.products.listing.rules.pictures import measure
from shopkeeper.simulator.pictures import drawn


def test_a_number_always_draws_the_same_picture_and_its_own() -> None:
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_a_drawn_picture_stands_on_white_and_fills_it() -> None:
    measured = measure(drawn(801), "盖碗.jpg", 250)
    assert (measured.kind, measured.width, measured.height) == ("jpeg", 800, 800)
    assert measured.white_border == measured.white_corner == 1.0
    assert measured.subject > 0.6
    assert measured.sharpness > 100


def test_size_and_ground_can_be_wrong_on_purpose() -> None:
    assert measure(drawn(801, side=400), "小图.jpg", 250).width == 400
    assert measure(drawn(801, ground="#8a8a8a"), "灰底.jpg", 250).white_border == 0.0
