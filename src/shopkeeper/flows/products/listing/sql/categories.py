"""Statements over the category tree. Whoever changes the tree takes its one lock first."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement

# The tree is small and changes rarely: one lock for all of it keeps names and depths judged as they are written.
LOCK_TREE: Statement[NoRow] = Statement("SELECT pg_advisory_xact_lock(hashtext('listing_category'))")


@dataclass(frozen=True, slots=True)
class CategoryRow:
    id: int
    parent_id: int | None
    level: int
    name: str
    position: int
    is_retired: bool


TREE = Statement(
    "SELECT id, parent_id, level, name, position, is_retired FROM listing_category ORDER BY level, position, id",
    row=CategoryRow,
)

ADD = Statement(
    """
    INSERT INTO listing_category (parent_id, level, name, position, is_retired)
    SELECT parent_id, level, name, position, false
    FROM unnest(%(parents)s::bigint[], %(levels)s::int[], %(names)s::text[], %(positions)s::int[])
         WITH ORDINALITY AS g (parent_id, level, name, position, place)
    ORDER BY place
    RETURNING id, parent_id, level, name, position, is_retired""",
    row=CategoryRow,
)

RENAME: Statement[NoRow] = Statement("""
    UPDATE listing_category AS c SET name = g.name
    FROM unnest(%(ids)s::bigint[], %(names)s::text[]) AS g (id, name) WHERE c.id = g.id""")

MOVE: Statement[NoRow] = Statement("""
    UPDATE listing_category AS c SET parent_id = g.parent_id
    FROM unnest(%(ids)s::bigint[], %(parents)s::bigint[]) AS g (id, parent_id) WHERE c.id = g.id""")

RETIRE: Statement[NoRow] = Statement("""
    UPDATE listing_category SET is_retired = true WHERE id = ANY(%(ids)s::bigint[])""")


@dataclass(frozen=True, slots=True)
class UseRow:
    leaf_id: int
    products: int


IN_USE = Statement(
    """
    SELECT leaf_id, count(*) AS products FROM listing_product
    WHERE leaf_id = ANY(%(ids)s::bigint[]) AND state <> 'retired' GROUP BY leaf_id ORDER BY leaf_id""",
    row=UseRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


MAP = Statement(
    """
    INSERT INTO listing_categorymapping AS m (category_id, platform, platform_leaf, platform_path)
    SELECT category_id, platform, platform_leaf, platform_path
    FROM unnest(%(categories)s::bigint[], %(platforms)s::text[], %(leaves)s::text[], %(paths)s::text[])
         AS g (category_id, platform, platform_leaf, platform_path)
    ORDER BY category_id, platform
    ON CONFLICT (category_id, platform) DO UPDATE
        SET platform_leaf = excluded.platform_leaf, platform_path = excluded.platform_path
        WHERE (m.platform_leaf, m.platform_path) IS DISTINCT FROM (excluded.platform_leaf, excluded.platform_path)
    RETURNING category_id AS id""",
    row=IdRow,
)

UNMAP = Statement(
    """
    DELETE FROM listing_categorymapping AS m
    USING unnest(%(categories)s::bigint[], %(platforms)s::text[]) AS g (category_id, platform)
    WHERE m.category_id = g.category_id AND m.platform = g.platform
    RETURNING m.category_id AS id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class AttributeRow:
    category_id: int
    name: str
    kind: str
    is_required: bool
    choices: list[str]
    units: list[str]


ATTRIBUTES = Statement(
    """
    SELECT category_id, name, kind, is_required, choices, units FROM listing_attributetemplate
    WHERE category_id = ANY(%(ids)s::bigint[]) ORDER BY category_id, position, id""",
    row=AttributeRow,
)

CLEAR_ATTRIBUTES: Statement[NoRow] = Statement(
    "DELETE FROM listing_attributetemplate WHERE category_id = ANY(%(ids)s::bigint[])"
)

WRITE_ATTRIBUTES: Statement[NoRow] = Statement("""
    INSERT INTO listing_attributetemplate (category_id, name, kind, is_required, choices, units, position)
    SELECT category_id, name, kind, is_required, choices, units, position
    FROM json_to_recordset(%(rows)s::json)
         AS g (category_id bigint, name text, kind text, is_required boolean, choices text[], units text[],
               position int)
    ORDER BY category_id, position""")
