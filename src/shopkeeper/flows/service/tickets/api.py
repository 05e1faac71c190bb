"""The program's door to tickets: reads; every command has its own address besides."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.agents import agents, conversions
from shopkeeper.flows.service.tickets.queries.changes import (
    change_record,
    changes_page,
    interception_record,
    interceptions_page,
)
from shopkeeper.flows.service.tickets.queries.context import order_context
from shopkeeper.flows.service.tickets.queries.knowledge import (
    article_record,
    articles_page,
    filled_replies,
    product_cards,
)
from shopkeeper.flows.service.tickets.queries.lists import TicketFilter, TicketLine, tickets_page
from shopkeeper.flows.service.tickets.queries.record import TicketRecord, ticket_record
from shopkeeper.flows.service.tickets.schemas import (
    AgentAnswer,
    ArticleDetail,
    Articles,
    CardAnswer,
    ChangeAnswer,
    Changes,
    ConversionAnswer,
    InterceptionAnswer,
    Interceptions,
    OrderContextAnswer,
    ReplyAnswer,
    TicketDetail,
    Tickets,
)
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


def _bounded(limit: int) -> int:
    return min(max(limit, 1), PAGE)


def _line(row: TicketLine) -> dict[str, Any]:
    return {**asdict(row), "number": row.number, "order_number": row.order_number}


@router.get("/tickets", response=Tickets, operation_id="list_tickets")
def tickets(
    request: HttpRequest,
    state: str = "",
    kind: str = "",
    stage: str = "",
    shop_id: int | None = None,
    agent_id: int | None = None,
    number: str = "",
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Tickets: unfinished states by what is due next, else newest first. `number`: ticket, order, phone, reference."""
    viewer = program(request, Permission.TICKET_VIEW)
    wanted = TicketFilter(
        state=state, kind=kind, stage=stage, shop_id=shop_id, agent_id=agent_id, words=(number,) if number else ()
    )
    rows, next_key = tickets_page(viewer, wanted, after=after, limit=_bounded(limit))
    return {"items": [_line(row) for row in rows], "next": next_key}


@router.get("/tickets/{ticket_id}", response=TicketDetail, operation_id="get_ticket")
def ticket(request: HttpRequest, ticket_id: int) -> dict[str, Any]:
    """One ticket whole. Words and notes are in plain only for who handles tickets."""
    return _detail(_record(request, ticket_id))


def _record(request: HttpRequest, ticket_id: int) -> TicketRecord:
    found = ticket_record(program(request, Permission.TICKET_VIEW), ticket_id)
    if found is None:
        raise Http404
    return found


def _detail(found: TicketRecord) -> dict[str, Any]:
    row = found.ticket
    plain = (
        "id", "shop_id", "order_id", "channel", "external_ref", "stage", "kind", "suggested_kind", "suggestion_words",
        "priority", "state", "agent_id", "opened_at", "reply_due_at", "first_reply_at", "resolve_due_at", "resolved_at",
        "closed_at", "resolution", "converted_order_id",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in plain},
        "number": found.number,
        "classified_by": found.classified_by,
        "agent": found.agent,
        "customer": row.customer_name_masked,
        "customer_phone": row.customer_phone_masked,
        "subject": found.subject,
        "text": found.text,
        "is_readable": found.is_readable,
        "way": str(found.way or ""),
        "notes": [asdict(note) for note in found.notes],
        "offers": [asdict(offer) for offer in found.offers],
        "parcel_ids": [parcel.id for parcel in found.parcels],
        "change_ids": [change.pk for change in found.changes],
        "interception_ids": [interception.pk for interception in found.interceptions],
    }


@router.get("/tickets/{ticket_id}/replies", response=list[ReplyAnswer], operation_id="list_filled_replies")
def replies(request: HttpRequest, ticket_id: int) -> list[dict[str, Any]]:
    """The canned replies that fit a ticket, filled with live facts."""
    viewer = program(request, Permission.KNOWLEDGE_VIEW)
    return [asdict(reply) for reply in filled_replies(viewer, _record(request, ticket_id).ticket)]


@router.get("/orders/{order_id}", response=OrderContextAnswer, operation_id="get_order_context")
def context(request: HttpRequest, order_id: int) -> dict[str, Any]:
    """What service has on an order, and how it can still be helped (`way`)."""
    found = order_context(program(request, Permission.TICKET_VIEW), order_id)
    if found is None:
        raise Http404
    return {**asdict(found), "tickets": [_line(row) for row in found.tickets]}


@router.get("/changes", response=Changes, operation_id="list_order_changes")
def changes(
    request: HttpRequest,
    state: str = "",
    kind: str = "",
    order_id: int | None = None,
    after: int = 0,
    limit: int = 50,
) -> dict[str, Any]:
    """Changes of orders, newest first; new addresses masked."""
    viewer = program(request, Permission.TICKET_VIEW)
    rows, next_key = changes_page(viewer, state=state, kind=kind, order_id=order_id, after=after, limit=_bounded(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/changes/{change_id}", response=ChangeAnswer, operation_id="get_order_change")
def change(request: HttpRequest, change_id: int) -> dict[str, Any]:
    found = change_record(program(request, Permission.TICKET_VIEW), change_id)
    if found is None:
        raise Http404
    return asdict(found.line)


@router.get("/interceptions", response=Interceptions, operation_id="list_interceptions")
def interceptions(
    request: HttpRequest,
    state: str = "",
    number: str = "",
    order_id: int | None = None,
    after: int = 0,
    limit: int = 50,
) -> dict[str, Any]:
    """Interceptions, newest first; new addresses masked."""
    viewer = program(request, Permission.TICKET_VIEW)
    rows, next_key = interceptions_page(
        viewer, state=state, number=number, order_id=order_id, after=after, limit=_bounded(limit)
    )
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/interceptions/{interception_id}", response=InterceptionAnswer, operation_id="get_interception")
def interception(request: HttpRequest, interception_id: int) -> dict[str, Any]:
    found = interception_record(program(request, Permission.TICKET_VIEW), interception_id)
    if found is None:
        raise Http404
    return asdict(found.line)


@router.get("/agents", response=list[AgentAnswer], operation_id="list_agents")
def list_agents(request: HttpRequest) -> list[dict[str, Any]]:
    """Agents with presence, load and skills. `id` is the person's, `agent_id` what assign-tickets takes."""
    return [asdict(line) for line in agents(program(request, Permission.TICKET_VIEW))]


@router.get("/conversions", response=list[ConversionAnswer], operation_id="list_conversions")
def list_conversions(request: HttpRequest, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Inquiries opened in a span that became an order, by shop."""
    viewer = program(request, Permission.TICKET_VIEW)
    return [{**asdict(row), "rate_basis_points": row.rate_basis_points} for row in conversions(viewer, since, until)]


@router.get("/articles", response=Articles, operation_id="list_articles")
def articles(
    request: HttpRequest, text: str = "", state: str = "published", kind: str = "", after: str = "", limit: int = 50
) -> dict[str, Any]:
    """Articles by how well they fit the words."""
    viewer = program(request, Permission.KNOWLEDGE_VIEW)
    rows, next_key = articles_page(viewer, text=text, state=state, kind=kind, after=after, limit=_bounded(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/articles/{article_id}", response=ArticleDetail, operation_id="get_article")
def article(request: HttpRequest, article_id: int) -> dict[str, Any]:
    """One article with every version, the newest first."""
    found = article_record(program(request, Permission.KNOWLEDGE_VIEW), article_id)
    if found is None:
        raise Http404
    row = found.article
    plain = {"id": row.pk, "code": row.code, "kind": row.kind, "state": row.state, "shop_id": row.shop_id}
    return {**plain, "versions": [asdict(version) for version in found.versions]}


@router.get("/cards", response=list[CardAnswer], operation_id="find_product_cards")
def cards(request: HttpRequest, text: str) -> list[dict[str, Any]]:
    """Products by code, barcode or name, with price and free stock of this moment."""
    program(request, Permission.KNOWLEDGE_VIEW)
    return [asdict(card) for card in product_cards(text)]
