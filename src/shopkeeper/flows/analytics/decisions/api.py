"""The program's door to decisions: reads; every command has its own address besides."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.flows.analytics.decisions.queries.chain import (
    Chain,
    ChainFilter,
    chain_of,
    chains_page,
    tasks_page,
)
from shopkeeper.flows.analytics.decisions.queries.figures import named_metrics
from shopkeeper.flows.analytics.decisions.schemas import (
    DecisionAnswer,
    FindingAnswer,
    Findings,
    Metrics,
    TaskAnswer,
    Tasks,
)
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


def _plain(found: object, shape: type[Any]) -> dict[str, Any]:
    """The fields of a shape, taken from a row: what it holds and what it computes."""
    return {name: getattr(found, name) for name in shape.model_fields}


@router.get("/metrics", response=Metrics, operation_id="list_decision_metrics")
def metrics(request: HttpRequest) -> dict[str, Any]:
    """What findings may be about, with the unit of its values."""
    program(request, Permission.DECISION_VIEW)
    return {"items": [{"id": m.id, "name": m.name.both(), "unit": str(m.unit)} for m in named_metrics()]}


@router.get("/findings", response=Findings, operation_id="list_findings")
def findings(
    request: HttpRequest,
    stage: str = "",
    shop_id: int | None = None,
    metric: str = "",
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Findings with decision and tasks, newest first. `stage`: open, under_way, measured, concluded, dismissed."""
    viewer = program(request, Permission.DECISION_VIEW)
    wanted = ChainFilter(stage, shop_id, metric)
    rows, next_key = chains_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_finding(row) for row in rows], "next": next_key}


@router.get("/findings/{finding_id}", response=FindingAnswer, operation_id="get_finding")
def finding(request: HttpRequest, finding_id: int) -> dict[str, Any]:
    """One finding and all that follows from it."""
    found = chain_of(program(request, Permission.DECISION_VIEW), finding_id)
    if found is None:
        raise Http404
    return _finding(found)


@router.get("/tasks", response=Tasks, operation_id="list_decision_tasks")
def tasks(
    request: HttpRequest, owner: str = "", state: str = "open", after: int | None = None, limit: int = 50
) -> dict[str, Any]:
    """Tasks of decisions, newest first; `owner` is a role."""
    viewer = program(request, Permission.DECISION_VIEW)
    rows, next_key = tasks_page(viewer, owner=owner, state=state, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_plain(row, TaskAnswer) for row in rows], "next": next_key}


def _finding(row: Chain) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in FindingAnswer.model_fields if name not in ("decision", "tasks")}
    return {
        **own,
        "metric_name": row.metric_name.both(),
        "decision": _plain(row.decision, DecisionAnswer) if row.decision else None,
        "tasks": [_plain(task, TaskAnswer) for task in row.tasks],
    }
