"""Statements over products: locked in key order, written whole, remembered. As many for one as for 1,000."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product's own columns as they stand under the lock."""

    id: int
    code: str
    state: str
    version: int
    content_version: int
    approved_version: int | None
    title: str
    core_keyword: str
    selling_points: list[str]
    scenarios: list[str]
    description: str
    attributes: str
    leaf_id: int | None
    category: str
    platforms: list[str]
    promises: list[str]
    no_reason: str
    submitted_by: int | None
    edited_by: int | None
    edited_at: datetime | None


_COLUMNS = """id, code, state, version, content_version, approved_version, title, core_keyword, selling_points,
           scenarios, description, attributes::text, leaf_id, category, platforms, promises, no_reason, submitted_by,
           edited_by, edited_at"""

LOCK_NEW_CODES: Statement[NoRow] = Statement("""
    SELECT pg_advisory_xact_lock(hashtext('listing.product:' || code))
    FROM (SELECT unnest(%(codes)s::text[]) AS code ORDER BY 1) AS given""")

LOCK = Statement(
    f"""
    SELECT {_COLUMNS}
    FROM listing_product
    WHERE id = ANY(%(ids)s::bigint[]) OR code = ANY(%(codes)s::text[])
    ORDER BY id FOR NO KEY UPDATE""",
    row=ProductRow,
)

AS_STANDING = Statement(
    f"SELECT {_COLUMNS} FROM listing_product WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id", row=ProductRow
)


@dataclass(frozen=True, slots=True)
class MadeRow:
    id: int
    code: str


INSERT = Statement(
    """
    INSERT INTO listing_product (code, title, category, core_keyword, selling_points, scenarios, description,
                                 attributes, leaf_id, platforms, promises, no_reason, state, state_at, version,
                                 made_at, made_by, edited_at, edited_by, search_text, search_grams)
    SELECT code, title, category, core_keyword, selling_points, scenarios, description, attributes, leaf_id, platforms,
           promises, no_reason, 'draft', %(now)s::timestamptz, 1, %(now)s::timestamptz, %(actor_id)s::bigint,
           %(now)s::timestamptz, %(actor_id)s::bigint, search_text, search_grams
    FROM json_to_recordset(%(rows)s::json)
         AS g (code text, title text, category text, core_keyword text, selling_points text[], scenarios text[],
               description text, attributes jsonb, leaf_id bigint, platforms text[], promises text[], no_reason text,
               search_text text, search_grams text[])
    ORDER BY code
    ON CONFLICT (code) DO NOTHING
    RETURNING id, code""",
    row=MadeRow,
)

# The rows are locked since they were judged.
UPDATE: Statement[NoRow] = Statement("""
    UPDATE listing_product AS p
    SET title = g.title, category = g.category, core_keyword = g.core_keyword, selling_points = g.selling_points,
        scenarios = g.scenarios, description = g.description, attributes = g.attributes, leaf_id = g.leaf_id,
        platforms = g.platforms, promises = g.promises, no_reason = g.no_reason, search_text = g.search_text,
        search_grams = g.search_grams
    FROM json_to_recordset(%(rows)s::json)
         AS g (id bigint, title text, category text, core_keyword text, selling_points text[],
               scenarios text[], description text, attributes jsonb, leaf_id bigint, platforms text[], promises text[],
               no_reason text, search_text text, search_grams text[])
    WHERE p.id = g.id AND p.state <> ALL (ARRAY['submitted', 'retired'])""")


@dataclass(frozen=True, slots=True)
class VersionRow:
    id: int
    version: int


STEP_UP = Statement(
    """
    UPDATE listing_product
    SET version = version + 1, edited_at = %(now)s::timestamptz, edited_by = %(actor_id)s::bigint,
        content_version = CASE WHEN %(content)s::boolean THEN version + 1 ELSE content_version END
    WHERE id = ANY(%(ids)s::bigint[])
    RETURNING id, version""",
    row=VersionRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


APPROVED_AMONG = Statement(
    "SELECT id FROM listing_product WHERE id = ANY(%(ids)s::bigint[]) AND state = 'approved' ORDER BY id", row=IdRow
)

# What a product says, whole: what is compared when it is looked at again.
REMEMBER: Statement[NoRow] = Statement("""
    INSERT INTO listing_productversion (product_id, version, content, saved_at, saved_by)
    SELECT p.id, p.version, jsonb_build_object(
               'code', p.code, 'title', p.title, 'core_keyword', p.core_keyword, 'selling_points', p.selling_points,
               'scenarios', p.scenarios, 'description', p.description, 'attributes', p.attributes,
               'leaf_id', p.leaf_id, 'category', p.category, 'platforms', p.platforms, 'promises', p.promises,
               'no_reason', p.no_reason,
               'skus', coalesce((
                   SELECT jsonb_agg(jsonb_build_object(
                              'code', k.code, 'barcode', k.barcode, 'name', k.name, 'spec', k.spec,
                              'weight_g', k.weight_g, 'price_minor', k.price_minor,
                              'is_delisted', k.is_delisted) ORDER BY k.id)
                   FROM listing_sku AS k WHERE k.product_id = p.id), '[]'::jsonb),
               'images', coalesce((
                   SELECT jsonb_agg(jsonb_build_object('role', i.role, 'digest', i.digest)
                                    ORDER BY i.role, i.position, i.id)
                   FROM listing_productimage AS i WHERE i.product_id = p.id), '[]'::jsonb)),
           %(now)s::timestamptz, %(actor_id)s::bigint
    FROM listing_product AS p WHERE p.id = ANY(%(ids)s::bigint[])
    ORDER BY p.id
    ON CONFLICT (product_id, version) DO NOTHING""")

NOTE_SUBMITTED: Statement[NoRow] = Statement("""
    UPDATE listing_product
    SET submitted_version = version, submitted_by = %(actor_id)s::bigint, submitted_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND state IN ('draft', 'returned')""")

NOTE_REVIEWED: Statement[NoRow] = Statement("""
    UPDATE listing_product AS p
    SET review_reason = g.reason, review_findings = g.findings,
        approved_version = CASE WHEN g.approved THEN p.version ELSE p.approved_version END,
        approved_at = CASE WHEN g.approved THEN %(now)s::timestamptz ELSE p.approved_at END,
        first_approved_at = coalesce(p.first_approved_at, CASE WHEN g.approved THEN %(now)s::timestamptz END)
    FROM json_to_recordset(%(rows)s::json) AS g (id bigint, approved boolean, reason text, findings jsonb)
    WHERE p.id = g.id AND p.state = 'submitted'""")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One attribute that a leaf's products have, its own or from above; nearest first."""

    leaf_id: int
    name: str
    kind: str
    is_required: bool
    choices: list[str]
    units: list[str]


TEMPLATES = Statement(
    """
    WITH RECURSIVE above AS (
        SELECT id AS leaf_id, id, parent_id, level FROM listing_category WHERE id = ANY(%(leaves)s::bigint[])
        UNION ALL
        SELECT a.leaf_id, c.id, c.parent_id, c.level FROM above AS a JOIN listing_category AS c ON c.id = a.parent_id
    )
    SELECT leaf_id, name, kind, is_required, choices, units FROM (
        SELECT DISTINCT ON (a.leaf_id, t.name) a.leaf_id, t.name, t.kind, t.is_required, t.choices, t.units, a.level,
               t.position, t.id
        FROM above AS a JOIN listing_attributetemplate AS t ON t.category_id = a.id
        ORDER BY a.leaf_id, t.name, a.level DESC) AS found
    ORDER BY leaf_id, level, position, id""",
    row=TemplateRow,
)


@dataclass(frozen=True, slots=True)
class MappedRow:
    leaf_id: int
    platform: str


MAPPED = Statement(
    """
    SELECT category_id AS leaf_id, platform FROM listing_categorymapping
    WHERE category_id = ANY(%(leaves)s::bigint[]) ORDER BY category_id, platform""",
    row=MappedRow,
)


@dataclass(frozen=True, slots=True)
class PictureRow:
    id: int
    product_id: int
    role: str
    verdict: str


PICTURES = Statement(
    """
    SELECT id, product_id, role, verdict FROM listing_productimage
    WHERE product_id = ANY(%(ids)s::bigint[]) ORDER BY product_id, id""",
    row=PictureRow,
)


@dataclass(frozen=True, slots=True)
class SkuRow:
    """A SKU's own columns."""

    id: int
    product_id: int
    code: str
    barcode: str
    name: str
    spec: str
    spec_values: str
    weight_g: int
    cost_minor: int
    price_minor: int
    currency: str
    is_fragile: bool
    is_unbendable: bool
    is_delisted: bool


_SKU_COLUMNS = """id, product_id, code, barcode, name, spec, spec_values::text, weight_g, cost_minor, price_minor,
           currency, is_fragile, is_unbendable, is_delisted"""

SKUS = Statement(
    f"""
    SELECT {_SKU_COLUMNS} FROM listing_sku WHERE product_id = ANY(%(ids)s::bigint[]) ORDER BY product_id, id""",
    row=SkuRow,
)

# Who has these codes or barcodes, whatever the product.
SKUS_CALLED = Statement(
    f"""
    SELECT {_SKU_COLUMNS} FROM listing_sku
    WHERE code = ANY(%(codes)s::text[]) OR barcode = ANY(%(barcodes)s::text[]) ORDER BY id""",
    row=SkuRow,
)

INSERT_SKUS: Statement[NoRow] = Statement("""
    INSERT INTO listing_sku (product_id, code, barcode, name, spec, spec_values, weight_g, cost_minor, price_minor,
                             floor_minor, list_minor, currency, is_fragile, is_unbendable, is_delisted, search_text,
                             search_grams)
    SELECT product_id, code, barcode, name, spec, spec_values, weight_g, cost_minor, price_minor, 0, 0, currency,
           is_fragile, is_unbendable, is_delisted, search_text, search_grams
    FROM json_to_recordset(%(rows)s::json)
         AS g (product_id bigint, code text, barcode text, name text, spec text, spec_values jsonb, weight_g int,
               cost_minor bigint, price_minor bigint, currency text, is_fragile boolean, is_unbendable boolean,
               is_delisted boolean, search_text text, search_grams text[], place int)
    ORDER BY product_id, place""")

UPDATE_SKUS: Statement[NoRow] = Statement("""
    WITH given AS MATERIALIZED (
        SELECT * FROM json_to_recordset(%(rows)s::json)
            AS g (id bigint, barcode text, name text, spec text, spec_values jsonb, weight_g int, cost_minor bigint,
                  price_minor bigint, currency text, is_fragile boolean, is_unbendable boolean, is_delisted boolean,
                  search_text text, search_grams text[])
    ), locked AS MATERIALIZED (
        SELECT k.id FROM listing_sku AS k JOIN given AS g ON g.id = k.id ORDER BY k.id FOR NO KEY UPDATE OF k
    )
    UPDATE listing_sku AS k
    SET barcode = g.barcode, name = g.name, spec = g.spec, spec_values = g.spec_values, weight_g = g.weight_g,
        cost_minor = g.cost_minor, price_minor = g.price_minor, currency = g.currency, is_fragile = g.is_fragile,
        is_unbendable = g.is_unbendable, is_delisted = g.is_delisted, search_text = g.search_text,
        search_grams = g.search_grams
    FROM given AS g, locked AS l WHERE k.id = l.id AND g.id = l.id""")

DELIST: Statement[NoRow] = Statement("""
    WITH locked AS MATERIALIZED (
        SELECT id FROM listing_sku WHERE product_id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE listing_sku AS k SET is_delisted = true FROM locked AS l WHERE k.id = l.id AND NOT k.is_delisted""")


@dataclass(frozen=True, slots=True)
class LeafRow:
    id: int
    level: int
    is_retired: bool


LEAVES = Statement(
    "SELECT id, level, is_retired FROM listing_category WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR KEY SHARE",
    row=LeafRow,
)


TAG_NEW: Statement[NoRow] = Statement("""
    INSERT INTO listing_producttag (product_id, tag, source, tagged_at)
    SELECT id, 'new', 'rule', %(now)s::timestamptz FROM unnest(%(ids)s::bigint[]) AS g (id) ORDER BY id
    ON CONFLICT (product_id, tag) DO NOTHING""")
