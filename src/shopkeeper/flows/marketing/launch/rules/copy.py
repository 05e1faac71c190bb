"""M2.1: what a text claims: lowest prices, former prices, and offers that are not what the campaign's rules give.

Amounts are minor units, rates thousandths of the price paid (8.5 折 is 850). Places are positions in the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shopkeeper.flows.marketing.promotions.rules.codec import Terms
from shopkeeper.flows.marketing.promotions.rules.offers import (
    FreeFreight,
    ItemDiscount,
    NthItem,
    Percentage,
    PiecesDiscount,
    Reduction,
)
from shopkeeper.flows.marketing.promotions.rules.rates import NUMBER, TENTHS, permille, rates_in, written_alike
from shopkeeper.shared.words import T

_AMOUNT = r"([0-9]+(?:\.[0-9]{1,2})?)"
_GAP = r"[\s,，、:：]*"
LOWEST = re.compile(
    r"(全网|全年|历史|史上|行业|全国|年度|有史以来|全平台)?最低价|(全网|全年|史上|历史|行业|全国|年度|全平台)最低|史低|破价|击穿底价|"
    r"(?:all[- ]time |the )?lowest (?:price|ever)",
    re.I,
)
FORMER = re.compile(
    rf"(?:原价|市场价|专柜价|吊牌价|官方价|original price|was|rrp){_GAP}(?:¥|￥|rmb|cny)?\s*{_AMOUNT}?", re.I
)
REDUCTION = re.compile(rf"(每)?满{_GAP}{_AMOUNT}\s*(元|件)?{_GAP}(?:立)?减{_GAP}{_AMOUNT}")
OFF_PERCENT = re.compile(r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)\s*%\s*off\b", re.I)
HALF = re.compile(rf"第\s*([0-9]+|[二两三四五])\s*件\s*(半价|0\s*元|免费|{NUMBER}{TENTHS})")
FREE_FREIGHT = re.compile(r"包邮|免运费|free (?:shipping|freight)", re.I)
_PIECES = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a text claims at text[start:end]."""

    code: str
    start: int
    end: int
    written: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the campaign's rules really give."""

    reductions: frozenset[tuple[int, int, bool]] = frozenset()  # threshold, off, counts pieces
    rates: frozenset[int] = frozenset()
    nth: frozenset[tuple[int, int]] = frozenset()
    is_freight_free: bool = False
    said: tuple[T, ...] = field(default=(), compare=False)


def given_by(terms: Iterable[Terms], said: Sequence[T] = ()) -> Given:
    """The offers of some promotions; `said` is how they are told to people."""
    reductions: set[tuple[int, int, bool]] = set()
    rates: set[int] = set()
    nth: set[tuple[int, int]] = set()
    freight = False
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
    return Given(frozenset(reductions), frozenset(rates), frozenset(nth), freight, tuple(said))


def price_claims(text: str) -> list[Claim]:
    """Claims about prices that have to be proved: a lowest price, a former one."""
    folded = _folded(text)
    found = [_claim("claim_lowest", hit, text) for hit in LOWEST.finditer(folded)]
    return found + [_claim("claim_former_price", hit, text) for hit in FORMER.finditer(folded)]


def unlike_rules(text: str, given: Given) -> list[Claim]:
    """Offers that the text promises and no rule of the campaign gives, in the order of the text."""
    folded = _folded(text)
    spans = (*_rates_wrong(folded, given), *(hit.span() for hit in _promised_wrongly(folded, given)))
    found = [Claim("claim_unlike_rules", start, end, text[start:end]) for start, end in spans]
    return sorted(found, key=lambda claim: (claim.start, claim.end))


def missing_words(text: str, must_say: Sequence[str]) -> list[str]:
    """What the offer has to be brought out with and the text does not say.

    Spaces and widths do not count, nor how a rate is written: 85折 says 8.5折.
    """
    bare = _bare(text)
    return [words for words in must_say if _bare(words) and _bare(words) not in bare]


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


def _folded(text: str) -> str:
    """Full-width forms as plain ones, character by character, so that places stay."""
    return "".join(_narrow(char) for char in text)


def _narrow(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", "", written_alike(folded)).lower()


def _claim(code: str, hit: re.Match[str], text: str) -> Claim:
    return Claim(code, hit.start(), hit.end(), text[hit.start() : hit.end()])
