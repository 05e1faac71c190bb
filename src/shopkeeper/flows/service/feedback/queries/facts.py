"""Surveys as plain facts for analytics: scores and moments, no comments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement, numbers


@dataclass(frozen=True, slots=True)
class SurveyFact:
    """One invited survey; `score` None while it is not answered."""

    id: int
    shop_id: int
    zone: str
    ticket_id: int | None
    score: int | None
    invited_at: datetime
    answered_at: datetime | None


SURVEYS = Statement(
    """
    SELECT v.id, v.shop_id, s.zone, v.ticket_id, v.score, v.invited_at, v.answered_at
    FROM feedback_survey AS v JOIN foundation_shop AS s ON s.id = v.shop_id
    WHERE v.id = ANY(%(ids)s::bigint[]) AND v.invited_at IS NOT NULL ORDER BY v.id""",
    row=SurveyFact,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


IDS = Statement(
    "SELECT id FROM feedback_survey WHERE id > %(after)s::bigint ORDER BY id LIMIT %(limit)s::int", row=IdRow
)


def survey_facts(ids: Iterable[int]) -> list[SurveyFact]:
    """Those of these surveys whose customers were invited, in the order of their ids."""
    return SURVEYS.rows(ids=numbers(ids))


def survey_ids(after: int, limit: int) -> list[int]:
    """Ids of surveys, ascending, a piece at a time."""
    return [row.id for row in IDS.rows(after=after, limit=limit)]
