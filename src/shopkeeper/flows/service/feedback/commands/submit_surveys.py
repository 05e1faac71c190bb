"""S3.1: the customer rates, once; a low score is somebody's task at once. Links nobody used end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.feedback.deadlines import RECOVERY, SURVEY_EXPIRY
from shopkeeper.flows.service.feedback.events import RecoveryOpened, SurveyAnswered, SurveyExpired
from shopkeeper.flows.service.feedback.models import survey_number
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.rules.asking import is_low
from shopkeeper.flows.service.feedback.sql import surveys as sql
from shopkeeper.flows.service.feedback.states import OPEN_SURVEYS, SURVEY_FLOW, SurveyState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import seal_many
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

COMMENT_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class SubmitSurvey:
    """What the customer says through their link; the comment is kept sealed with their other data."""

    survey_id: int
    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=COMMENT_LIMIT)] = field(default="", repr=False)


@command(clause="S3.1", permission=Permission.WATCH, scope=ShopOf("feedback_survey", "survey_id"), internal=True)
def submit_surveys(step: Step, items: Sequence[SubmitSurvey]) -> list[Outcome]:
    """Keep ratings. A score up to the policy's low one opens a recovery. Internal: only the link's page calls it, so
    that nobody of ours rates themselves.

    Refused: "survey_expired", "survey_not_open". A survey that was answered is unchanged, whatever is sent again.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.survey_id for item in items])}
    rated: dict[int, SubmitSurvey] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.survey_id]
        if row.state == SurveyState.ANSWERED or row.id in rated:
            outcomes.append(unchanged(row.id))
        elif row.state == SurveyState.EXPIRED or (row.expires_at and row.expires_at <= step.now):
            outcomes.append(refused("survey_expired", row.id))
        elif row.state not in OPEN_SURVEYS:
            outcomes.append(refused("survey_not_open", row.id))
        else:
            rated[row.id] = item
            outcomes.append(done(row.id))
    _write(step, [(rows[id_], item) for id_, item in rated.items()])
    return outcomes


def _write(step: Step, rated: Sequence[tuple[sql.SurveyRow, SubmitSurvey]]) -> None:
    if not rated:
        return
    said = {row.id: (row.subject_id, item.comment.strip()) for row, item in rated}
    sealed = seal_many({id_: (subject, {"comment": text}) for id_, (subject, text) in said.items() if text})
    sql.ANSWER.run(
        now=step.now,
        ids=[row.id for row, _ in rated],
        scores=[item.score for _, item in rated],
        comments=[sealed.get(row.id, b"") for row, _ in rated],
    )
    ids = [row.id for row, _ in rated]
    step.move(SURVEY_FLOW, ids, SurveyState.ANSWERED)
    close(step, SURVEY_EXPIRY, ids)
    step.emit(
        *(
            SurveyAnswered(row.id, row.shop_id, row.ticket_id, item.score, bool(sealed.get(row.id)))
            for row, item in rated
        )
    )
    policy = policies(step)
    _recover(step, [pair for pair in rated if is_low(pair[1].score, policy("survey_low_score", pair[0].shop_id))])


def _recover(step: Step, low: Sequence[tuple[sql.SurveyRow, SubmitSurvey]]) -> None:
    """Somebody speaks to the customer within the policy's hours."""
    if not low:
        return
    policy = policies(step)
    opened = sql.OPEN_RECOVERIES.rows(
        now=step.now,
        surveys=[row.id for row, _ in low],
        shops=[row.shop_id for row, _ in low],
        subjects=[row.subject_id for row, _ in low],
        scores=[item.score for _, item in low],
        dues=[step.now + timedelta(hours=policy("recovery_hours", row.shop_id)) for row, _ in low],
    )
    arm(step, [Arm(RECOVERY, r.id, r.due_at, r.shop_id, None, survey_number(r.survey_id)) for r in opened])
    step.emit(*(RecoveryOpened(r.id, r.survey_id, r.shop_id, r.score) for r in opened))


@dataclass(frozen=True, slots=True)
class ExpireSurvey:
    survey_id: int


@command(clause="S3.1", permission=Permission.WATCH, scope=ShopOf("feedback_survey", "survey_id"), internal=True)
def expire_surveys(step: Step, items: Sequence[ExpireSurvey]) -> list[Outcome]:
    """Links whose days are over end unanswered."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.survey_id for item in items])}
    over = [
        row.id
        for row in rows.values()
        if row.state in OPEN_SURVEYS and row.expires_at is not None and row.expires_at <= step.now
    ]
    moved = {move.id for move in step.move(SURVEY_FLOW, over, SurveyState.EXPIRED)}
    close(step, SURVEY_EXPIRY, sorted(moved))
    close(step, SURVEY_EXPIRY, [id_ for id_, row in rows.items() if row.state not in OPEN_SURVEYS], Ending.CANCELLED)
    step.emit(*(SurveyExpired(id_, rows[id_].shop_id) for id_ in sorted(moved)))
    return [done(item.survey_id) if item.survey_id in moved else unchanged(item.survey_id) for item in items]
