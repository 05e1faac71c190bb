"""G1: each clause has a named owner and a deputy in each shop; the deputy stands in during leave."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, refused
from shopkeeper.sop.clauses import CLAUSES
from shopkeeper.sop.models import ClauseOwner
from shopkeeper.sop.permissions import Permission


@dataclass(frozen=True, slots=True)
class SetClauseOwner:
    clause: str
    shop_id: int
    owner_id: int
    deputy_id: int | None = None
    is_deputy_standing_in: bool = False


@command(clause="G1", permission=Permission.OWNER_SET, scope=InShop())
def set_clause_owner(step: Step, items: Sequence[SetClauseOwner]) -> list[Outcome]:
    """Name owners and deputies. Refused: clause_unknown, person_unknown."""
    people = {item.owner_id for item in items} | {item.deputy_id for item in items if item.deputy_id}
    known = set(Person.objects.filter(id__in=people, is_active=True).values_list("id", flat=True))
    outcomes: list[Outcome] = []
    rows: dict[tuple[str, int], ClauseOwner] = {}
    for item in items:
        if item.clause not in CLAUSES:
            outcomes.append(refused("clause_unknown", clause=item.clause))
        elif not {item.owner_id, item.deputy_id or item.owner_id} <= known:
            outcomes.append(refused("person_unknown"))
        else:
            rows[item.clause, item.shop_id] = ClauseOwner(
                clause=item.clause,
                shop_id=item.shop_id,
                owner_id=item.owner_id,
                deputy_id=item.deputy_id,
                is_deputy_standing_in=item.is_deputy_standing_in,
            )
            outcomes.append(done())
    ClauseOwner.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["clause", "shop"],
        update_fields=["owner", "deputy", "is_deputy_standing_in"],
    )
    return outcomes
