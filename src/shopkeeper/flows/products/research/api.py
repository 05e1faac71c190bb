"""G6: what a program can read of research, strategy and selection."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from shopkeeper.flows.products.research import schemas
from shopkeeper.flows.products.research.documents import selection_list_answer
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.queries import selection as queries
from shopkeeper.flows.products.research.queries.research import research_lines
from shopkeeper.foundation.actor import Actor
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


def _viewer(request: HttpRequest) -> Actor:
    return program(request, Permission.RESEARCH_VIEW)


def _size(limit: int) -> int:
    return max(1, min(limit, PAGE))


@router.get("/lines", response=schemas.ResearchPage, operation_id="list_research")
def lines(request: HttpRequest, kind: str = "", q: str = "", after: int = 0, limit: int = 50) -> dict[str, Any]:
    """Research in force; `next` is the `after` of the following page."""
    rows, key = research_lines(_viewer(request), kind=kind, text=q, after=after, limit=_size(limit))
    return {"rows": [asdict(row) for row in rows], "next": key}


@router.get("/strategies", response=schemas.StrategyPage, operation_id="list_strategies")
def strategies(request: HttpRequest, after: int = 0, limit: int = 50) -> dict[str, Any]:
    """Strategies, newest first."""
    rows, key = queries.strategies(_viewer(request), after=after, limit=_size(limit))
    return {"rows": [asdict(row) for row in rows], "next": key}


@router.get("/candidates", response=schemas.CandidatePage, operation_id="list_candidates")
def candidates(request: HttpRequest, tab: str = "", q: str = "", after: int = 0, limit: int = 50) -> dict[str, Any]:
    """Candidates, newest first; `tab` open, drafted or dropped, all without."""
    rows, key = queries.candidates(_viewer(request), tab=tab, text=q, after=after, limit=_size(limit))
    return {"rows": [asdict(row) for row in rows], "next": key}


@router.get("/lists", response=schemas.ListPage, operation_id="list_selection_lists")
def lists(request: HttpRequest, after: int = 0, limit: int = 50) -> dict[str, Any]:
    """Versions of the selection list, newest first."""
    rows, key = queries.selection_lists(_viewer(request), after=after, limit=_size(limit))
    return {"rows": [asdict(row) for row in rows], "next": key}


@router.get("/lists/{list_id}", response=schemas.ListDetail, operation_id="get_selection_list")
def one_list(request: HttpRequest, list_id: int) -> dict[str, Any]:
    """One version with every entry and every component of its score."""
    found = queries.selection_list(_viewer(request), list_id)
    if found is None:
        raise Http404
    row, entries = found
    return {
        "head": asdict(row),
        "entries": [
            {
                "candidate_id": e.candidate.id,
                "code": e.candidate.code,
                "name": e.candidate.name,
                "rank": e.rank,
                "total": e.total,
                "parts": [asdict(part) for part in e.parts],
                "decision": e.decision,
                "decision_reason": e.decision_reason,
            }
            for e in entries
        ],
    }


@router.get("/lists/{list_id}/document.{kind}", operation_id="get_selection_list_document")
def document(request: HttpRequest, list_id: int, kind: str) -> HttpResponse:
    """《商品选品清单》 as pdf or xlsx."""
    answer = selection_list_answer(_viewer(request), list_id, kind) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer
