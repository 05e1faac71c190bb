"""Statements of coupons: batches made, coupons claimed, held by orders, used, given back, expired."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class RuleRow:
    id: int
    shop_id: int | None
    needs_coupon: bool


RULES = Statement(
    """
    SELECT r.id, r.shop_id, EXISTS (
        SELECT FROM promotions_version AS v
        WHERE v.rule_id = r.id AND v.state <> 'ended' AND (v.terms ->> 'needs_coupon')::boolean) AS needs_coupon
    FROM promotions_rule AS r WHERE r.id = ANY(%(rules)s::bigint[]) ORDER BY r.id FOR NO KEY UPDATE""",
    row=RuleRow,
)


@dataclass(frozen=True, slots=True)
class BatchRow:
    id: int
    rule_id: int
    shop_id: int | None
    code: str
    name: str
    total: int
    per_buyer: int
    claimed: int
    claim_from: datetime
    claim_to: datetime
    valid_to: datetime
    valid_days: int | None
    stopped_at: datetime | None
    is_published: bool


_BATCH = """
    SELECT b.id, b.rule_id, b.shop_id, b.code, b.name, b.total, b.per_buyer, b.claimed, b.claim_from, b.claim_to,
           b.valid_to, b.valid_days, b.stopped_at,
           EXISTS (SELECT FROM promotions_version AS v
                   WHERE v.rule_id = b.rule_id AND v.state = 'published' AND v.ends_at > %(now)s::timestamptz)
    FROM promotions_couponbatch AS b"""

BATCHES_OF_RULES = Statement(f"{_BATCH} WHERE b.rule_id = ANY(%(rules)s::bigint[]) ORDER BY b.id", row=BatchRow)

# The batch's row is what claims take turns by; locked in key order.
LOCK_BATCHES = Statement(
    f"{_BATCH} WHERE b.id = ANY(%(ids)s::bigint[]) ORDER BY b.id FOR NO KEY UPDATE OF b", row=BatchRow
)


@dataclass(frozen=True, slots=True)
class MadeRow:
    id: int
    rule_id: int
    code: str


MAKE_BATCHES = Statement(
    """
    INSERT INTO promotions_couponbatch (rule_id, shop_id, code, name, total, per_buyer, claimed, used, claim_from,
                                        claim_to, valid_to, valid_days, made_at, made_by)
    SELECT rule_id, shop_id, code, name, total, per_buyer, 0, 0, claim_from, claim_to, valid_to, valid_days,
           %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(batches)s::json)
         AS given (rule_id bigint, shop_id bigint, code text, name text, total int, per_buyer int,
                   claim_from timestamptz, claim_to timestamptz, valid_to timestamptz, valid_days int)
    ORDER BY rule_id, code
    RETURNING id, rule_id, code""",
    row=MadeRow,
)

STOP_BATCHES: Statement[NoRow] = Statement("""
    UPDATE promotions_couponbatch SET stopped_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND stopped_at IS NULL""")


@dataclass(frozen=True, slots=True)
class KnownRow:
    batch_id: int
    subject_id: int
    nth: int
    id: int


KNOWN = Statement(
    """
    SELECT c.batch_id, c.subject_id, c.nth, c.id FROM promotions_coupon AS c
    JOIN unnest(%(batches)s::bigint[], %(subjects)s::bigint[], %(nths)s::int[]) AS g (batch_id, subject_id, nth)
      ON g.batch_id = c.batch_id AND g.subject_id = c.subject_id AND g.nth = c.nth""",
    row=KnownRow,
)

CLAIM = Statement(
    """
    INSERT INTO promotions_coupon (batch_id, subject_id, number, nth, state, state_at, claimed_at, expires_at)
    SELECT batch_id, subject_id, number, nth, 'claimed', %(now)s::timestamptz, %(now)s::timestamptz, expires_at
    FROM unnest(%(batches)s::bigint[], %(subjects)s::bigint[], %(numbers)s::int[], %(nths)s::int[],
                %(expiries)s::timestamptz[]) AS given (batch_id, subject_id, number, nth, expires_at)
    ORDER BY batch_id, number
    RETURNING batch_id, subject_id, nth, id""",
    row=KnownRow,
)

COUNT_CLAIMED: Statement[NoRow] = Statement("""
    UPDATE promotions_couponbatch AS b SET claimed = b.claimed + g.n
    FROM unnest(%(ids)s::bigint[], %(counts)s::int[]) AS g (id, n)
    WHERE b.id = g.id AND b.claimed + g.n <= b.total""")


@dataclass(frozen=True, slots=True)
class CouponRow:
    id: int
    batch_id: int
    rule_id: int
    subject_id: int
    state: str
    expires_at: datetime


_COUPON = """
    SELECT c.id, c.batch_id, b.rule_id, c.subject_id, c.state, c.expires_at
    FROM promotions_coupon AS c JOIN promotions_couponbatch AS b ON b.id = c.batch_id"""

COUPONS = Statement(f"{_COUPON} WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id", row=CouponRow)

IN_HAND = Statement(
    f"""{_COUPON}
    WHERE c.subject_id = ANY(%(subjects)s::bigint[]) AND c.state = 'claimed' AND c.expires_at > %(now)s::timestamptz
    ORDER BY c.expires_at, c.id""",
    row=CouponRow,
)

LOCK_COUPONS = Statement(f"{_COUPON} WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id FOR UPDATE OF c", row=CouponRow)

EXPIRED = Statement(
    f"""{_COUPON}
    WHERE c.batch_id = ANY(%(batches)s::bigint[]) AND c.state = 'claimed' AND c.expires_at <= %(now)s::timestamptz
    ORDER BY c.id LIMIT %(limit)s::int FOR UPDATE OF c""",
    row=CouponRow,
)


@dataclass(frozen=True, slots=True)
class NextRow:
    batch_id: int
    shop_id: int | None
    code: str
    next_at: datetime | None
    may_still_claim: bool


# When the next coupon of a batch expires; while coupons may be claimed there may come others.
NEXT_EXPIRY = Statement(
    """
    SELECT b.id AS batch_id, b.shop_id, b.code,
           (SELECT min(c.expires_at) FROM promotions_coupon AS c WHERE c.batch_id = b.id AND c.state = 'claimed'),
           b.stopped_at IS NULL AND b.claim_to > %(now)s::timestamptz
    FROM promotions_couponbatch AS b WHERE b.id = ANY(%(batches)s::bigint[]) ORDER BY b.id""",
    row=NextRow,
)

# Locked in key order before, through the coupons' own rows.
COUNT_USED: Statement[NoRow] = Statement("""
    WITH changed AS (
        SELECT c.batch_id, count(*)::int * %(sign)s::int AS n FROM promotions_coupon AS c
        WHERE c.id = ANY(%(ids)s::bigint[]) GROUP BY c.batch_id
    ), locked AS (
        SELECT id FROM promotions_couponbatch WHERE id IN (SELECT batch_id FROM changed)
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE promotions_couponbatch AS b SET used = b.used + changed.n
    FROM changed JOIN locked ON locked.id = changed.batch_id WHERE b.id = changed.batch_id""")


@dataclass(frozen=True, slots=True)
class UnlikeRow:
    batch_id: int


# Batches whose counters are not the coupons behind them. Empty in every healthy house.
BATCHES_UNLIKE = Statement(
    """
    SELECT b.id FROM promotions_couponbatch AS b
    LEFT JOIN (
        SELECT batch_id, count(*) AS claimed, count(*) FILTER (WHERE state = 'used') AS used
        FROM promotions_coupon GROUP BY batch_id
    ) AS c ON c.batch_id = b.id
    WHERE (b.claimed, b.used) <> (coalesce(c.claimed, 0), coalesce(c.used, 0)) LIMIT 100""",
    row=UnlikeRow,
)


# Batches that gave out more than they have, in all or to one buyer. Empty in every healthy house.
BATCHES_OVERDRAWN = Statement(
    """
    SELECT b.id FROM promotions_couponbatch AS b JOIN promotions_coupon AS c ON c.batch_id = b.id
    GROUP BY b.id
    HAVING count(*) > b.total OR max(c.number) > b.total OR max(c.nth) > b.per_buyer OR min(c.nth) < 1 LIMIT 100""",
    row=UnlikeRow,
)


@dataclass(frozen=True, slots=True)
class RehearsedRow:
    """A rehearsal's batch: its own counter, the coupons that stand there, and the most that one buyer has."""

    id: int
    claimed: int
    kept: int
    most_each: int


REHEARSED = Statement(
    """
    SELECT b.id, b.claimed, coalesce(sum(each.n), 0)::int AS kept, coalesce(max(each.n), 0)::int AS most_each
    FROM promotions_couponbatch AS b
    LEFT JOIN LATERAL (
        SELECT count(*) AS n FROM promotions_coupon AS c WHERE c.batch_id = b.id GROUP BY c.subject_id
    ) AS each ON true
    WHERE b.id = ANY(%(ids)s::bigint[]) AND starts_with(b.code, %(prefix)s::text) AND b.made_by = 0
    GROUP BY b.id, b.claimed ORDER BY b.id""",
    row=RehearsedRow,
)

# Only what the house itself rehearsed with is taken away: named, or left behind by an interrupted rehearsal.
_REHEARSALS = """
    SELECT b.id FROM promotions_couponbatch AS b
    WHERE starts_with(b.code, %(prefix)s::text) AND b.made_by = 0
      AND (b.id = ANY(%(ids)s::bigint[])
           OR (b.rule_id = ANY(%(rules)s::bigint[]) AND b.made_at < %(before)s::timestamptz))"""

FORGET_COUPONS: Statement[NoRow] = Statement(
    f"DELETE FROM promotions_coupon WHERE batch_id IN ({_REHEARSALS}) AND state = 'claimed'"
)

FORGET_BATCHES: Statement[NoRow] = Statement(f"DELETE FROM promotions_couponbatch WHERE id IN ({_REHEARSALS})")
