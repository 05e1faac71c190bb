"""Sandboxes from a program: start the process, talk to its control door, stop it."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx


class ControlRefused(Exception):
    """The control door said no; the words are the door's."""


class ControlDoor:
    """The control door of running sandboxes. One method per deed the simulator does often; `post`/`get` for
    the rest."""

    def __init__(self, base_url: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{base_url}/_control", headers={"X-Control-Token": token}, timeout=60, trust_env=False
        )

    def post(self, path: str, form: dict[str, Any] | None = None) -> dict[str, Any]:
        """POST a form to a route (`/clock`); raises `ControlRefused`."""
        return self._read(self._client.post(path, json=form or {}))

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """GET a route; raises `ControlRefused`."""
        return self._read(self._client.get(path, params=query))

    @staticmethod
    def _read(answer: httpx.Response) -> dict[str, Any]:
        body: dict[str, Any] = answer.json()
        if not answer.is_success:
            raise ControlRefused(f"{answer.status_code}: {body.get('error')}")
        return body

    def place(self, orders: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Shoppers place orders; the orders as the platform keeps them come back. What is sold out is left out;
        when nothing else was asked, that is a `ControlRefused`."""
        answer = self.post("/platform/orders", {"orders": list(orders)})
        placed: list[dict[str, Any]] = answer["orders"]
        if orders and not placed:
            raise ControlRefused(answer["refused"][0]["error"])
        return placed

    def act(self, tid: int | str, do: str, **details: Any) -> dict[str, Any]:
        """One deed on one order; raises `ControlRefused` when the platform does not allow it."""
        result: dict[str, Any] = self.post("/platform/actions", {"actions": [{"tid": tid, "do": do, **details}]})[
            "results"
        ][0]
        if "error" in result:
            raise ControlRefused(result["error"])
        return result

    def order(self, tid: int | str) -> dict[str, Any]:
        """One order as the platform keeps it."""
        found: dict[str, Any] = self.get("/platform/orders", tid=str(tid))["orders"][0]
        return found

    def listing(self, session: str, outer_id: str) -> dict[str, Any]:
        """Goods on a shop's shelf, as kept and as shown; raises `ControlRefused` where they are not."""
        found: list[dict[str, Any]] = self.get("/platform/listings", session=session, outer_id=outer_id)["listings"]
        if not found:
            raise ControlRefused(f"{outer_id} is not on the shelf of {session}")
        return found[-1]

    def spoil(self, session: str, outer_id: str, do: str, **details: Any) -> dict[str, Any]:
        """The platform does something to goods behind the shop's back (`wrong_price`, `take_down`, …)."""
        deed = {"session": session, "outer_id": outer_id, "do": do, **details}
        changed: dict[str, Any] = self.post("/platform/listings/actions", {"actions": [deed]})["listings"][0]
        return changed

    def misbehave(self, where: str, what: str, **how: Any) -> dict[str, Any]:
        """Set a switch (`next=3` or `probability=0.1`; `method`, `delay_ms`, `by`)."""
        return self.post("/misbehave", {"where": where, "what": what, **how})

    def behave(self) -> None:
        """Take back every switch."""
        self.post("/behave")

    def ledger(self, kind: str) -> list[dict[str, Any]]:
        """What was received or sent, how often."""
        rows: list[dict[str, Any]] = self.get("/ledger", kind=kind)["ledger"]
        return rows

    def settle(self, timeout_s: float = 10) -> bool:
        """Wait until every message and push has been delivered or given up."""
        return bool(self.post("/settle", {"timeout_s": timeout_s})["settled"])

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


class RunningSandboxes:
    """One sandboxes process of ours."""

    def __init__(self, store: Path | None = None, seed: int = 7, ports: dict[str, int] | None = None) -> None:
        token = secrets.token_urlsafe(18)
        command = [
            sys.executable,
            "-m",
            "shopkeeper.simulator.sandboxes",
            "--with-parent",
            "--seed",
            str(seed),
        ]
        command += ["--store", str(store)] if store else []
        for name, port in (ports or {}).items():
            command += [f"--{name}-port", str(port)]
        source = str(Path(__file__).parents[3])
        path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "SANDBOX_CONTROL_TOKEN": token, "PYTHONPATH": path},
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self._close_pipes()
            raise RuntimeError("the sandboxes did not start")
        said = json.loads(line)
        self.platform_url: str = said["platform"] + "/router/rest"
        self.pinduoduo_url: str = said["platform"] + "/api/router"
        self.courier_url: str = said["courier"]
        self.robot_url: str = said["robot"] + "/robot/send"
        self.sms_url: str = said["robot"] + "/sms/"
        self.mail_url: str = said["mail"]
        names = ("platform", "courier", "robot", "mail", "control")
        self.ports = {name: int(said[name].rpartition(":")[2]) for name in names}
        self.control = ControlDoor(said["control"], token)

    def kill(self) -> None:
        """End it without any warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        self.control.close()
        if self.process.poll() is None:
            self.process.send_signal(how)
        self._close_pipes()

    def _close_pipes(self) -> None:
        self.process.wait(timeout=10)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def running_sandboxes(
    store: Path | None = None, seed: int = 7, ports: dict[str, int] | None = None
) -> Iterator[RunningSandboxes]:
    """Sandboxes while the block runs."""
    sandboxes = RunningSandboxes(store, seed, ports)
    try:
        yield sandboxes
    finally:
        sandboxes.stop()
