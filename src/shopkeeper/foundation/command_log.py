"""One row per run of a command: what was done, what was refused and why. Append-only."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Announced, as_rows
from shopkeeper.foundation.sql import Statement, as_json
from shopkeeper.shared.outcomes import Outcome, refused

if TYPE_CHECKING:
    from shopkeeper.foundation.commands import Command

# The run's row and its events go in together: one statement, one moment, all or nothing.
WRITE = Statement("""
    WITH run AS (
        INSERT INTO foundation_commandrun (command, clause, actor_id, occurred_at, done, unchanged, refused, codes)
        SELECT %(command)s::text, %(clause)s::text, %(actor_id)s::bigint, %(occurred_at)s::timestamptz,
               %(done)s::int, %(unchanged)s::int, %(refused)s::int, %(codes)s::jsonb
        WHERE %(leaves_row)s::boolean
    )
    INSERT INTO foundation_event (type, subject_id, shop_id, clause, command, actor_id, why, occurred_at, data)
    SELECT type, subject_id, shop_id, clause, command, %(actor_id)s::bigint, %(why)s::text,
           %(occurred_at)s::timestamptz, data
    FROM json_to_recordset(%(events)s::json)
         AS given (type text, subject_id bigint, shop_id bigint, clause text, command text, data jsonb)""")


def record_run(
    command: "Command[Any]",
    actor: Actor,
    outcomes: Sequence[Outcome],
    now: datetime,
    *,
    events: Sequence[Announced] = (),
    why: str = "",
) -> None:
    """Write the run's row and its events; a system run that changed and refused nothing leaves no row."""
    results = Counter(str(outcome.result) for outcome in outcomes)
    leaves_row = actor.kind != "system" or bool(results["done"] or results["refused"])
    if not leaves_row and not events:
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
        leaves_row=leaves_row,
        why=why,
        events=as_json(as_rows(events)),
    )


def record_denied(command: "Command[Any]", actor: Actor, items: int) -> None:
    """Somebody tried what they may not do: on record, with nothing changed."""
    record_run(command, actor, [refused("not_allowed")] * items, business_time.now())
