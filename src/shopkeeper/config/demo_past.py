"""The demo's past, played once before the doors open: the same house on a simulated clock, between its sandboxes."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from shopkeeper.config import demo
from shopkeeper.config.hosting import hosted
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.shared.clock import machine_now
from shopkeeper.simulator.main import past
from shopkeeper.simulator.past import start_of
from shopkeeper.simulator.sandboxes.running import running_sandboxes

Progress = Callable[[int, int | None], None]
PLACES = {
    "platform": "SHOPKEEPER_SANDBOX_PLATFORM_URL",
    "courier": "SHOPKEEPER_COURIER_URL",
    "robot": "SHOPKEEPER_ROBOT_URL",
    "mail": "SHOPKEEPER_SMTP_URL",
}


def is_wanted() -> bool:
    """Whether this is a demo with an outside world and nothing behind it yet."""
    return bool(os.environ.get("SANDBOX_CONTROL_URL")) and not Order.objects.exists()


def furnish_with_past(url: str, progress: Progress) -> None:
    """Furnish the company some days ago and play what happened since; afterwards time is the machine's again."""
    now = machine_now()
    start = start_of(now)
    os.environ["SHOPKEEPER_SIM_START"] = start.isoformat()
    settings.SHOPKEEPER_CLOCK = "simulated"
    var = Path(settings.SHOPKEEPER_VAR)
    store = var / "demo" / "sandboxes.sqlite"
    for leftover in store.parent.glob(f"{store.name}*"):  # of a start that was interrupted
        leftover.unlink()
    ports = {name: urlsplit(os.environ[key]).port or 0 for name, key in PLACES.items()}
    tokens = demo.seed(progress)
    with running_sandboxes(store, demo_seed(), ports) as sandboxes:
        with hosted(url, var, {"SHOPKEEPER_CLOCK": "simulated"}, worker=False) as shop:
            past(shop.address, sandboxes, tokens, start=start, until=now, progress=progress)
        sandboxes.control.post("/clock", {"at": None})


def demo_seed() -> int:
    return int(os.environ.get("SHOPKEEPER_DEMO_SEED", "7"))
