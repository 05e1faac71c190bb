"""P5: how much of the free stock one shop may show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A shop's part: percent of what is free beyond the pieces kept back, and the most it may show."""

    percent: int = 100
    kept_back: int = 0
    most: int = 100_000


def shown(free: int, share: Share) -> int:
    """floor((free − kept back) × percent), never below nothing nor above the most. The SQL says the same."""
    return min(max(free - share.kept_back, 0) * share.percent // 100, share.most)
