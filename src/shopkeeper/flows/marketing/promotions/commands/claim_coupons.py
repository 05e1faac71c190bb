"""M2.3: buyers claim coupons; never more than there are, never more for one buyer than allowed, however many ask.

Claims of one batch take turns at its row, and a batch of claims takes one turn: single calls are gathered at the door.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.promotions.events import CouponClaimed
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.sql import coupons as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import keys_for
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class ClaimCoupon:
    """The buyer's `nth` coupon of a batch. `buyer` is the open id that their orders carry."""

    batch_id: int
    shop_id: int
    buyer: Annotated[str, Field(min_length=1, max_length=120)] = field(repr=False)
    nth: int = 1

    @property
    def reference(self) -> str:
        return f"buyer:{self.shop_id}:{self.buyer}"


Place = tuple[int, int, int]  # batch, subject, nth


@dataclass(frozen=True, slots=True)
class Given:
    """A coupon about to be written: its number in the batch and how long it is good."""

    number: int
    expires_at: datetime


@command(clause="M2.3", permission=Permission.COUPON_CLAIM, scope=InShop(), gathered=True)
def claim_coupons(step: Step, items: Sequence[ClaimCoupon]) -> list[Outcome]:
    """Claim coupons, first come first served. Done with the coupon's id; `facts`: number, expires_at.

    Refused: "batch_unknown" in this shop, "batch_not_open" outside its window or while the promotion is not
    published, "batch_limit" beyond what a buyer may have, "batch_empty". The same claim again is unchanged.
    """
    keys = keys_for((item.reference for item in items), now=step.now)
    rows = {row.id: row for row in sql.LOCK_BATCHES.rows(ids=sorted({i.batch_id for i in items}), now=step.now)}
    places: list[Place] = [(item.batch_id, keys.id_of(item.reference), item.nth) for item in items]
    known = {(row.batch_id, row.subject_id, row.nth): row.id for row in sql.KNOWN.rows(**_columns(places))}
    taken = Counter({row.id: row.claimed for row in rows.values()})
    given: dict[Place, Given] = {}
    outcomes = []
    for item, place in zip(items, places, strict=True):
        row = rows.get(item.batch_id)
        code = _refusal(step, item, row)
        if code or row is None:
            outcomes.append(refused(code, item.batch_id))
        elif place in known or place in given:
            outcomes.append(unchanged(known.get(place)))
        elif taken[row.id] >= row.total:
            outcomes.append(refused("batch_empty", row.id))
        else:
            taken[row.id] += 1
            given[place] = Given(taken[row.id], _expiry(step, row))
            outcomes.append(done())
    ids = _give(step, given, rows)
    return [_told(outcome, ids.get(place), given.get(place)) for outcome, place in zip(outcomes, places, strict=True)]


def _columns(places: Sequence[Place]) -> dict[str, list[int]]:
    batches, subjects, nths = zip(*places, strict=True)
    return {"batches": list(batches), "subjects": list(subjects), "nths": list(nths)}


def _refusal(step: Step, item: ClaimCoupon, row: sql.BatchRow | None) -> str:
    if row is None or row.shop_id not in (None, item.shop_id):
        return "batch_unknown"
    is_open = row.is_published and row.stopped_at is None and row.claim_from <= step.now < row.claim_to
    if not is_open:
        return "batch_not_open"
    return "" if 1 <= item.nth <= row.per_buyer else "batch_limit"


def _expiry(step: Step, row: sql.BatchRow) -> datetime:
    return min(row.valid_to, step.now + timedelta(days=row.valid_days)) if row.valid_days else row.valid_to


def _give(step: Step, given: Mapping[Place, Given], rows: Mapping[int, sql.BatchRow]) -> dict[Place, int]:
    """Write the coupons, count them, and tell of them."""
    if not given:
        return {}
    made = sql.CLAIM.rows(
        **_columns(list(given)),
        numbers=[one.number for one in given.values()],
        expiries=[one.expires_at for one in given.values()],
        now=step.now,
    )
    counts = Counter(batch_id for batch_id, _, _ in given)
    sql.COUNT_CLAIMED.run(ids=list(counts), counts=list(counts.values()))
    step.emit(*(CouponClaimed(row.id, row.batch_id, rows[row.batch_id].shop_id) for row in made))
    return {(row.batch_id, row.subject_id, row.nth): row.id for row in made}


def _told(outcome: Outcome, coupon_id: int | None, given: Given | None) -> Outcome:
    """What was given, with its number; the same claim twice in one batch tells of the same coupon."""
    if given is None or not outcome.ok:
        return outcome
    facts = {"number": given.number, "expires_at": given.expires_at.isoformat()}
    return done(coupon_id, **facts) if outcome.changed else unchanged(coupon_id)
