"""The browser side is built from the lock, keeps no address, and is not built twice."""

import json
from pathlib import Path

import pytest
from tools import build_assets

from shopkeeper.web.static_files import VersionedFiles

PROJECT = build_assets.PROJECT


def test_the_lock_names_no_address() -> None:
    lock = (PROJECT / "package-lock.json").read_text(encoding="utf-8")
    assert "http" not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in p for name, p in packages.items() if name)
    assert all("hasInstallScript" not in p or name.endswith("/esbuild") for name, p in packages.items())


def test_every_icon_that_is_drawn_is_in_the_sprite() -> None:
    import re

    wanted = set(build_assets.icon_names())
    used: set[str] = set()
    for path in (PROJECT / "src").rglob("*.html"):
        used |= set(re.findall(r"{% icon ['\"]([a-z0-9-]+)['\"]", path.read_text(encoding="utf-8")))
    for path in (PROJECT / "src").rglob("*.py"):
        used |= set(re.findall(r"\bicon=\"([a-z0-9-]+)\"", path.read_text(encoding="utf-8")))
    for path in build_assets.SOURCES.rglob("*.ts"):
        used |= set(re.findall(r"\bicon\(\"([a-z0-9-]+)\"", path.read_text(encoding="utf-8")))
    assert used
    assert used <= wanted, used - wanted


def test_what_is_fresh_is_not_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    output = tmp_path / "out.js"

    def make() -> None:
        made.append("bundle")
        output.write_text("x")

    hashes = ["1"]
    monkeypatch.setattr(build_assets, "BUILD", tmp_path)
    monkeypatch.setattr(build_assets, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(build_assets, "stages", lambda: [("bundle", hashes[0], (output,), make)])
    assert build_assets.build() == ["bundle"]
    assert build_assets.build() == []
    hashes[0] = "2"
    assert build_assets.build() == ["bundle"]
    output.unlink()
    assert build_assets.build() == ["bundle"]
    (tmp_path / "stamps.json").write_text("{half")
    assert build_assets.build() == ["bundle"]
    assert len(made) == 4


def test_addresses_carry_the_content_s_hash() -> None:
    files = VersionedFiles()
    assert files.url("web/mark.svg").startswith("/static/web/mark.svg?v=")
    assert files.url("build/not-built-yet.js") == "/static/build/not-built-yet.js"
