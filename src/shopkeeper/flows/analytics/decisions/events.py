"""From a finding to its effect. Ids, days and figures; the words people write stay with the records."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class FindingRecorded(Event):
    """A figure asks for a decision. `shop_id` None: of all shops together."""

    finding_id: int
    shop_id: int | None
    metric: str
    value: int


@dataclass(frozen=True, slots=True)
class FindingDismissed(Event):
    finding_id: int
    shop_id: int | None


@dataclass(frozen=True, slots=True)
class DecisionMade(Event):
    """What is to be done, what is expected of it, and the day the figure is taken again."""

    decision_id: int
    finding_id: int
    shop_id: int | None
    metric: str
    expected: int
    measure_on: str


@dataclass(frozen=True, slots=True)
class DecisionTaskOpened(Event):
    task_id: int
    decision_id: int
    shop_id: int | None
    owner: str


@dataclass(frozen=True, slots=True)
class DecisionTaskEnded(Event):
    task_id: int
    decision_id: int
    shop_id: int | None
    state: str


@dataclass(frozen=True, slots=True)
class DecisionMeasured(Event):
    """The same figure for the same length of time afterwards; `after` None where there is none."""

    decision_id: int
    shop_id: int | None
    before: int
    after: int | None
    effect: str


@dataclass(frozen=True, slots=True)
class DecisionConcluded(Event):
    decision_id: int
    shop_id: int | None
    conclusion: str
