"""One row per run of a command: what was done, what was refused and why. Append-only."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.outcomes import Outcome

if TYPE_CHECKING:
    from shopkeeper.foundation.commands import Command

WRITE = Statement("""
    INSERT INTO foundation_commandrun (command, clause, actor_id, occurred_at, done, unchanged, refused, codes)
    VALUES (%(command)s::text, %(clause)s::text, %(actor_id)s::bigint, %(occurred_at)s::timestamptz,
            %(done)s::int, %(unchanged)s::int, %(refused)s::int, %(codes)s::jsonb)""")


def record_run(command: "Command[Any]", actor: Actor, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write the run's row; a system run that changed and refused nothing leaves none."""
    results = Counter(str(outcome.result) for outcome in outcomes)
    if actor.kind == "system" and not results["done"] and not results["refused"]:
        return
    codes = Counter(outcome.code for outcome in outcomes if not outcome.ok)
    WRITE.run(
        command=command.name,
        clause=command.clause,
        actor_id=actor.id,
        occurred_at=now,
        done=results["done"],
        unchanged=results["unchanged"],
        refused=results["refused"],
        codes=json.dumps(codes, sort_keys=True),
    )


def record_denied(command: "Command[Any]", actor: Actor, items: int) -> None:
    """Somebody tried what they may not do: on record, with nothing changed."""
    WRITE.run(
        command=command.name,
        clause=command.clause,
        actor_id=actor.id,
        occurred_at=business_time.now(),
        done=0,
        unchanged=0,
        refused=items,
        codes=json.dumps({"not_allowed": items}),
    )
