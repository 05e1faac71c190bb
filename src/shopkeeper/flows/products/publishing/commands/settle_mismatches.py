"""P4.2: a difference between us and a platform is put right by telling it again, or explained and left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.listing.queries.facts import product_facts
from shopkeeper.flows.products.publishing.commands.listing_steps import end_cases, have_published, names_of
from shopkeeper.flows.products.publishing.deadlines import MISMATCH
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.rules.comparing import GONE
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import LISTING_FLOW, ListingState, MismatchEnding, MismatchState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

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

    Until that look, or until the platform should have taken it, there is nothing to settle: the duty waits.

    On its way already is unchanged. Refused: "case_closed", "being_taken_down".
    """
    cases = {case.id: case for case in sql.LOCK_CASES.rows(ids=[item.case_id for item in items])}
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({case.listing_id for case in cases.values()}))}
    wanted: dict[int, sql.ListingRow] = {}
    telling: list[sql.CaseRow] = []
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
            telling.append(case)
            outcomes.append(done(case.id, listing_id=row.id))
    products = product_facts(sorted({row.product_id for row in wanted.values()})) if wanted else {}
    names = names_of(products)
    _wait(step, telling, {case.id: names[wanted[case.listing_id].product_id] for case in telling})
    have_published(step, list(wanted.values()), names)
    return outcomes


def _wait(step: Step, cases: Sequence[sql.CaseRow], labels: Mapping[int, str]) -> None:
    """Set their duties apart while the platform is told; overdue ones too, which stay late.

    A duty that is not late yet comes back when it is due at the latest.
    """
    policy = policies(step)
    arms = []
    for case in cases:
        opens_at = step.now + timedelta(hours=policy("publish_hours", case.shop_id))
        if case.due_at > step.now:
            opens_at = min(case.due_at, opens_at)
        arms.append(Arm(MISMATCH, case.id, case.due_at, shop_id=case.shop_id, label=labels[case.id], opens_at=opens_at))
    arm(step, arms)


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
