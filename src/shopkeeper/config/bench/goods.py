"""A shop with ten thousand SKUs and endless stock, and orders for it, for measurements."""

import itertools
import random
from datetime import datetime, timedelta

from django.db import connection

from shopkeeper.flows.fulfilment.intake.ports import ReceivedLine, ReceivedOrder, Receiver
from shopkeeper.foundation.models import Shop, Warehouse

SKUS = 10_000
PRICE = 5_900
_numbers = itertools.count(1)


def furnish(skus: int = SKUS) -> Shop:
    """Make the shop, once per database."""
    found = Shop.objects.filter(code="bench").first()
    if found:
        return found
    warehouse = Warehouse.objects.create(code="BENCH", name="测速仓")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO listing_product (code, title, category) VALUES ('BENCH', '测速商品', '')")
        cursor.execute(
            """INSERT INTO listing_sku (product_id, code, barcode, name, spec, weight_g, cost_minor, price_minor,
                   floor_minor, currency, is_fragile, is_unbendable, is_delisted)
               SELECT (SELECT id FROM listing_product WHERE code = 'BENCH'), 'B' || n, 'BAR' || n, '测速商品' || n,
                   '白色;L', 200, 2000, 5900, 1000, 'CNY', false, false, false FROM generate_series(1, %s) AS n""",
            [skus],
        )
        cursor.execute(
            "INSERT INTO stock_stock (sku_id, warehouse_id, on_hand, promised) "
            "SELECT id, %s, 1000000000, 0 FROM listing_sku WHERE code LIKE 'B%%'",
            [warehouse.pk],
        )
        cursor.execute("ANALYZE listing_sku, stock_stock")
    return Shop.objects.create(code="bench", name="测速店", platform="taobao", default_warehouse=warehouse)


def orders(shop: Shop, count: int, now: datetime, skus: int = SKUS, seed: int = 7) -> list[ReceivedOrder]:
    """Clean paid orders of two different lines each, skewed to popular SKUs as shops are."""
    rng = random.Random(seed + next(_numbers))  # noqa: S311
    return [_order(shop, rng, now, skus) for _ in range(count)]


def _order(shop: Shop, rng: random.Random, now: datetime, skus: int) -> ReceivedOrder:
    number = next(_numbers)
    first = min(int(rng.paretovariate(0.6)), skus)
    second = first % skus + 1
    lines = tuple(_line(n, sku) for n, sku in enumerate((first, second), start=1))
    return ReceivedOrder(
        shop_id=shop.pk,
        platform_no=f"{240_000_000_000_000_000 + number}",
        platform_state="WAIT_SELLER_SEND_GOODS",
        state="to_ship",
        placed_at=now - timedelta(minutes=9),
        paid_at=now - timedelta(minutes=8),
        modified_at=now - timedelta(minutes=8),
        ship_by_at=now + timedelta(hours=48),
        ended_at=None,
        currency="CNY",
        goods_minor=2 * PRICE,
        freight_minor=0,
        discount_minor=0,
        paid_minor=2 * PRICE,
        buyer_ref=f"AAH{number}",
        receiver_token=f"oaid{number}",
        receiver=Receiver(
            "王小美", f"139{number % 100_000_000:08d}", "浙江省", "杭州市", "西湖区", "", f"文三路{number}号2幢301室"
        ),
        buyer_remark="",
        seller_memo="",
        seller_flag="",
        lines=lines,
        raw=b'{"trade": {"tid": %d, "status": "WAIT_SELLER_SEND_GOODS", "padding": "%s"}}' % (number, b"x" * 600),
    )


def _line(number: int, sku: int) -> ReceivedLine:
    return ReceivedLine(str(number), "1", "1", f"B{sku}", f"测速商品{sku}", "白色;L", 1, PRICE, 0, PRICE)
