"""M2.1: what copy claims, against what the campaign gives."""

import pytest

from shopkeeper.flows.marketing.launch.rules.copy import missing_words, price_claims, unlike_rules
from shopkeeper.flows.marketing.promotions.rules.codec import read_terms
from shopkeeper.flows.marketing.promotions.rules.promises import Given, given_by

pytestmark = pytest.mark.clause("M2.1")
GIVEN = given_by(
    [
        read_terms({"offer": {"kind": "reduction", "tiers": [[30_000, 5_000], [50_000, 10_000]]}}),
        read_terms({"offer": {"kind": "discount", "permille": 850}}),
        read_terms({"offer": {"kind": "nth", "n": 2, "permille": 500}}),
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "满300减50",
        "每满 300 元，减 50",
        "满５００减１００",
        "全场8.5折",
        "八五折起",
        "专场85折",
        "专场 85 折",
        "专场８５折",
        "专场８．５折",
        "八点五折封顶",
        "双十一八五折",
        "第二件五折",
        "15.0% off",
        "第2件半价",
        "第二件半价",
        "第2件5折",
        "15% off",
        "折扣多多，折叠椅",
    ],
)
def test_what_the_rules_give_may_be_said(text: str) -> None:
    assert unlike_rules(text, GIVEN) == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("今天满300减80", "满300减80"),
        ("全场5折", "5折"),
        ("七折清仓", "七折"),
        ("一律95折", "95折"),
        ("一律185折", "185折"),
        ("九折", "九折"),
        ("全场８折", "８折"),
        ("3件7折", "7折"),
        ("第二件八折", "第二件八折"),
        ("115% off", "115% off"),
        ("2.15% off", "2.15% off"),
        ("第3件半价", "第3件半价"),
        ("第2件 6 折", "第2件 6 折"),
        ("第2件0元", "第2件0元"),
        ("满 2 件减 30", "满 2 件减 30"),
        ("30% off today", "30% off"),
        ("全场包邮", "包邮"),
    ],
)
def test_what_they_do_not_give_is_found_in_its_place(text: str, written: str) -> None:
    (claim,) = unlike_rules(text, GIVEN)
    assert claim.code == "claim_unlike_rules"
    assert claim.written == written == text[claim.start : claim.end]


def test_a_campaign_without_rules_gives_nothing() -> None:
    assert len(unlike_rules("满300减50，8折", Given())) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("全网最低价", "claim_lowest"),
        ("史低来了", "claim_lowest"),
        ("The lowest price ever", "claim_lowest"),
        ("原价¥299，今天 199", "claim_former_price"),
        ("吊牌价：599.00", "claim_former_price"),
    ],
)
def test_claims_about_prices_are_found(text: str, code: str) -> None:
    claims = price_claims(text)
    assert code in {claim.code for claim in claims}
    assert all(claim.written == text[claim.start : claim.end] for claim in claims)


def test_plain_copy_claims_nothing() -> None:
    assert price_claims("夏日清凉，好穿不贵") == []


def test_the_offer_has_to_be_said_whatever_the_spaces() -> None:
    assert missing_words("满 ３００ 减 50，来就送", ["满300减50", "前100名", " "]) == ["前100名"]


@pytest.mark.parametrize("text", ["专场85折", "专场 8.5 折", "专场八五折", "专场８５折"])
def test_a_rate_is_said_however_it_is_written(text: str) -> None:
    assert missing_words(text, ["8.5折", "85 折"]) == []
    assert missing_words(text, ["5折"]) == ["5折"]
