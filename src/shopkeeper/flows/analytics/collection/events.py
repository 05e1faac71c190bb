"""What happens to figures on their way in. Nobody is named: counts, days and ids only."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class CollectorOpened(Event):
    """A shop's pages may send their traffic."""

    shop_id: int


@dataclass(frozen=True, slots=True)
class CollectorClosed(Event):
    shop_id: int


@dataclass(frozen=True, slots=True)
class TrafficCounted(Event):
    """The collector's events of a shop's hour were counted; `hour` is its beginning, ISO, UTC."""

    shop_id: int
    hour: str
    events: int


@dataclass(frozen=True, slots=True)
class FiguresTakenIn(Event):
    """Figures of one source stand for these days; `first_on` and `last_on` are the days they are about."""

    shop_id: int
    source: str
    breakdown: str
    period: str
    first_on: str
    last_on: str
    sets: int
    replaced: int


@dataclass(frozen=True, slots=True)
class FiguresAwaited(Event):
    """A day is over; its figures of a source are to be brought."""

    delivery_id: int
    shop_id: int
    day: str


@dataclass(frozen=True, slots=True)
class DeliveryExcused(Event):
    delivery_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class DisagreementOpened(Event):
    """Two sources say different things of one figure of a shop's day."""

    case_id: int
    shop_id: int
    day: str
    figure: str


@dataclass(frozen=True, slots=True)
class DisagreementAnswered(Event):
    case_id: int
    shop_id: int
    reason: str
