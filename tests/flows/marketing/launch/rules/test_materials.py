"""M2.1: a version against its brief."""

from dataclasses import replace

import pytest

from shopkeeper.flows.marketing.launch.rules.colours import Shade
from shopkeeper.flows.marketing.launch.rules.films import Film
from shopkeeper.flows.marketing.launch.rules.materials import (
    Brief,
    Limits,
    judge_film,
    judge_poster,
    judge_words,
    kind_fits,
)
from shopkeeper.flows.marketing.promotions.rules.promises import Given
from shopkeeper.flows.products.listing.rules.pictures import Measures
from shopkeeper.flows.products.publishing.rules.word_list import Term, WordList

pytestmark = pytest.mark.clause("M2.1")
BRIEF = Brief("poster", 800, 800, (), ("#e1251b",), Given())
LIMITS = Limits(poster_kb=500, video_seconds=30, colour_distance=20, colour_share=10, sharpness=50)
GOOD = Measures("jpeg", 100_000, 1_000, 1_000, sharpness=400, text_share=0.0)
RED = (Shade("#e1251b", 0.4), Shade("#ffffff", 0.6))
WORDS = WordList([Term("国家级", "block", "absolute", "优质"), Term("爆款", "warn", "house")])


def codes(measures: Measures, shades=RED, brief: Brief = BRIEF) -> dict[str, str]:
    return {f.code: f.level for f in judge_poster(measures, shades, brief, LIMITS, WORDS)}


def test_a_poster_as_asked_for_passes() -> None:
    assert codes(GOOD) == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"width": 700}, "material_small"),
        ({"width": 2_000}, "material_ratio"),
        ({"bytes": 900_000}, "material_heavy"),
        ({"mislabelled": "png"}, "picture_mislabelled"),
        ({"mode": "CMYK"}, "picture_cmyk"),
        ({"trouble": "picture_damaged"}, "picture_damaged"),
        ({"text": "国家级工艺", "text_share": 0.2}, "listed_word"),
    ],
)
def test_what_is_wrong_with_it_is_an_error(change: dict, code: str) -> None:
    assert codes(replace(GOOD, **change))[code] == "error"


def test_what_somebody_should_look_at_is_advice() -> None:
    assert codes(replace(GOOD, sharpness=1)) == {"picture_blurred": "advice"}
    assert codes(replace(GOOD, text_share=None)) == {"picture_text_not_checked": "advice"}
    assert codes(GOOD, brief=replace(BRIEF, brand=())) == {"brand_not_set": "advice"}


def test_off_brand_names_share_and_distance() -> None:
    (found,) = judge_poster(GOOD, (Shade("#00aa55", 1.0),), BRIEF, LIMITS, WORDS)
    assert found.code == "off_brand"
    assert (found.facts["measured"], found.facts["limit"]) == (0, 10)
    assert found.facts["distance"] > 20


def test_a_film_is_held_against_pixels_and_length() -> None:
    brief = replace(BRIEF, kind="video", width=1080, height=1920)
    assert judge_film(Film(1080, 1920, 20), 100, brief, LIMITS) == []
    assert [f.code for f in judge_film(Film(1080, 1920, 31), 100, brief, LIMITS)] == ["film_long"]
    assert [f.code for f in judge_film(Film(trouble="film_damaged"), 100, brief, LIMITS)] == ["film_damaged"]
    (ear,) = judge_film(Film(1080, 1920, 20), 100, replace(brief, must_say=("满300减50",)), LIMITS)
    assert (ear.code, ear.level) == ("film_words_by_ear", "advice")


def test_listed_words_say_where_they_stand_and_what_to_write_instead() -> None:
    block, warn = judge_words("国家级爆款", replace(BRIEF, must_say=()), WORDS)
    assert (block.level, block.facts["start"], block.facts["end"]) == ("error", 0, 3)
    assert (block.facts["suggestion"], warn.level) == ("优质", "advice")


def test_the_offer_has_to_be_brought_out() -> None:
    found = judge_words("来看看", replace(BRIEF, must_say=("满300减50",)), WORDS)
    assert [(f.code, f.facts["words"]) for f in found] == [("offer_not_said", "满300减50")]


def test_the_content_decides_what_a_file_is_good_for() -> None:
    assert kind_fits("poster", "png")
    assert not kind_fits("poster", "mp4")
    assert kind_fits("video", "mp4")
    assert not kind_fits("copy", "png")


def test_a_lowest_price_is_claimed_once_where_the_list_forbids_it_too() -> None:
    words = WordList([Term("全网最低价", "block", "price", "到手价")])
    assert [f.code for f in judge_words("全网最低价", BRIEF, words)] == ["listed_word"]
    assert [f.code for f in judge_words("全网最低价", BRIEF, WORDS)] == ["claim_lowest"]
