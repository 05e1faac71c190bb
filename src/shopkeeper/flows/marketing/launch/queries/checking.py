"""What a version of a material is held against: brief, brand colours, the campaign's promotions, policy."""

import json
from collections.abc import Sequence

from shopkeeper.flows.marketing.launch.rules.materials import Brief, Limits
from shopkeeper.flows.marketing.launch.sql import materials as sql
from shopkeeper.flows.marketing.promotions.rules.codec import Terms, read_terms
from shopkeeper.flows.marketing.promotions.rules.promises import Given, given_by
from shopkeeper.flows.marketing.promotions.words import sentence
from shopkeeper.sop.policy import Policies


def briefs_of(rows: Sequence[sql.MaterialRow]) -> dict[int, Brief]:
    """The briefs of materials, in two statements."""
    brands = {row.shop_id: tuple(row.colours) for row in sql.BRANDS.rows(shops=sorted({row.shop_id for row in rows}))}
    given = given_in({row.campaign_id for row in rows})
    return {
        row.id: Brief(
            row.kind,
            row.width,
            row.height,
            tuple(row.must_say),
            brands.get(row.shop_id, ()),
            given.get(row.campaign_id, Given()),
            (row.platform,),
        )
        for row in rows
    }


def given_in(campaign_ids: set[int]) -> dict[int, Given]:
    """What the promotions of campaigns really give; one statement."""
    terms: dict[int, list[Terms]] = {}
    for row in sql.TERMS.rows(campaigns=sorted(campaign_ids)) if campaign_ids else []:
        terms.setdefault(row.campaign_id, []).append(read_terms(json.loads(row.terms)))
    return {id_: given_by(own, [sentence(one) for one in own]) for id_, own in terms.items()}


def limits_of(policies: Policies, shop_id: int) -> Limits:
    return Limits(
        policies("material_poster_kb", shop_id),
        policies("material_video_seconds", shop_id),
        policies("brand_colour_distance", shop_id),
        policies("brand_colour_share_percent", shop_id),
        policies("picture_sharpness"),
    )
