"""M1.1: a segment of customers is defined, and counted in the same breath."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.segments import size_of
from shopkeeper.flows.marketing.campaigns.rules.segments import (
    BadDefinition,
    Definition,
    read_definition,
    write_definition,
)
from shopkeeper.flows.marketing.campaigns.sql import segments as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop, ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class SaveSegment:
    """A segment by its code in a shop; `definition` as rules/segments.py reads it."""

    shop_id: int
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    definition: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.shop_id, self.code.strip()


@command(clause="M1.1", permission=Permission.SEGMENT_EDIT, scope=InShop())
def save_segment(step: Step, items: Sequence[SaveSegment]) -> list[Outcome]:
    """Save segments, and bring retired ones back. Done with `facts`: size. The same words again: unchanged.

    Refused: "segment_unnamed", "segment_twice" in one batch, "segment_unknown_condition", "segment_out_of_bounds",
    "segment_backwards" (each with `field`).
    """
    read = [_read(item) for item in items]
    verdicts: list[Outcome | None] = []
    fit: dict[Key, tuple[SaveSegment, Definition]] = {}
    for item, said in zip(items, read, strict=True):
        if isinstance(said, Outcome):
            verdicts.append(said)
        elif item.key in fit:
            verdicts.append(refused("segment_twice"))
        else:
            verdicts.append(None)
            fit[item.key] = (item, said)
    rows, sizes = _write(step, fit) if fit else ({}, {})
    outcomes = []
    for item, verdict in zip(items, verdicts, strict=True):
        if verdict is not None:
            outcomes.append(verdict)
            continue
        id_ = rows[item.key]
        outcomes.append(done(id_, size=sizes[id_]) if id_ in sizes else unchanged(id_))
    return outcomes


def _read(item: SaveSegment) -> Definition | Outcome:
    if not item.code.strip() or not item.name.strip() or "\x00" in item.code + item.name:
        return refused("segment_unnamed")
    try:
        return read_definition(item.definition)
    except BadDefinition as wrong:
        return refused(wrong.code, field=wrong.field)


def _write(step: Step, fit: dict[Key, tuple[SaveSegment, Definition]]) -> tuple[dict[Key, int], dict[int, int]]:
    """Write segments down; their ids, and the sizes of those that are new or changed."""
    said = as_json(
        [
            {
                "shop_id": item.shop_id,
                "code": item.code.strip(),
                "name": item.name.strip(),
                "definition": write_definition(definition),
            }
            for item, definition in fit.values()
        ]
    )
    who = {"now": step.now, "actor_id": step.actor.id}
    made = sql.MAKE.rows(segments=said, **who)
    rows = sql.BY_CODE.rows(shops=[shop for shop, _ in fit], codes=[code for _, code in fit])
    changed = [*made, *sql.REWRITE.rows(segments=said, **who)]
    sizes = count(step, changed)
    return {(row.shop_id, row.code): row.id for row in rows}, sizes


def count(step: Step, rows: Sequence[sql.SegmentRow]) -> dict[int, int]:
    """Count segments and note their sizes: one statement each, as each is a question of its own."""
    policy = policies(step)
    sizes = {
        row.id: size_of(row.shop_id, read_definition(json.loads(row.definition)), step.now, policy) for row in rows
    }
    sql.NOTE_SIZES.run(segments=list(sizes), sizes=list(sizes.values()), now=step.now)
    return sizes


@dataclass(frozen=True, slots=True)
class CountSegment:
    segment_id: int


OF_SEGMENT = ShopOf("campaigns_segment", "segment_id")


@command(clause="M1.1", permission=Permission.SEGMENT_EDIT, scope=OF_SEGMENT)
def count_segments(step: Step, items: Sequence[CountSegment]) -> list[Outcome]:
    """Count segments anew. Done with `facts`: size. Refused: "segment_retired". Counted this moment: unchanged."""
    rows = {row.id: row for row in sql.LOCK.rows(segments=sorted({item.segment_id for item in items}))}
    sizes = count(step, [row for row in rows.values() if not row.is_retired])
    outcomes, said = [], set[int]()
    for item in items:
        if rows[item.segment_id].is_retired:
            outcomes.append(refused("segment_retired", item.segment_id))
            continue
        fresh = item.segment_id not in said
        said.add(item.segment_id)
        size = sizes[item.segment_id]
        outcomes.append(done(item.segment_id, size=size) if fresh else unchanged(item.segment_id, size=size))
    return outcomes


@dataclass(frozen=True, slots=True)
class RetireSegment:
    segment_id: int


@command(clause="M1.1", permission=Permission.SEGMENT_EDIT, scope=OF_SEGMENT)
def retire_segments(step: Step, items: Sequence[RetireSegment]) -> list[Outcome]:
    """Take segments off the lists; plans that name one keep it, nobody is written to by it. Again: unchanged."""
    ids = sorted({item.segment_id for item in items})
    sql.LOCK.rows(segments=ids)
    retired = {row.id for row in sql.RETIRE.rows(segments=ids, now=step.now, actor_id=step.actor.id)}
    outcomes = []
    for item in items:
        outcomes.append(done(item.segment_id) if item.segment_id in retired else unchanged(item.segment_id))
        retired.discard(item.segment_id)
    return outcomes
