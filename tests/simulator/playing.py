"""A furnished shop between sandboxes on simulated time, for a test that lets the simulator at it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shopkeeper.config.demo import seed as furnish
from shopkeeper.config.hosting import hosted
from shopkeeper.simulator.house import House
from shopkeeper.simulator.main import START, open_shops, sandbox_environment
from shopkeeper.simulator.sandboxes.running import RunningSandboxes, running_sandboxes
from shopkeeper.simulator.stepping import Steps
from tests.databases import FreshDatabase


@dataclass(frozen=True)
class Stage:
    """What the simulator is given."""

    address: str
    sandboxes: RunningSandboxes
    tokens: dict[str, str]
    database: FreshDatabase
    houses: list[House] = field(default_factory=list)

    def steps(self) -> Steps:
        """Stepped time from the beginning."""
        open_shops(self.sandboxes.control, self.address)
        self.houses.append(House(self.address, self.tokens))
        return Steps(self.houses[-1], self.sandboxes.control, START)


@contextmanager
def stage(fresh_db: FreshDatabase, settings: Any, monkeypatch: Any, sabotage: str = "") -> Iterator[Stage]:
    """Sandboxes, furniture and a web server on simulated time while the block runs."""
    settings.SHOPKEEPER_CLOCK = "simulated"
    var = Path(os.environ["SHOPKEEPER_VAR"])
    with running_sandboxes(seed=7) as sandboxes:
        environment = {
            **sandbox_environment(sandboxes),
            "SHOPKEEPER_CLOCK": "simulated",
            "SHOPKEEPER_DEMO": "1",
            "SHOPKEEPER_SABOTAGE": sabotage,
            "SHOPKEEPER_MASTER_KEY_FILE": str(settings.SHOPKEEPER_MASTER_KEY_FILE),
        }
        monkeypatch.setenv("SHOPKEEPER_SANDBOX_PLATFORM_URL", sandboxes.platform_url)
        monkeypatch.setenv("SHOPKEEPER_SANDBOX_PINDUODUO_URL", sandboxes.pinduoduo_url)
        tokens = furnish(lambda done, total: None)
        with hosted(fresh_db.url, var, environment, worker=False) as shop:
            found = Stage(shop.address, sandboxes, tokens, fresh_db)
            try:
                yield found
            finally:
                for house in found.houses:
                    house.close()
