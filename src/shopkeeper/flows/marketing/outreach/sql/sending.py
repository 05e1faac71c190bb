"""What a message needs at the moment it leaves, with the key that opens its address."""

from dataclasses import dataclass, field
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A recipient with the message and their sealed address."""

    id: int
    mailing_id: int
    shop_id: int
    channel: str
    signature: str
    template: str
    subject: str
    text: str
    shop: str
    campaign: str
    starts_at: datetime
    ends_at: datetime
    queued_at: datetime
    wrapped: bytes | None = field(repr=False)
    sealed: bytes = field(repr=False)


LETTERS = Statement(
    """
    SELECT r.id, r.mailing_id, r.shop_id, m.channel, m.signature, m.template, m.subject, m.text, s.name, g.name,
           g.starts_at, g.ends_at, r.queued_at, k.wrapped, c.address_sealed
    FROM outreach_recipient AS r
    JOIN outreach_mailing AS m ON m.id = r.mailing_id
    JOIN foundation_shop AS s ON s.id = r.shop_id
    JOIN campaigns_campaign AS g ON g.id = m.campaign_id
    JOIN outreach_consent AS c ON c.id = r.consent_id
    JOIN foundation_subjectkey AS k ON k.id = c.subject_id
    WHERE r.id = ANY(%(ids)s::bigint[]) ORDER BY r.id""",
    row=LetterRow,
)
