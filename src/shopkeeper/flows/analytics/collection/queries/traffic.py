"""What the collector counted, for any spans of shops: sums from minutes, distinct visitors from merged sketches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shopkeeper.flows.analytics.collection.rules.sketch import count, is_exact, merged
from shopkeeper.flows.analytics.collection.sql import spools as sql
from shopkeeper.flows.analytics.collection.states import Counted, TrafficKind


@dataclass(frozen=True, slots=True)
class Span:
    """A shop's time, whole minutes for sums and whole hours for visitors."""

    shop_id: int
    since: datetime
    until: datetime


@dataclass(slots=True)
class Traffic:
    """A span's traffic. Visitors beyond two thousand are estimated (`is_exact`, error about 0.8 %)."""

    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_channel: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    distinct: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    visitors_by_channel: dict[str, int] = field(default_factory=dict)
    is_exact: bool = True

    @property
    def exposure(self) -> int:
        return self.sums[TrafficKind.EXPOSURE]

    @property
    def clicks(self) -> int:
        return self.sums[TrafficKind.CLICK]

    @property
    def page_views(self) -> int:
        return self.sums[TrafficKind.VIEW]

    @property
    def visitors(self) -> int:
        return self.distinct[Counted.VISITORS]

    @property
    def visits(self) -> int:
        return self.distinct[Counted.VISITS]

    @property
    def is_empty(self) -> bool:
        return not self.sums


def traffic_of(spans: Sequence[Span]) -> list[Traffic]:
    """The traffic of each span, in two statements however many they are."""
    found = [Traffic() for _ in spans]
    if not spans:
        return found
    given = {
        "shops": [span.shop_id for span in spans],
        "sinces": [span.since for span in spans],
        "untils": [span.until for span in spans],
    }
    for row in sql.SUMS.rows(**given):
        traffic = found[row.n - 1]
        traffic.sums[row.figure] += row.value
        traffic.by_channel[row.channel][row.figure] += row.value
    sketches: dict[tuple[int, str, str], list[bytes]] = defaultdict(list)
    for part in sql.SKETCHES_IN.rows(**given):
        sketches[part.n, part.channel, part.counted].append(bytes(part.sketch))
    for (n, channel, counted), parts in sketches.items():
        whole, traffic = merged(parts), found[n - 1]
        if channel == "":
            traffic.distinct[counted] = count(whole)
            traffic.is_exact = traffic.is_exact and is_exact(whole)
        elif counted == Counted.VISITORS:
            traffic.visitors_by_channel[channel] = count(whole)
    return found
