"""Find a real Chromium for the browser tests, or have the system install one where we may."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str | None:
    """The path of an installed Chromium, or the one named by SHOPKEEPER_BROWSER."""
    named = os.environ.get("SHOPKEEPER_BROWSER")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def find_or_install() -> str | None:
    """As root on a system with apt, install it (and a Chinese font) when it is missing."""
    path = find()
    if path or os.geteuid() != 0 or not shutil.which("apt-get"):
        return path
    sys.stdout.write("browser: installing chromium\n")
    sys.stdout.flush()
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        subprocess.run(
            ["apt-get", *arguments],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    return find()
