"""The tests' own databases: the app role, threads and commits in `fresh_db`, nothing left behind."""

import threading

import pytest
from django.db import connection

from tests.databases import Databases, FreshDatabase


def one(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_the_rolled_back_database_is_the_workers_own(db: None, databases: Databases) -> None:
    assert one("SELECT current_database()") == f"test_{databases.worker}"
    assert one("SELECT current_user") == "shopkeeper_app"


def test_a_fresh_database_is_seen_by_every_thread(fresh_db: FreshDatabase) -> None:
    seen: list[object] = []

    def look() -> None:
        seen.append(one("SELECT current_database()"))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [fresh_db.name] == [one("SELECT current_database()")]
    with fresh_db.connect() as other:
        row = other.execute("SELECT current_user").fetchone()
    assert row == ("shopkeeper_app",)


@pytest.mark.parametrize("time", [1, 2])
def test_a_fresh_database_starts_from_the_template(fresh_db: FreshDatabase, time: int) -> None:
    with fresh_db.connect(role=None) as owner:
        owner.execute("CREATE TABLE left_behind (id int)")
    assert one("SELECT count(*) FROM pg_tables WHERE tablename = 'left_behind'") == 1
