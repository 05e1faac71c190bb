"""From a change of stock to the platform's word, through the sandbox over HTTP, at a thousand changes a second."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.products.publishing import performers, reactions
from shopkeeper.flows.products.publishing.ports import ShopAccess
from shopkeeper.flows.products.stock.events import SellableChanged
from shopkeeper.foundation import command_log, errands, events, readers
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop, Warehouse
from shopkeeper.foundation.readers import Reader
from shopkeeper.integrations.outside_http import OutsideHttp
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.platforms.taobao.goods import TaobaoGoods
from shopkeeper.shared.clock import machine_now
from shopkeeper.simulator.sandboxes.running import RunningSandboxes, running_sandboxes

PRODUCTS = 50
SKUS = 20  # per product
RATE = 1_000
SECONDS = 10
STEP_S = 0.05
LIMIT_S = 2.0
READER = Reader("publishing.push_stock", (SellableChanged,), reactions.push_changed)


def measure() -> Sequence[Measured]:
    """A thousand variants on sale in one shop; who changes stock and who tells the platform are two threads."""
    with running_sandboxes() as sandboxes, _shop_in(sandboxes) as (shop, gateways):
        tell = performers.performers(gateways)
        own = {READER.name: READER}
        readers.ensure_cursors([READER])
        while readers.run_readers(own):
            pass
        began = machine_now()
        changer = threading.Thread(target=_change, args=(shop,), name="changes")
        changer.start()
        while changer.is_alive() or readers.run_readers(own) or errands.perform_due(tell):
            readers.run_readers(own)
            errands.perform_due(tell)
        changer.join()
        seconds, count = _delays(shop, began)
        left = _waiting(shop)
    return [
        Measured("stock_push_p95", seconds, "s from change to accepted", LIMIT_S, "goal", seconds <= LIMIT_S),
        Measured("stock_push_count", count, "quantities accepted", count, "the same", left == 0),
    ]


def _change(shop: Shop) -> None:
    """Change stock steadily: a batch every twentieth of a second, each piece announced as the desk stock does."""
    rng = random.Random(7)  # noqa: S311
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM listing_sku WHERE code LIKE 'PUSH-%%' ORDER BY id")
        skus = [id_ for (id_,) in cursor.fetchall()]
    batch = int(RATE * STEP_S)
    started = time.perf_counter()
    for step in range(int(SECONDS / STEP_S)):
        chosen = sorted(rng.sample(skus, batch))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE stock_stock SET on_hand = 1 + (on_hand + %s) %% 97 "
                "WHERE warehouse_id = %s AND sku_id = ANY(%s)",
                [step % 7 + 1, shop.default_warehouse_id, chosen],
            )
            told = [
                events.Announced(SellableChanged(sku, shop.default_warehouse_id or 0), "P5", "bench") for sku in chosen
            ]
            command_log.record_run(COMMANDS["receive_stock"], SYSTEM, [], machine_now(), events=told)
        time.sleep(max(0.0, started + (step + 1) * STEP_S - time.perf_counter()))
    connection.close()


def _delays(shop: Shop, since: datetime) -> tuple[float, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM told_at - changed_at)), count(*)
               FROM publishing_push WHERE shop_id = %s AND told_at > %s""",
            [shop.pk, since],
        )
        p95, count = cursor.fetchone()
    return float(p95 or 0.0), int(count)


def _waiting(shop: Shop) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM publishing_listingsku WHERE shop_id = %s AND told_seq < wanted_seq", [shop.pk]
        )
        return int(cursor.fetchone()[0])


@contextmanager
def _shop_in(sandboxes: RunningSandboxes) -> Iterator[tuple[Shop, performers.Gateways]]:
    """A shop of the sandbox with all its goods on sale."""
    number = time.time_ns()
    session, key = f"push{number}", f"app{number}"
    sandboxes.control.post("/shops", {"session": session, "app_key": key, "app_secret": "s"})
    sandboxes.control.post("/clock", {"at": machine_now().isoformat()})
    warehouse = Warehouse.objects.create(code=f"PUSH{number}", name="推送测速仓")
    shop = Shop.objects.create(code=f"push{number}", name="推送测速店", platform="taobao", default_warehouse=warehouse)
    goods = TaobaoGoods(TopGateway(OutsideHttp()))
    access = ShopAccess(shop.pk, "taobao", sandboxes.platform_url, key, "s", session)
    gateways = performers.Gateways({"taobao": goods}, lambda ids: {id_: access for id_ in ids if id_ == shop.pk})
    _furnish(shop)
    tell = performers.performers(gateways)
    while errands.perform_due(tell):
        pass
    try:
        yield shop, gateways
    finally:
        goods.close()


def _furnish(shop: Shop) -> None:
    """Products with variants and stock, approved, wanted in the shop."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM foundation_errandentry")
        cursor.execute(
            """WITH root AS (INSERT INTO listing_category (level, name, position, is_retired)
                             VALUES (1, 'PUSH' || %(shop)s, 0, false) RETURNING id),
                    middle AS (INSERT INTO listing_category (parent_id, level, name, position, is_retired)
                               SELECT id, 2, 'PUSH', 0, false FROM root RETURNING id)
               INSERT INTO listing_category (parent_id, level, name, position, is_retired)
               SELECT id, 3, 'PUSH', 0, false FROM middle RETURNING id""",
            {"shop": shop.pk},
        )
        leaf = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO listing_categorymapping (category_id, platform, platform_leaf, platform_path) "
            "VALUES (%s, 'taobao', '50012345', '')",
            [leaf],
        )
        cursor.execute(
            """INSERT INTO listing_product (code, title, category, leaf_id, description)
               SELECT 'PUSH-' || %s || '-' || n, '推送测速商品' || n, '', %s, '测速' FROM generate_series(1, %s) AS n
               RETURNING id""",
            [shop.pk, leaf, PRODUCTS],
        )
        products = [id_ for (id_,) in cursor.fetchall()]
        cursor.execute(
            """INSERT INTO listing_sku (product_id, code, barcode, name, spec, weight_g, cost_minor, price_minor,
                   floor_minor, currency, is_fragile, is_unbendable, is_delisted)
               SELECT p, 'PUSH-' || p || '-' || n, 'PUSHBAR' || p || '-' || n, '测速', '款式' || n, 200, 2000, 5900,
                   1000, 'CNY', false, false, false
               FROM unnest(%s::bigint[]) AS p, generate_series(1, %s) AS n""",
            [products, SKUS],
        )
        cursor.execute(
            "INSERT INTO stock_stock (sku_id, warehouse_id, on_hand, promised) "
            "SELECT id, %s, 50, 0 FROM listing_sku WHERE product_id = ANY(%s)",
            [shop.default_warehouse_id, products],
        )
    publish = COMMANDS["publish_products"]
    outcomes = publish(SYSTEM, [publish.item(product_id, shop.pk) for product_id in products])
    assert all(outcome.changed for outcome in outcomes), outcomes[:3]
