"""A request that comes again, or twice at once, has one effect and one answer, wherever it broke off."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from django.db import InterfaceError, OperationalError, connection

from shopkeeper.foundation import commands, once
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.commands import Command, Step, command
from shopkeeper.foundation.models import IdempotencyKey, ReaderCursor
from shopkeeper.foundation.once import OnceKey, once_key
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.outcomes import Outcome, done, refused
from tests.databases import FreshDatabase

Adding = Command["AddOne"]


@dataclass(frozen=True, slots=True)
class AddOne:
    name: str


@pytest.fixture
def add_ones() -> Iterator[Adding]:
    """A command that is not idempotent of itself: each run adds one to a row's count."""

    @command(clause="G4", permission="nothing", scope=EVERYWHERE)
    def add_ones_for_tests(step: Step, items: Sequence[AddOne]) -> list[Outcome]:
        outcomes = []
        for item in items:
            row, _ = ReaderCursor.objects.select_for_update().get_or_create(name=item.name[:200])
            row.failures += 1
            row.save()
            outcomes.append(refused("nobody") if item.name == "nobody" else done(row.pk, count=row.failures))
        return outcomes

    yield add_ones_for_tests
    del commands.COMMANDS["add_ones_for_tests"]


def ask(run: Adding, *names: str, key: str = "k", body: bytes | None = None, actor: Actor = SYSTEM) -> list[Outcome]:
    given: OnceKey = once_key(actor.id, key, repr(names).encode() if body is None else body)
    return run(actor, [AddOne(name) for name in names], key=given)


def counts() -> dict[str, int]:
    return dict(ReaderCursor.objects.values_list("name", "failures"))


def kept() -> int:
    return IdempotencyKey.objects.count()


@pytest.mark.django_db
def test_the_second_request_gets_the_first_answer(add_ones: Adding) -> None:
    first = ask(add_ones, "a", "nobody")
    assert ask(add_ones, "a", "nobody") == first
    assert [o.code for o in first] == ["done", "nobody"]
    assert counts() == {"a": 1, "nobody": 1}
    other = Actor(7, "七", frozenset({"nothing"}), None, None)
    assert ask(add_ones, "a", actor=other)[0].facts == {"count": 2}, "keys belong to their person"


@pytest.mark.django_db
def test_a_key_with_another_body_is_refused(add_ones: Adding) -> None:
    ask(add_ones, "a")
    with pytest.raises(BusinessError, match="key_reused"):
        ask(add_ones, "b")
    assert counts() == {"a": 1}


@pytest.mark.django_db
def test_long_names_that_begin_alike_are_two_keys(add_ones: Adding) -> None:
    ask(add_ones, "a", key="k" * 200 + "1")
    ask(add_ones, "b", key="k" * 200 + "2")
    assert counts() == {"a": 1, "b": 1}


def test_effect_and_answer_are_both_there_or_neither(
    add_ones: Adding, fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends between the two: neither is there, and the repeat does it once."""

    def killed(key: OnceKey, answer: object) -> None:
        assert counts() == {"a": 1}
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(once, "keep", killed)
        with pytest.raises(SystemExit):
            ask(add_ones, "a")
    assert (counts(), kept()) == ({}, 0)
    assert ask(add_ones, "a")[0].facts == {"count": 1}
    assert ask(add_ones, "a")[0].facts == {"count": 1}


def test_a_connection_lost_before_commit_leaves_neither(
    add_ones: Adding, fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = once.keep

    def cut(key: OnceKey, answer: object) -> None:
        keep(key, answer)
        connection.connection.close()

    with monkeypatch.context() as broken:
        broken.setattr(once, "keep", cut)
        with pytest.raises((OperationalError, InterfaceError)):
            ask(add_ones, "a")
    connection.close()
    assert (counts(), kept()) == ({}, 0)
    assert ask(add_ones, "a")[0].facts == {"count": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("poisoned", [["ok", "bad\0", "fine"], ["bad\0"]])
def test_poison_rows_are_singled_out_and_the_rest_is_done_once(add_ones: Adding, poisoned: list[str]) -> None:
    first = ask(add_ones, *poisoned)
    assert [o.code for o in first] == ["bad_data" if "\0" in name else "done" for name in poisoned]
    assert ask(add_ones, *poisoned) == first
    assert counts() == {name: 1 for name in poisoned if "\0" not in name}


def test_a_long_batch_that_broke_off_goes_on_where_it_stopped(
    add_ones: Adding, fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "ITEMS_PER_TRANSACTION", 2)
    names = ["a", "b", "c", "d", "e"]
    keep = once.keep

    def killed(key: OnceKey, answer: object) -> None:
        if key.start == 2:
            raise SystemExit
        keep(key, answer)

    with monkeypatch.context() as broken:
        broken.setattr(once, "keep", killed)
        with pytest.raises(SystemExit):
            ask(add_ones, *names)
    assert counts() == {"a": 1, "b": 1}
    whole = ask(add_ones, *names)
    assert [o.facts["count"] for o in whole] == [1] * 5
    assert ask(add_ones, *names) == whole
    assert counts() == dict.fromkeys(names, 1)


def test_the_same_request_many_times_at_once_runs_once(add_ones: Adding, fresh_db: FreshDatabase) -> None:
    answers: list[list[Outcome]] = []
    gate = threading.Barrier(6)

    def work(*names: str) -> None:
        gate.wait()
        try:
            answers.append(ask(add_ones, *names))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=("a", "bad\0", "b")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [[o.code for o in answer] for answer in answers] == [["done", "bad_data", "done"]] * 6
    assert all(answer == answers[0] for answer in answers)
    assert counts() == {"a": 1, "b": 1}


def test_a_twin_that_runs_too_long_is_said_so(
    add_ones: Adding, fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "PATIENCE_S", 0.1)
    inside, go_on = threading.Event(), threading.Event()
    keep = once.keep

    def slow(key: OnceKey, answer: object) -> None:
        inside.set()
        go_on.wait(10)
        keep(key, answer)

    def first() -> None:
        try:
            ask(add_ones, "a")
        finally:
            connection.close()

    monkeypatch.setattr(once, "keep", slow)
    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(BusinessError, match="in_progress"):
        ask(add_ones, "a")
    go_on.set()
    thread.join(10)
    assert ask(add_ones, "a")[0].facts == {"count": 1}
