"""What happens to personal data and to the ways in; `events.py` is the log they are written to."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class PersonalDataRevealed(Event):
    """Somebody looked at a person's data in plain. `reason` is what they gave; what they saw is not kept."""

    record_id: int
    kind: str
    shop_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class PersonErased(Event):
    """A person's key was destroyed: what it sealed can never be opened again."""

    subject_key_id: int
    kind: str
    record_id: int
    shop_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ApiTokenMade(Event):
    token_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class ApiTokenRevoked(Event):
    token_id: int
    person_id: int
