"""Run the tests: all of them, or with --soak only the long proofs. Further arguments go to pytest."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tools import browser  # noqa: E402


def wait_for(process: subprocess.Popen[bytes]) -> int:
    """Ctrl-C goes to pytest too: let it end its servers, then end with it."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main() -> int:
    arguments = sys.argv[1:]
    soak = "--soak" in arguments
    if soak:
        arguments.remove("--soak")
    chromium = browser.find_or_install()
    wanted = "soak" if soak else "not soak"
    if chromium is None:
        wanted += " and not browser"
    workers = os.environ.get("TEST_WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadgroup", "-m", wanted]
    environment = {**os.environ, "SHOPKEEPER_BROWSER": chromium or ""}
    environment.pop("DATABASE_URL", None)  # the tests bring their own server and never touch yours
    code = wait_for(subprocess.Popen([*command, *arguments], cwd=PROJECT, env=environment))
    if chromium is None:
        sys.stdout.write("BROWSER: NOT RUN\n")
        if os.environ.get("CI") == "true":
            return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main())
