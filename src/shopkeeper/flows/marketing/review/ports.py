"""What a review asks of customer service: how a shop was served while a campaign ran. Counts, nobody's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """A shop's time, with a number of the asker's own."""

    number: int
    shop_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """A frequent problem: its type, and the product by name or the courier by code that it is about (may be empty)."""

    kind: str
    goods: str
    courier: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Load:
    """Tickets opened, first words in time, ratings given (one to five stars), and the most frequent problems."""

    tickets: int
    orders_paid: int
    first_asked: int
    first_in_time: int
    stars: tuple[int, int, int, int, int]
    problems: tuple[Problem, ...]


class ServiceLoad(Protocol):
    """Customer service as far as a review must know it."""

    def loads(self, spans: Sequence[Span], most_problems: int) -> Mapping[int, Load]:
        """The load of each span by its number. Statements do not grow with the spans."""
        ...


class NobodyServes:
    """No customer service is there to be asked."""

    def loads(self, spans: Sequence[Span], most_problems: int) -> Mapping[int, Load]:
        return {}


_service: list[ServiceLoad] = [NobodyServes()]


def service_load() -> ServiceLoad:
    """The service that is plugged in; without one a review says that there are no figures."""
    return _service[0]


def provide_service_load(service: ServiceLoad) -> None:
    """A desk beside marketing plugs in its figures when the house loads (config does it)."""
    _service[0] = service
