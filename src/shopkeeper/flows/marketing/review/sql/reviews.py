"""Statements of review reports and their versions of figures."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class DraftedRow:
    id: int
    campaign_id: int
    shop_id: int


DRAFT = Statement(
    """
    INSERT INTO review_review (campaign_id, shop_id, state, state_at, drafted_at, due_at, version, worked, not_worked,
                               advice, decision_reason)
    SELECT campaign_id, shop_id, 'draft', %(now)s::timestamptz, %(now)s::timestamptz, due_at, 1, '', '', '', ''
    FROM unnest(%(campaigns)s::bigint[], %(shops)s::bigint[], %(dues)s::timestamptz[])
         AS given (campaign_id, shop_id, due_at)
    ORDER BY campaign_id ON CONFLICT (campaign_id) DO NOTHING
    RETURNING id, campaign_id, shop_id""",
    row=DraftedRow,
)

KEEP_FIGURES: Statement[NoRow] = Statement("""
    INSERT INTO review_figures (review_id, version, taken_at, taken_by, figures)
    SELECT review_id, version, %(now)s::timestamptz, %(actor_id)s::bigint, figures
    FROM json_to_recordset(%(figures)s::json) AS given (review_id bigint, version int, figures jsonb)
    ORDER BY review_id""")


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review, locked, with its campaign and whether its figures are the newest it has."""

    id: int
    campaign_id: int
    shop_id: int
    code: str
    name: str
    state: str
    due_at: datetime
    version: int
    worked: str
    not_worked: str
    advice: str
    completed_by: int | None
    submitted_by: int | None
    decision_reason: str
    meetings: int
    has_whole_meeting: bool


LOCK = Statement(
    """
    SELECT r.id, r.campaign_id, r.shop_id, c.code, c.name, r.state, r.due_at, r.version, r.worked, r.not_worked,
           r.advice, r.completed_by, r.submitted_by, r.decision_reason,
           (SELECT count(*) FROM review_meeting AS m WHERE m.review_id = r.id)::int,
           EXISTS (SELECT FROM review_meeting AS m WHERE m.review_id = r.id AND m.missing = '{}')
    FROM review_review AS r JOIN campaigns_campaign AS c ON c.id = r.campaign_id
    WHERE r.id = ANY(%(ids)s::bigint[]) ORDER BY r.id FOR UPDATE OF r""",
    row=ReviewRow,
)


@dataclass(frozen=True, slots=True)
class OfCampaignRow:
    id: int
    campaign_id: int


OF_CAMPAIGNS = Statement(
    """
    SELECT id, campaign_id FROM review_review WHERE campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY id""",
    row=OfCampaignRow,
)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A review's figures of now, as they were kept."""

    review_id: int
    version: int
    figures: str


KEPT = Statement(
    """
    SELECT f.review_id, f.version, f.figures::text FROM review_figures AS f
    JOIN review_review AS r ON r.id = f.review_id AND r.version = f.version
    WHERE f.review_id = ANY(%(ids)s::bigint[]) ORDER BY f.review_id""",
    row=KeptRow,
)

RENEW: Statement[NoRow] = Statement("""
    UPDATE review_review AS r SET version = given.version
    FROM unnest(%(ids)s::bigint[], %(versions)s::int[]) AS given (id, version)
    WHERE r.id = given.id AND r.state = 'draft' AND r.version = given.version - 1""")

COMPLETE: Statement[NoRow] = Statement("""
    UPDATE review_review AS r
    SET worked = given.worked, not_worked = given.not_worked, advice = given.advice,
        completed_at = %(now)s::timestamptz, completed_by = %(actor_id)s::bigint
    FROM json_to_recordset(%(reviews)s::json) AS given (id bigint, worked text, not_worked text, advice text)
    WHERE r.id = given.id AND r.state = 'draft'""")

SUBMIT: Statement[NoRow] = Statement("""
    UPDATE review_review SET submitted_at = %(now)s::timestamptz, submitted_by = %(actor_id)s::bigint
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'draft'""")

DECIDE: Statement[NoRow] = Statement("""
    UPDATE review_review AS r
    SET decided_at = %(now)s::timestamptz, decided_by = %(actor_id)s::bigint, decision_reason = given.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason)
    WHERE r.id = given.id AND r.state = 'submitted'""")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    id: int
    campaign_id: int
    shop_id: int


OF_TEMPLATES = Statement(
    """
    SELECT id, campaign_id, shop_id FROM review_template
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY campaign_id""",
    row=TemplateRow,
)

MAKE_TEMPLATES = Statement(
    """
    INSERT INTO review_template (campaign_id, shop_id, review_id, version, learned, note, made_at, made_by)
    SELECT campaign_id, shop_id, review_id, version, learned, note, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(templates)s::json)
         AS given (campaign_id bigint, shop_id bigint, review_id bigint, version int, learned jsonb, note text)
    ORDER BY campaign_id ON CONFLICT (campaign_id) DO NOTHING
    RETURNING id, campaign_id, shop_id""",
    row=TemplateRow,
)
