"""Messages at the moment they leave: addresses are opened here, for the sender alone, after that is on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.marketing.outreach.models import Mailing, Recipient
from shopkeeper.flows.marketing.outreach.ports import Letter
from shopkeeper.flows.marketing.outreach.queries.links import opt_out_url
from shopkeeper.flows.marketing.outreach.rules.letters import (
    filled,
    mail_text,
    sms_segments,
    sms_text,
    used_variables,
    values_of,
)
from shopkeeper.flows.marketing.outreach.sql import sending as sql
from shopkeeper.flows.marketing.outreach.states import MailingState, OutreachChannel
from shopkeeper.foundation.personal import open_under


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message ready to go: None as `letter` where its address cannot be opened any more."""

    recipient_id: int
    channel: OutreachChannel
    letter: Letter | None
    units: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Filling:
    """A mailing whose members are being judged."""

    mailing_id: int
    segment_id: int
    upto: int


def message_key(recipient_id: int) -> str:
    """Our name for a message at the provider."""
    return f"sk{recipient_id}"


def recipient_of(key: str) -> int | None:
    """The recipient a provider speaks of; None for a name that is none of ours."""
    number = key.removeprefix("sk")
    is_ours = key.startswith("sk") and number.isascii() and number.isdecimal() and len(number) < 19
    return int(number) if is_ours else None


def known_recipients(ids: Sequence[int]) -> set[int]:
    return set(Recipient.objects.filter(id__in=list(ids)).values_list("id", flat=True))


def filling(mailing_id: int) -> Filling | None:
    """How far a mailing has come through its segment; None where it is through, or not being sent."""
    row = Mailing.objects.filter(id=mailing_id, state=MailingState.SENDING, filled_at=None).first()
    return Filling(row.pk, row.segment_id, row.filled_upto) if row else None


def letters(recipient_ids: Sequence[int]) -> Mapping[int, Leaving]:
    """The messages of these recipients, in one statement. Callers have the opening on record."""
    return {row.id: _leaving(row) for row in sql.LETTERS.rows(ids=list(recipient_ids))}


def _leaving(row: sql.LetterRow) -> Leaving:
    channel = OutreachChannel(row.channel)
    opened = open_under(row.wrapped, bytes(row.sealed))
    values = values_of(row.shop, row.campaign, row.starts_at, row.ends_at)
    said = filled(row.text, values)
    is_sms = channel is OutreachChannel.SMS
    url = "" if is_sms else opt_out_url(row.id)
    text = sms_text(row.signature, said) if is_sms else mail_text(row.signature, said, url)
    letter = opened and Letter(
        key=message_key(row.id),
        address=opened["address"],
        signature=row.signature,
        text=text,
        subject=filled(row.subject, values),
        template=row.template,
        parameters={name: values[name] for name in used_variables(row.text)},
        opt_out_url=url,
    )
    return Leaving(row.id, channel, letter or None, sms_segments(text) if is_sms else 1, row.queued_at)
