"""A shop whose pages send traffic, files of the collector, sheets of figures, and a clock that stands still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shopkeeper.flows.analytics.collection.commands.keep_sources import AddSource, add_figure_sources
from shopkeeper.flows.analytics.collection.commands.open_collectors import OpenCollector, open_collectors
from shopkeeper.flows.analytics.collection.commands.take_in_figures import FigureLine, TakeInFigures
from shopkeeper.flows.analytics.collection.models import CollectorKey
from shopkeeper.flows.analytics.collection.records import spool
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from tests import factories as make

DAY = date(2026, 6, 1)  # the day that make.NOON is in
NOON_MS = int(make.NOON.timestamp() * 1000)
ORIGIN = "https://shop.example"


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def shop_with_collector(**fields: Any) -> tuple[Shop, str]:
    """A shop that is listened to, and its key."""
    shop = make.make_shop(**fields)
    assert open_collectors.one(SYSTEM, OpenCollector(shop.pk, (ORIGIN,))).changed
    return shop, CollectorKey.objects.get(shop=shop).key


def shop_with_source(**fields: Any) -> tuple[Shop, int]:
    """A shop whose figures are asked for every day, and the source's id."""
    shop = make.make_shop(**fields)
    outcome = add_figure_sources.one(SYSTEM, AddSource(shop.pk, "sycm"))
    assert outcome.changed
    return shop, outcome.id or 0


def line(shop: Shop, id: str = "event-0001", **fields: Any) -> dict[str, Any]:
    """One event as the collector keeps it."""
    return {
        "id": id, "shop": shop.pk, "v": "v1", "s": "s1", "m": "", "kind": "view", "at": NOON_MS, "ch": "search",
        "p": "/", "sku": None, "stay": None, **fields,
    }  # fmt: skip


def closed_file(events: Sequence[dict[str, Any]], name: str = "00000000000000000001-1-abc") -> str:
    """A file of the collector that was closed; its name."""
    folder = spool.spool_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / (name + spool.CLOSED)).write_bytes(spool.as_lines(events))
    return name


@pytest.fixture
def own_spool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Path:
    """A spool folder of the test's own."""
    settings.SHOPKEEPER_VAR = tmp_path
    return tmp_path / "spool"


def sheet(shop: Shop, *days: date, breakdown: str = "shop", **figures: int) -> TakeInFigures:
    """A sheet of whole days with the same figures each."""
    values = figures or {"visitors": 100, "buyers": 5, "orders": 6, "paid_minor": 60_000}
    lines = tuple(FigureLine(day, day, dict(values), line=n) for n, day in enumerate(days, start=2))
    return TakeInFigures(shop.pk, "sycm", breakdown, lines)  # type: ignore[arg-type]


def days_before(n: int) -> date:
    return DAY - timedelta(days=n)


def signed_in(*roles: str, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    person = make.make_person(*roles, shops=shops)
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@dataclass(frozen=True, slots=True)
class Closed:
    ending: str
    was_late: bool


def closed_deadline(kind: str) -> Closed:
    """How the newest deadline of a kind ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = %s ORDER BY closed_at DESC, deadline_id DESC",
            [kind],
        )
        return Closed(*cursor.fetchone())
