"""M1.2: what the provider answered, and what it reported later, is kept with each recipient."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.outreach.commands.book_costs import book_costs_of
from shopkeeper.flows.marketing.outreach.commands.finishing import finish
from shopkeeper.flows.marketing.outreach.commands.prepare_sendings import OF_RECIPIENT
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.sql import consents
from shopkeeper.flows.marketing.outreach.sql import mailings as of_mailings
from shopkeeper.flows.marketing.outreach.sql import recipients as sql
from shopkeeper.flows.marketing.outreach.states import RECIPIENT_FLOW, TAKEN, MailingState, RecipientState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class RecordSending:
    """The provider's id of a message it took, counted as so many `units`; or why it refused it for good."""

    recipient_id: int
    units: int = 0
    outside_id: Annotated[str, Field(max_length=80)] = ""
    failure: Annotated[str, Field(max_length=80)] = ""
    is_gone: bool = False  # nothing will ever arrive at this address


@command(clause="M1.2", permission=Permission.DELIVER, scope=OF_RECIPIENT, internal=True)
def record_sendings(step: Step, items: Sequence[RecordSending]) -> list[Outcome]:
    """Keep what became of messages; with the last of a mailing it is sent, and its cost is booked. What is recorded
    already is unchanged."""
    ids = sorted({item.recipient_id for item in items})
    mailings = [row.mailing_id for row in sql.MAILINGS_OF.rows(ids=ids)]
    rows = {row.id: row for row in sql.LOCK.rows(ids=ids)}
    fresh: dict[int, RecordSending] = {}
    for item in items:
        if rows[item.recipient_id].state in (RecipientState.QUEUED, RecipientState.SKIPPED):
            fresh.setdefault(item.recipient_id, item)
    _record(step, rows, fresh)
    finish(step, mailings)
    # A message that was on its way when its mailing was stopped is paid for all the same.
    late = {rows[id_].mailing_id for id_ in fresh if rows[id_].mailing_state == MailingState.STOPPED}
    book_costs_of(step, sorted(late))
    left = set(fresh)
    outcomes = []
    for item in items:
        outcomes.append(done(item.recipient_id) if item.recipient_id in left else unchanged(item.recipient_id))
        left.discard(item.recipient_id)
    return outcomes


def _record(step: Step, rows: dict[int, sql.RecipientRow], fresh: dict[int, RecordSending]) -> None:
    if not fresh:
        return
    ids = sorted(fresh)
    failed = [id_ for id_ in ids if fresh[id_].failure]
    taken = [id_ for id_ in ids if not fresh[id_].failure]
    step.move(RECIPIENT_FLOW, taken, RecipientState.ACCEPTED)
    step.move(RECIPIENT_FLOW, failed, RecipientState.FAILED)
    sql.NOTE_SENT.run(
        ids=ids,
        outside_ids=[fresh[id_].outside_id for id_ in ids],
        failures=[fresh[id_].failure for id_ in ids],
        units=[0 if fresh[id_].failure else fresh[id_].units for id_ in ids],
        now=step.now,
    )
    units = Counter[int]()
    for id_ in taken:
        units[rows[id_].mailing_id] += fresh[id_].units
    if units:
        of_mailings.ADD_UNITS.run(ids=sorted(units), units=[units[id_] for id_ in sorted(units)])
    gone = sorted({c for id_ in failed if fresh[id_].is_gone and (c := rows[id_].consent_id) is not None})
    if gone:
        consents.MARK_UNREACHABLE.run(ids=gone, now=step.now)


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What the provider says became of a message it took."""

    recipient_id: int
    delivered: bool
    code: Annotated[str, Field(max_length=80)] = ""
    is_gone: bool = False


@command(clause="M1.2", permission=Permission.DELIVER, scope=OF_RECIPIENT, internal=True)
def record_delivery_reports(step: Step, items: Sequence[RecordReport]) -> list[Outcome]:
    """Keep delivery reports; an address at which nothing will ever arrive is not written to again. A report that says
    nothing new is unchanged."""
    ids = sorted({item.recipient_id for item in items})
    rows = {row.id: row for row in sql.LOCK.rows(ids=ids)}
    news: dict[int, RecordReport] = {}
    outcomes = []
    for item in items:
        row = rows[item.recipient_id]
        known = row.state in (RecipientState.BOUNCED, *(() if not item.delivered else (RecipientState.DELIVERED,)))
        if row.state not in TAKEN or known or row.id in news:
            outcomes.append(unchanged(row.id))
        else:
            news[row.id] = item
            outcomes.append(done(row.id))
    if not news:
        return outcomes
    arrived = sorted(id_ for id_, item in news.items() if item.delivered)
    bounced = sorted(id_ for id_, item in news.items() if not item.delivered)
    step.move(RECIPIENT_FLOW, arrived, RecipientState.DELIVERED)
    step.move(RECIPIENT_FLOW, bounced, RecipientState.BOUNCED)
    sql.NOTE_REPORTED.run(ids=bounced, failures=[news[id_].code for id_ in bounced])
    gone = sorted({c for id_ in bounced if news[id_].is_gone and (c := rows[id_].consent_id) is not None})
    if gone:
        consents.MARK_UNREACHABLE.run(ids=gone, now=step.now)
    return outcomes
