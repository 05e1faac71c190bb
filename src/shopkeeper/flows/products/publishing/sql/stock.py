"""Statements of stock in shops: what each may show, what it was told, what it was seen to show."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement

# Locked first and read in the next statement, so that a wait ends with the newest balance and not an older one.
LOCK: Statement[NoRow] = Statement("""
    WITH locked AS MATERIALIZED (
        SELECT k.id FROM publishing_listingsku AS k
        JOIN foundation_shop AS s ON s.id = k.shop_id
        WHERE (k.sku_id, s.default_warehouse_id) IN (
            SELECT * FROM unnest(%(skus)s::bigint[], %(warehouses)s::bigint[]))
        ORDER BY k.id FOR NO KEY UPDATE OF k
    )
    SELECT count(*) FROM locked""")


@dataclass(frozen=True, slots=True)
class WantedRow:
    sku_id: int
    warehouse_id: int
    shop_id: int


# The twin of rules/shares.py: floor((free − kept back) × percent), between nothing and the most.
WANT = Statement(
    """
    UPDATE publishing_listingsku AS k
    SET wanted = now.quantity, wanted_seq = k.wanted_seq + 1,
        wanted_at = CASE WHEN k.told_seq < k.wanted_seq THEN k.wanted_at ELSE now.changed_at END
    FROM (
        SELECT k.id, k.sku_id, s.default_warehouse_id AS warehouse_id, given.changed_at,
               least(greatest(coalesce(b.on_hand - b.promised, 0) - share.kept_back, 0) * share.percent / 100,
                     share.most)::int AS quantity
        FROM unnest(%(skus)s::bigint[], %(warehouses)s::bigint[], %(moments)s::timestamptz[])
             AS given (sku_id, warehouse_id, changed_at)
        JOIN publishing_listingsku AS k ON k.sku_id = given.sku_id
        JOIN publishing_listing AS l ON l.id = k.listing_id AND l.state <> 'taken_down'
        JOIN foundation_shop AS s ON s.id = k.shop_id AND s.default_warehouse_id = given.warehouse_id
        JOIN unnest(%(shops)s::bigint[], %(percents)s::bigint[], %(kept_back)s::bigint[], %(most)s::bigint[])
             AS share (shop_id, percent, kept_back, most) ON share.shop_id = k.shop_id
        LEFT JOIN stock_stock AS b ON b.sku_id = given.sku_id AND b.warehouse_id = given.warehouse_id
    ) AS now
    WHERE k.id = now.id AND k.wanted <> now.quantity
    RETURNING k.sku_id, now.warehouse_id, k.shop_id""",
    row=WantedRow,
)


@dataclass(frozen=True, slots=True)
class ShopRow:
    shop_id: int


SHOPS_OF = Statement(
    """
    SELECT DISTINCT k.shop_id FROM publishing_listingsku AS k
    WHERE k.sku_id = ANY(%(skus)s::bigint[]) ORDER BY k.shop_id""",
    row=ShopRow,
)


@dataclass(frozen=True, slots=True)
class FreeRow:
    shop_id: int
    sku_id: int
    free: int


FREE_IN_SHOPS = Statement(
    """
    SELECT given.shop_id, given.sku_id, coalesce(b.on_hand - b.promised, 0)::int AS free
    FROM unnest(%(shops)s::bigint[], %(skus)s::bigint[]) AS given (shop_id, sku_id)
    JOIN foundation_shop AS s ON s.id = given.shop_id
    LEFT JOIN stock_stock AS b ON b.sku_id = given.sku_id AND b.warehouse_id = s.default_warehouse_id
    ORDER BY given.shop_id, given.sku_id""",
    row=FreeRow,
)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    sku_id: int
    warehouse_id: int


PLACES_OF_SHOPS = Statement(
    """
    SELECT DISTINCT k.sku_id, s.default_warehouse_id AS warehouse_id
    FROM publishing_listingsku AS k
    JOIN publishing_listing AS l ON l.id = k.listing_id AND l.state IN ('on_sale', 'mismatch')
    JOIN foundation_shop AS s ON s.id = k.shop_id
    WHERE k.shop_id = ANY(%(shops)s::bigint[]) AND s.default_warehouse_id IS NOT NULL
    ORDER BY 1, 2""",
    row=PlaceRow,
)


@dataclass(frozen=True, slots=True)
class DirtyRow:
    """One variant whose newest quantity the shop has not taken yet."""

    id: int
    shop_id: int
    item_no: str
    sku_no: str
    code: str
    wanted: int
    wanted_seq: int


# Oldest change first; a wish refused for good waits for a newer one, or for the sweep.
DIRTY = Statement(
    """
    SELECT k.id, k.shop_id, l.item_no, k.sku_no, s.code, k.wanted, k.wanted_seq
    FROM publishing_listingsku AS k
    JOIN publishing_listing AS l ON l.id = k.listing_id AND l.state IN ('on_sale', 'mismatch')
    JOIN listing_sku AS s ON s.id = k.sku_id
    WHERE k.shop_id = %(shop)s::bigint AND k.told_seq < k.wanted_seq AND k.error_seq < k.wanted_seq
    ORDER BY k.wanted_at, k.id LIMIT %(limit)s::int""",
    row=DirtyRow,
)


@dataclass(frozen=True, slots=True)
class ToldRow:
    id: int
    shop_id: int


# An answer to an older wish does not undo a newer one; the newer one began to wait when the older was asked about.
TOLD = Statement(
    """
    WITH was AS (
        SELECT k.id, k.shop_id, k.wanted_at, given.quantity, given.seq
        FROM publishing_listingsku AS k
        JOIN unnest(%(ids)s::bigint[], %(quantities)s::int[], %(seqs)s::bigint[]) AS given (id, quantity, seq)
          ON k.id = given.id
        WHERE k.told_seq < given.seq AND given.seq <= k.wanted_seq
        ORDER BY k.id FOR NO KEY UPDATE OF k
    ), told AS (
        UPDATE publishing_listingsku AS k
        SET told = was.quantity, told_seq = was.seq, told_at = %(now)s::timestamptz, error = '',
            wanted_at = CASE WHEN k.wanted_seq > was.seq THEN greatest(k.wanted_at, %(asked_at)s::timestamptz)
                             ELSE k.wanted_at END
        FROM was WHERE k.id = was.id
        RETURNING k.id, k.shop_id, was.quantity, was.wanted_at
    ), recorded AS (
        INSERT INTO publishing_push (shop_id, listing_sku_id, quantity, changed_at, told_at)
        SELECT shop_id, id, quantity, least(coalesce(wanted_at, %(now)s::timestamptz), %(now)s::timestamptz),
               %(now)s::timestamptz
        FROM told
    )
    SELECT id, shop_id FROM told ORDER BY id""",
    row=ToldRow,
)

REFUSED: Statement[NoRow] = Statement("""
    UPDATE publishing_listingsku AS k
    SET error = given.error, error_seq = CASE WHEN given.is_final THEN given.seq ELSE k.error_seq END
    FROM unnest(%(ids)s::bigint[], %(seqs)s::bigint[], %(errors)s::text[], %(finals)s::boolean[])
         AS given (id, seq, error, is_final)
    WHERE k.id = given.id AND k.told_seq < given.seq""")


@dataclass(frozen=True, slots=True)
class LeftRow:
    shop_id: int
    variants: int


WAITING = Statement(
    """
    SELECT k.shop_id, count(*)::int AS variants FROM publishing_listingsku AS k
    JOIN publishing_listing AS l ON l.id = k.listing_id AND l.state IN ('on_sale', 'mismatch')
    WHERE k.shop_id = ANY(%(shops)s::bigint[]) AND k.told_seq < k.wanted_seq AND k.error_seq < k.wanted_seq
    GROUP BY k.shop_id ORDER BY k.shop_id""",
    row=LeftRow,
)

FORGIVE: Statement[NoRow] = Statement("""
    UPDATE publishing_listingsku SET error = '', error_seq = 0
    WHERE shop_id = ANY(%(shops)s::bigint[]) AND error_seq > 0""")


SELLING = Statement(
    """
    SELECT DISTINCT shop_id FROM publishing_listing
    WHERE shop_id = ANY(%(shops)s::bigint[]) AND state IN ('on_sale', 'mismatch') ORDER BY shop_id""",
    row=ShopRow,
)


SWEPT = Statement(
    """
    SELECT subject_id AS shop_id FROM sop_deadline
    WHERE kind = 'stock_sweep' AND subject_id = ANY(%(shops)s::bigint[])""",
    row=ShopRow,
)


@dataclass(frozen=True, slots=True)
class OnSaleRow:
    listing_id: int
    shop_id: int
    item_no: str


ON_SALE_IN = Statement(
    """
    SELECT id AS listing_id, shop_id, item_no FROM publishing_listing
    WHERE shop_id = %(shop)s::bigint AND state IN ('on_sale', 'mismatch') AND id > %(after)s::bigint
    ORDER BY id LIMIT %(limit)s::int""",
    row=OnSaleRow,
)


@dataclass(frozen=True, slots=True)
class SeenRow:
    id: int
    shop_id: int
    disagrees: bool


# More than was accepted is told again at once, unless a newer quantity is on its way anyhow. Less may be what buyers
# took in orders that are not here yet: told again then, they could be sold twice. Less that stays the same from one
# look to the next is told again, too.
SEEN = Statement(
    """
    WITH given AS (
        SELECT g.listing_id, g.quantity, s.id AS sku_id
        FROM unnest(%(listings)s::bigint[], %(codes)s::text[], %(quantities)s::int[])
             AS g (listing_id, code, quantity)
        JOIN listing_sku AS s ON s.code = g.code
    ), locked AS (
        SELECT k.id, given.quantity,
               k.told_seq = k.wanted_seq AND (given.quantity > k.told
                   OR (given.quantity < k.told AND given.quantity = k.seen AND k.seen_at >= k.told_at)) AS disagrees
        FROM publishing_listingsku AS k JOIN given ON k.listing_id = given.listing_id AND k.sku_id = given.sku_id
        WHERE k.told_at IS NULL OR k.told_at <= %(asked_at)s::timestamptz
        ORDER BY k.id FOR NO KEY UPDATE OF k
    )
    UPDATE publishing_listingsku AS k
    SET seen = locked.quantity, seen_at = %(now)s::timestamptz,
        wanted_seq = k.wanted_seq + CASE WHEN locked.disagrees THEN 1 ELSE 0 END,
        wanted_at = CASE WHEN locked.disagrees THEN %(now)s::timestamptz ELSE k.wanted_at END
    FROM locked WHERE k.id = locked.id
    RETURNING k.id, k.shop_id, coalesce(locked.disagrees, false) AS disagrees""",
    row=SeenRow,
)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One shop on the board. Lag in seconds, from the change to the platform's word, over the last hours."""

    shop_id: int
    shop: str
    platform: str
    variants: int
    waiting: int
    oldest_at: datetime | None
    refused: int
    disagreeing: int
    pushes: int
    p50_s: float | None
    p95_s: float | None
    worst_s: float | None
    last_told_at: datetime | None
    last_seen_at: datetime | None


BOARD = Statement(
    """
    SELECT s.id AS shop_id, s.name AS shop, s.platform, k.variants, k.waiting, k.oldest_at, k.refused, k.disagreeing,
           p.pushes, p.p50_s, p.p95_s, p.worst_s, k.last_told_at, k.last_seen_at
    FROM foundation_shop AS s
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS variants,
               (count(*) FILTER (WHERE k.told_seq < k.wanted_seq AND k.error_seq < k.wanted_seq))::int AS waiting,
               min(k.wanted_at) FILTER (WHERE k.told_seq < k.wanted_seq) AS oldest_at,
               (count(*) FILTER (WHERE k.error_seq > 0 AND k.error_seq >= k.wanted_seq))::int AS refused,
               (count(*) FILTER (WHERE k.seen_at >= k.told_at AND k.seen <> k.told))::int AS disagreeing,
               max(k.told_at) AS last_told_at, max(k.seen_at) AS last_seen_at
        FROM publishing_listingsku AS k
        JOIN publishing_listing AS l ON l.id = k.listing_id AND l.state IN ('on_sale', 'mismatch')
        WHERE k.shop_id = s.id
    ) AS k
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS pushes,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM told_at - changed_at)) AS p50_s,
               percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM told_at - changed_at)) AS p95_s,
               max(extract(epoch FROM told_at - changed_at))::float AS worst_s
        FROM publishing_push WHERE shop_id = s.id AND told_at > %(since)s::timestamptz
    ) AS p
    WHERE s.is_active AND k.variants > 0 AND (%(shops)s::bigint[] IS NULL OR s.id = ANY(%(shops)s::bigint[]))
    ORDER BY s.id""",
    row=BoardRow,
)
