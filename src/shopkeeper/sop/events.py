"""What happens to duties and policy."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class DeadlineMissed(Event):
    """A duty's time ran out; it stays open and is escalated."""

    deadline_id: int
    kind: str
    subject_id: int
    shop_id: int | None
    role: str
    clause: str


@dataclass(frozen=True, slots=True)
class WorkEscalated(Event):
    deadline_id: int
    kind: str
    shop_id: int | None
    role: str
    clause: str
    label: str


@dataclass(frozen=True, slots=True)
class PolicyChanged(Event):
    key: str
    shop_id: int | None
    value: str


@dataclass(frozen=True, slots=True)
class WorkHandedOver(Event):
    deadline_id: int
    kind: str
    shop_id: int | None
    to_person_id: int | None
    reason: str
