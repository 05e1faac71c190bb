"""M2.1: what a text claims: lowest prices, former prices, and offers that are not what the campaign's rules give.

Places are positions in the text.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.promotions.rules.promises import AMOUNT, GAP, Given, folded, promised_beyond
from shopkeeper.flows.marketing.promotions.rules.rates import written_alike

LOWEST = re.compile(
    r"(全网|全年|历史|史上|行业|全国|年度|有史以来|全平台)?最低价|(全网|全年|史上|历史|行业|全国|年度|全平台)最低|史低|破价|击穿底价|"
    r"(?:all[- ]time |the )?lowest (?:price|ever)",
    re.I,
)
FORMER = re.compile(
    rf"(?:原价|市场价|专柜价|吊牌价|官方价|original price|was|rrp){GAP}(?:¥|￥|rmb|cny)?\s*{AMOUNT}?", re.I
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a text claims at text[start:end]."""

    code: str
    start: int
    end: int
    written: str


def price_claims(text: str) -> list[Claim]:
    """Claims about prices that have to be proved: a lowest price, a former one."""
    plain = folded(text)
    found = [_claim("claim_lowest", hit, text) for hit in LOWEST.finditer(plain)]
    return found + [_claim("claim_former_price", hit, text) for hit in FORMER.finditer(plain)]


def unlike_rules(text: str, given: Given) -> list[Claim]:
    """Offers that the text promises and no rule of the campaign gives, in the order of the text."""
    return [Claim("claim_unlike_rules", start, end, text[start:end]) for start, end in promised_beyond(text, given)]


def missing_words(text: str, must_say: Sequence[str]) -> list[str]:
    """What the offer has to be brought out with and the text does not say.

    Spaces and widths do not count, nor how a rate is written: 85折 says 8.5折.
    """
    bare = _bare(text)
    return [words for words in must_say if _bare(words) and _bare(words) not in bare]


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", "", written_alike(plain)).lower()


def _claim(code: str, hit: re.Match[str], text: str) -> Claim:
    return Claim(code, hit.start(), hit.end(), text[hit.start() : hit.end()])
