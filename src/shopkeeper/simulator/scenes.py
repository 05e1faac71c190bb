"""Scenes of the demo's past: each is a little story of its own, and one that goes wrong does not keep the shop shut."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from shopkeeper.simulator.house import House, HouseBroke
from shopkeeper.simulator.sandboxes.running import ControlRefused
from shopkeeper.simulator.stepping import Steps

WENT_WRONG = (httpx.HTTPError, HouseBroke, ControlRefused, LookupError)


class Scenes:
    """Puts scenes on the agenda; `troubles` are those that broke off, with the reason."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.troubles: list[str] = []

    def at(self, when: datetime, scene: Callable[[], None]) -> None:
        """Play a scene at a moment; what it needs and does not find ends it, and is said in the log."""

        def play() -> None:
            try:
                scene()
            except WENT_WRONG as error:
                told = f"{getattr(scene, '__qualname__', scene)}: {type(error).__name__}: {error}"
                self.troubles.append(told)
                print(told, flush=True)  # noqa: T201 (the simulator's own log)

        self._steps.at(when, play)


def insist(house: House, who: str, address: str, /, **item: Any) -> dict[str, Any]:
    """Have a colleague do one thing that must be done; the outcome. Raises HouseBroke where it is refused."""
    outcome = house.do(who, address, [item])[0]
    if outcome["result"] == "refused":
        raise HouseBroke(f"{address} by {who}: {outcome['code']} {outcome.get('facts', {})}")
    return outcome
