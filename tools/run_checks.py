"""`make check`: everything about the source that needs no test run. `--fix` lets the formatters write.

Each check is a command of its own; all of them run, so that one look shows all there is to mend.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tools.house import addresses, doors, languages, moments, sizes, states  # noqa: E402

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
    "DJANGO_SETTINGS_MODULE": "shopkeeper.config.settings",
    "PYTHONPATH": str(PROJECT / "src"),
}
Check = Callable[[], tuple[bool, str]]


def command(*arguments: str) -> Check:
    """A check that is a program: good when it exits with 0."""

    def run() -> tuple[bool, str]:
        tool = [str(PROJECT / ".venv" / "bin" / arguments[0]), *arguments[1:]]
        done = subprocess.run(tool, cwd=PROJECT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        return done.returncode == 0, (done.stdout + done.stderr).strip()

    return run


def rule(problems: Callable[[], list[str]]) -> Check:
    def run() -> tuple[bool, str]:
        found = problems()
        return not found, "\n".join(found)

    return run


def checks(fix: bool) -> dict[str, Check]:
    python = str(PROJECT / ".venv" / "bin" / "python")
    return {
        "format": command("ruff", "format", "." if fix else "--check", *([] if fix else ["."])),
        "lint": command("ruff", "check", "--quiet", "--output-format=concise", *(["--fix"] if fix else []), "."),
        "types": command("mypy"),
        "contracts": command("lint-imports", "--no-logo"),
        "migrations": command(python, "tools/manage.py", "makemigrations", "--check", "--dry-run"),
        "templates": command(python, "tools/check_templates.py"),
        "languages": rule(languages.problems),
        "sizes": rule(sizes.problems),
        "business time": rule(moments.problems),
        "states": rule(states.problems),
        "doors": rule(doors.problems),
        "addresses": rule(addresses.problems),
    }


def main() -> int:
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    bad = []
    for name, check in checks("--fix" in sys.argv).items():
        if wanted and name not in wanted:
            continue
        began = time.monotonic()
        good, said = check()
        sys.stdout.write(f"{'ok    ' if good else 'FAILED'}  {name}  ({time.monotonic() - began:.1f} s)\n")
        if not good:
            bad.append(name)
            sys.stdout.write("\n".join(f"    {line}" for line in said.splitlines()[-60:]) + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"CHECK: {'FAILED: ' + ', '.join(bad) if bad else 'all good'}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
