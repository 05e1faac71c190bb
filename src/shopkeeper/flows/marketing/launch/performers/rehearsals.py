"""M2.2: claims and carts rehearsed in several lanes at once, against the real commands, tables and engine.

Each lane has a connection of its own. Inside somebody's transaction nobody else could see what is rehearsed with, so
there one lane does it all.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from django.db import connection

from shopkeeper.flows.marketing.launch.queries.pricing import asked_of, price_ahead
from shopkeeper.flows.marketing.launch.queries.standing import Standing
from shopkeeper.flows.marketing.launch.rules import gate
from shopkeeper.flows.marketing.launch.rules.gate import Checked, ClaimRehearsal
from shopkeeper.flows.marketing.launch.rules.loads import Load, load_of
from shopkeeper.flows.marketing.promotions.commands.rehearse_claims import (
    EndRehearsal,
    OpenRehearsal,
    RehearseClaim,
    end_rehearsals,
    open_rehearsals,
    rehearse_claims,
)
from shopkeeper.flows.marketing.promotions.queries.carts import AskedCart, AskedLine
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import BusinessError
from shopkeeper.sop.policy import Policies

EACH = 2  # coupons that a made-up buyer may have; each asks for one more
MOST_GOODS = 20
BUYER = "rehearsal-{n}"


@dataclass(slots=True)
class Lanes:
    """Calls carried out side by side, each timed."""

    count: int
    durations: list[float] = field(default_factory=list)
    seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, calls: Sequence[Callable[[], None]]) -> Load:
        """Carry out calls in as many lanes as there are, one where a transaction is open; what one raises is raised."""
        lanes = 1 if connection.in_atomic_block else min(self.count, max(len(calls), 1))
        shares = [calls[lane::lanes] for lane in range(lanes)]
        began = perf_counter()
        if lanes == 1:
            self._lane(calls)
        else:
            with ThreadPoolExecutor(lanes) as pool:
                for done in [pool.submit(self._apart, share) for share in shares]:
                    done.result()
        return load_of(self.durations, perf_counter() - began)

    def _apart(self, calls: Sequence[Callable[[], None]]) -> None:
        try:
            self._lane(calls)
        finally:
            connection.close()

    def _lane(self, calls: Sequence[Callable[[], None]]) -> None:
        own = []
        for call in calls:
            began = perf_counter()
            call()
            own.append(perf_counter() - began)
        with self._lock:
            self.durations += own


def rehearse_coupons(standing: Standing, policies: Policies, reference: str) -> Checked:
    """Every promotion with coupons: more claims than coupons, more for each buyer than allowed."""
    shop_id = standing.campaign.shop_id
    rules = [rule for rule in standing.rules if rule.needs_coupon]
    claims, lanes = policies("gate_claims", shop_id), policies("gate_concurrency", shop_id)
    found = [_claimed(rule.rule_id, rule.code, shop_id, claims, lanes, reference) for rule in rules]
    return gate.check_claims(found, policies("gate_claim_p95_ms", shop_id), policies("gate_claims_per_second", shop_id))


def _claimed(rule_id: int, code: str, shop_id: int, claims: int, lanes: int, reference: str) -> ClaimRehearsal:
    """Claims against half as many coupons; whatever happens, the rehearsal's batch is taken away again."""
    buyers, total = max(claims // (EACH + 1), 1), max(claims // 2, 1)
    total = min(total, buyers * EACH)
    opened = open_rehearsals.one(SYSTEM, OpenRehearsal(rule_id, reference, total, EACH))
    if not opened.ok or opened.id is None:
        return ClaimRehearsal(rule_id, code, total, EACH, 0, 0, 0, 0, 0, Load(0, 0, 0, 0, 0), opened.code)
    answers: Counter[str] = Counter()
    lock = threading.Lock()

    def claim(item: RehearseClaim) -> None:
        outcome = rehearse_claims.gather(SYSTEM, item)
        with lock:
            answers[outcome.code] += 1

    wishes = [
        RehearseClaim(opened.id, shop_id, BUYER.format(n=n), nth) for nth in range(1, EACH + 2) for n in range(buyers)
    ]
    trouble = ""
    load = Load(0, 0, 0, 0, 0)
    try:
        load = Lanes(lanes).run([partial(claim, wish) for wish in wishes])
    except BusinessError as error:
        trouble = error.code
    finally:
        ended = end_rehearsals.one(SYSTEM, EndRehearsal(opened.id))
    facts = ended.facts
    closed = answers["batch_not_open"]
    return ClaimRehearsal(
        rule_id,
        code,
        total,
        EACH,
        answers["done"],
        facts["kept"],
        facts["counted"],
        facts["most_each"],
        answers["batch_empty"] + answers["batch_limit"],
        load,
        trouble or ("batch_not_open" if closed else ""),
    )


def rehearse_prices(standing: Standing, policies: Policies) -> Checked:
    """Carts priced at the campaign's start, over and over: always alike, and fast enough."""
    campaign = standing.campaign
    carts = [(asked_of(row, campaign.shop_id), tuple(row.rule_ids)) for row in standing.examples]
    carts += [(cart, ()) for cart in _carts_of_goods(standing)]
    wanted = policies("gate_carts", campaign.shop_id) if carts else 0
    prices: dict[int, set[int]] = {}
    failed: list[str] = []

    def priced(place: int) -> None:
        asked, rule_ids = carts[place]
        try:
            payable = price_ahead(asked, campaign.starts_at, rule_ids).priced.payable_minor
        except BusinessError as error:
            failed.append(error.code)
        else:
            prices.setdefault(place, set()).add(payable)

    calls: list[Callable[[], None]] = [partial(priced, n % len(carts)) for n in range(wanted)]
    load = Lanes(policies("gate_concurrency", campaign.shop_id)).run(calls) if calls else load_of((), 0)
    unlike = sum(len(payables) > 1 for payables in prices.values())
    return gate.check_pricing(
        load,
        unlike,
        len(failed),
        policies("gate_pricing_p95_ms", campaign.shop_id),
        policies("gate_carts_per_second", campaign.shop_id),
    )


def _carts_of_goods(standing: Standing) -> list[AskedCart]:
    """One cart per SKU, and one of many."""
    goods = [one.sku_id for one in standing.goods][:MOST_GOODS]
    shop_id = standing.campaign.shop_id
    single = [AskedCart(shop_id, (AskedLine(sku_id, 1 + place % 3),)) for place, sku_id in enumerate(goods)]
    return [*single, AskedCart(shop_id, tuple(AskedLine(sku_id) for sku_id in goods))] if goods else []
