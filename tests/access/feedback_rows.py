"""A shop's rating, recovery, summary and improvement, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shopkeeper.flows.service.feedback.models import DailySummary, Improvement, Problem, Recovery, Survey
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FAR = datetime(2999, 1, 1, tzinfo=UTC)


@dataclass
class Ratings:
    survey: int
    recovery: int
    summary: int
    problem: int
    improvement: int


def ratings_of(shop: Shop, ticket_id: int) -> Ratings:
    """A link to be passed on, a customer to be spoken to, a day to be completed, a task to be replied to."""
    ticket = Ticket.objects.get(pk=ticket_id)
    survey = Survey.objects.create(
        shop=shop, ticket=ticket, kind="other", subject_id=ticket.subject_id, state="by_hand", state_at=NOW,
        planned_at=NOW, way="hand", expires_at=FAR,
    )  # fmt: skip
    recovery = Recovery.objects.create(
        survey=survey, shop=shop, subject_id=ticket.subject_id, score=1, state_at=NOW, opened_at=NOW, due_at=NOW
    )
    summary = DailySummary.objects.create(
        shop=shop, day=NOW.date(), state_at=NOW, drafted_at=NOW, complete_due_at=NOW, sign_due_at=NOW, figures={},
        trend_days=7,
    )  # fmt: skip
    problem = Problem.objects.create(
        summary=summary, shop=shop, rank=1, kind="size", tickets=1, before_tickets=0, orders=1
    )
    improvement = Improvement.objects.create(
        problem=problem, shop=shop, owner="product_specialist", what="核对尺码", state_at=NOW, opened_at=NOW,
        opened_by=0, due_at=NOW,
    )  # fmt: skip
    return Ratings(survey.pk, recovery.pk, summary.pk, problem.pk, improvement.pk)


def _item(name: str, field: str, source: str, **more: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[name].item(**{field: getattr(place.ratings, source)}, **more)


FEEDBACK_ITEMS: dict[str, Callable[[Any], Any]] = {
    "pass_on_surveys": _item("pass_on_surveys", "survey_id", "survey"),
    "record_recovery": _item(
        "record_recovery", "recovery_id", "recovery", attempt=1, outcome="explained", note="已致歉"
    ),
    "complete_summaries": _item("complete_summaries", "summary_id", "summary", remarks="当天正常"),
    "sign_summaries": _item("sign_summaries", "summary_id", "summary"),
    "open_improvements": _item(
        "open_improvements", "problem_id", "problem", owner="warehouse", what="核对", due_at=FAR
    ),
    "reply_improvements": _item("reply_improvements", "improvement_id", "improvement", reply="已改"),
    "measure_improvements": _item("measure_improvements", "improvement_id", "improvement"),
    "close_improvements": _item("close_improvements", "improvement_id", "improvement"),
}
