"""What follow-ups ask of customer service: the after-sale cases of an order, the ticket a problem became."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseOfOrder:
    """An open after-sale case."""

    id: int
    number: str
    reason: str
    state: str


@dataclass(frozen=True, slots=True)
class TicketOfProblem:
    """The ticket that a buyer's problem became."""

    id: int
    number: str
    state: str


class ServiceOfOrders(Protocol):
    """Customer service as far as follow-ups must know it; what a viewer asks answers only what they may see."""

    def in_aftersale(self, order_ids: Collection[int]) -> set[int]:
        """Orders with an open after-sale case; one statement however many."""
        ...

    def open_cases(self, viewer: Actor, order_id: int) -> Sequence[CaseOfOrder]:
        """The open cases of an order, newest first."""
        ...

    def ticket_of(self, viewer: Actor, reference: str) -> TicketOfProblem | None:
        """The ticket that was opened under a follow-up's reference."""
        ...


class NoService:
    """No customer service is there."""

    def in_aftersale(self, order_ids: Collection[int]) -> set[int]:
        return set()

    def open_cases(self, viewer: Actor, order_id: int) -> Sequence[CaseOfOrder]:
        return ()

    def ticket_of(self, viewer: Actor, reference: str) -> TicketOfProblem | None:
        return None


_service: list[ServiceOfOrders] = [NoService()]


def service_of_orders() -> ServiceOfOrders:
    """The customer service that is plugged in; without one no order has a case."""
    return _service[0]


def provide_service_of_orders(service: ServiceOfOrders) -> None:
    """The service flow plugs itself in when the house loads (config does it)."""
    _service[0] = service


def problem_reference(followup_id: int) -> str:
    """Under which reference the problem of a follow-up is a ticket: one however often it is heard of."""
    return f"followup:{followup_id}"
