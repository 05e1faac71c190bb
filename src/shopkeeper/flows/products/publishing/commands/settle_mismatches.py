"""P4.2: a difference between us and a platform is put right by telling it again, or explained and left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.listing.queries.facts import product_facts
from shopkeeper.flows.products.publishing.commands.listing_steps import end_cases, have_published, names_of
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.rules.comparing import GONE
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import LISTING_FLOW, ListingState, MismatchEnding, MismatchState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

ON_THEIR_WAY = (ListingState.TO_PUBLISH, ListingState.PUBLISHING)


@dataclass(frozen=True, slots=True)
class FixMismatch:
    case_id: int


@dataclass(frozen=True, slots=True)
class ExplainMismatch:
    case_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P4.2", permission=Permission.CHECK, scope=ShopOf("publishing_mismatch", "case_id"))
def fix_mismatches(step: Step, items: Sequence[FixMismatch]) -> list[Outcome]:
    """Have the platform told everything again. The case ends when the next look finds both equal.

    On its way already is unchanged. Refused: "case_closed", "being_taken_down".
    """
    cases = {case.id: case for case in sql.LOCK_CASES.rows(ids=[item.case_id for item in items])}
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({case.listing_id for case in cases.values()}))}
    wanted: dict[int, sql.ListingRow] = {}
    outcomes = []
    for item in items:
        case = cases[item.case_id]
        row = rows[case.listing_id]
        if case.state != MismatchState.OPEN:
            outcomes.append(refused("case_closed", case.id))
        elif row.state == ListingState.TAKING_DOWN:
            outcomes.append(refused("being_taken_down", case.id))
        elif row.state in ON_THEIR_WAY or row.id in wanted:
            outcomes.append(unchanged(case.id))
        else:
            wanted[row.id] = row
            outcomes.append(done(case.id, listing_id=row.id))
    products = product_facts(sorted({row.product_id for row in wanted.values()})) if wanted else {}
    have_published(step, list(wanted.values()), names_of(products))
    return outcomes


@command(clause="P4.2", permission=Permission.CHECK, scope=ShopOf("publishing_mismatch", "case_id"))
def explain_mismatches(step: Step, items: Sequence[ExplainMismatch]) -> list[Outcome]:
    """Close cases with the reason why the difference may stay; the same one is not reported again.

    Refused: "reason_needed", "listing_gone" for an item the platform no longer has. A closed case is unchanged.
    """
    cases = {case.id: case for case in sql.LOCK_CASES.rows(ids=[item.case_id for item in items])}
    chosen: dict[int, str] = {}
    outcomes = []
    for item in items:
        case = cases[item.case_id]
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", case.id))
        elif case.state != MismatchState.OPEN or case.id in chosen:
            outcomes.append(unchanged(case.id))
        elif f'"field": "{GONE}"' in case.differences:
            outcomes.append(refused("listing_gone", case.id))
        else:
            chosen[case.id] = item.reason.strip()
            outcomes.append(done(case.id, listing_id=case.listing_id))
    ending = [cases[id_] for id_ in chosen]
    end_cases(step, ending, MismatchEnding.EXPLAINED, chosen)
    rows = sql.LOCK.rows(ids=[case.listing_id for case in ending]) if ending else []
    differing = [row.id for row in rows if row.state == ListingState.MISMATCH]
    step.move(LISTING_FLOW, differing, ListingState.ON_SALE, "explained")
    return outcomes
