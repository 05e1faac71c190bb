"""Compile requirements/*.in to *.txt: every file hashed, any supported Python, no package-host address."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
OPTIONS = [
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--universal",
    "--python-version",
    "3.11",
]


SAME_AS_DEV = ["-c", "requirements/dev.txt"]


def main() -> int:
    # dev first: the others take the same versions, so that one environment serves both.
    for name, more in (("dev", []), ("vision", SAME_AS_DEV), ("base", SAME_AS_DEV)):
        command = [
            sys.executable, "-m", "uv", "pip", "compile", "--quiet", f"requirements/{name}.in",
            "-o", f"requirements/{name}.txt", *OPTIONS, *more,
        ]  # fmt: skip
        if subprocess.run(command, cwd=PROJECT, check=False).returncode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
