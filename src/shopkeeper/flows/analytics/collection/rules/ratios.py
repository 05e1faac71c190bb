"""Ratios a file states, against what their own parts give. Parts per million; 0.01 percentage points are 100 ppm."""

from collections.abc import Mapping
from dataclasses import dataclass

PPM = 1_000_000
PPM_PER_HUNDREDTH = 100  # of a percentage point

# Each ratio a platform states, by the figures it is made of: (numerator, denominator).
PARTS: dict[str, tuple[str, str]] = {
    "pay_conversion": ("buyers", "visitors"),
    "order_conversion": ("order_buyers", "visitors"),
    "order_pay_conversion": ("buyers", "order_buyers"),
    "cart_rate": ("cart_visitors", "visitors"),
    "favourite_rate": ("favourite_visitors", "visitors"),
    "click_rate": ("clicks", "exposure"),
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A stated ratio that its parts do not give."""

    ratio: str
    stated_ppm: int
    computed_ppm: int


def contradictions(figures: Mapping[str, int], ratios: Mapping[str, int], tolerance: int) -> list[Contradiction]:
    """Ratios further from their parts than `tolerance` hundredths of a percentage point.

    A ratio whose parts the row does not hold, or whose denominator is nought, cannot be recomputed and is left.
    """
    found = []
    for name, stated in sorted(ratios.items()):
        over, under = PARTS[name]
        if over not in figures or not figures.get(under):
            continue
        computed = (figures[over] * PPM * 2 + figures[under]) // (figures[under] * 2)
        if abs(computed - stated) > tolerance * PPM_PER_HUNDREDTH:
            found.append(Contradiction(name, stated, computed))
    return found
