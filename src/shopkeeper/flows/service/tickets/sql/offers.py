"""Statements of pre-sale: products shown, inquiries that became orders, articles and canned replies."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class ConvertedRow:
    ticket_id: int
    shop_id: int
    order_id: int


# Each order counts for the latest inquiry before it, each inquiry for the first order after it.
CONVERT = Statement(
    """
    WITH given AS (
        SELECT * FROM unnest(%(orders)s::bigint[], %(shops)s::bigint[], %(subjects)s::bigint[],
                             %(placed)s::timestamptz[], %(earliest)s::timestamptz[])
               AS g (order_id, shop_id, subject_id, placed_at, earliest)
    ), latest AS (
        SELECT DISTINCT ON (g.order_id) g.order_id, t.id AS ticket_id, g.placed_at
        FROM given AS g JOIN tickets_ticket AS t ON t.subject_id = g.subject_id AND t.shop_id = g.shop_id
        WHERE t.stage = 'pre_sale' AND t.converted_order_id IS NULL
          AND t.opened_at BETWEEN g.earliest AND g.placed_at
        ORDER BY g.order_id, t.id DESC
    ), firsts AS (
        SELECT DISTINCT ON (ticket_id) ticket_id, order_id FROM latest ORDER BY ticket_id, placed_at, order_id
    ), locked AS (
        SELECT t.id, f.order_id FROM tickets_ticket AS t JOIN firsts AS f ON f.ticket_id = t.id
        WHERE t.converted_order_id IS NULL ORDER BY t.id FOR UPDATE OF t
    )
    UPDATE tickets_ticket AS t SET converted_order_id = l.order_id, converted_at = %(now)s::timestamptz
    FROM locked AS l WHERE t.id = l.id AND t.converted_order_id IS NULL
    RETURNING t.id, t.shop_id, t.converted_order_id""",
    row=ConvertedRow,
)


@dataclass(frozen=True, slots=True)
class ShownRow:
    id: int
    ticket_id: int
    shop_id: int
    sku_id: int


SHOW = Statement(
    """
    INSERT INTO tickets_offer (ticket_id, shop_id, sku_id, shown_at, shown_by, price_minor, currency, available)
    SELECT ticket_id, shop_id, sku_id, %(now)s::timestamptz, %(actor_id)s::bigint, price_minor, currency, available
    FROM json_to_recordset(%(offers)s::json) AS g (ticket_id bigint, shop_id bigint, sku_id bigint,
                                                   price_minor bigint, currency text, available int)
    ORDER BY ticket_id, sku_id
    ON CONFLICT (ticket_id, sku_id) DO NOTHING
    RETURNING id, ticket_id, shop_id, sku_id""",
    row=ShownRow,
)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    id: int
    code: str
    shop_id: int | None
    state: str
    title: str
    version: int
    body: str
    kind: str
    sku_id: int | None


LOCK_ARTICLES = Statement(
    """
    SELECT a.id, a.code, a.shop_id, a.state, a.title, a.version, v.body, a.kind, a.sku_id
    FROM tickets_article AS a JOIN tickets_articleversion AS v ON v.article_id = a.id AND v.number = a.version
    WHERE a.code = ANY(%(codes)s::text[]) OR a.id = ANY(%(ids)s::bigint[]) ORDER BY a.id FOR UPDATE OF a""",
    row=ArticleRow,
)


@dataclass(frozen=True, slots=True)
class WrittenRow:
    id: int
    code: str
    version: int
    shop_id: int | None


WRITE_ARTICLES = Statement(
    """
    WITH given AS (
        SELECT * FROM json_to_recordset(%(articles)s::json)
               AS g (code text, shop_id bigint, kind text, sku_id bigint, title text, body text, grams json)
    ), written AS (
        INSERT INTO tickets_article AS a (code, shop_id, kind, sku_id, state, state_at, title, version, grams, made_at,
                                          changed_at)
        SELECT code, shop_id, kind, sku_id, 'draft', %(now)s::timestamptz, title, 1,
               ARRAY(SELECT json_array_elements_text(grams)), %(now)s::timestamptz, %(now)s::timestamptz
        FROM given ORDER BY code
        ON CONFLICT (code) DO UPDATE
            SET title = excluded.title, kind = excluded.kind, sku_id = excluded.sku_id, grams = excluded.grams,
                version = a.version + 1, changed_at = excluded.changed_at
        RETURNING a.id, a.code, a.version, a.shop_id
    ), versions AS (
        INSERT INTO tickets_articleversion (article_id, number, title, body, made_at, made_by)
        SELECT w.id, w.version, g.title, g.body, %(now)s::timestamptz, %(actor_id)s::bigint
        FROM written AS w JOIN given AS g ON g.code = w.code
    )
    SELECT id, code, version, shop_id FROM written ORDER BY id""",
    row=WrittenRow,
)


@dataclass(frozen=True, slots=True)
class ReplyRow:
    id: int
    shop_id: int | None
    shortcut: str


SET_REPLIES = Statement(
    """
    INSERT INTO tickets_cannedreply AS r (shop_id, shortcut, title, text, kind, is_active, changed_at, changed_by)
    SELECT shop_id, shortcut, title, text, kind, is_active, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(replies)s::json) AS g (shop_id bigint, shortcut text, title text, text text, kind text,
                                                    is_active boolean)
    ORDER BY shop_id NULLS FIRST, shortcut
    ON CONFLICT (shop_id, shortcut) DO UPDATE
        SET title = excluded.title, text = excluded.text, kind = excluded.kind, is_active = excluded.is_active,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by
        WHERE (r.title, r.text, r.kind, r.is_active)
              IS DISTINCT FROM (excluded.title, excluded.text, excluded.kind, excluded.is_active)
    RETURNING r.id, r.shop_id, r.shortcut""",
    row=ReplyRow,
)

REPLIES = Statement(
    "SELECT id, shop_id, shortcut FROM tickets_cannedreply WHERE shortcut = ANY(%(shortcuts)s::text[])", row=ReplyRow
)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A product as it can be shown to a customer now: price in minor units, `available` free in all warehouses."""

    sku_id: int
    code: str
    name: str
    spec: str
    price_minor: int
    currency: str
    available: int
    is_delisted: bool
    title: str


CARDS = Statement(
    """
    SELECT k.id, k.code, k.name, k.spec, k.price_minor, k.currency,
           coalesce((SELECT sum(greatest(s.on_hand - s.promised, 0)) FROM stock_stock AS s
                     WHERE s.sku_id = k.id), 0)::int,
           k.is_delisted, p.title
    FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id
    WHERE k.id = ANY(%(skus)s::bigint[]) ORDER BY k.id""",
    row=CardRow,
)

FIND_CARDS = Statement(
    """
    WITH found AS (
        SELECT k.id FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id
        WHERE NOT k.is_delisted AND (k.code = %(text)s::text OR k.barcode = %(text)s::text
              OR strpos(k.name, %(text)s::text) > 0 OR strpos(p.title, %(text)s::text) > 0)
        ORDER BY (k.code = %(text)s::text) DESC, k.id LIMIT %(limit)s::int
    )
    SELECT k.id, k.code, k.name, k.spec, k.price_minor, k.currency,
           coalesce((SELECT sum(greatest(s.on_hand - s.promised, 0)) FROM stock_stock AS s
                     WHERE s.sku_id = k.id), 0)::int,
           k.is_delisted, p.title
    FROM found AS f JOIN listing_sku AS k ON k.id = f.id JOIN listing_product AS p ON p.id = k.product_id
    ORDER BY k.id""",
    row=CardRow,
)
