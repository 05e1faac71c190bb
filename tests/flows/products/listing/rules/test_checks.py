from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.products.listing.rules.attributes import AttributeRule, check_attributes
from shopkeeper.flows.products.listing.rules.checks import Draft, PictureFacts, SkuEntryFacts, Wanted, check_product
from shopkeeper.flows.products.listing.rules.findings import Finding, revived
from shopkeeper.flows.products.listing.rules.platforms import title_bytes
from shopkeeper.flows.products.listing.rules.titles import check_title, repeated_words
from shopkeeper.flows.products.listing.words import FINDINGS, PLACES

pytestmark = pytest.mark.clause("P2.1")
WANTED = Wanted(selling_points=2, scenarios=1, title_repeats=1, pictures=1)
GOOD = Draft(
    title="纯棉T恤男夏季短袖", core_keyword="T恤", selling_points=("不起球", "不变形"), scenarios=("通勤",),
    attributes={"材质": "棉"}, platforms=("taobao",), has_leaf=True, mapped=frozenset({"taobao"}),
    template=(AttributeRule("材质", "choice", True, ("棉",)),), pictures=(PictureFacts(1, "main", "passed"),),
    skus=(SkuEntryFacts("S1", "白色", 100, 50, False),), promises=("no_reason_return",),
)  # fmt: skip


def codes(draft: Draft) -> list[str]:
    return [finding.code for finding in check_product(draft, WANTED)]


def test_a_good_product_has_nothing_to_mend() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "title_missing"),
        ({"title": "纯棉短袖"}, "core_keyword_not_in_title"),
        ({"core_keyword": ""}, "core_keyword_missing"),
        ({"selling_points": ("好", " ")}, "selling_points_missing"),
        ({"selling_points": ("好", "好")}, "line_twice"),
        ({"scenarios": ()}, "scenarios_missing"),
        ({"scenarios": ("长" * 201,)}, "line_too_long"),
        ({"platforms": ()}, "platforms_missing"),
        ({"has_leaf": False}, "category_missing"),
        ({"platforms": ("taobao", "jd")}, "category_not_mapped"),
        ({"attributes": {}}, "attribute_missing"),
        ({"skus": ()}, "skus_missing"),
        ({"skus": (SkuEntryFacts("S1", "白色", 1, 1, True),)}, "skus_missing"),
        (
            {"skus": (SkuEntryFacts("S1", "白色", 1, 1, False), SkuEntryFacts("S2", "", 1, 1, False))},
            "sku_without_spec",
        ),
        (
            {"skus": (SkuEntryFacts("S1", "白色", 1, 1, False), SkuEntryFacts("S2", "白色", 1, 1, False))},
            "sku_spec_twice",
        ),
        ({"skus": (SkuEntryFacts("S1", "白色", 1, 0, False),)}, "sku_without_cost"),
        ({"promises": ()}, "no_reason_not_promised"),
        ({"no_reason": "perishable"}, "no_reason_promised_though_exempt"),
        ({"pictures": (PictureFacts(1, "main", "failed"),)}, "images_failed"),
        ({"pictures": (PictureFacts(1, "main", "waiting"),)}, "images_waiting"),
        ({"pictures": (PictureFacts(1, "gallery", "passed"),)}, "main_image_missing"),
        ({"pictures": (PictureFacts(1, "main", "passed"),) * 6}, "images_too_many"),
        (
            {
                "platforms": ("pinduoduo",),
                "mapped": frozenset({"pinduoduo"}),
                "pictures": (PictureFacts(1, "main", "passed"), *(PictureFacts(2, "detail", "passed"),) * 21),
            },
            "details_too_many",
        ),
    ],
)
def test_each_thing_to_mend_is_found_and_has_words(change: dict, code: str) -> None:
    assert code in codes(replace(GOOD, **change))
    assert code in FINDINGS


def test_perishable_goods_need_no_promise_of_return() -> None:
    assert codes(replace(GOOD, promises=(), no_reason="perishable")) == []


@pytest.mark.parametrize(
    ("title", "platform", "code"),
    [
        ("棉" * 30, "taobao", ""),
        ("棉" * 30 + "a", "taobao", "title_too_long"),
        ("棉" * 45, "jd", ""),
        ("a" * 46, "jd", "title_too_many_characters"),
        ("棉" * 51, "jd", "title_too_long"),
        ("棉T恤🔥", "douyin", "title_emoji"),
        ("棉★", "taobao", "title_emoji"),
    ],
)
def test_titles_are_counted_as_each_platform_counts(title: str, platform: str, code: str) -> None:
    found = [finding.code for finding in check_title(title, title[:1], [platform], 99)]
    assert found == ([code] if code else [])


def test_a_title_over_the_limit_says_by_how_much() -> None:
    finding = check_title("棉" * 32, "棉", ["taobao"], 99)[0]
    assert finding.facts == {"platform": "taobao", "size": 64, "limit": 60, "over": 4}


def test_a_keyword_counts_whatever_its_width_and_case() -> None:
    assert check_title("纯棉ｔ恤", "T恤", ["taobao"], 1) == []


def test_words_said_again_are_found_once_each() -> None:
    assert repeated_words("纯棉短袖纯棉T恤男短袖", 1) == [("纯棉", 2), ("短袖", 2)]
    assert repeated_words("纯棉短袖纯棉", 2) == []


@given(st.text(alphabet=st.characters(codec="gbk"), max_size=60))
def test_title_bytes_are_what_gbk_makes_of_them(title: str) -> None:
    assert title_bytes(title) == len(title.encode("gbk"))


@given(st.text(max_size=80), st.text(max_size=10))
def test_any_text_can_be_checked(title: str, keyword: str) -> None:
    for finding in check_title(title, keyword, ["taobao", "jd", "douyin"], 1):
        assert finding.code in FINDINGS and finding.place in PLACES
        assert revived(finding.plain()) == finding


RULES = (AttributeRule("材质", "choice", True, ("棉", "麻")), AttributeRule("克重", "number", False, (), ("g/m²", "g")),
         AttributeRule("层数", "number"))  # fmt: skip


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"材质": "棉", "克重": "180 g/m²", "层数": "2", "别的": "可以有"}, []),
        ({"材质": "棉", "克重": "180g"}, []),
        ({"材质": " "}, ["attribute_missing"]),
        ({"材质": "皮"}, ["attribute_not_a_choice"]),
        ({"材质": "棉", "克重": "很重"}, ["attribute_not_a_number"]),
        ({"材质": "棉", "克重": "180"}, ["attribute_unit"]),
        ({"材质": "棉", "克重": "180 斤"}, ["attribute_unit"]),
        ({"材质": "棉", "层数": "2 层"}, ["attribute_unit"]),
    ],
)
def test_attributes_are_held_against_the_template(attributes: dict[str, str], expected: list[str]) -> None:
    assert [finding.code for finding in check_attributes(attributes, RULES)] == expected


def test_every_finding_has_its_words_in_both_languages_and_its_facts_fit() -> None:
    for code, (reason, remedy) in FINDINGS.items():
        assert reason.zh and reason.en and remedy.zh and remedy.en, code
        assert sorted(_names(reason.zh)) == sorted(_names(reason.en)), code
        assert sorted(_names(remedy.zh)) == sorted(_names(remedy.en)), code
    assert isinstance(Finding("x", "title").plain(), dict)


def _names(text: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(text) if name]
