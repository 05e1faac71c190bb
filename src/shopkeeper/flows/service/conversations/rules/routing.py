"""Who gets which conversation: the agent who knows the customer, then skill, then the hand that is freest.

Judged over the agents whose rows are locked; a loop of microseconds, as for the last pieces of stock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hand:
    """An agent who is there, with room for `free` more conversations. Empty skills mean everything."""

    agent_id: int
    free: int
    load: int
    capacity: int
    kinds: frozenset[str]
    languages: frozenset[str]
    shops: frozenset[int]
    last_at: datetime | None = None

    def fits(self, wish: "Wish") -> bool:
        """Whether the agent's skills cover the matter and the language."""
        return (not self.kinds or wish.kind in self.kinds) and (not self.languages or wish.language in self.languages)


@dataclass(frozen=True, slots=True)
class Wish:
    """A conversation without an agent. `before`: who talked with this customer last."""

    conversation_id: int
    shop_id: int
    kind: str
    language: str
    before: int | None = None
    not_to: int | None = None


def share_out(wishes: Sequence[Wish], hands: Sequence[Hand]) -> dict[int, int]:
    """Conversation → agent, first come first served; a conversation nobody has a hand for is left out.

    Skills decide among those who are free; when nobody with the skill is free anybody who may see the shop
    serves, because a first word within seconds counts for more.
    """
    free = {hand.agent_id: hand for hand in hands if hand.free > 0}
    given: dict[int, int] = {}
    for wish in wishes:
        able = [hand for hand in free.values() if wish.shop_id in hand.shops and hand.agent_id != wish.not_to]
        if not able:
            continue
        chosen = min(able, key=lambda hand: _order(hand, wish))
        given[wish.conversation_id] = chosen.agent_id
        left = replace(chosen, free=chosen.free - 1, load=chosen.load + 1)
        if left.free > 0:
            free[chosen.agent_id] = left
        else:
            del free[chosen.agent_id]
    return given


def _order(hand: Hand, wish: Wish) -> tuple[bool, bool, float, float, int]:
    waited = hand.last_at.timestamp() if hand.last_at else 0.0
    return (hand.agent_id != wish.before, not hand.fits(wish), hand.load / max(hand.capacity, 1), waited, hand.agent_id)


def loads(given: Mapping[int, int]) -> dict[int, int]:
    """How many conversations each agent was given."""
    counted: dict[int, int] = {}
    for agent_id in given.values():
        counted[agent_id] = counted.get(agent_id, 0) + 1
    return counted
