"""The program's door to mailings and consents: reads; every command has its own address besides."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.queries.audience import audience
from shopkeeper.flows.marketing.outreach.queries.consents import ConsentFilter, consents_page
from shopkeeper.flows.marketing.outreach.queries.mailings import (
    MailingFilter,
    MailingView,
    mailing_view,
    mailings_page,
    recipients_page,
    segment_of,
)
from shopkeeper.flows.marketing.outreach.schemas import (
    AudienceAnswer,
    ConsentAnswer,
    Consents,
    MailingAnswer,
    Mailings,
    RecipientAnswer,
    Recipients,
)
from shopkeeper.flows.marketing.outreach.states import OutreachChannel
from shopkeeper.foundation import business_time
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


def _plain(found: object, shape: type[Any]) -> dict[str, Any]:
    """The fields of a shape, taken from a row: what it holds and what it computes."""
    return {name: getattr(found, name) for name in shape.model_fields}


def _limit(asked: int) -> int:
    return min(max(asked, 1), PAGE)


@router.get("/mailings", response=Mailings, operation_id="list_mailings")
def mailings(
    request: HttpRequest,
    state: str = "",
    channel: str = "",
    shop_id: int | None = None,
    campaign_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Mailings, newest first, with what became of their recipients. `next` is the `after` of the next page."""
    viewer = program(request, Permission.MAILING_VIEW)
    wanted = MailingFilter(state, channel, shop_id, campaign_id)
    rows, next_key = mailings_page(viewer, wanted, after=after, limit=_limit(limit))
    return {"items": [_plain(row, MailingAnswer) for row in rows], "next": next_key}


@router.get("/mailings/{mailing_id}", response=MailingAnswer, operation_id="get_mailing")
def mailing(request: HttpRequest, mailing_id: int) -> dict[str, Any]:
    return _plain(_found(request, mailing_id), MailingAnswer)


@router.get("/mailings/{mailing_id}/recipients", response=Recipients, operation_id="list_recipients")
def recipients(
    request: HttpRequest, mailing_id: int, state: str = "", after: int | None = None, limit: int = 50
) -> dict[str, Any]:
    """Who was written to or not, with the reason; addresses are masked."""
    found = _found(request, mailing_id)
    viewer = program(request, Permission.MAILING_VIEW)
    rows, next_key = recipients_page(viewer, found.id, state=state, after=after, limit=_limit(limit))
    return {"items": [_plain(row, RecipientAnswer) for row in rows], "next": next_key}


@router.get("/audience", response=AudienceAnswer, operation_id="get_audience")
def looked_at(request: HttpRequest, segment_id: int, channel: OutreachChannel) -> dict[str, Any]:
    """How many of a segment would be written to now on a channel, and why the others would not."""
    viewer = program(request, Permission.MAILING_VIEW)
    segment = segment_of(viewer, segment_id)
    if segment is None:
        raise Http404
    found = audience(segment_id, channel, segment.shop_id, business_time.now())
    return {
        "segment_id": segment_id,
        "channel": channel,
        "looked_at": found.looked_at,
        "would_get": found.would_get,
        "not_sent": {str(reason): count for reason, count in found.not_sent.items()},
        "is_whole": found.is_whole,
    }


@router.get("/consents", response=Consents, operation_id="list_consents")
def consents(
    request: HttpRequest,
    state: str = "",
    channel: str = "",
    shop_id: int | None = None,
    order: str = "",
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Consents, newest first; `order` is our or the platform's number of an order of theirs."""
    viewer = program(request, Permission.CONSENT_VIEW)
    rows, next_key = consents_page(
        viewer, ConsentFilter(state, channel, shop_id, order), after=after, limit=_limit(limit)
    )
    return {"items": [_plain(row, ConsentAnswer) for row in rows], "next": next_key}


def _found(request: HttpRequest, mailing_id: int) -> MailingView:
    found = mailing_view(program(request, Permission.MAILING_VIEW), mailing_id)
    if found is None:
        raise Http404
    return found
