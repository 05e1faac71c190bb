"""Run the tests: all of them, or with --soak only the long proofs. Further arguments go to pytest."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tools import browser  # noqa: E402

NOTHING_TO_RUN = 5  # pytest's code where no test was chosen


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
    environment = {**os.environ, "SHOPKEEPER_BROWSER": chromium or ""}
    environment.pop("DATABASE_URL", None)  # the tests bring their own server and never touch yours
    # What reckons first; then, apart from it, what needs a running shop and a browser: a module keeps to one worker.
    # The long proofs of running shops get the machine to themselves.
    parts = (
        ["-n", workers, "--dist", "loadgroup", "-m", f"({wanted}) and not alone"],
        ["-n", "0" if soak else workers, "--dist", "loadfile", "-m", f"({wanted}) and alone"],
    )
    codes = []
    for part in parts:
        command = [sys.executable, "-m", "pytest", "-q", *part, *arguments]
        codes.append(wait_for(subprocess.Popen(command, cwd=PROJECT, env=environment)))
    code = next((code for code in codes if code not in (0, NOTHING_TO_RUN)), 0)
    if chromium is None:
        sys.stdout.write("BROWSER: NOT RUN\n")
        if os.environ.get("CI") == "true":
            return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main())
