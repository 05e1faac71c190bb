"""Statements of mailings: from draft to everybody's turn, and what they cost."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """The campaign of a mailing. `left_minor`: what its budget for messages has left beside other mailings that are
    approved and not booked yet; None without such an item."""

    id: int
    shop_id: int
    shop: str
    name: str
    state: str
    starts_at: datetime
    ends_at: datetime
    left_minor: int | None


CAMPAIGNS = Statement(
    """
    SELECT c.id, c.shop_id, s.name, c.name, c.state, c.starts_at, c.ends_at,
           (SELECT max(b.planned_minor + b.raised_minor - b.spent_minor) FROM campaigns_budgetitem AS b
            WHERE b.campaign_id = c.id AND b.kind = 'sms_edm')
           - (SELECT coalesce(sum(coalesce(m.cost_minor, m.estimate_minor) - m.booked_minor), 0)::bigint
              FROM outreach_mailing AS m
              WHERE m.campaign_id = c.id AND (m.state IN ('approved', 'sending') OR m.cost_minor <> m.booked_minor))
    FROM campaigns_campaign AS c JOIN foundation_shop AS s ON s.id = c.shop_id
    WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id""",
    row=CampaignRow,
)


@dataclass(frozen=True, slots=True)
class HeldRow:
    id: int


# Two mailings that are approved against the same money are approved one after the other.
HOLD_MONEY = Statement(
    """
    SELECT id FROM campaigns_budgetitem
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND kind = 'sms_edm' ORDER BY id FOR NO KEY UPDATE""",
    row=HeldRow,
)


@dataclass(frozen=True, slots=True)
class SegmentRow:
    id: int
    shop_id: int
    is_retired: bool


SEGMENTS = Statement(
    "SELECT id, shop_id, is_retired FROM campaigns_segment WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id",
    row=SegmentRow,
)


@dataclass(frozen=True, slots=True)
class MailingRow:
    """A mailing, locked."""

    id: int
    shop_id: int
    campaign_id: int
    segment_id: int
    channel: str
    name: str
    signature: str
    template: str
    subject: str
    text: str
    planned_at: datetime
    state: str
    saved_by: int
    submitted_by: int | None
    estimate_minor: int | None
    filled_upto: int
    filled_at: datetime | None
    units: int
    cost_minor: int | None
    booked_minor: int


LOCK = Statement(
    """
    SELECT id, shop_id, campaign_id, segment_id, channel, name, signature, template, subject, text, planned_at, state,
           saved_by, submitted_by, estimate_minor, filled_upto, filled_at, units, cost_minor, booked_minor
    FROM outreach_mailing WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=MailingRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


_SHAPE = """(id bigint, shop_id bigint, campaign_id bigint, segment_id bigint, channel text, name text,
            signature text, template text, subject text, text text, planned_at timestamptz)"""

ADD = Statement(
    f"""
    INSERT INTO outreach_mailing (shop_id, campaign_id, segment_id, channel, name, signature, template, subject, text,
                                  planned_at, state, state_at, saved_at, saved_by, decision_reason, filled_upto,
                                  stop_reason, units, booked_minor, cost_refusal)
    SELECT shop_id, campaign_id, segment_id, channel, name, signature, template, subject, text, planned_at, 'draft',
           %(now)s::timestamptz, %(now)s::timestamptz, %(actor_id)s::bigint, '', 0, '', 0, 0, ''
    FROM json_to_recordset(%(mailings)s::json) AS given {_SHAPE}
    RETURNING id""",
    row=IdRow,
)

REWRITE: Statement[NoRow] = Statement(f"""
    UPDATE outreach_mailing AS m
    SET campaign_id = given.campaign_id, segment_id = given.segment_id, channel = given.channel, name = given.name,
        signature = given.signature, template = given.template, subject = given.subject, text = given.text,
        planned_at = given.planned_at, saved_at = %(now)s::timestamptz, saved_by = %(actor_id)s::bigint
    FROM json_to_recordset(%(mailings)s::json) AS given {_SHAPE}
    WHERE m.id = given.id AND m.state = 'draft'""")

NOTE_SUBMITTED: Statement[NoRow] = Statement("""
    UPDATE outreach_mailing AS m
    SET submitted_at = %(now)s::timestamptz, submitted_by = %(actor_id)s::bigint, decided_at = NULL, decided_by = NULL,
        decision_reason = '', estimate = given.estimate, estimate_minor = given.cost
    FROM unnest(%(ids)s::bigint[], %(estimates)s::int[], %(costs)s::bigint[]) AS given (id, estimate, cost)
    WHERE m.id = given.id AND m.state = 'draft'""")

NOTE_DECIDED: Statement[NoRow] = Statement("""
    UPDATE outreach_mailing AS m
    SET decided_at = %(now)s::timestamptz, decided_by = %(actor_id)s::bigint, decision_reason = given.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason)
    WHERE m.id = given.id AND m.state = 'in_review'""")

NOTE_STARTED: Statement[NoRow] = Statement("""
    UPDATE outreach_mailing SET started_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'approved'""")

NOTE_STOPPED: Statement[NoRow] = Statement("""
    UPDATE outreach_mailing AS m
    SET ended_at = %(now)s::timestamptz, stopped_by = %(actor_id)s::bigint, stop_reason = given.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason)
    WHERE m.id = given.id AND m.state NOT IN ('sent', 'stopped')""")

NOTE_FILLED: Statement[NoRow] = Statement("""
    UPDATE outreach_mailing AS m
    SET filled_upto = given.upto, filled_at = CASE WHEN given.is_last THEN %(now)s::timestamptz END
    FROM unnest(%(ids)s::bigint[], %(uptos)s::bigint[], %(lasts)s::boolean[]) AS given (id, upto, is_last)
    WHERE m.id = given.id AND m.state = 'sending'""")


@dataclass(frozen=True, slots=True)
class FinishedRow:
    """A mailing whose recipients have all had their turn, with what became of them."""

    id: int
    shop_id: int
    campaign_id: int
    accepted: int
    failed: int
    skipped: int


FINISHED = Statement(
    """
    SELECT m.id, m.shop_id, m.campaign_id,
           count(r.id) FILTER (WHERE r.state IN ('accepted', 'delivered', 'bounced'))::int,
           count(r.id) FILTER (WHERE r.state = 'failed')::int, count(r.id) FILTER (WHERE r.state = 'skipped')::int
    FROM outreach_mailing AS m LEFT JOIN outreach_recipient AS r ON r.mailing_id = m.id
    WHERE m.id = ANY(%(ids)s::bigint[]) AND m.state = 'sending' AND m.filled_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM outreach_recipient AS q WHERE q.mailing_id = m.id AND q.state = 'queued')
    GROUP BY m.id ORDER BY m.id""",
    row=FinishedRow,
)

NOTE_ENDED: Statement[NoRow] = Statement("""
    UPDATE outreach_mailing SET ended_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'sending'""")

OF_CAMPAIGNS = Statement(
    """
    SELECT id FROM outreach_mailing
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state NOT IN ('sent', 'stopped') ORDER BY id FOR UPDATE""",
    row=IdRow,
)

ADD_UNITS: Statement[NoRow] = Statement("""
    UPDATE outreach_mailing AS m SET units = m.units + given.units
    FROM unnest(%(ids)s::bigint[], %(units)s::int[]) AS given (id, units)
    WHERE m.id = given.id""")


@dataclass(frozen=True, slots=True)
class MessageItemRow:
    """The budget item of a campaign that messages are paid from: the one with the most left."""

    campaign_id: int
    item_id: int


MESSAGE_ITEMS = Statement(
    """
    SELECT DISTINCT ON (campaign_id) campaign_id, id FROM campaigns_budgetitem
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND kind = 'sms_edm'
    ORDER BY campaign_id, planned_minor + raised_minor - spent_minor DESC, id""",
    row=MessageItemRow,
)

NOTE_COSTS: Statement[NoRow] = Statement("""
    UPDATE outreach_mailing AS m
    SET cost_minor = given.cost, cost_refusal = given.refusal,
        booked_minor = CASE WHEN given.refusal = '' THEN given.cost ELSE m.booked_minor END,
        cost_booked_at = CASE WHEN given.refusal = '' THEN %(now)s::timestamptz ELSE m.cost_booked_at END
    FROM unnest(%(ids)s::bigint[], %(costs)s::bigint[], %(refusals)s::text[]) AS given (id, cost, refusal)
    WHERE m.id = given.id""")
