"""The lake of a test."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from shopkeeper.flows.analytics.lake.commands import rebuild_lake as rebuilding
from shopkeeper.flows.analytics.lake.commands import write_lake as writing
from shopkeeper.flows.analytics.lake.records.files import lake_folder
from tests.flows.analytics.lake import stage


@pytest.fixture
def empty_lake(private_var: Any) -> Iterator[None]:
    shutil.rmtree(lake_folder(), ignore_errors=True)
    yield
    shutil.rmtree(lake_folder(), ignore_errors=True)


@pytest.fixture
def own_lake(db: None, empty_lake: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty lake at noon; commands see the whole log."""
    monkeypatch.setattr(writing, "NEXT_EVENTS", stage.WHOLE_LOG)
    monkeypatch.setattr(rebuilding, "NEXT_EVENTS", stage.WHOLE_LOG)
    stage.at(monkeypatch, stage.NOON)
