"""What customers answer, and what is made of it. Ids, scores and codes: comments and notes stay sealed."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class SurveyPlanned(Event):
    survey_id: int
    shop_id: int
    ticket_id: int | None
    case_id: int | None


@dataclass(frozen=True, slots=True)
class SurveyInvited(Event):
    """The customer has the link, in the way named."""

    survey_id: int
    shop_id: int
    ticket_id: int | None
    way: str


@dataclass(frozen=True, slots=True)
class SurveyToBeHanded(Event):
    """The customer has no chat with us: an agent passes the link on."""

    survey_id: int
    shop_id: int
    ticket_id: int | None


@dataclass(frozen=True, slots=True)
class SurveySkipped(Event):
    survey_id: int
    shop_id: int
    code: str


@dataclass(frozen=True, slots=True)
class SurveyAnswered(Event):
    survey_id: int
    shop_id: int
    ticket_id: int | None
    score: int
    has_comment: bool


@dataclass(frozen=True, slots=True)
class SurveyExpired(Event):
    survey_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class RecoveryOpened(Event):
    """A low score: somebody speaks to the customer."""

    recovery_id: int
    survey_id: int
    shop_id: int
    score: int


@dataclass(frozen=True, slots=True)
class RecoveryRecorded(Event):
    recovery_id: int
    shop_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class SummaryDrafted(Event):
    """The figures of a shop's day stand as they were at its close."""

    summary_id: int
    shop_id: int
    day: str
    tickets: int


@dataclass(frozen=True, slots=True)
class SummaryCompleted(Event):
    summary_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class SummarySigned(Event):
    summary_id: int
    shop_id: int
    day: str


@dataclass(frozen=True, slots=True)
class ImprovementOpened(Event):
    """A frequent problem is somebody's to improve."""

    improvement_id: int
    shop_id: int
    owner: str
    kind: str
    sku_id: int | None
    courier: str
    warehouse_id: int | None


@dataclass(frozen=True, slots=True)
class ImprovementReplied(Event):
    improvement_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ImprovementMeasured(Event):
    improvement_id: int
    shop_id: int
    effect: str


@dataclass(frozen=True, slots=True)
class ImprovementClosed(Event):
    improvement_id: int
    shop_id: int
    effect: str
