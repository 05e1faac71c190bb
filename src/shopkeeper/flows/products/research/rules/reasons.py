"""Why a candidate ranks where it does: its strongest and weakest components, and what is not known of it."""

from dataclasses import dataclass

from shopkeeper.flows.products.research.rules.scoring import Score
from shopkeeper.flows.products.research.states import Criterion

STRONG, WEAK = 700, 300


@dataclass(frozen=True, slots=True)
class Reasons:
    strong: tuple[Criterion, ...]
    weak: tuple[Criterion, ...]
    unknown: tuple[Criterion, ...]


def reasons(score: Score, most: int = 2) -> Reasons:
    """At most two of each, the heaviest first; a component without weight is no reason."""
    known = [part for part in score.parts if part.value is not None and part.weight]
    strong = sorted((p for p in known if p.mark >= STRONG), key=lambda p: -p.mark * p.weight)
    weak = sorted((p for p in known if p.mark <= WEAK), key=lambda p: (p.mark - STRONG) * p.weight)
    return Reasons(
        tuple(part.criterion for part in strong[:most]),
        tuple(part.criterion for part in weak[:most]),
        tuple(score.unknown),
    )
