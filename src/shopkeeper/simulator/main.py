"""The simulator: a shop run through its public doors only, on stepped business time."""

import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from shopkeeper.simulator import catalogue
from shopkeeper.simulator.cast import StoryBroke
from shopkeeper.simulator.days import play_days
from shopkeeper.simulator.days_figures import CAMPAIGN_FROM
from shopkeeper.simulator.evidence import collect
from shopkeeper.simulator.house import House, HouseBroke, kept_tokens
from shopkeeper.simulator.invariants import judge
from shopkeeper.simulator.invariants_marketing import lake_written
from shopkeeper.simulator.living import keep_alive
from shopkeeper.simulator.past import play_past
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.running import ControlDoor, RunningSandboxes
from shopkeeper.simulator.stepping import Steps
from shopkeeper.simulator.story import play_story

Progress = Callable[[int, int | None], None]
Plant = Callable[[], None]
START = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)  # where config/demo.py leaves a simulated clock


class Places(Protocol):
    """Where sandboxes listen."""

    @property
    def platform_url(self) -> str: ...
    @property
    def pinduoduo_url(self) -> str: ...
    @property
    def courier_url(self) -> str: ...
    @property
    def robot_url(self) -> str: ...
    @property
    def sms_url(self) -> str: ...
    @property
    def mail_url(self) -> str: ...


def sandbox_environment(sandboxes: Places) -> dict[str, str]:
    """The settings that have a house work with these sandboxes."""
    return {
        "SHOPKEEPER_SANDBOX_PLATFORM_URL": sandboxes.platform_url,
        "SHOPKEEPER_SANDBOX_PINDUODUO_URL": sandboxes.pinduoduo_url,
        "SHOPKEEPER_COURIER_URL": sandboxes.courier_url,
        "SHOPKEEPER_COURIER_CUSTOMER": accounts.COURIER_CUSTOMER,
        "SHOPKEEPER_COURIER_KEY": accounts.COURIER_KEY,
        "SHOPKEEPER_COURIER_SECRET": accounts.COURIER_SECRET,
        "SHOPKEEPER_COURIER_SALT": "demo-salt",
        "SHOPKEEPER_ROBOT_URL": sandboxes.robot_url,
        "SHOPKEEPER_ROBOT_TOKEN": accounts.ROBOT_TOKEN,
        "SHOPKEEPER_ROBOT_SECRET": accounts.ROBOT_SECRET,
        "SHOPKEEPER_SMS_URL": sandboxes.sms_url,
        "SHOPKEEPER_SMS_KEY_ID": accounts.SMS_KEY_ID,
        "SHOPKEEPER_SMS_SECRET": accounts.SMS_SECRET,
        "SHOPKEEPER_SMS_PUSH_KEY": accounts.SMS_PUSH_KEY,
        "SHOPKEEPER_SMTP_URL": sandboxes.mail_url,
        "SHOPKEEPER_SMTP_SENDER": accounts.MAIL_SENDER,
    }


def script_hash() -> str:
    """A hash of everything the story is told by; a record of it made by another script is out of date."""
    folder = Path(__file__).parent
    people = ("buyers", "cast", "service_desk", "shoppers", "shopping", "staff")
    names = (*people, "catalogue", "evidence", "figures", "house", "pictures", "stepping")
    paths = [*(folder / f"{name}.py" for name in names), *sorted(folder.glob("story*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def open_shops(outside: ControlDoor, address: str) -> None:
    """Have the platforms know our shops and where to send their messages."""
    for front in catalogue.SHOPFRONTS:
        form = {"platform": front.platform, "session": front.session, "nick": front.name}
        outside.post("/shops", {**form, "message_url": f"{address}/hooks/platform/{front.code}"})
    outside.post("/sms/account", {"callback": f"{address}/hooks/sms/{accounts.SMS_PUSH_KEY}"})


def run(
    address: str,
    sandboxes: RunningSandboxes,
    tokens: Mapping[str, str],
    *,
    story: bool,
    days: int,
    seed: int,
    progress: Progress,
    orders_per_day: int = 0,
    plant: Plant | None = None,
    sabotaged: bool = False,
) -> dict[str, Any]:
    """Play the story and then the days; `plant` (a sabotage) is done at the end, before judging.

    Without `orders_per_day` a long run has fewer orders a day than a short one. A sabotaged house may break the story
    anywhere; it is judged as it stands then. Answers {"days", "counts", "clauses", "invariants"} and more; the same
    seed gives the same answer.
    """
    open_shops(sandboxes.control, address)
    house = House(address, tokens)
    try:
        steps = Steps(house, sandboxes.control, START)
        told: dict[str, Any] = {}
        try:
            if story:
                told = {"script": script_hash(), **play_story(steps, seed, progress)}
            if days:
                play_days(steps, days, seed, orders_per_day or _orders_a_day(days), progress)
        except (StoryBroke, HouseBroke, LookupError, StopIteration) as broken:
            if not sabotaged:
                raise
            told = {"broken_by": f"{type(broken).__name__}: {broken}"[:300]}
        if not sabotaged:
            lake_written(steps)
        if plant:
            plant()
            steps.settle()
        kept = judge(house, sandboxes.control)
        return {"days": days, **collect(house), **({"story": told} if told else {}), "invariants": kept}
    finally:
        house.close()


def _orders_a_day(days: int) -> int:
    """So many that a short run is busy, and a month is played in minutes."""
    return 110 if days < CAMPAIGN_FROM else 50


def past(
    address: str,
    sandboxes: RunningSandboxes,
    tokens: Mapping[str, str],
    *,
    start: datetime,
    until: datetime,
    progress: Progress,
) -> None:
    """Play what the demo shop has behind it when the first visitor comes in."""
    open_shops(sandboxes.control, address)
    house = House(address, tokens)
    try:
        play_past(Steps(house, sandboxes.control, start), until, progress)
    finally:
        house.close()


def live(address: str, seed: int) -> int:
    """Keep the running demo shop alive until stopped; its sandboxes and tokens are where the demo put them."""
    folder = Path(os.environ["SHOPKEEPER_VAR"]) / "demo"
    control = os.environ.get("SANDBOX_CONTROL_URL", "")
    if not control:
        return 0  # a demo without an outside world stands as it is
    outside = ControlDoor(control, os.environ["SANDBOX_CONTROL_TOKEN"])
    outside.post("/clock", {"at": None})  # a past that was interrupted leaves the clock standing
    open_shops(outside, address)
    outside.post("/courier/callback", {"url": f"{address}/hooks/courier/"})
    keep_alive(House(address, kept_tokens(folder / "tokens.json")), outside, seed)
    return 0
