"""Which files belong to the project: what is committed, or would be."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "shopkeeper"
LEFT_OUT = {".git", ".venv", "var", "node_modules", "build", "dist", "__pycache__"}


@functools.cache
def files() -> tuple[Path, ...]:
    """Tracked and not ignored files; without git, everything but the well-known folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return tuple(path for path in sorted(PROJECT.rglob("*")) if path.is_file() and not _left_out(path))
    paths = (PROJECT / name for name in sorted(found.stdout.split("\0")) if name)
    return tuple(path for path in paths if path.is_file())


def _left_out(path: Path) -> bool:
    parts = path.relative_to(PROJECT).parts
    return any(part in LEFT_OUT or part.endswith((".egg-info", "_cache")) for part in parts)


def python_files(*, under: Path = SOURCE, migrations: bool = False) -> Iterator[Path]:
    for path in files():
        if path.suffix == ".py" and path.is_relative_to(under) and (migrations or "migrations" not in path.parts):
            yield path


def templates() -> Iterator[Path]:
    for path in files():
        if path.suffix == ".html" and "templates" in path.parts and path.is_relative_to(SOURCE):
            yield path


@functools.cache
def parsed(path: Path) -> ast.Module:
    """Its syntax tree; empty for a file with a syntax error, which the linter reports."""
    try:
        return ast.parse(path.read_text(encoding="utf-8"), str(path))
    except SyntaxError:
        return ast.Module([], [])


def named(path: Path, line: int = 0) -> str:
    """How a problem names its place."""
    name = str(path.relative_to(PROJECT))
    return f"{name}:{line}" if line else name
