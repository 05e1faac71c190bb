"""The demo shop's outside world: where the sandboxes listen, and the settings that make the house talk to them.

Ports and token are remembered in var/demo, because shops keep the platform's address over a restart.
"""

import json
import os
import secrets
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from shopkeeper.config.supervisor import Child

NAMES = ("platform", "courier", "robot", "mail", "control")


@dataclass(frozen=True, slots=True)
class Outside:
    """Where the sandboxes are; the addresses are those the house calls."""

    ports: dict[str, int]
    token: str

    @property
    def platform_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['platform']}/router/rest"

    @property
    def pinduoduo_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['platform']}/api/router"

    @property
    def courier_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['courier']}"

    @property
    def robot_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['robot']}/robot/send"

    @property
    def sms_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['robot']}/sms/"

    @property
    def mail_url(self) -> str:
        return f"smtp://127.0.0.1:{self.ports['mail']}"

    @property
    def control_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['control']}"

    def environment(self) -> dict[str, str]:
        """What web, worker and simulator must know. The token opens the sandboxes only."""
        from shopkeeper.simulator.main import sandbox_environment  # noqa: PLC0415 (only the demo loads it)

        return {
            **sandbox_environment(self),
            "SANDBOX_CONTROL_URL": self.control_url,
            "SANDBOX_CONTROL_TOKEN": self.token,
        }


def remembered(var: Path) -> Outside:
    """The same places as last time where their ports are still free, otherwise new ones."""
    path = var / "demo" / "outside.json"
    try:
        known = Outside(**json.loads(path.read_text()))
        if set(known.ports) == set(NAMES) and all(map(_is_free, known.ports.values())):
            return known
    except (OSError, ValueError, TypeError):
        pass  # none yet, or not readable: new places are as good
    made = Outside(_free_ports(), secrets.token_urlsafe(18))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(made), file)
    return made


def child(outside: Outside, var: Path, env: dict[str, str]) -> Child:
    """The process of the sandboxes; what shoppers and couriers did outlives it in a file."""
    command = [sys.executable, "-m", "shopkeeper.simulator.sandboxes"]
    for name, port in outside.ports.items():
        command += [f"--{name}-port", str(port)]
    command += ["--store", str(var / "demo" / "sandboxes.sqlite")]
    return Child("sandboxes", command, env, var / "log" / "sandboxes.log", grace_s=4)


def _free_ports() -> dict[str, int]:
    probes = {name: socket.socket() for name in NAMES}
    try:
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: int(probe.getsockname()[1]) for name, probe in probes.items()}
    finally:
        for probe in probes.values():
            probe.close()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
