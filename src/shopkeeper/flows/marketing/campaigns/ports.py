"""What planning asks of desks above it: may a campaign go live, and what material is there for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

NO_GATE = "gate_missing"


class GoLiveGate(Protocol):
    """The gate before a campaign goes live (M2.2)."""

    def verdicts(self, campaign_ids: Collection[int]) -> Mapping[int, str]:
        """Per campaign the coded reason why it must not go live; empty where it may. Statements do not grow."""
        ...


class NoGate:
    """Nothing says that a campaign was tested: none may go live."""

    def verdicts(self, campaign_ids: Collection[int]) -> Mapping[int, str]:
        return dict.fromkeys(campaign_ids, NO_GATE)


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One piece of material as the execution plan lists it; `kind` and `state` are the words of its own desk.

    `said` is what it must say and what its approved text says.
    """

    id: int
    kind: str
    title: str
    state: str
    due_at: datetime | None = None
    url: str = ""
    said: str = ""


class MaterialShelf(Protocol):
    """The materials made for campaigns (M2.1)."""

    def materials_of(self, campaign_ids: Collection[int]) -> Mapping[int, tuple[MaterialLine, ...]]:
        """Per campaign what is wanted or made; campaigns without any may be left out."""
        ...


class EmptyShelf:
    """Nobody makes materials here."""

    def materials_of(self, campaign_ids: Collection[int]) -> Mapping[int, tuple[MaterialLine, ...]]:
        return {}


_gate: list[GoLiveGate] = [NoGate()]
_shelf: list[MaterialShelf] = [EmptyShelf()]


def go_live_gate() -> GoLiveGate:
    """The gate that is plugged in; without one nothing goes live."""
    return _gate[0]


def provide_go_live_gate(gate: GoLiveGate) -> None:
    """The desk that tests campaigns plugs in its gate when the house loads (config does it)."""
    _gate[0] = gate


def material_shelf() -> MaterialShelf:
    """The shelf that is plugged in; without one it is empty."""
    return _shelf[0]


def provide_material_shelf(shelf: MaterialShelf) -> None:
    """The desk that makes materials plugs in its shelf when the house loads (config does it)."""
    _shelf[0] = shelf
