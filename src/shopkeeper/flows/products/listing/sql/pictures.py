"""Statements over pictures: attached, put in order, inspected. The product's row is locked first, always."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class ProductRow:
    id: int
    code: str
    state: str
    pictures: int


LOCK_PRODUCTS = Statement(
    """
    SELECT p.id, p.code, p.state,
           (SELECT count(*) FROM listing_productimage AS i WHERE i.product_id = p.id) AS pictures
    FROM listing_product AS p WHERE p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id FOR NO KEY UPDATE OF p""",
    row=ProductRow,
)


@dataclass(frozen=True, slots=True)
class ImageRow:
    id: int
    product_id: int
    role: str
    digest: str
    shown_name: str
    verdict: str


OF_IDS = Statement(
    """
    SELECT id, product_id, role, digest, shown_name, verdict FROM listing_productimage
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=ImageRow,
)

OF_PRODUCTS = Statement(
    """
    SELECT id, product_id, role, digest, shown_name, verdict FROM listing_productimage
    WHERE product_id = ANY(%(ids)s::bigint[]) ORDER BY product_id, position, id""",
    row=ImageRow,
)

# A new main picture makes a gallery picture of the one before.
STEP_BACK: Statement[NoRow] = Statement("""
    UPDATE listing_productimage SET role = 'gallery'
    WHERE product_id = ANY(%(ids)s::bigint[]) AND role = 'main'""")

TURN: Statement[NoRow] = Statement("""
    UPDATE listing_productimage AS i SET role = g.role, verdict = 'waiting'
    FROM unnest(%(ids)s::bigint[], %(roles)s::text[]) AS g (id, role) WHERE i.id = g.id""")

ATTACH = Statement(
    """
    INSERT INTO listing_productimage (product_id, role, position, digest, shown_name, verdict, measures, findings,
                                      added_at, added_by)
    SELECT g.product_id, g.role,
           (SELECT count(*) FROM listing_productimage AS i WHERE i.product_id = g.product_id) + g.place,
           g.digest, g.shown_name, 'waiting', '{}', '[]', %(now)s::timestamptz, %(actor_id)s::bigint
    FROM unnest(%(products)s::bigint[], %(roles)s::text[], %(places)s::int[], %(digests)s::text[], %(names)s::text[])
         AS g (product_id, role, place, digest, shown_name)
    ORDER BY g.product_id, g.place
    ON CONFLICT DO NOTHING
    RETURNING id, product_id, role, digest, shown_name, verdict""",
    row=ImageRow,
)

REMOVE: Statement[NoRow] = Statement("DELETE FROM listing_productimage WHERE id = ANY(%(ids)s::bigint[])")

PUT_IN_ORDER: Statement[NoRow] = Statement("""
    UPDATE listing_productimage AS i SET position = g.place
    FROM unnest(%(ids)s::bigint[], %(places)s::int[]) AS g (id, place) WHERE i.id = g.id""")

LOOK_AGAIN = Statement(
    """
    UPDATE listing_productimage SET verdict = 'waiting'
    WHERE product_id = ANY(%(products)s::bigint[]) OR id = ANY(%(ids)s::bigint[])
    RETURNING id, product_id, role, digest, shown_name, verdict""",
    row=ImageRow,
)


@dataclass(frozen=True, slots=True)
class ToJudgeRow:
    id: int
    product_id: int
    code: str
    role: str
    digest: str
    platforms: list[str]


TO_JUDGE = Statement(
    """
    SELECT i.id, i.product_id, p.code, i.role, i.digest, p.platforms
    FROM listing_productimage AS i JOIN listing_product AS p ON p.id = i.product_id
    WHERE i.id = ANY(%(ids)s::bigint[]) ORDER BY i.id FOR UPDATE OF i""",
    row=ToJudgeRow,
)

WRITE_VERDICTS: Statement[NoRow] = Statement("""
    UPDATE listing_productimage AS i
    SET verdict = g.verdict, measures = g.measures, findings = g.findings, inspected_at = %(now)s::timestamptz
    FROM json_to_recordset(%(rows)s::json) AS g (id bigint, verdict text, measures jsonb, findings jsonb)
    WHERE i.id = g.id""")
