"""M2.2: what a rehearsal measured: how many a second, and how long the slow ones took."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """Calls of a rehearsal: how many, over how long, the median and the 95th percentile in milliseconds."""

    calls: int
    seconds: float
    per_second: int
    p50_ms: float
    p95_ms: float


def load_of(durations_s: Sequence[float], seconds: float) -> Load:
    """Sum up single durations within a span of time."""
    ordered = sorted(durations_s)
    rate = int(len(ordered) / seconds) if seconds > 0 else 0
    return Load(len(ordered), round(seconds, 3), rate, _at(ordered, 0.5), _at(ordered, 0.95))


def _at(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile in milliseconds; 0 without any."""
    if not ordered:
        return 0.0
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1_000, 2)
