"""Promotions as plain JSON and back: what is kept, posted and shown. Reading is strict; what it lets through is sane.

Amounts are minor units, rates thousandths of the price paid. `read_terms(write_terms(terms)) == terms`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from shopkeeper.flows.marketing.promotions.rules.offers import (
    FlashPrice,
    FreeFreight,
    Gift,
    ItemDiscount,
    NthItem,
    Offer,
    Percentage,
    PiecesDiscount,
    Reduction,
    problems,
)
from shopkeeper.flows.marketing.promotions.rules.values import WHOLE, Audience, Layer, Promotion, Scope

KINDS: Mapping[str, type[Any]] = {
    "reduction": Reduction,
    "percentage": Percentage,
    "gift": Gift,
    "discount": ItemDiscount,
    "flash": FlashPrice,
    "nth": NthItem,
    "pieces": PiecesDiscount,
    "freight": FreeFreight,
}
KIND_OF: Mapping[type[Any], str] = {offer: kind for kind, offer in KINDS.items()}
LAYERS: Mapping[str, Layer] = {
    "item": Layer.ITEM,
    "shop": Layer.SHOP,
    "platform": Layer.PLATFORM,
    "freight": Layer.FREIGHT,
}
LAYER_NAMES: Mapping[Layer, str] = {layer: name for name, layer in LAYERS.items()}
LAYERS_OF: Mapping[str, frozenset[Layer]] = {
    **dict.fromkeys(("discount", "flash", "nth", "pieces"), frozenset({Layer.ITEM})),
    **dict.fromkeys(("reduction", "percentage", "gift"), frozenset({Layer.SHOP, Layer.PLATFORM})),
    "freight": frozenset({Layer.FREIGHT}),
}
BEARERS = ("shop", "platform", "supplier", "talent")
BASES = ("after_item", "after_previous")
MOST_NAMED = 2_000
LARGEST = 10**12
LONGEST_WORD = 40


class BadTerms(ValueError):
    """Terms that make no promotion: `code` says what is wrong, `field` where."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(f"{code} ({field})")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Terms:
    """What a version of a promotion says, without its time and shop. Limits None: as many as come."""

    layer: Layer
    offer: Offer
    skus: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    goods_tags: frozenset[str] = frozenset()
    excluded_skus: frozenset[int] = frozenset()
    audience: Audience = Audience()
    uses: int | None = None
    uses_per_buyer: int | None = None
    budget_minor: int | None = None
    mutex_group: str = ""
    priority: int = 100
    tags: frozenset[str] = frozenset()
    stack_with: frozenset[str] = frozenset()
    threshold_base: str = "after_item"
    needs_coupon: bool = False
    bearers: tuple[tuple[str, int], ...] = (("shop", WHOLE),)

    @property
    def kind(self) -> str:
        return KIND_OF[type(self.offer)]

    @property
    def is_limited(self) -> bool:
        return (self.uses, self.uses_per_buyer, self.budget_minor) != (None, None, None)


def promotion_of(
    terms: Terms, id: int, version: int, shop_id: int | None, starts_at: datetime, ends_at: datetime
) -> Promotion:
    """The engine's promotion."""
    return Promotion(
        id,
        version,
        terms.layer,
        terms.offer,
        starts_at,
        ends_at,
        scope=Scope(
            frozenset() if shop_id is None else frozenset({shop_id}),
            terms.skus,
            terms.categories,
            terms.goods_tags,
            terms.excluded_skus,
        ),
        audience=terms.audience,
        mutex_group=terms.mutex_group,
        priority=terms.priority,
        tags=terms.tags,
        stack_with=terms.stack_with,
        threshold_base="after_previous" if terms.threshold_base == "after_previous" else "after_item",
        needs_coupon=terms.needs_coupon,
        bearers=terms.bearers,
    )


def write_terms(terms: Terms) -> dict[str, Any]:
    """Plain JSON, sets sorted: equal terms are written equally."""
    return {
        "layer": LAYER_NAMES[terms.layer],
        "offer": {"kind": terms.kind, **_plain(terms.offer)},
        "skus": sorted(terms.skus),
        "categories": sorted(terms.categories),
        "goods_tags": sorted(terms.goods_tags),
        "excluded_skus": sorted(terms.excluded_skus),
        "audience": _plain(terms.audience),
        **{name: getattr(terms, name) for name in _PLAIN_FIELDS},
        "tags": sorted(terms.tags),
        "stack_with": sorted(terms.stack_with),
        "bearers": [list(bearer) for bearer in terms.bearers],
    }


_PLAIN_FIELDS = ("uses", "uses_per_buyer", "budget_minor", "mutex_group", "priority", "threshold_base", "needs_coupon")
_KNOWN = {spec.name for spec in fields(Terms)}


def _plain(value: Any) -> dict[str, Any]:
    return {spec.name: _plain_value(getattr(value, spec.name)) for spec in fields(value)}


def _plain_value(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {str(key): value[key] for key in sorted(value)}
    if isinstance(value, tuple):
        return [_plain_value(part) for part in value]
    return value


def read_terms(raw: Mapping[str, Any]) -> Terms:
    """Terms from JSON. Raises BadTerms for anything missing, unknown, out of bounds or senseless."""
    unknown = set(raw) - _KNOWN
    if unknown:
        raise BadTerms("terms_unknown", min(unknown))
    offer = _offer(raw.get("offer"))
    layer = _layer(raw.get("layer"), KIND_OF[type(offer)])
    stands = {name: raw[name] for name in ("mutex_group", "threshold_base") if name in raw}
    base = _word(stands.get("threshold_base", "after_item"), "threshold_base")
    if base not in BASES:
        raise BadTerms("terms_unreadable", "threshold_base")
    return Terms(
        layer,
        offer,
        skus=_numbers(raw.get("skus", ()), "skus"),
        categories=_numbers(raw.get("categories", ()), "categories"),
        goods_tags=_words(raw.get("goods_tags", ()), "goods_tags"),
        excluded_skus=_numbers(raw.get("excluded_skus", ()), "excluded_skus"),
        audience=_audience(raw.get("audience", {})),
        uses=_limit(raw.get("uses"), "uses"),
        uses_per_buyer=_limit(raw.get("uses_per_buyer"), "uses_per_buyer"),
        budget_minor=_limit(raw.get("budget_minor"), "budget_minor"),
        mutex_group=_word(stands.get("mutex_group", ""), "mutex_group"),
        priority=_number(raw.get("priority", 100), "priority", least=0, most=10_000),
        tags=_words(raw.get("tags", ()), "tags"),
        stack_with=_words(raw.get("stack_with", ()), "stack_with"),
        threshold_base=base,
        needs_coupon=_flag(raw.get("needs_coupon", False), "needs_coupon"),
        bearers=_bearers(raw.get("bearers", (("shop", WHOLE),))),
    )


def _offer(raw: Any) -> Offer:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("kind"), str) or raw["kind"] not in KINDS:
        raise BadTerms("offer_unknown", "offer")
    shape: Any = KINDS[raw["kind"]]
    given = {name: value for name, value in raw.items() if name != "kind"}
    known = {spec.name: spec for spec in fields(shape)}
    if set(given) - set(known):
        raise BadTerms("terms_unknown", f"offer.{min(set(given) - set(known))}")
    try:
        offer: Offer = shape(**{name: _part(name, value) for name, value in given.items()})
    except TypeError as error:
        raise BadTerms("offer_incomplete", "offer") from error
    wrong = problems(offer)
    if wrong:
        raise BadTerms(wrong[0], "offer")
    return offer


def _part(name: str, value: Any) -> Any:
    """One part of an offer by its name: what is called the same is of the same type in every offer."""
    where = f"offer.{name}"
    if name in ("every", "counts_pieces", "mixed"):
        return _flag(value, where)
    if name == "tiers":
        return tuple(_pair(tier, where) for tier in _listed(value, where))
    if name == "choices":
        return tuple(_number(sku, where, least=1) for sku in _listed(value, where))
    if name == "prices":
        return _prices(value, where)
    return _number(value, where)


def _prices(value: Any, where: str) -> dict[int, int]:
    if not isinstance(value, Mapping) or len(value) > MOST_NAMED:
        raise BadTerms("terms_unreadable", where)
    if not all(str(sku).isdecimal() and len(str(sku)) < 19 for sku in value):
        raise BadTerms("terms_unreadable", where)
    return {int(sku): _number(minor, where) for sku, minor in value.items()}


def _pair(value: Any, where: str) -> tuple[int, int]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise BadTerms("terms_unreadable", where)
    return _number(value[0], where), _number(value[1], where)


def _layer(raw: Any, kind: str) -> Layer:
    """A kind that works in one layer only need not say so."""
    allowed = LAYERS_OF[kind]
    if raw is None:
        return min(allowed)
    layer = LAYERS.get(raw) if isinstance(raw, str) else None
    if layer not in allowed:
        raise BadTerms("offer_unlike_layer", "layer")
    return layer


def _audience(raw: Any) -> Audience:
    if not isinstance(raw, Mapping) or set(raw) - {"levels", "segments", "only_new"}:
        raise BadTerms("terms_unreadable", "audience")
    return Audience(
        _words(raw.get("levels", ()), "audience.levels"),
        _words(raw.get("segments", ()), "audience.segments"),
        _flag(raw.get("only_new", False), "audience.only_new"),
    )


def _bearers(raw: Any) -> tuple[tuple[str, int], ...]:
    found = []
    for bearer in _listed(raw, "bearers"):
        if not isinstance(bearer, Sequence) or isinstance(bearer, str) or len(bearer) != 2:
            raise BadTerms("terms_unreadable", "bearers")
        if not isinstance(bearer[0], str) or bearer[0] not in BEARERS:
            raise BadTerms("bearer_unknown", "bearers")
        found.append((str(bearer[0]), _number(bearer[1], "bearers", least=1, most=WHOLE)))
    if sum(share for _, share in found) != WHOLE or len({name for name, _ in found}) != len(found):
        raise BadTerms("bearers_not_whole", "bearers")
    return tuple(found)


def _limit(value: Any, where: str) -> int | None:
    return None if value is None else _number(value, where, least=1)


def _number(value: Any, where: str, *, least: int = 0, most: int = LARGEST) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadTerms("terms_unreadable", where)
    if not least <= value <= most:
        raise BadTerms("terms_out_of_bounds", where)
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise BadTerms("terms_unreadable", where)
    return value


def _word(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_WORD or "\x00" in value:
        raise BadTerms("terms_unreadable", where)
    return value.strip()


def _listed(value: Any, where: str) -> Sequence[Any]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise BadTerms("terms_unreadable", where)
    listed = list(value)
    if len(listed) > MOST_NAMED:
        raise BadTerms("terms_too_many", where)
    return listed


def _numbers(value: Any, where: str) -> frozenset[int]:
    return frozenset(_number(part, where, least=1, most=2**62) for part in _listed(value, where))


def _words(value: Any, where: str) -> frozenset[str]:
    return frozenset(word for part in _listed(value, where) if (word := _word(part, where)))
