"""M1.2: what outreach says outside: members are judged page by page, messages handed to the provider of their channel.

Every message carries a key of ours. Where an answer was lost the provider is asked first whether it arrived; nobody
is written to twice. Addresses are opened only here, after that is on record.
"""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings

from shopkeeper.flows.marketing.outreach.commands.fill_mailings import (
    SEND,
    FillMailing,
    fill_mailings,
    open_at,
)
from shopkeeper.flows.marketing.outreach.commands.prepare_sendings import PrepareSending, prepare_sendings
from shopkeeper.flows.marketing.outreach.commands.record_sendings import (
    RecordReport,
    RecordSending,
    record_delivery_reports,
    record_sendings,
)
from shopkeeper.flows.marketing.outreach.commands.start_mailings import FILL
from shopkeeper.flows.marketing.outreach.commands.withdraw_consents import OptOutByReply, opt_out_by_reply
from shopkeeper.flows.marketing.outreach.ports import DeliveryReport, MessageSender, OutsideError, Reply
from shopkeeper.flows.marketing.outreach.queries.audience import pages_of
from shopkeeper.flows.marketing.outreach.queries.sending import (
    Leaving,
    filling,
    known_recipients,
    letters,
    recipient_of,
)
from shopkeeper.flows.marketing.outreach.rules.replies import says_no
from shopkeeper.flows.marketing.outreach.states import OutreachChannel
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer
from shopkeeper.sop.policy import read_policies

log = logging.getLogger(__name__)
Sender = Callable[[OutreachChannel], MessageSender | None]
ACCOUNT_RETRY_S = 600.0
PAGES_AT_ONCE = 20
SHARE_OF_LEASE = 1 / 3  # what is handed over later may still be on its way when somebody else takes the errand up
LATER = ErrandResult("retry", "", 0.0)


@dataclass(frozen=True, slots=True)
class Gateways:
    """Who carries each channel's messages; None where nobody is set up."""

    sender: Sender


def performers(gateways: Gateways) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {
        FILL: lambda rows: [_fill(row) for row in rows],
        SEND: lambda rows: send_messages(gateways, rows),
    }


def _fill(row: ErrandRow) -> ErrandResult:
    """Judge the members of a mailing's segment, as many pages as fit; the errand comes back for the rest."""
    at = filling(row.subject_id)
    if at is None:
        return DONE
    after, done_pages = at.upto, 0
    pages = pages_of(at.segment_id, after)
    page = next(pages, [])
    while done_pages < PAGES_AT_ONCE:
        following = next(pages, None)
        fill_mailings.one(SYSTEM, FillMailing(at.mailing_id, after, tuple(page), is_last=following is None))
        if following is None:
            return DONE
        after, page, done_pages = page[-1], following, done_pages + 1
    return LATER


def send_messages(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """Hand messages over within the policy's hours; what was refused for good is kept with its code."""
    now, policy = business_time.now(), read_policies()
    results: dict[int, ErrandResult] = {}
    due: list[ErrandRow] = []
    senders = {row.id: gateways.sender(OutreachChannel(row.data["channel"])) for row in rows}
    for row in rows:
        opens = open_at(policy, row.shop_id or 0, now)
        if opens > now:
            results[row.id] = ErrandResult("retry", "quiet_hours", (opens - now).total_seconds())
        elif senders[row.id] is None:
            results[row.id] = ErrandResult("retry", "no_sender", ACCOUNT_RETRY_S)
        else:
            due.append(row)
    ready = prepare_sendings(SYSTEM, [PrepareSending(row.subject_id) for row in due])
    going = [row for row, outcome in zip(due, ready, strict=True) if outcome.changed]
    results |= {row.id: DONE for row in due if row not in going}
    leaving = letters([row.subject_id for row in going])
    told: list[RecordSending] = []
    until = time.monotonic() + settings.SHOPKEEPER_LEASE_S * SHARE_OF_LEASE
    for row in sorted(going, key=lambda row: row.subject_id):
        sender = senders[row.id]
        assert sender is not None  # the others were put off above
        is_late = time.monotonic() > until
        results[row.id] = LATER if is_late else _send(sender, row, leaving[row.subject_id], told)
    record_sendings(SYSTEM, told)
    return [results[row.id] for row in rows]


def _send(sender: MessageSender, row: ErrandRow, message: Leaving, told: list[RecordSending]) -> ErrandResult:
    """One message, whatever happens to it; what is to be recorded of it joins `told`."""
    if message.letter is None:
        told.append(RecordSending(row.subject_id, failure="erased"))
        return DONE
    try:
        # A first try cannot have arrived before; at any other the answer, or our record of it, may have been lost.
        known = sender.sent_before(message.letter, message.queued_at) if row.attempts > 1 else None
        outside_id = known or sender.send(message.letter)
    except OutsideError as error:
        if error.kind != "permanent":
            wait = ACCOUNT_RETRY_S if error.kind == "auth" else error.retry_after_s
            return ErrandResult("retry", f"{error.kind} {error.code}"[:200], wait)
        gone = error.code == "bad_address"
        told.append(RecordSending(row.subject_id, failure=error.code[:80] or "refused", is_gone=gone))
        return DONE
    except Exception as error:  # what went wrong with one must not have the others of this moment sent again
        where = traceback.extract_tb(error.__traceback__)[-1]  # without its words: they may name the address
        log.error("message %s: %s at %s:%s", row.subject_id, type(error).__name__, where.filename, where.lineno)
        return ErrandResult("retry", type(error).__name__)
    told.append(RecordSending(row.subject_id, message.units, outside_id[:80]))
    return DONE


def hear_reports(reports: Sequence[DeliveryReport]) -> int:
    """What the provider pushed about messages of ours; how many said something new."""
    named = [(id_, report) for report in reports if (id_ := recipient_of(report.key)) is not None]
    known = known_recipients([id_ for id_, _ in named])
    items = [RecordReport(id_, r.delivered, r.code[:80], r.is_gone) for id_, r in named if id_ in known]
    return sum(outcome.changed for outcome in record_delivery_reports(SYSTEM, items))


def hear_replies(replies: Sequence[Reply]) -> int:
    """What customers answered: a no is one at once; how many were."""
    items = [OptOutByReply(reply.address) for reply in replies if says_no(reply.text)]
    return sum(outcome.changed for outcome in opt_out_by_reply(SYSTEM, items))
