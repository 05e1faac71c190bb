import threading
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from django.db import connection

from shopkeeper.foundation import command_log
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS, Command, Step
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.scope import EVERYWHERE, InShop
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.shared.outcomes import Outcome, done, refused
from shopkeeper.sop.events import PolicyChanged
from tests import factories as make

pytestmark = pytest.mark.clause("G4")


@dataclass(frozen=True, slots=True)
class Name:
    code: str
    shop_id: int | None = None


def make_command(body, scope=EVERYWHERE) -> Command:
    return Command("try_it", "foundation", "G4", "try.it", scope, Name, body)


def add_warehouses(step: Step, items: Sequence[Name]) -> list[Outcome]:
    made = Warehouse.objects.bulk_create([Warehouse(code=item.code, name=item.code) for item in items])
    step.emit(*(PolicyChanged(item.code, None, "1") for item in items))
    return [done(row.pk) for row in made]


def runs() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT done, unchanged, refused, codes::text FROM foundation_commandrun ORDER BY id")
        return cursor.fetchall()


def logged() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_event")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_shop_that_is_not_there_is_seen_by_nobody() -> None:
    shop = make.make_shop()
    items = [Name("a", shop.pk), Name("b", shop.pk + 1), Name("c")]
    seen = make_command(lambda step, given: [done() for _ in given], InShop())(SYSTEM, items)
    assert [outcome.code for outcome in seen] == ["done", "not_found", "done"]


@pytest.mark.django_db
def test_change_event_and_record_are_written_together() -> None:
    actor = make.actor_with("try.it")
    outcomes = make_command(add_warehouses)(actor, [Name("A"), Name("B")], why="two more")
    assert [o.ok for o in outcomes] == [True, True]
    assert Warehouse.objects.count() == 2
    assert logged() == 2
    assert runs() == [(2, 0, 0, "{}")]


@pytest.mark.django_db
def test_without_permission_nothing_changes_and_the_attempt_is_on_record() -> None:
    with pytest.raises(NotAllowed):
        make_command(add_warehouses)(make.actor_with("other"), [Name("A")])
    assert not Warehouse.objects.exists()
    assert logged() == 0
    assert runs() == [(0, 0, 1, '{"not_allowed": 1}')]


@pytest.mark.django_db
def test_items_outside_the_scope_answer_as_if_they_did_not_exist() -> None:
    shop, foreign = make.make_shop(), make.make_shop()
    before = Warehouse.objects.count()
    actor = make.actor_with("try.it", shops=[shop])
    command = make_command(add_warehouses, InShop())
    outcomes = command(actor, [Name("A", foreign.pk), Name("B", shop.pk), Name("C", foreign.pk)])
    assert [o.code for o in outcomes] == ["not_found", "done", "not_found"]
    assert Warehouse.objects.count() == before + 1


@pytest.mark.django_db
def test_a_poison_row_is_refused_alone() -> None:
    outcomes = make_command(add_warehouses)(SYSTEM, [Name("A"), Name("B"), Name("x" * 99), Name("C")])
    assert [o.code for o in outcomes] == ["done", "done", "bad_data", "done"]
    assert sorted(Warehouse.objects.values_list("code", flat=True)) == ["A", "B", "C"]


@pytest.mark.django_db
def test_what_json_cannot_hold_is_poison_and_a_mistake_of_ours_is_not() -> None:
    def tell(step: Step, items: Sequence[Name]) -> list[Outcome]:
        step.emit(*(PolicyChanged(item.code, None, "1") for item in items))
        return [done() for _ in items]

    def mistaken(step: Step, items: Sequence[Name]) -> list[Outcome]:
        return [done() for item in items if item.code + 1]  # type: ignore[operator]

    outcomes = make_command(tell)(SYSTEM, [Name("A"), Name("half \ud83d"), Name("B")])
    assert [o.code for o in outcomes] == ["done", "bad_data", "done"]
    with pytest.raises(TypeError):
        make_command(mistaken)(SYSTEM, [Name("A"), Name("B")])


@pytest.mark.django_db
def test_when_the_record_cannot_be_written_the_change_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr(command_log, "record_run", broken)
    with pytest.raises(RuntimeError):
        make_command(add_warehouses)(SYSTEM, [Name("A")])
    assert not Warehouse.objects.exists()


@pytest.mark.django_db
def test_a_refusal_announces_nothing() -> None:
    outcomes = make_command(lambda step, items: [refused("no") for _ in items])(SYSTEM, [Name("A")])
    assert outcomes[0].code == "no"
    assert logged() == 0


@pytest.mark.django_db
def test_more_than_a_thousand_items_are_several_transactions() -> None:
    sizes: list[int] = []

    def count(step: Step, items: Sequence[Name]) -> list[Outcome]:
        sizes.append(len(items))
        return [done() for _ in items]

    assert len(make_command(count)(SYSTEM, [Name(str(n)) for n in range(2_300)])) == 2_300
    assert sizes == [1_000, 1_000, 300]


@pytest.mark.django_db
def test_the_app_role_cannot_change_or_delete_events_and_ledgers() -> None:
    make_command(add_warehouses)(SYSTEM, [Name("A")])
    for table in ("foundation_event", "foundation_statechange", "foundation_commandrun", "stock_ledger"):  # fmt: skip
        for statement in (f"UPDATE {table} SET recorded_at = recorded_at", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
                cursor.execute("SAVEPOINT before")
                try:
                    cursor.execute(statement)
                finally:
                    cursor.execute("ROLLBACK TO before")


def test_every_registered_command_names_clause_permission_and_says_what_it_does() -> None:
    for command in COMMANDS.values():
        assert command.__doc__, command.name
        assert command.clause, command.name
        assert command.permission, command.name


def test_deadlocks_are_retried(fresh_db) -> None:
    """Two batches that lock two rows in opposite order: both go through."""
    ids = [Warehouse.objects.create(code=c, name=c).pk for c in "AB"]
    meet = threading.Barrier(2)
    met: set[int] = set()

    def lock_both(step: Step, items: Sequence[Name]) -> list[Outcome]:
        order = ids if items[0].code == "up" else ids[::-1]
        for index, row_id in enumerate(order):
            Warehouse.objects.filter(pk=row_id).update(name=items[0].code)
            if index == 0 and threading.get_ident() not in met:
                met.add(threading.get_ident())
                meet.wait(5)
        return [done()]

    answers: list[str] = []

    def run(code: str) -> None:
        answers.append(make_command(lock_both).one(SYSTEM, Name(code)).code)
        connection.close()

    threads = [threading.Thread(target=run, args=(code,)) for code in ("up", "down")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["done", "done"]
