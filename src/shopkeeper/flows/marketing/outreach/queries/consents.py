"""Consents as people look them up: by number or mail address (exact), by order, by state. Addresses stay masked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from shopkeeper.flows.marketing.outreach.models import Consent
from shopkeeper.flows.marketing.outreach.queries.scope import before_key, in_shops
from shopkeeper.flows.marketing.outreach.rules.addresses import normal_address
from shopkeeper.flows.marketing.outreach.sql import reading as sql
from shopkeeper.flows.marketing.outreach.states import OutreachChannel
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.naming import names_of
from shopkeeper.foundation.personal import blind_index

_OURS = re.compile(r"(?:JY)?0*(\d{1,12})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ConsentFilter:
    """What is asked; `text` is a whole mobile number, mail address or order number."""

    state: str = ""
    channel: str = ""
    shop_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One customer on one channel; where they are reached only masked."""

    id: int
    shop_id: int
    shop: str
    channel: str
    state: str
    source: str
    address: str
    given_at: datetime
    giver: str
    withdrawn_at: datetime | None
    way: str
    unreachable_since: datetime | None


def consent_counts(viewer: Actor) -> dict[str, int]:
    rows = in_shops(Consent.objects.all(), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def consents_page(
    viewer: Actor, wanted: ConsentFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[ConsentView], int | None]:
    """A page of consents, newest first, and the next key."""
    rows = in_shops(Consent.objects.select_related("shop"), viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.text:
        rows = rows.filter(_of(viewer, wanted.text))
    found, next_key = before_key(rows, after, limit)
    return _views(found), next_key


def consent_view(viewer: Actor, consent_id: int) -> ConsentView | None:
    rows = in_shops(Consent.objects.filter(id=consent_id).select_related("shop"), viewer)
    return next(iter(_views(list(rows))), None)


def order_of_number(viewer: Actor, text: str, shop_id: int | None = None) -> int | None:
    """The id of an order by our number or the platform's; the newest of the viewer's shops."""
    rows = [row for row in _orders(viewer, text) if shop_id is None or row.shop_id == shop_id]
    return rows[0].id if rows else None


def _orders(viewer: Actor, text: str) -> list[sql.OrderRow]:
    ours = _OURS.fullmatch(text.strip())
    shops = None if viewer.shops is None else sorted(viewer.shops)
    return sql.ORDERS_OF_NUMBER.rows(id=int(ours[1]) if ours else None, text=text.strip()[:64], shops=shops)


def _of(viewer: Actor, text: str) -> Q:
    """Rows at this address, or of the buyer of this order."""
    found = Q(subject_id__in=[row.subject_id for row in _orders(viewer, text)])
    for channel in OutreachChannel:
        address = normal_address(channel, text)
        if address:
            found |= Q(channel=channel, address_index=blind_index(f"outreach-{channel}", address))
    return found


def _views(rows: Sequence[Consent]) -> list[ConsentView]:
    names = names_of({row.given_by for row in rows})
    return [
        ConsentView(
            row.pk, row.shop_id, row.shop.name, row.channel, row.state, row.source, row.address_masked, row.given_at,
            names.get(row.given_by, ""), row.withdrawn_at, row.way, row.unreachable_since,
        )
        for row in rows
    ]  # fmt: skip
