"""What price plans ask: how low a piece can get under everything that is published."""

from collections.abc import Collection, Mapping

from shopkeeper.flows.marketing.promotions.queries.book import House, house_at
from shopkeeper.flows.marketing.promotions.rules.stack import worst_price
from shopkeeper.flows.marketing.promotions.rules.values import Line
from shopkeeper.flows.marketing.promotions.sql import goods as sql
from shopkeeper.flows.products.pricing.ports import Offered
from shopkeeper.foundation import business_time


class PublishedStack:
    """The promotions as the port of products/pricing takes them."""

    def worst_prices(self, offered: Collection[Offered]) -> Mapping[Offered, int]:
        """The least a buyer can pay for one piece of each; a price for all shops is held against every shop."""
        now = business_time.now()
        house = house_at(now) if offered else None
        if house is None or not house.known:
            return {one: one.price_minor for one in offered}
        goods = _goods(house, offered)
        everywhere = {0} | {known.shop_id for known in house.known.values() if known.shop_id}
        worst: dict[Offered, int] = {}
        for one in offered:
            row = goods.get(one.sku_id)
            shops = sorted(everywhere) if one.shop_id is None else [one.shop_id]
            lines = [_line(one, row, shop) for shop in shops]
            worst[one] = min(worst_price(line, house.book.promotions, now).price_minor for line in lines)
        return worst


def _goods(house: House, offered: Collection[Offered]) -> dict[int, sql.GoodsRow]:
    """The SKUs with what promotions are scoped by, read only where one is scoped by more than SKUs."""
    if not any(known.terms.categories or known.terms.goods_tags for known in house.known.values()):
        return {}
    return {row.id: row for row in sql.GOODS.rows(skus=sorted({one.sku_id for one in offered}))}


def _line(one: Offered, row: sql.GoodsRow | None, shop_id: int) -> Line:
    categories = tuple(row.categories) if row else ()
    tags = frozenset(row.tags) if row else frozenset[str]()
    return Line(str(one.sku_id), one.sku_id, 1, one.price_minor, shop_id, categories, tags)
