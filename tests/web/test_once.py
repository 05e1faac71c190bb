"""A request that comes again, or twice at once, has one effect and one answer."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.shared.errors import BusinessError
from shopkeeper.web import once
from tests.databases import FreshDatabase


@pytest.mark.django_db
def test_the_second_request_gets_the_first_answer() -> None:
    runs: list[int] = []

    def run() -> list[int]:
        runs.append(1)
        return [len(runs)]

    assert once.once(1, "form:a", b"x", run) == [1]
    assert once.once(1, "form:a", b"x", run) == [1]
    assert once.once(2, "form:a", b"x", run) == [2], "keys belong to their person"
    assert len(runs) == 2


@pytest.mark.django_db
def test_a_key_with_another_body_is_refused() -> None:
    once.once(1, "form:a", b"x", lambda: 1)
    with pytest.raises(BusinessError, match="key_reused"):
        once.once(1, "form:a", b"y", lambda: 2)


@pytest.mark.django_db
def test_a_failed_run_gives_the_key_back() -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        once.once(1, "form:a", b"x", fail)
    assert once.once(1, "form:a", b"x", lambda: "done") == "done"


@pytest.mark.django_db
def test_a_key_whose_holder_died_is_taken_over_after_its_lease() -> None:
    once.claim(1, "scan:a", b"x", lease=timedelta(seconds=5))
    with pytest.raises(BusinessError, match="in_progress"):
        once.claim(1, "scan:a", b"x", lease=timedelta(seconds=5))
    assert once.claim(1, "scan:a", b"x", lease=timedelta(seconds=-1)).is_ours


def test_the_same_request_twice_at_once_runs_once(fresh_db: FreshDatabase) -> None:
    runs: list[int] = []
    answers: list[object] = []
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        answers.append(once.once(1, "form:a", b"x", lambda: runs.append(1) or "first"))  # type: ignore[func-returns-value]
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert runs == [1]
    assert answers == ["first"] * 4
