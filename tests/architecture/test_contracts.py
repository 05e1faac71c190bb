"""The floors and rooms: import contracts hold, and no list of exceptions softens them."""

import os
import subprocess
import tomllib

from tools.house.tree import PROJECT, SOURCE

CONFIG = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


def test_every_contract_is_kept() -> None:
    done = subprocess.run(
        [str(PROJECT / ".venv" / "bin" / "lint-imports"), "--no-logo"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:]


def test_there_are_no_exceptions() -> None:
    assert "ignore_imports" not in str(CONFIG)
    assert all("ignore_imports" not in contract for contract in CONFIG["contracts"])


def test_every_desk_stands_under_the_contracts() -> None:
    """A desk added to the tree and forgotten in a contract would be free of all rules."""
    desks = {
        ".".join(("shopkeeper", *path.parent.relative_to(SOURCE).parts)) for path in (SOURCE / "flows").rglob("apps.py")
    }
    rooms = next(c for c in CONFIG["contracts"] if c["name"].startswith("Rooms of a desk"))
    assert set(rooms["containers"]) == desks
    protected = {name for c in CONFIG["contracts"] if c["type"] == "protected" for name in c["protected_modules"]}
    assert protected == {f"{desk}.sql" for desk in desks}
