"""M1.2: a customer says no: to us, by the link in a mail, or by answering a message. It holds at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shopkeeper.flows.marketing.outreach.commands.give_consents import address_key
from shopkeeper.flows.marketing.outreach.events import ConsentWithdrawn
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.rules.addresses import normal_address
from shopkeeper.flows.marketing.outreach.sql import consents as sql
from shopkeeper.flows.marketing.outreach.sql import recipients
from shopkeeper.flows.marketing.outreach.states import CONSENT_FLOW, ConsentState, OptOutWay, OutreachChannel
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE, ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    consent_id: int
    way: OptOutWay = OptOutWay.SERVICE


@command(clause="M1.2", permission=Permission.CONSENT_RECORD, scope=ShopOf("outreach_consent", "consent_id"))
def withdraw_consents(step: Step, items: Sequence[WithdrawConsent]) -> list[Outcome]:
    """A customer told us that they want no messages. Withdrawn already: unchanged. Never refused."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.consent_id for item in items])}
    ways = {item.consent_id: item.way for item in items if rows[item.consent_id].state == ConsentState.GIVEN}
    _withdraw(step, [rows[id_] for id_ in sorted(ways)], ways)
    return _answers(ways, [item.consent_id for item in items])


@dataclass(frozen=True, slots=True)
class OptOutByLink:
    recipient_id: int


@command(
    clause="M1.2", permission=Permission.DELIVER, scope=ShopOf("outreach_recipient", "recipient_id"), internal=True
)
def opt_out_by_link(step: Step, items: Sequence[OptOutByLink]) -> list[Outcome]:
    """The link of a message was used. Out already: unchanged. Internal: only the link's own page calls it."""
    ids = sorted({item.recipient_id for item in items})
    recipients.MAILINGS_OF.rows(ids=ids)
    found = {row.id: row for row in recipients.LOCK.rows(ids=ids)}
    consents = {row.consent_id: row for row in found.values() if row.consent_id}
    locked = {row.id: row for row in sql.LOCK.rows(ids=sorted(id_ for id_ in consents if id_))}
    open_ = {id_: row for id_, row in locked.items() if row.state == ConsentState.GIVEN}
    _withdraw(
        step,
        [open_[id_] for id_ in sorted(open_)],
        dict.fromkeys(open_, OptOutWay.LINK),
        {id_: consents[id_].mailing_id for id_ in open_},
    )
    recipients.NOTE_OPTED_OUT.run(ids=sorted(consents[id_].id for id_ in open_), now=step.now)
    fresh = {row.id for row in found.values() if row.consent_id in open_}
    return _answers(dict.fromkeys(fresh, OptOutWay.LINK), [item.recipient_id for item in items])


@dataclass(frozen=True, slots=True)
class OptOutByReply:
    """The number a no came from."""

    address: str = field(repr=False)


@command(clause="M1.2", permission=Permission.DELIVER, scope=EVERYWHERE, internal=True)
def opt_out_by_reply(step: Step, items: Sequence[OptOutByReply]) -> list[Outcome]:
    """Text messages to these numbers end, in every shop. Nobody of ours: unchanged. Internal: only the provider's
    pushes call it."""
    normal = [normal_address(OutreachChannel.SMS, item.address) for item in items]
    keys = {number: address_key(OutreachChannel.SMS, number) for number in normal if number}
    found = sql.AT_ADDRESSES.rows(channel=str(OutreachChannel.SMS), addresses=sorted(set(keys.values())))
    last = {row.consent_id: row for row in recipients.LAST_SENT.rows(consents=[row.id for row in found])}
    recipients.LOCK.rows(ids=sorted(row.recipient_id for row in last.values()))  # recipients before consents
    said_no = [row for row in sql.LOCK.rows(ids=[row.id for row in found]) if row.state == ConsentState.GIVEN]
    last = {row.id: last[row.id] for row in said_no if row.id in last}
    _withdraw(
        step,
        said_no,
        dict.fromkeys((row.id for row in said_no), OptOutWay.REPLY),
        {id_: row.mailing_id for id_, row in last.items()},
    )
    recipients.NOTE_OPTED_OUT.run(ids=sorted(row.recipient_id for row in last.values()), now=step.now)
    heard = {row.address for row in said_no}
    return [done() if number and keys[number].hex() in heard else unchanged() for number in normal]


def _withdraw(
    step: Step,
    rows: Sequence[sql.ConsentRow],
    ways: Mapping[int, OptOutWay],
    mailings: Mapping[int, int] | None = None,
) -> None:
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.WITHDRAW.run(ids=ids, ways=[str(ways[id_]) for id_ in ids], now=step.now)
    step.move(CONSENT_FLOW, ids, ConsentState.WITHDRAWN)
    of = mailings or {}
    step.emit(*(ConsentWithdrawn(r.id, r.shop_id, r.channel, str(ways[r.id]), of.get(r.id)) for r in rows))


def _answers(changed: Mapping[int, OptOutWay], ids: Sequence[int]) -> list[Outcome]:
    left = set(changed)
    outcomes = []
    for id_ in ids:
        outcomes.append(done(id_) if id_ in left else unchanged(id_))
        left.discard(id_)
    return outcomes
