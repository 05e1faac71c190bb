"""P4.1: an exemption no longer holds; the word counts again at the next look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.sql import words as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class RevokeExemption:
    exemption_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P4.1", permission=Permission.EXEMPT, scope=EVERYWHERE)
def revoke_exemptions(step: Step, items: Sequence[RevokeExemption]) -> list[Outcome]:
    """End exemptions. Refused: "reason_needed". One that has ended, or never was, is unchanged."""
    asked = {item.exemption_id: item.reason.strip() for item in items if item.reason.strip()}
    rows = sql.REVOKE.rows(
        now=step.now, actor_id=step.actor.id, ids=sorted(asked), reasons=[asked[id_] for id_ in sorted(asked)]
    )
    revoked = {row.id for row in rows}
    outcomes = []
    for item in items:
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.exemption_id))
            continue
        outcomes.append(done(item.exemption_id) if item.exemption_id in revoked else unchanged(item.exemption_id))
        revoked.discard(item.exemption_id)
    return outcomes
