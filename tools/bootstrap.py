"""Make the environment in .venv from the locked requirements. Standard library only.

    python3 tools/bootstrap.py base     what the product needs
    python3 tools/bootstrap.py vision   and what reads text off pictures
    python3 tools/bootstrap.py dev      and what tests and checks need

A stamp over the lock makes later runs cost nothing; a half-made or moved environment is made anew.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
LEVELS = ("base", "vision", "dev")  # each contains the one before
OLDEST = (3, 11)
NEWEST = (3, 14)


class CannotBootstrap(Exception):
    """The environment cannot be made; the message is one line in both languages."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stamp_for(level: str) -> str:
    """What must be unchanged for an installed level to be still good."""
    total = hashlib.sha256()
    total.update(f"{sys.version_info[:2]} {PROJECT}".encode())
    total.update((PROJECT / "requirements" / f"{level}.txt").read_bytes())
    return total.hexdigest()


def is_installed(level: str) -> bool:
    """Whether this level, or one that contains it, is installed as locked."""
    levels = LEVELS[LEVELS.index(level) :]
    return PYTHON.exists() and any(_read(VENV / f".installed-{name}") == stamp_for(name) for name in levels)


def make_environment() -> None:
    """An empty environment, unless a good one is there."""
    marker = VENV / ".project"
    if PYTHON.exists() and _read(marker) == str(PROJECT) and _same_python():
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    say("environment: making .venv")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        _make_without_pip((made.stdout + made.stderr).strip())
    marker.write_text(str(PROJECT))  # written last: without it the folder is half-made, or moved from elsewhere


def _make_without_pip(reason: str) -> None:
    """Some systems ship Python without ensurepip: use the system's pip, or have it installed where we may."""
    shutil.rmtree(VENV, ignore_errors=True)
    if _system_pip():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], check=True)
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        _apt_install(package)
        again = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False)
        if again.returncode == 0:
            return
    last = reason.splitlines()[-1] if reason else "?"
    raise CannotBootstrap(
        f"python3 建不了虚拟环境，请安装 python3-venv。 python3 cannot make an environment ({last}): "
        "install the package python3-venv."
    )


def _apt_install(*packages: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)


def _system_pip() -> bool:
    found = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False)
    return found.returncode == 0


def install(level: str) -> None:
    """Install exactly the locked files, each checked against its hash."""
    say(f"environment: installing requirements/{level}.txt (a few minutes the first time)")
    has_own_pip = subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False)
    pip = [str(PYTHON), "-m", "pip"]
    if has_own_pip.returncode != 0:
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    command = [
        *pip,
        "install",
        "-qq",
        "--no-input",
        "--disable-pip-version-check",
        "--no-cache-dir",
        "--root-user-action=ignore",
        "--require-hashes",
        "--no-deps",
        "-r",
        str(PROJECT / "requirements" / f"{level}.txt"),
    ]
    done = subprocess.run(command, check=False)
    if done.returncode != 0:
        raise CannotBootstrap(
            "安装依赖失败，请检查网络与磁盘后再试。 "
            "Installing the requirements failed: check network and disk, then run the command again."
        )


def link_project() -> None:
    """Make `import shopkeeper` and the command `shopkeeper` work in the environment."""
    site = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (site / "shopkeeper-project.pth").write_text(f"{PROJECT / 'src'}\n")
    command = VENV / "bin" / "shopkeeper"
    command.write_text(
        f"#!/bin/sh\n'''exec' \"{PYTHON}\" \"$0\" \"$@\"\n' '''\n"
        "import sys\nfrom shopkeeper.cli.main import main\nsys.exit(main())\n"
    )
    command.chmod(0o755)


def _same_python() -> bool:
    wanted = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return (VENV / "lib" / wanted).is_dir()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def bootstrap(level: str) -> None:
    """Bring .venv to the level. Killed in between, the next run goes on or starts over."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise CannotBootstrap(
            f"需要 Python 3.11 至 3.14，现在是 {sys.version.split()[0]}。 "
            f"Python 3.11 to 3.14 is needed; this is {sys.version.split()[0]}."
        )
    if is_installed(level):
        return
    make_environment()
    install(level)
    link_project()
    (VENV / f".installed-{level}").write_text(stamp_for(level))


def main() -> int:
    level = sys.argv[1] if len(sys.argv) > 1 else "base"
    if level not in LEVELS:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        bootstrap(level)
    except CannotBootstrap as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except OSError as trouble:
        sys.stderr.write(f"无法写入 .venv。 Cannot write .venv: {trouble}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断，可再次运行。 Interrupted; run it again.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
