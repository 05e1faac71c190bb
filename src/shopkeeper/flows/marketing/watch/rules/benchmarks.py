"""What conversion is compared with: a named benchmark, else the own median of the same hour of the week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.watch.rules.traffic import rate_bp

OWN_MEDIAN = "own_median"  # worded where it is shown; any other name is one that somebody gave


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A conversion in 1/10,000 and whose it is."""

    name: str
    conversion_bp: int


def own_median(samples: Iterable[tuple[int, int]], least: int) -> Benchmark | None:
    """The median conversion of (visitors, buyers) in earlier hours; None with fewer samples than the policy's."""
    rates = sorted(rate for visitors, buyers in samples if (rate := rate_bp(buyers, visitors)) is not None)
    if len(rates) < max(least, 1):
        return None
    median = median_of(rates)
    return Benchmark(OWN_MEDIAN, median) if median else None


def median_of(ordered: Sequence[int]) -> int:
    """The middle of ordered numbers; of two middles the mean, rounded half up."""
    middle, odd = divmod(len(ordered), 2)
    return ordered[middle] if odd else (ordered[middle - 1] + ordered[middle] + 1) // 2
