"""The promotions in force, found by what a cart holds: cost follows the candidates, not the size of the book."""

from collections import defaultdict
from collections.abc import Iterable

from shopkeeper.flows.marketing.promotions.rules.values import Cart, Layer, Line, Promotion


class RuleBook:
    """Promotions indexed by SKU, category, tag and shop. Build it once per set of versions; it never changes."""

    def __init__(self, promotions: Iterable[Promotion]) -> None:
        self.promotions = tuple(sorted(promotions, key=lambda p: (p.layer, p.priority, p.id)))
        self._rank = {id(p): n for n, p in enumerate(self.promotions)}
        self._by_sku: dict[int, list[Promotion]] = defaultdict(list)
        self._by_category: dict[int, list[Promotion]] = defaultdict(list)
        self._by_tag: dict[str, list[Promotion]] = defaultdict(list)
        self._by_shop: dict[int, list[Promotion]] = defaultdict(list)
        self._everywhere: list[Promotion] = []
        for promotion in self.promotions:
            self._file(promotion)

    def _file(self, promotion: Promotion) -> None:
        scope = promotion.scope
        if scope.skus or scope.categories or scope.tags:
            for sku in scope.skus:
                self._by_sku[sku].append(promotion)
            for category in scope.categories:
                self._by_category[category].append(promotion)
            for tag in scope.tags:
                self._by_tag[tag].append(promotion)
        elif scope.shops:
            for shop in scope.shops:
                self._by_shop[shop].append(promotion)
        else:
            self._everywhere.append(promotion)

    def candidates(self, cart: Cart) -> list[tuple[Promotion, tuple[int, ...]]]:
        """Promotions running now that cover a line, with the positions of the lines they cover, in book order."""
        covered: dict[int, tuple[Promotion, list[int]]] = {}
        at = cart.at
        for position, line in enumerate(cart.lines):
            for promotion in self._of(line):
                if promotion.starts_at <= at < promotion.ends_at and promotion.scope.covers(line):
                    entry = covered.get(id(promotion))
                    if entry is None:
                        covered[id(promotion)] = (promotion, [position])
                    elif entry[1][-1] != position:
                        entry[1].append(position)
        rank = self._rank
        return [(p, tuple(positions)) for p, positions in sorted(covered.values(), key=lambda e: rank[id(e[0])])]

    def _of(self, line: Line) -> Iterable[Promotion]:
        yield from self._by_sku.get(line.sku_id, ())
        for category in line.categories:
            yield from self._by_category.get(category, ())
        for tag in line.tags:
            yield from self._by_tag.get(tag, ())
        yield from self._by_shop.get(line.shop_id, ())
        yield from self._everywhere

    def layer(self, layer: Layer) -> tuple[Promotion, ...]:
        """All promotions of a layer, in book order."""
        return tuple(p for p in self.promotions if p.layer is layer)
