"""What happens between a look at the market and a draft product."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ResearchTakenIn(Event):
    file_id: int
    kind: str
    rows: int


@dataclass(frozen=True, slots=True)
class StrategySubmitted(Event):
    strategy_id: int


@dataclass(frozen=True, slots=True)
class StrategyDecided(Event):
    strategy_id: int
    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class CandidateProposed(Event):
    candidate_id: int


@dataclass(frozen=True, slots=True)
class SelectionListMade(Event):
    """A new version of the list: candidates scored and ranked."""

    list_id: int
    version: int
    candidates: int


@dataclass(frozen=True, slots=True)
class SelectionListSubmitted(Event):
    list_id: int


@dataclass(frozen=True, slots=True)
class SelectionListDecided(Event):
    list_id: int
    decision: str
    taken: int
    reason: str


@dataclass(frozen=True, slots=True)
class CandidateDrafted(Event):
    """An approved candidate became a draft product."""

    candidate_id: int
    product_id: int
