"""`python -m shopkeeper.simulator.sandboxes`: start the sandboxes, say where in one JSON line, serve until
stopped."""

import argparse
import asyncio
import json
import os
import secrets
import sqlite3
import sys
from pathlib import Path

from shopkeeper.simulator.sandboxes.process import Wanted, run_until_stopped


def main() -> int:
    """Exit 0 when stopped, 1 with one line on stderr when a port is taken or the file cannot be used."""
    parser = argparse.ArgumentParser(prog="shopkeeper-sandboxes", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    for name in ("platform", "courier", "robot", "mail", "control"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 = a free port")
    parser.add_argument("--store", type=Path, help="SQLite file that outlives a kill; without it, memory")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    asked = vars(parser.parse_args())
    with_parent = asked.pop("with_parent")
    token = os.environ.get("SANDBOX_CONTROL_TOKEN") or secrets.token_urlsafe(18)
    wanted = Wanted(**asked, control_token=token)

    def ready(addresses: dict[str, str]) -> None:
        sys.stdout.write(json.dumps({"ready": True, **addresses, "control_token": token}) + "\n")
        sys.stdout.flush()

    try:
        asyncio.run(run_until_stopped(wanted, ready, with_parent))
    except (OSError, sqlite3.Error) as error:
        sys.stderr.write(f"sandboxes: cannot listen or use the store: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
