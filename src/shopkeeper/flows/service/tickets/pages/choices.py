"""The choices that several pages of this desk offer."""

from collections.abc import Iterable
from enum import StrEnum

from shopkeeper.flows.service.tickets.words import LABELS, REASONS
from shopkeeper.shared.words import T

Choice = tuple[str, T]


def words_of(family: type[StrEnum], among: Iterable[StrEnum] | None = None) -> list[Choice]:
    """The values of an enum with their words."""
    return [(str(value), LABELS[family][value].text) for value in (among or family)]


def reasons() -> list[Choice]:
    return list(REASONS.items())
