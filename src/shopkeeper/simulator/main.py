"""The simulator: a shop run through its public doors only, on stepped business time."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from shopkeeper.simulator import catalogue
from shopkeeper.simulator.days import play_days
from shopkeeper.simulator.evidence import collect
from shopkeeper.simulator.house import House
from shopkeeper.simulator.invariants import judge
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.running import RunningSandboxes
from shopkeeper.simulator.stepping import Steps
from shopkeeper.simulator.story import play_story

Progress = Callable[[int, int | None], None]
Plant = Callable[[], None]
START = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)  # where config/demo.py leaves a simulated clock


def sandbox_environment(sandboxes: RunningSandboxes) -> dict[str, str]:
    """The settings that have a house work with these sandboxes."""
    return {
        "SHOPKEEPER_SANDBOX_PLATFORM_URL": sandboxes.platform_url,
        "SHOPKEEPER_COURIER_URL": sandboxes.courier_url,
        "SHOPKEEPER_COURIER_CUSTOMER": accounts.COURIER_CUSTOMER,
        "SHOPKEEPER_COURIER_KEY": accounts.COURIER_KEY,
        "SHOPKEEPER_COURIER_SECRET": accounts.COURIER_SECRET,
        "SHOPKEEPER_COURIER_SALT": "demo-salt",
        "SHOPKEEPER_ROBOT_URL": sandboxes.robot_url,
        "SHOPKEEPER_ROBOT_TOKEN": accounts.ROBOT_TOKEN,
        "SHOPKEEPER_ROBOT_SECRET": accounts.ROBOT_SECRET,
    }


def open_shops(sandboxes: RunningSandboxes, address: str) -> None:
    """Have the platform know our shops and where to send its messages."""
    for front in catalogue.SHOPFRONTS:
        form = {"session": front.session, "nick": front.name, "message_url": f"{address}/hooks/platform/{front.code}"}
        sandboxes.control.post("/shops", form)


def run(
    address: str,
    sandboxes: RunningSandboxes,
    tokens: Mapping[str, str],
    *,
    story: bool,
    days: int,
    seed: int,
    progress: Progress,
    orders_per_day: int = 110,
    plant: Plant | None = None,
) -> dict[str, Any]:
    """Play the story and then the days; what is planted (a sabotage) is planted at the end, before judging.

    Answers {"days", "counts", "clauses", "invariants"}; the same seed gives the same answer.
    """
    open_shops(sandboxes, address)
    house = House(address, tokens)
    try:
        steps = Steps(house, sandboxes.control, START)
        told: dict[str, Any] = {}
        if story:
            told = play_story(steps, seed, progress)
        if days:
            play_days(steps, days, seed, orders_per_day, progress)
        if plant:
            plant()
            steps.settle()
        kept = judge(house, sandboxes.control)
        return {"days": days, **collect(house), **({"story": told} if told else {}), "invariants": kept}
    finally:
        house.close()
