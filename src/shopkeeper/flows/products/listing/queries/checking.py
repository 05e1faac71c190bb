"""Products as their checks see them, read set-based; used when one is submitted and whenever one is shown."""

import json
from collections.abc import Mapping, Sequence

from shopkeeper.flows.products.listing.rules.attributes import AttributeRule
from shopkeeper.flows.products.listing.rules.checks import (
    Draft,
    PictureFacts,
    SkuEntryFacts,
    Wanted,
    check_product,
)
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.rules.pictures import Thresholds
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.sop.policy import Policies


def wanted(policies: Policies) -> Wanted:
    """What the policy asks of every product."""
    return Wanted(
        selling_points=policies("product_selling_points"),
        scenarios=policies("product_scenarios"),
        title_repeats=policies("title_word_repeats"),
        pictures=policies("product_pictures"),
    )


def thresholds(policies: Policies) -> Thresholds:
    """What the policy asks of every picture."""
    return Thresholds(
        sharpness=policies("picture_sharpness"),
        white_level=policies("picture_white_level"),
        white_border=policies("picture_white_border"),
        subject_least=policies("picture_subject_least"),
        text_most=policies("picture_text_share"),
    )


def templates(leaf_ids: Sequence[int]) -> dict[int, list[AttributeRule]]:
    """The attributes that products of these leaves have, those from above included."""
    found: dict[int, list[AttributeRule]] = {}
    for row in sql.TEMPLATES.rows(leaves=list(leaf_ids)):
        rule = AttributeRule(row.name, row.kind, row.is_required, tuple(row.choices), tuple(row.units))
        found.setdefault(row.leaf_id, []).append(rule)
    return found


def mapped_platforms(leaf_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The platforms these leaves are mapped to."""
    found: dict[int, set[str]] = {}
    for row in sql.MAPPED.rows(leaves=list(leaf_ids)):
        found.setdefault(row.leaf_id, set()).add(row.platform)
    return {leaf: frozenset(platforms) for leaf, platforms in found.items()}


def drafts(rows: Sequence[sql.ProductRow]) -> dict[int, Draft]:
    """These products as their checks see them, in four statements."""
    ids = [row.id for row in rows]
    leaves = sorted({row.leaf_id for row in rows if row.leaf_id})
    rules, mapped = templates(leaves), mapped_platforms(leaves)
    pictures: dict[int, list[PictureFacts]] = {}
    for picture in sql.PICTURES.rows(ids=ids):
        pictures.setdefault(picture.product_id, []).append(PictureFacts(picture.id, picture.role, picture.verdict))
    skus: dict[int, list[SkuEntryFacts]] = {}
    for sku in sql.SKUS.rows(ids=ids):
        facts = SkuEntryFacts(sku.code, sku.spec, sku.price_minor, sku.cost_minor, sku.is_delisted)
        skus.setdefault(sku.product_id, []).append(facts)
    return {
        row.id: Draft(
            title=row.title,
            core_keyword=row.core_keyword,
            selling_points=row.selling_points,
            scenarios=row.scenarios,
            attributes=dict(json.loads(row.attributes)),
            platforms=row.platforms,
            has_leaf=row.leaf_id is not None,
            mapped=mapped.get(row.leaf_id or 0, frozenset()),
            template=rules.get(row.leaf_id or 0, ()),
            pictures=pictures.get(row.id, ()),
            skus=skus.get(row.id, ()),
            promises=row.promises,
            no_reason=row.no_reason,
        )
        for row in rows
    }


def findings_of(rows: Sequence[sql.ProductRow], policies: Policies) -> Mapping[int, list[Finding]]:
    """What the checks say of these products."""
    standard = wanted(policies)
    return {product_id: check_product(draft, standard) for product_id, draft in drafts(rows).items()}
