"""G1: the evidence that the procedure ran: what happened, how often, and what came of each clause's duties."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class TypeCount:
    name: str
    count: int


EVENTS = Statement(
    "SELECT type, count(*) FROM foundation_event GROUP BY type ORDER BY type",
    row=TypeCount,
)


@dataclass(frozen=True, slots=True)
class ClauseEvidence:
    """`done` and `refused` are items of commands; `late` and `missed` duties, open ones included."""

    clause: str
    done: int
    late: int
    missed: int
    refused: int


CLAUSE_EVIDENCE = Statement(
    """
    WITH facts AS (
        SELECT clause, done, 0 AS late, 0 AS missed, refused FROM foundation_commandrun
        UNION ALL
        SELECT clause, 0, (was_late AND ending <> 'cancelled')::int, (ending = 'missed')::int, 0
        FROM sop_deadlineclosed
        UNION ALL
        SELECT clause, 0, (late_at IS NOT NULL)::int, 0, 0 FROM sop_deadline
    )
    SELECT clause, sum(done)::bigint, sum(late)::bigint, sum(missed)::bigint, sum(refused)::bigint
    FROM facts GROUP BY clause ORDER BY clause""",
    row=ClauseEvidence,
)


@dataclass(frozen=True, slots=True)
class CommandCount:
    clause: str
    command: str
    done: int


COMMANDS_DONE = Statement(
    """
    SELECT clause, command, sum(done)::bigint FROM foundation_commandrun
    GROUP BY clause, command HAVING sum(done) > 0 ORDER BY clause, command""",
    row=CommandCount,
)


def commands_by_clause() -> dict[str, dict[str, int]]:
    """Which commands had an effect under each clause, and how often."""
    found: dict[str, dict[str, int]] = {}
    for row in COMMANDS_DONE.rows():
        found.setdefault(row.clause, {})[row.command] = row.done
    return found


def events_by_type() -> dict[str, int]:
    """How often each kind of thing happened, since the beginning."""
    return {row.name: row.count for row in EVENTS.rows()}


def clause_evidence() -> list[ClauseEvidence]:
    """Every clause something happened under, since the beginning and in all shops."""
    return CLAUSE_EVIDENCE.rows()
