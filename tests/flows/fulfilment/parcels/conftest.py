"""Business time stands still unless a test moves it."""

from collections.abc import Iterator
from typing import Any

import pytest

from shopkeeper.foundation import business_time
from tests.factories import NOON


@pytest.fixture
def clock(db: None, settings: Any) -> Iterator[None]:
    """A simulated clock at noon."""
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(NOON)
    yield


@pytest.fixture
def fresh_clock(fresh_db: Any, settings: Any) -> Iterator[Any]:
    """The same over a database of the test's own."""
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(NOON)
    yield fresh_db
