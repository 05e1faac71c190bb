"""M2.3: one batch of coupons claimed by 64 clients at once, exactly; beside one counter row updated claim by claim.

Both claim from a batch of the same size on the database at hand, each client with a connection of its own. Ours goes
through the whole command as the API calls it: authorised, on record, with its event; the other writes the counter
and the coupon and nothing else.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, transaction

from shopkeeper.config.bench import goods
from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.marketing.promotions.commands.claim_coupons import ClaimCoupon, claim_coupons
from shopkeeper.flows.marketing.promotions.commands.make_coupon_batch import MakeCouponBatch, make_coupon_batch
from shopkeeper.flows.marketing.promotions.commands.publish_rules import PublishRule, publish_rules
from shopkeeper.flows.marketing.promotions.commands.save_rule import SaveRule, save_rule
from shopkeeper.flows.marketing.promotions.commands.submit_rules import SubmitRule, submit_rules
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM

CLIENTS = 64
CLAIMS_EACH = 40
SHARE_LEFT = 0.9  # a tenth of the claims find nothing left: exactness is measured with the rate


def measure() -> Sequence[Measured]:
    """Claims a second, and how many were given beyond what there was: none."""
    shop_id = goods.furnish().pk
    total = int(CLIENTS * CLAIMS_EACH * SHARE_LEFT)
    ours, plain = _batch(shop_id, total), _batch(shop_id, total)

    def claim(client: int, n: int) -> bool:
        return claim_coupons.gather(SYSTEM, ClaimCoupon(ours, shop_id, f"bench-{client}-{n}")).changed

    rate, given = _rate(claim)
    plain_rate, _ = _rate(lambda client, n: _claim_plainly(plain, client * CLAIMS_EACH + n))
    written = _written(ours)
    name = "one counter row, claim by claim"
    return [
        Measured("coupons", rate, f"claims/s, {CLIENTS} clients", plain_rate, name, rate > plain_rate),
        Measured("coupons_given", given, "coupons", total, "coupons there were", given == total == written),
    ]


def _rate(claim: Callable[[int, int], bool]) -> tuple[float, int]:
    """Calls a second over all clients, and how many got something."""
    start = threading.Barrier(CLIENTS + 1)

    def run(client: int) -> int:
        connection.ensure_connection()
        start.wait(60)
        try:
            return sum(claim(client, n) for n in range(CLAIMS_EACH))
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as clients:
        running = [clients.submit(run, client) for client in range(CLIENTS)]
        start.wait(60)
        started = time.perf_counter()
        got = sum(client.result() for client in running)
        return CLIENTS * CLAIMS_EACH / (time.perf_counter() - started), got


def _batch(shop_id: int, total: int) -> int:
    now = business_time.now()
    terms = {"offer": {"kind": "reduction", "tiers": [[10_000, 1_000]]}, "needs_coupon": True}
    rule = SaveRule(f"bench-{time.time_ns()}", "bench", now, now + timedelta(days=2), terms, shop_id)
    rule_id = save_rule.one(SYSTEM, rule).id or 0
    submit_rules.one(SYSTEM, SubmitRule(rule_id))
    publish_rules.one(SYSTEM, PublishRule(rule_id, "bench"))
    tomorrow = now + timedelta(days=1)
    batch = MakeCouponBatch(rule_id, "bench", "bench", total, now - timedelta(minutes=1), tomorrow, tomorrow)
    return make_coupon_batch.one(SYSTEM, batch).id or 0


def _written(batch_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM promotions_coupon WHERE batch_id = %s", [batch_id])
        return int(cursor.fetchone()[0])


def _claim_plainly(batch_id: int, buyer: int) -> bool:
    """One transaction a claim: the counter where something is left, then the coupon."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE promotions_couponbatch SET claimed = claimed + 1 WHERE id = %s AND claimed < total "
            "RETURNING claimed",
            [batch_id],
        )
        number = cursor.fetchone()
        if number is None:
            return False
        cursor.execute(
            "INSERT INTO promotions_coupon (batch_id, subject_id, number, nth, state, state_at, claimed_at, "
            "expires_at) VALUES (%s, %s, %s, 1, 'claimed', now(), now(), now())",
            [batch_id, buyer, number[0]],
        )
        return True
