"""Offers that people promise in words (满300减50, 8.5折, 第二件半价, 包邮, 赠品), held against what promotions give.

Amounts are minor units, rates thousandths of the price paid (8.5 折 is 850). Places are positions in the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shopkeeper.flows.marketing.promotions.rules.codec import Terms
from shopkeeper.flows.marketing.promotions.rules.offers import (
    FreeFreight,
    Gift,
    ItemDiscount,
    NthItem,
    Percentage,
    PiecesDiscount,
    Reduction,
)
from shopkeeper.flows.marketing.promotions.rules.rates import NUMBER, TENTHS, permille, rates_in
from shopkeeper.shared.words import T

AMOUNT = r"([0-9]+(?:\.[0-9]{1,2})?)"
GAP = r"[\s,，、:：]*"
REDUCTION = re.compile(rf"(每)?满{GAP}¥?{AMOUNT}\s*(元|件)?{GAP}(?:立)?减{GAP}¥?{AMOUNT}")
OFF_PERCENT = re.compile(r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)\s*%\s*off\b", re.I)
HALF = re.compile(rf"第\s*([0-9]+|[二两三四五])\s*件\s*(半价|0\s*元|免费|{NUMBER}{TENTHS})")
# 不包邮 and 非包邮 promise nothing.
FREE_FREIGHT = re.compile(r"(?<![不非])包邮|免运费|free (?:shipping|freight)", re.I)
# 馈赠, 礼赠 are what goods are for, 不赠 and 无赠品 promise nothing; coupons, points and insurance are no goods.
GIFT = re.compile(
    r"(?<![不非无没馈礼捐转受敬])(?<!没有)赠(?![予言阅与])(?![^,;。、!+()]{0,10}(?:券|积分|红包|险))"
    r"(?:\s*[0-9]+\s*)?[^\s,;。、!+()]{0,12}"
    r"|买\s*[0-9一二两三四五]\s*件?\s*送\s*[0-9一二两三四五]"
    r"|free gifts?\b|gift with (?:every |each )?(?:order|purchase)",
    re.I,
)
_PIECES = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}


@dataclass(frozen=True, slots=True)
class Given:
    """What a campaign's promotions really give."""

    reductions: frozenset[tuple[int, int, bool]] = frozenset()  # threshold, off, counts pieces
    rates: frozenset[int] = frozenset()
    nth: frozenset[tuple[int, int]] = frozenset()
    is_freight_free: bool = False
    has_gift: bool = False
    said: tuple[T, ...] = field(default=(), compare=False)


def given_by(terms: Iterable[Terms], said: Sequence[T] = ()) -> Given:
    """The offers of some promotions; `said` is how they are told to people."""
    reductions: set[tuple[int, int, bool]] = set()
    rates: set[int] = set()
    nth: set[tuple[int, int]] = set()
    freight = gift = False
    for one in terms:
        offer = one.offer
        if isinstance(offer, Reduction):
            reductions |= {(threshold, off, offer.counts_pieces) for threshold, off in offer.tiers}
        elif isinstance(offer, Percentage | ItemDiscount | PiecesDiscount):
            rates.add(offer.permille)
        elif isinstance(offer, NthItem):
            nth.add((offer.n, offer.permille))
        elif isinstance(offer, FreeFreight):
            freight = True
        elif isinstance(offer, Gift):
            gift = True
    return Given(frozenset(reductions), frozenset(rates), frozenset(nth), freight, gift, tuple(said))


def promised_beyond(text: str, given: Given) -> list[tuple[int, int]]:
    """Where the text promises what is not given, in its order: (start, end)."""
    plain = folded(text)
    return sorted((*_rates_wrong(plain, given), *(hit.span() for hit in _promised_wrongly(plain, given))))


@dataclass(frozen=True, slots=True)
class Promise:
    """An offer promised in words that no promotion gives; `place` says where it stands."""

    place: str
    written: str


def broken_promises(texts: Iterable[tuple[str, str]], given: Given) -> tuple[Promise, ...]:
    """What texts, each with its place, promise beyond what is given: the same words at a place once."""
    found = (
        Promise(place, text[start:end].strip()) for place, text in texts for start, end in promised_beyond(text, given)
    )
    return tuple(dict.fromkeys(found))


def folded(text: str) -> str:
    """Full-width forms as plain ones, character by character, so that places stay."""
    return "".join(_narrow(char) for char in text)


def _promised_wrongly(text: str, given: Given) -> Iterator[re.Match[str]]:
    for hit in REDUCTION.finditer(text):
        counts = hit[3] == "件"
        threshold = int(float(hit[2])) if counts else round(float(hit[2]) * 100)
        if (threshold, round(float(hit[4]) * 100), counts) not in given.reductions:
            yield hit
    for hit in OFF_PERCENT.finditer(text):
        if 1_000 - round(float(hit[1]) * 10) not in given.rates:
            yield hit
    for hit in HALF.finditer(text):
        n = int(hit[1]) if hit[1].isdecimal() else _PIECES[hit[1]]
        if (n, _of_piece(hit[2])) not in given.nth:
            yield hit
    if not given.is_freight_free:
        yield from FREE_FREIGHT.finditer(text)
    if not given.has_gift:
        yield from GIFT.finditer(text)


def _rates_wrong(text: str, given: Given) -> Iterator[tuple[int, int]]:
    """Places of rates that no rule gives; those of an nth piece are read with it."""
    of_pieces = [hit.span() for hit in HALF.finditer(text)]
    for rate in rates_in(text):
        is_of_piece = any(start < rate.end <= end for start, end in of_pieces)
        if not is_of_piece and rate.permille not in given.rates:
            yield rate.start, rate.end


def _of_piece(text: str) -> int | None:
    """What the nth piece costs, in thousandths: 半价, 0 元, 5 折."""
    if text.endswith("折"):
        return permille(text.removesuffix("折"))
    return 500 if text == "半价" else 0


def _narrow(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char
