"""M1.2: a customer says yes to being written to, on one channel; from where it came is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.outreach.events import ConsentGiven
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.rules.addresses import normal_address
from shopkeeper.flows.marketing.outreach.sql import consents as sql
from shopkeeper.flows.marketing.outreach.states import CONSENT_FLOW, ConsentSource, ConsentState, OutreachChannel
from shopkeeper.foundation import masking
from shopkeeper.foundation.commands import Collided, Step, command
from shopkeeper.foundation.personal import blind_index, keys_for, seal_many
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Whose yes: the buyer of an order of the shop, or a customer by the shop's own key of them.

    `address` is the number or mail address they gave for this; what a platform lent us for an order is none.
    """

    shop_id: int
    channel: OutreachChannel
    source: ConsentSource
    order_id: int | None = None
    customer: Annotated[str, Field(max_length=80)] = field(default="", repr=False)
    address: Annotated[str, Field(max_length=120)] = field(default="", repr=False)


@command(clause="M1.2", permission=Permission.CONSENT_RECORD, scope=InShop())
def give_consents(step: Step, items: Sequence[GiveConsent]) -> list[Outcome]:
    """Record consents. One that was withdrawn is given anew; the same yes again is unchanged, a new address replaces
    the old one.

    Refused: "consent_whose" without order or customer, "order_unknown" in this shop, "address_unusable",
    "customer_erased".
    """
    subjects = _subjects(step, items)
    erased = {row.id for row in sql.ERASED.rows(ids=sorted({id_ for id_ in subjects if id_}))}
    wanted: dict[Key, GiveConsent] = {}
    verdicts: list[tuple[str, Key]] = []
    for item, subject in zip(items, subjects, strict=True):
        code = _refusal(item, subject, erased)
        key = (subject or 0, str(item.channel))
        if not code:
            wanted[key] = item
        verdicts.append((code, key))
    written = _write(step, wanted)
    outcomes = []
    for code, key in verdicts:
        outcomes.append(refused(code) if code else written[key])
        if not code and written[key].changed:
            written[key] = unchanged(written[key].id)
    return outcomes


def _subjects(step: Step, items: Sequence[GiveConsent]) -> list[int | None]:
    """The data subject of each item; None where there is none to be found."""
    orders = sorted({item.order_id for item in items if item.order_id is not None})
    buyers = {(row.shop_id, row.order_id): row.subject_id for row in sql.BUYERS.rows(orders=orders)} if orders else {}
    named = {i: f"buyer:{i.shop_id}:{i.customer.strip()}" for i in items if i.order_id is None and i.customer.strip()}
    keys = keys_for(named.values(), now=step.now) if named else None
    return [
        buyers.get((item.shop_id, item.order_id))
        if item.order_id is not None
        else (keys.id_of(named[item]) if keys and item in named else None)
        for item in items
    ]


def _refusal(item: GiveConsent, subject: int | None, erased: set[int]) -> str:
    if subject is None:
        return "order_unknown" if item.order_id is not None else "consent_whose"
    if subject in erased:
        return "customer_erased"
    return "address_unusable" if item.address.strip() and not normal_address(item.channel, item.address) else ""


def _write(step: Step, wanted: Mapping[Key, GiveConsent]) -> dict[Key, Outcome]:
    if not wanted:
        return {}
    keys = sorted(wanted)
    found = {
        (row.subject_id, row.channel): row
        for row in sql.LOCK_OF.rows(subjects=[k[0] for k in keys], channels=[k[1] for k in keys])
    }
    columns = _columns(wanted)
    fresh = [
        {"shop_id": wanted[key].shop_id, "subject_id": key[0], "channel": key[1], **columns[key]}
        for key in keys
        if key not in found
    ]
    rows = sql.MAKE.rows(consents=as_json(fresh), now=step.now, actor_id=step.actor.id) if fresh else []
    if len(rows) < len(fresh):
        raise Collided
    made = {(row.subject_id, row.channel): row.id for row in rows}
    renewed = {key: row for key, row in found.items() if _says_more(row, columns[key])}
    changes = [{"id": row.id, **columns[key]} for key, row in renewed.items()]
    if changes:
        sql.RENEW.run(consents=as_json(changes), now=step.now, actor_id=step.actor.id)
    back = [row.id for row in renewed.values() if row.state == ConsentState.WITHDRAWN]
    step.move(CONSENT_FLOW, back, ConsentState.GIVEN)
    ids = made | {key: row.id for key, row in renewed.items()}
    step.emit(
        *(ConsentGiven(id_, wanted[key].shop_id, key[1], str(wanted[key].source)) for key, id_ in sorted(ids.items()))
    )
    return {key: done(ids[key]) if key in ids else unchanged(found[key].id) for key in keys}


def _columns(wanted: Mapping[Key, GiveConsent]) -> dict[Key, dict[str, Any]]:
    """What is stored of each: the address sealed, masked and as its search key."""
    plain = {key: normal_address(item.channel, item.address) for key, item in wanted.items()}
    numbered = dict(enumerate(key for key, address in plain.items() if address))
    sealed = seal_many({n: (key[0], {"address": plain[key]}) for n, key in numbered.items()})
    envelopes = {key: sealed[n] for n, key in numbered.items()}
    return {
        key: {
            "source": str(item.source),
            "sealed": envelopes.get(key, b""),
            "masked": masked_address(key[1], plain[key]),
            "address": address_key(key[1], plain[key]).hex() if plain[key] else None,
        }
        for key, item in wanted.items()
    }


def address_key(channel: str, address: str) -> bytes:
    """The search key of an address in its normal form."""
    return blind_index(f"outreach-{channel}", address)


def masked_address(channel: str, address: str) -> str:
    return masking.mask_email(address) if channel == OutreachChannel.EMAIL else masking.mask_phone(address)


def _says_more(row: sql.ConsentRow, columns: Mapping[str, Any]) -> bool:
    """Is it news: a yes after a no, or another address?"""
    return row.state != ConsentState.GIVEN or (columns["address"] or row.address) != row.address
