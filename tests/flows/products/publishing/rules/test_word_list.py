"""P4.1: words are found however they are disguised, at the place where they were written, and nowhere else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.products.publishing.rules.findings import (
    Granted,
    changes,
    pieces,
    word_findings,
)
from shopkeeper.flows.products.publishing.rules.folding import fold, places
from shopkeeper.flows.products.publishing.rules.word_list import Term, WordList, folded_term

pytestmark = pytest.mark.clause("P4.1")

WORDS = WordList(
    [
        Term("最佳", "block", "absolute", "优选"),
        Term("第一", "block", "absolute"),
        Term("国家级", "block", "absolute"),
        Term("NO.1", "block", "absolute"),
        Term("加微信", "block", "lure"),
        Term("100%", "warn", "absolute"),
        Term("治疗", "block", "medical", category="!药品|医疗器械"),
        Term("美白", "block", "cosmetics", category="美妆|护肤"),
        Term("秒杀", "warn", "price", platform="taobao"),
        Term("最低价", "block", "absolute"),
        Term("全网最低价", "warn", "absolute"),
        Term("第一次", "allow", "house"),
        Term("100%棉", "allow", "house"),
        Term("专利号ZL#", "allow", "house"),
        Term("专利", "warn", "proof"),
    ]
)


def found(text: str, category: str = "", platforms: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(text[hit.start : hit.end], hit.term.text) for hit in WORDS.check(text, category, platforms)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("品质最佳", "最佳"),
        ("品质最·佳", "最·佳"),
        ("品质最 佳", "最 佳"),
        ("品质最\u200b佳", "最\u200b佳"),
        ("品质蕞佳", "蕞佳"),
        ("品質國 家 級", "國 家 級"),
        ("全网ＮＯ．１", "ＮＯ．１"),
        ("全网no①", "no①"),
        ("请➕薇信", "➕薇信"),
        ("全国第·一", "第·一"),
    ],
)
def test_a_disguised_word_is_found_where_it_was_written(text: str, written: str) -> None:
    assert [part for part, _ in found(text)] == [written]


@pytest.mark.parametrize(
    "text",
    ["第一次购买", "它是最。佳能相机", "PIANO 1 台", "TOP10", "1100%", "面料100%棉", "专利号：ZL202110000000.1", ""],
)
def test_harmless_phrases_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_an_allowed_phrase_covers_only_what_lies_inside_it() -> None:
    assert found("第一次买第一品牌") == [("第一", "第一")]


def test_scopes_by_category_and_platform() -> None:
    assert found("可治疗失眠", "家居 / 床品") == [("治疗", "治疗")]
    assert found("可治疗失眠", "医疗器械 / 理疗") == []
    assert found("美白", "家居") == []
    assert found("美白", "美妆 / 面膜") == [("美白", "美白")]
    assert found("秒杀", platforms=("pinduoduo",)) == []
    assert found("秒杀", platforms=("pinduoduo", "taobao")) == [("秒杀", "秒杀")]


def test_of_words_that_share_a_place_the_longest_counts_unless_a_shorter_weighs_more() -> None:
    assert found("全网最低价") == [("全网最低价", "全网最低价"), ("最低价", "最低价")]


def test_a_list_without_terms_finds_nothing() -> None:
    assert WordList([]).check("最佳") == []
    assert folded_term("··") == ""
    assert folded_term("#") == ""


@given(st.text(max_size=60))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    origin = places(text)
    assert len(origin) == len(fold(text))
    assert origin == sorted(origin)
    assert all(0 <= place < len(text) for place in origin)


@given(
    st.lists(st.sampled_from(["最佳", "国家级", "加微信"]), min_size=1, max_size=4),
    st.lists(st.sampled_from(["好看", "耐用", "杯子", "。"]), min_size=5, max_size=5),
    st.sampled_from(["", " ", "·", "\u200b", "*", "　"]),
)
def test_disguise_by_separators_changes_nothing_of_what_is_found(words: list[str], plain: list[str], mark: str) -> None:
    """The same hits as a plain search in the text without the separators."""
    written = [mark.join(word) for word in words]
    text = "".join(part for pair in zip(plain, written, strict=False) for part in pair) + plain[-1]
    bare = "".join(part for pair in zip(plain, words, strict=False) for part in pair) + plain[-1]
    assert [term for _, term in found(text)] == re.findall("最佳|国家级|加微信", bare)


def test_findings_name_place_ground_and_remedy_and_exemptions_lift_them() -> None:
    said = {"title": "最佳保温杯", "selling_points.0": "面料100%防水"}
    rows = word_findings(WORDS, said, "家居", (), [Granted(7, fold("最佳"))])
    first, second = rows
    assert (first.place, first.start, first.end, first.suggestion) == ("title", 0, 2, "优选")
    assert first.exempt_by == 7
    assert not first.blocks
    assert second.warns
    assert not second.blocks


def test_a_text_is_cut_along_its_findings() -> None:
    said = {"title": "最佳的第一"}
    cut = pieces(said["title"], word_findings(WORDS, said, "", ()))
    assert [(piece.text, piece.finding is not None) for piece in cut] == [("最佳", True), ("的", False), ("第一", True)]
    assert "".join(piece.text for piece in cut) == said["title"]


def test_changes_say_what_is_new_other_and_gone() -> None:
    rows = changes({"title": "旧", "scenarios.1": "露营"}, {"title": "新", "description": "有"})
    assert [(c.place, c.was, c.now) for c in rows] == [
        ("title", "旧", "新"), ("description", "", "有"), ("scenarios.1", "露营", ""),
    ]  # fmt: skip
