"""State machines as data: one table says which state may follow which; nothing else may move one."""

from collections.abc import Mapping
from enum import StrEnum

FLOWS: dict[str, "Transitions"] = {}


class Transitions:
    """The allowed moves of one table's `state` column; the database trigger is made from the same data."""

    def __init__(
        self,
        *,
        table: str,
        states: type[StrEnum],
        allowed: Mapping[StrEnum, set[StrEnum] | frozenset[StrEnum]],
    ) -> None:
        self.table = table
        self.states = states
        self.allowed = {state: frozenset(allowed.get(state, frozenset())) for state in states}
        FLOWS[table] = self

    def sources(self, to: StrEnum) -> list[str]:
        """The states from which `to` may be reached in one move."""
        return sorted(str(state) for state, targets in self.allowed.items() if to in targets)

    def may(self, was: str, to: str) -> bool:
        return to in {str(target) for target in self.allowed[self.states(was)]}

    def pairs(self) -> list[tuple[str, str]]:
        return sorted((str(was), str(to)) for was, targets in self.allowed.items() for to in targets)
