"""P4.1: the supervisor takes words off the list, with the reason; older versions still have them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.publishing.commands.word_steps import Change, new_version
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.sql import words as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class RetireTerm:
    term_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P4.1", permission=Permission.WORDS_EDIT, scope=EVERYWHERE)
def retire_terms(step: Step, items: Sequence[RetireTerm]) -> list[Outcome]:
    """Take words off the list. Refused: "reason_needed", "not_found". A word retired already is unchanged."""
    sql.TAKE_TURNS.run()
    asked = sorted({item.term_id for item in items if item.reason.strip()})
    known = {row.id for row in sql.KNOWN.rows(ids=asked)}
    in_force = {row.id for row in sql.LOCK.rows(ids=asked)}
    if in_force:
        reasons = [item.reason for item in items if item.term_id in in_force]
        sql.RETIRE.run(ids=sorted(in_force), version=new_version(step, Change(retired=len(in_force)), reasons))
    outcomes = []
    for item in items:
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.term_id))
        elif item.term_id not in known:
            outcomes.append(refused("not_found", item.term_id))
        else:
            outcomes.append(done(item.term_id) if item.term_id in in_force else unchanged(item.term_id))
            in_force.discard(item.term_id)
    return outcomes
