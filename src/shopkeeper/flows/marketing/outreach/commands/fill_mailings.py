"""M1.2: the members of the segment are judged one by one: written to once, or not, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.outreach.commands.finishing import finish
from shopkeeper.flows.marketing.outreach.commands.submit_mailings import OF_MAILING
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.queries.judging import Asked, candidates, taken_addresses
from shopkeeper.flows.marketing.outreach.rules.hours import next_open
from shopkeeper.flows.marketing.outreach.rules.recipients import verdicts
from shopkeeper.flows.marketing.outreach.sql import mailings as sql
from shopkeeper.flows.marketing.outreach.sql import recipients
from shopkeeper.flows.marketing.outreach.states import MailingState, RecipientState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.policy import Policies, clock_times, policies

SEND = "send_message"


@dataclass(frozen=True, slots=True)
class FillMailing:
    """The page of the segment after the key `after`; `is_last` where there are no more."""

    mailing_id: int
    after: int
    subjects: tuple[int, ...]
    is_last: bool


@command(clause="M1.2", permission=Permission.DELIVER, scope=OF_MAILING, internal=True)
def fill_mailings(step: Step, items: Sequence[FillMailing]) -> list[Outcome]:
    """Judge a page of members and queue messages to those who may be written to. A page judged already, or of a
    mailing that was stopped meanwhile, is unchanged. Done with `facts`: queued, skipped."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.mailing_id for item in items}))}
    fit: dict[int, FillMailing] = {}
    for item in items:
        row = rows[item.mailing_id]
        if row.state == MailingState.SENDING and row.filled_at is None and row.filled_upto == item.after:
            fit.setdefault(row.id, item)
    added = _add(step, rows, list(fit.values()))
    ids = sorted(fit)
    sql.NOTE_FILLED.run(
        ids=ids,
        uptos=[max(fit[id_].subjects, default=fit[id_].after) for id_ in ids],
        lasts=[fit[id_].is_last for id_ in ids],
        now=step.now,
    )
    finish(step, [id_ for id_ in ids if fit[id_].is_last])
    outcomes = []
    for item in items:
        if fit.get(item.mailing_id) is item:
            fit.pop(item.mailing_id)
            made = [row for row in added if row.mailing_id == item.mailing_id]
            queued = sum(row.state == RecipientState.QUEUED for row in made)
            outcomes.append(done(item.mailing_id, queued=queued, skipped=len(made) - queued))
        else:
            outcomes.append(unchanged(item.mailing_id))
    return outcomes


def _add(step: Step, rows: dict[int, sql.MailingRow], items: Sequence[FillMailing]) -> list[recipients.AddedRow]:
    subjects = sorted({subject for item in items for subject in item.subjects})
    if not subjects:
        return []
    recipients.LOCK_CANDIDATES.rows(subjects=subjects)
    policy = policies(step)
    asked = [_asked(step, policy, rows[item.mailing_id], item) for item in items]
    found = candidates(asked)
    taken = taken_addresses([item.mailing_id for item in items], found)
    lines = []
    for item, members in zip(items, found, strict=True):
        shop_id = rows[item.mailing_id].shop_id
        judged = verdicts(members, policy("outreach_most", shop_id), taken[item.mailing_id])
        lines += [
            {
                "mailing_id": item.mailing_id,
                "shop_id": shop_id,
                "subject_id": one.subject_id,
                "consent_id": one.consent_id,
                "reason": str(judged[one.subject_id] or ""),
            }
            for one in members
        ]
    added = recipients.ADD.rows(recipients=as_json(lines), now=step.now) if lines else []
    opens = {item.mailing_id: open_at(policy, rows[item.mailing_id].shop_id, step.now) for item in items}
    step.errand(
        *(
            Errand(SEND, row.id, opens[row.mailing_id], row.shop_id, {"channel": rows[row.mailing_id].channel})
            for row in added
            if row.state == RecipientState.QUEUED
        )
    )
    return added


def _asked(step: Step, policy: Policies, row: sql.MailingRow, item: FillMailing) -> Asked:
    return Asked(row.channel, step.now - timedelta(days=policy("outreach_days", row.shop_id)), item.subjects)


def open_at(policy: Policies, shop_id: int, now: datetime) -> datetime:
    """When customers of a shop may be written to next: now, within the policy's hours."""
    first, last = clock_times(policy("outreach_hours", shop_id))[:2]
    return next_open(now, (first, last))
