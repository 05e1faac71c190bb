import psycopg
import pytest

from shopkeeper.foundation import readers
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ReaderCursor
from shopkeeper.foundation.readers import Reader
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.events import PolicyChanged

pytestmark = pytest.mark.clause("G4")


def change(value: int) -> None:
    assert set_policy.one(SYSTEM, SetPolicy("session_minutes", value, "test")).ok


def run(*made: Reader) -> int:
    readers.ensure_cursors(made)
    return readers.run_readers({reader.name: reader for reader in made})


def test_each_event_reaches_each_reader_once_in_order(fresh_db) -> None:
    seen: list[str] = []
    reader = Reader("test", (PolicyChanged,), lambda actor, batch: seen.extend(r.event.value for r in batch))
    for value in (11, 12, 13):
        change(value)
    run(reader)
    run(reader)
    assert seen == ["11", "12", "13"]
    assert not readers.anything_unread()


def test_a_reader_that_fails_keeps_its_place_and_says_why(fresh_db) -> None:
    def broken(actor, batch) -> None:
        raise ValueError("not today")

    change(11)
    run(Reader("test", (PolicyChanged,), broken))
    cursor = ReaderCursor.objects.get(name="test")
    assert cursor.event_id == 0
    assert "not today" in cursor.last_error
    seen: list[str] = []
    run(Reader("test", (PolicyChanged,), lambda actor, batch: seen.extend(r.event.value for r in batch)))
    assert seen == ["11"]


def test_a_commit_that_comes_late_is_not_skipped(fresh_db) -> None:
    """An older transaction still runs while a younger one commits: nothing is read past it."""
    seen: list[str] = []
    reader = Reader("test", (PolicyChanged,), lambda actor, batch: seen.extend(r.event.value for r in batch))
    with psycopg.connect(fresh_db.url, options="-c role=shopkeeper_app") as slow:
        slow.execute(
            "INSERT INTO foundation_event (type, clause, command, actor_id, occurred_at, data) VALUES "
            "('sop.policy_changed', 'G3', 'x', 0, '2026-01-01Z', "
            """'{"key": "a", "shop_id": null, "value": "late"}')"""
        )
        change(11)
        run(reader)
        assert seen == []
        assert readers.anything_unread()
        slow.commit()
    run(reader)
    assert seen == ["late", "11"]
