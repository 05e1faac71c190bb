"""The command decorator: authorise, judge within one transaction, record; outcome per item.

A command takes a batch. It is called by page, API, sweeper and reaction alike, is registered under its SOP
clause, and is the only thing that writes. Poison rows are singled out; serialisation failures are retried.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from psycopg import errors as pg

from shopkeeper.foundation import business_time, command_log, errands, events, moves, once
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.gathering import Gatherer
from shopkeeper.foundation.once import OnceKey
from shopkeeper.foundation.scope import Scope
from shopkeeper.foundation.sql import Unwritable
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.shared.outcomes import Outcome, as_plain, from_plain, refused, signed
from shopkeeper.shared.transitions import Transitions

ITEMS_PER_TRANSACTION = 1_000
ATTEMPTS = 6
POISON = (DataError, IntegrityError, UnicodeError, Unwritable)
Item = TypeVar("Item")
Answer = TypeVar("Answer")
COMMANDS: dict[str, "Command[Any]"] = {}
_GATHERER: Gatherer[Any, Outcome] = Gatherer()


class Collided(Exception):
    """Somebody else wrote the same thing at the same moment: the transaction is taken back and run again."""


@dataclass(slots=True)
class Step:
    """What a command's body works with: who, when, and the ways to announce, move and send."""

    actor: Actor
    now: datetime
    command: "Command[Any]"
    why: str = ""
    memory: dict[str, Any] = field(default_factory=dict)
    announced: list[events.Announced] = field(default_factory=list)
    wanted: list[errands.Errand] = field(default_factory=list)

    def emit(self, *happened: events.Event) -> None:
        """Announce events; they are written in one statement when the command is through."""
        self.announced.extend(events.Announced(event, self.command.clause, self.command.name) for event in happened)

    def errand(self, *more: errands.Errand) -> None:
        """Have something said to an outside system after commit."""
        self.wanted.extend(more)

    def move(self, flow: Transitions, ids: Sequence[int], to: StrEnum, reason: str = "") -> list[moves.Moved]:
        """Move states; returns the rows that moved, with the state they left."""
        return moves.move(
            flow,
            ids,
            to,
            now=self.now,
            actor_id=self.actor.id,
            command=self.command.name,
            reason=reason or self.why,
        )


@dataclass(frozen=True)
class Command(Generic[Item]):
    """A registered command. Call it with an actor and items; `within` runs it inside another's transaction."""

    name: str
    desk: str
    clause: str
    permission: str
    scope: Scope
    item: type[Item]
    body: Callable[[Step, Sequence[Item]], list[Outcome]]
    internal: bool = False
    gathered: bool = False

    def __call__(
        self, actor: Actor, items: Sequence[Item], *, why: str = "", key: OnceKey | None = None
    ) -> list[Outcome]:
        """Run the batch; each thousand items is one transaction. Raises NotAllowed without the permission.

        Under a `key` the same request is done once: each transaction keeps its answer with what it did.
        """
        if not actor.may(self.permission):
            command_log.record_denied(self, actor, len(items))
            raise NotAllowed(self.permission)
        outcomes: list[Outcome] = []
        for start in range(0, len(items), ITEMS_PER_TRANSACTION):
            part = items[start : start + ITEMS_PER_TRANSACTION]
            outcomes += self._run_once(actor, part, why, key.part(start)) if key else self._run(actor, part, why)
        return outcomes

    def one(self, actor: Actor, item: Item, *, why: str = "") -> Outcome:
        return self(actor, [item], why=why)[0]

    def gather(self, actor: Actor, item: Item, *, why: str = "") -> Outcome:
        """One item at a door that many use at once: with others of this moment, where the command declares it."""
        if not self.gathered or connection.in_atomic_block:
            return self.one(actor, item, why=why)
        return _GATHERER.call((self.name, actor, why), item, lambda items: self(actor, items, why=why))

    def within(self, step: Step, items: Sequence[Item]) -> list[Outcome]:
        """Run the body as part of another command's transaction, under that command's authority."""
        inner = Step(step.actor, step.now, self, step.why, step.memory, step.announced, step.wanted)
        return signed(self.body(inner, items), self.desk) if items else []

    def _run(self, actor: Actor, items: Sequence[Item], why: str) -> list[Outcome]:
        """One transaction, or as many as it takes to single out a poison row."""
        return self._halving(actor, items, lambda some: retrying(lambda: self._transact(actor, some, why)))

    def _run_once(self, actor: Actor, items: Sequence[Item], why: str, key: OnceKey) -> list[Outcome]:
        """One transaction with the key's row in it, also where poison rows have to be singled out."""

        def keyed(perform: Callable[[], list[Outcome]]) -> list[Outcome]:
            with transaction.atomic():
                known = once.claim(key)
                if known:
                    return [from_plain(kept) for kept in known.answer]
                outcomes = perform()
                once.keep(key, [as_plain(outcome) for outcome in outcomes])
            return outcomes

        def savepoint(some: Sequence[Item]) -> list[Outcome]:
            with transaction.atomic():
                outcomes = self._perform(actor, some, why)
                connection.check_constraints()  # what is checked at commit must show whose fault it is
            return outcomes

        try:
            return retrying(lambda: keyed(lambda: self._perform(actor, items, why)))
        except POISON:
            return retrying(lambda: keyed(lambda: self._halving(actor, items, savepoint)))

    def _halving(
        self, actor: Actor, items: Sequence[Item], run: Callable[[Sequence[Item]], list[Outcome]]
    ) -> list[Outcome]:
        """A batch that the database refuses is halved until the poison row stands alone."""
        try:
            return run(items)
        except POISON as error:
            if len(items) == 1:
                outcomes = signed([refused("bad_data", constraint=_constraint(error))], self.desk)
                command_log.record_run(self, actor, outcomes, business_time.now())
                return outcomes
            middle = len(items) // 2
            return self._halving(actor, items[:middle], run) + self._halving(actor, items[middle:], run)

    def _transact(self, actor: Actor, items: Sequence[Item], why: str) -> list[Outcome]:
        with transaction.atomic():
            return self._perform(actor, items, why)

    def _perform(self, actor: Actor, items: Sequence[Item], why: str) -> list[Outcome]:
        """Run the body on what the actor may see and write the record, in the transaction at hand."""
        step = Step(actor, business_time.now(), self, why)
        visible = self.scope.visible(actor, items)
        shown = [item for item, seen in zip(items, visible, strict=True) if seen]
        answers = iter(self.body(step, shown) if shown else [])
        outcomes = signed([next(answers) if seen else refused("not_found") for seen in visible], self.desk)
        errands.enqueue(step.wanted)
        command_log.record_run(self, actor, outcomes, step.now, events=step.announced, why=why)
        return outcomes


def retrying(run: Callable[[], Answer]) -> Answer:
    """Retry deadlocks and serialisation failures where this call owns the transaction."""
    for attempt in range(ATTEMPTS):
        try:
            return run()
        except Collided:
            if connection.in_atomic_block or attempt == ATTEMPTS - 1:
                raise
        except OperationalError as error:
            transient = isinstance(error.__cause__, pg.SerializationFailure | pg.DeadlockDetected)
            if not transient or connection.in_atomic_block or attempt == ATTEMPTS - 1:
                raise
        time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311  (jitter, not a secret)
    raise AssertionError("unreachable")


def _constraint(error: Exception) -> str:
    diagnostic = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnostic, "constraint_name", None) or type(error.__cause__).__name__)


def command(
    *, clause: str, permission: str, scope: Scope, internal: bool = False, gathered: bool = False
) -> Callable[[Callable[[Step, Sequence[Item]], list[Outcome]]], Command[Item]]:
    """Register a function as the command of an SOP clause. `internal` commands have no door for programs.

    Single calls of a `gathered` command that come at the same moment are run as one batch.
    """

    def register(body: Callable[[Step, Sequence[Item]], list[Outcome]]) -> Command[Item]:
        hints = body.__annotations__["items"]
        item_type = hints.__args__[0]
        desk = body.__module__.split(".commands")[0].split(".")[-1]
        made = Command(body.__name__, desk, clause, str(permission), scope, item_type, body, internal, gathered)
        object.__setattr__(made, "__doc__", body.__doc__)
        if body.__name__ in COMMANDS:
            raise RuntimeError(f"two commands are called {body.__name__}")
        COMMANDS[body.__name__] = made
        return made

    return register
