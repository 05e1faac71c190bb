"""S3.1: a ticket was resolved, or a case without a ticket settled: its customer will be asked, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.flows.service.feedback.deadlines import SURVEY_INVITE
from shopkeeper.flows.service.feedback.events import SurveyPlanned
from shopkeeper.flows.service.feedback.models import survey_number
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.rules.asking import is_wanted
from shopkeeper.flows.service.feedback.sql import surveys as sql
from shopkeeper.flows.service.feedback.states import SURVEY_FLOW, SurveyState
from shopkeeper.flows.service.tickets.states import TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

ENDED = (TicketState.RESOLVED, TicketState.CLOSED)
SETTLED = "after_sale"


@dataclass(frozen=True, slots=True)
class PlanSurvey:
    ticket_id: int


@command(clause="S3.1", permission=Permission.WATCH, scope=ShopOf("tickets_ticket", "ticket_id"), internal=True)
def plan_surveys(step: Step, items: Sequence[PlanSurvey]) -> list[Outcome]:
    """Plan one survey per ended ticket that the policy asks about; its invitation goes out after the policy's minutes.

    Unchanged where one is there, the ticket goes on, or the policy does not ask. One that was skipped because its
    ticket was reopened is planned again.
    """
    policy = policies(step)
    rows = {row.id: row for row in sql.TICKETS.rows(ids=[item.ticket_id for item in items])}
    wanted = [
        row
        for row in rows.values()
        if row.state in ENDED and is_wanted(policy("survey_tickets", row.shop_id), row.stage, row.resolution)
    ]
    again = sql.LOCK_REOPENED.rows(tickets=[row.id for row in wanted])
    step.move(SURVEY_FLOW, [row.id for row in again], SurveyState.PLANNED)
    new = [
        {
            "shop_id": row.shop_id,
            "ticket_id": row.id,
            "case_id": None,
            "order_id": row.order_id,
            "kind": row.kind,
            "agent_id": row.agent_id,
            "subject_id": row.subject_id,
        }
        for row in wanted
    ]
    planned = {row.ticket_id: row for row in [*again, *_plan(step, new)]}
    _await_invitation(step, list(planned.values()))
    return _answers([item.ticket_id for item in items], planned)


@dataclass(frozen=True, slots=True)
class PlanCaseSurvey:
    case_id: int


@command(clause="S3.1", permission=Permission.WATCH, scope=ShopOf("aftersale_aftersalecase", "case_id"), internal=True)
def plan_case_surveys(step: Step, items: Sequence[PlanCaseSurvey]) -> list[Outcome]:
    """Plan one survey per settled after-sale case that has no ticket; one with a ticket is asked about by it."""
    policy = policies(step)
    rows = sql.CASES.rows(ids=[item.case_id for item in items])
    new = [
        {
            "shop_id": row.shop_id,
            "ticket_id": None,
            "case_id": row.id,
            "order_id": row.order_id,
            "kind": "return_exchange",
            "agent_id": None,
            "subject_id": row.subject_id,
        }
        for row in rows
        if row.ticket_id is None and is_wanted(policy("survey_tickets", row.shop_id), SETTLED, SETTLED)
    ]
    planned = {row.case_id: row for row in _plan(step, new)}
    _await_invitation(step, list(planned.values()))
    return _answers([item.case_id for item in items], planned)


def _plan(step: Step, new: Sequence[Mapping[str, Any]]) -> list[sql.PlannedRow]:
    return sql.PLAN.rows(surveys=as_json(new), now=step.now) if new else []


def _await_invitation(step: Step, planned: Sequence[sql.PlannedRow]) -> None:
    policy = policies(step)
    arm(
        step,
        [
            Arm(
                SURVEY_INVITE,
                row.id,
                step.now + timedelta(minutes=policy("survey_after_minutes", row.shop_id)),
                row.shop_id,
                None,
                survey_number(row.id),
            )
            for row in planned
        ],
    )
    step.emit(*(SurveyPlanned(row.id, row.shop_id, row.ticket_id, row.case_id) for row in planned))


def _answers(ids: Sequence[int], planned: Mapping[int | None, sql.PlannedRow]) -> list[Outcome]:
    """The first naming of a thing was done, a second is unchanged."""
    left = dict(planned)
    outcomes = []
    for id_ in ids:
        row = left.pop(id_, None)
        outcomes.append(done(row.id) if row else unchanged())
    return outcomes
