"""Statements of materials: asked for, made, checked, decided on, used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CampaignRow:
    id: int
    shop_id: int
    state: str
    code: str


CAMPAIGNS = Statement(
    "SELECT id, shop_id, state, code FROM campaigns_campaign WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id",
    row=CampaignRow,
)


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A material with the newest version; `made_by` None while there is none."""

    id: int
    campaign_id: int
    shop_id: int
    platform: str
    kind: str
    title: str
    channel: str
    width: int
    height: int
    must_say: list[str]
    notes: str
    state: str
    due_at: datetime
    newest: int
    approved: int
    version_id: int | None
    digest: str | None
    text: str | None
    verdict: str | None
    advice: bool
    made_by: int | None


_MATERIAL = """
    SELECT m.id, m.campaign_id, m.shop_id, s.platform, m.kind, m.title, m.channel, m.width, m.height,
           m.must_say::text[], m.notes, m.state, m.due_at, m.newest, m.approved, v.id AS version_id, v.digest,
           v.text, v.verdict, coalesce(v.findings @> '[{"level": "advice"}]', false) AS advice, v.made_by
    FROM launch_material AS m JOIN foundation_shop AS s ON s.id = m.shop_id
    LEFT JOIN launch_materialversion AS v ON v.material_id = m.id AND v.number = m.newest"""


@dataclass(frozen=True, slots=True)
class HeldRow:
    id: int


HOLD = Statement(
    "SELECT id FROM launch_material WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE", row=HeldRow
)
OF_IDS = Statement(f"{_MATERIAL} WHERE m.id = ANY(%(ids)s::bigint[]) ORDER BY m.id", row=MaterialRow)


def held(ids: Iterable[int]) -> dict[int, MaterialRow]:
    """Materials, locked. Every writer of versions takes them first, in key order, and only then looks which version is
    the newest: one statement for both would show who waited a material without its version."""
    wanted = sorted(set(ids))
    HOLD.rows(ids=wanted)
    return {row.id: row for row in OF_IDS.rows(ids=wanted)}


OF_CAMPAIGNS = Statement(
    f"{_MATERIAL} WHERE m.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY m.campaign_id, m.id", row=MaterialRow
)


@dataclass(frozen=True, slots=True)
class NewRow:
    id: int
    campaign_id: int
    title: str


BRIEF = Statement(
    """
    INSERT INTO launch_material (campaign_id, shop_id, kind, title, channel, width, height, must_say, notes, state,
                                 state_at, due_at, briefed_at, briefed_by, newest, approved)
    SELECT campaign_id, shop_id, kind, title, channel, width, height,
           ARRAY(SELECT jsonb_array_elements_text(must_say)), notes, 'briefed', %(now)s::timestamptz, due_at,
           %(now)s::timestamptz, %(actor_id)s::bigint, 0, 0
    FROM json_to_recordset(%(briefs)s::json)
         AS given (campaign_id bigint, shop_id bigint, kind text, title text, channel text, width int, height int,
                   must_say jsonb, notes text, due_at timestamptz)
    ORDER BY campaign_id, title
    RETURNING id, campaign_id, title""",
    row=NewRow,
)

ADD_VERSIONS: Statement[NoRow] = Statement("""
    INSERT INTO launch_materialversion (material_id, number, digest, shown_name, text, note, verdict, measures,
                                        findings, made_at, made_by, decision_reason)
    SELECT material_id, number, digest, shown_name, text, note, 'waiting', '{}', '[]', %(now)s::timestamptz,
           %(actor_id)s::bigint, ''
    FROM json_to_recordset(%(versions)s::json)
         AS given (material_id bigint, number int, digest text, shown_name text, text text, note text)
    ORDER BY material_id""")

STEP_UP: Statement[NoRow] = Statement("""
    UPDATE launch_material AS m SET newest = g.number
    FROM unnest(%(ids)s::bigint[], %(numbers)s::int[]) AS g (id, number)
    WHERE m.id = g.id AND m.newest = g.number - 1""")

WRITE_CHECKS: Statement[NoRow] = Statement("""
    UPDATE launch_materialversion AS v
    SET verdict = g.verdict, measures = g.measures, findings = g.findings, checked_at = %(now)s::timestamptz
    FROM json_to_recordset(%(rows)s::json)
         AS g (material_id bigint, number int, verdict text, measures jsonb, findings jsonb)
    WHERE v.material_id = g.material_id AND v.number = g.number AND v.verdict = 'waiting'""")

DECIDE: Statement[NoRow] = Statement("""
    UPDATE launch_materialversion AS v
    SET decided_at = %(now)s::timestamptz, decided_by = %(actor_id)s::bigint, is_approved = %(approved)s::boolean,
        decision_reason = g.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS g (id, reason) WHERE v.id = g.id""")

MARK_APPROVED: Statement[NoRow] = Statement(
    "UPDATE launch_material SET approved = newest WHERE id = ANY(%(ids)s::bigint[])"
)


@dataclass(frozen=True, slots=True)
class UseRow:
    material_id: int
    number: int
    channel: str
    place: str
    id: int


USES = Statement(
    """
    SELECT material_id, number, channel, place, id FROM launch_materialuse
    WHERE material_id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=UseRow,
)

USE = Statement(
    """
    INSERT INTO launch_materialuse (material_id, number, channel, place, used_from, noted_at, noted_by)
    SELECT material_id, number, channel, place, used_from, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(uses)s::json)
         AS given (material_id bigint, number int, channel text, place text, used_from timestamptz)
    ORDER BY material_id, number, channel, place
    ON CONFLICT (material_id, number, channel, place) DO NOTHING
    RETURNING material_id, number, channel, place, id""",
    row=UseRow,
)


@dataclass(frozen=True, slots=True)
class ToMeasureRow:
    """The newest version of a material that waits for its checks."""

    material_id: int
    number: int
    kind: str
    digest: str
    shown_name: str


TO_MEASURE = Statement(
    """
    SELECT m.id AS material_id, v.number, m.kind, v.digest, v.shown_name
    FROM launch_material AS m JOIN launch_materialversion AS v ON v.material_id = m.id AND v.number = m.newest
    WHERE m.id = ANY(%(ids)s::bigint[]) AND m.state = 'checking' AND v.digest <> '' ORDER BY m.id""",
    row=ToMeasureRow,
)


@dataclass(frozen=True, slots=True)
class BrandRow:
    shop_id: int
    colours: list[str]


BRANDS = Statement(
    """
    SELECT shop_id, colours::text[] FROM launch_brand WHERE shop_id = ANY(%(shops)s::bigint[]) ORDER BY shop_id""",
    row=BrandRow,
)

SET_BRANDS: Statement[NoRow] = Statement("""
    INSERT INTO launch_brand (shop_id, colours, set_at, set_by)
    SELECT shop_id, ARRAY(SELECT jsonb_array_elements_text(colours)), %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(brands)s::json) AS given (shop_id bigint, colours jsonb) ORDER BY shop_id
    ON CONFLICT (shop_id) DO UPDATE
        SET colours = excluded.colours, set_at = excluded.set_at, set_by = excluded.set_by""")


@dataclass(frozen=True, slots=True)
class TermsRow:
    campaign_id: int
    terms: str


# What a campaign's promotions say: the version that is live, else the one still being written.
TERMS = Statement(
    """
    SELECT DISTINCT ON (r.campaign_id, r.rule_id) r.campaign_id, v.terms::text
    FROM campaigns_campaignrule AS r JOIN promotions_version AS v ON v.rule_id = r.rule_id AND v.state <> 'ended'
    WHERE r.campaign_id = ANY(%(campaigns)s::bigint[])
    ORDER BY r.campaign_id, r.rule_id, v.state NOT IN ('published', 'paused'), v.number DESC""",
    row=TermsRow,
)
