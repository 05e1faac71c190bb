"""P4.2: a listing was read back; it is as we said, or somebody has to settle the difference."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.products.listing.queries.facts import product_facts
from shopkeeper.flows.products.publishing.commands.listing_steps import end_cases, end_sale, names_of
from shopkeeper.flows.products.publishing.deadlines import CHECK, MISMATCH
from shopkeeper.flows.products.publishing.events import ListingChecked, MismatchFound
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.ports import ListingFacts
from shopkeeper.flows.products.publishing.queries.jobs import ListingJob, listing_jobs
from shopkeeper.flows.products.publishing.rules.comparing import (
    Compared,
    compare,
    differences,
    said_of,
    takes_down,
)
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import LISTING_FLOW, SELLING, ListingState, MismatchEnding
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close, open_now
from shopkeeper.sop.policy import policies

BY_POLICY = "take_down_on"


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """What the platform showed when asked at a moment; `seen` None: it does not know the item."""

    listing_id: int
    asked_at: datetime
    seen: ListingFacts | None


@dataclass(frozen=True, slots=True)
class Checked:
    """One listing compared; `found` is what differs and nobody has explained yet."""

    row: sql.ListingRow
    seen: ListingFacts | None
    compared: list[Compared]
    found: list[Compared]


@command(clause="P4.2", permission=Permission.RECORD, scope=ShopOf("publishing_listing", "listing_id"), internal=True)
def record_checks(step: Step, items: Sequence[RecordCheck]) -> list[Outcome]:
    """Compare field by field and note it. Equal: the check is done, an open difference is settled.

    Different: a case with both values and its deadline, and by policy the end of the sale. A listing that is
    not on sale any more is unchanged; differences explained since publishing do not count again.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.listing_id for item in items])}
    latest = {item.listing_id: item for item in items if rows[item.listing_id].state in SELLING}
    jobs = listing_jobs(latest)
    explained = _explained(sorted(latest))
    checked = [
        _look(rows[id_], jobs[id_], item, explained.get(id_, frozenset())) for id_, item in sorted(latest.items())
    ]
    if checked:
        _note(step, checked)
        _settle(step, [c for c in checked if not c.found])
        _open(step, [c for c in checked if c.found])
    return [done(i.listing_id) if i.listing_id in latest else unchanged(i.listing_id) for i in items]


def _explained(listing_ids: Sequence[int]) -> dict[int, frozenset[Compared]]:
    """Differences a person has said may stay, by listing."""
    rows = sql.EXPLAINED.rows(listings=listing_ids) if listing_ids else []
    return {row.listing_id: frozenset(Compared(**one) for one in json.loads(row.differences)) for row in rows}


def _look(row: sql.ListingRow, job: ListingJob, item: RecordCheck, explained: frozenset[Compared]) -> Checked:
    told = {sku.code: sku.told if sku.told_seq == sku.wanted_seq else None for sku in job.skus}
    compared = compare(said_of(job.said, told), item.seen)
    return Checked(row, item.seen, compared, [one for one in differences(compared) if one not in explained])


def _note(step: Step, checked: Sequence[Checked]) -> None:
    sql.CHECKED.run(
        now=step.now,
        checks=as_json(
            [
                {
                    "id": c.row.id,
                    "is_equal": not c.found,
                    "seen": {
                        "compared": [one.as_row() for one in c.compared],
                        "facts": asdict(c.seen) if c.seen else None,
                    },
                }
                for c in checked
            ]
        ),
    )
    close(step, CHECK, [c.row.id for c in checked])
    step.emit(*(ListingChecked(c.row.id, c.row.product_id, c.row.shop_id, len(c.found)) for c in checked))


def _settle(step: Step, checked: Sequence[Checked]) -> None:
    """Equal again: the case ends, the listing is simply on sale."""
    if not checked:
        return
    end_cases(step, sql.OPEN_CASES_OF.rows(listings=[c.row.id for c in checked]), MismatchEnding.EQUAL)
    differed = [c.row.id for c in checked if c.row.state == ListingState.MISMATCH]
    step.move(LISTING_FLOW, differed, ListingState.ON_SALE)


def _open(step: Step, checked: Sequence[Checked]) -> None:
    """A case per listing with its deadline; one that is open already takes the newest differences."""
    if not checked:
        return
    policy = policies(step)
    known = {case.listing_id for case in sql.OPEN_CASES_OF.rows(listings=[c.row.id for c in checked])}
    dues = {c.row.id: step.now + timedelta(hours=policy("mismatch_hours", c.row.shop_id)) for c in checked}
    cases = sql.OPEN_CASES.rows(
        now=step.now,
        cases=as_json(
            [
                {
                    "listing_id": c.row.id,
                    "shop_id": c.row.shop_id,
                    "due_at": dues[c.row.id].isoformat(),
                    "differences": [one.as_row() for one in c.found],
                }
                for c in checked
            ]
        ),
    )
    step.move(LISTING_FLOW, [c.row.id for c in checked if c.row.state == ListingState.ON_SALE], ListingState.MISMATCH)
    fresh = [case for case in cases if case.listing_id not in known]
    open_now(MISMATCH, [case.id for case in cases if case.listing_id in known])
    names = names_of(product_facts(sorted({c.row.product_id for c in checked})))
    products = {c.row.id: c.row.product_id for c in checked}
    arm(
        step,
        [
            Arm(
                MISMATCH,
                case.id,
                dues[case.listing_id],
                shop_id=case.shop_id,
                label=names[products[case.listing_id]],
            )
            for case in fresh
        ],
    )
    step.emit(*(MismatchFound(case.id, case.listing_id, case.shop_id) for case in fresh))
    ended = [c.row for c in checked if takes_down(policy(BY_POLICY, c.row.shop_id), c.found)]
    end_sale(step, ended, {row.id: BY_POLICY for row in ended})
