"""Who of a segment is written to, and why the others are not."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.marketing.outreach.states import ConsentState, NotSentReason


@dataclass(frozen=True, slots=True)
class Candidate:
    """One member of the segment as they stand. `address` is the search key of where they are reached, not the
    address; `recent` counts what they were sent in the policy's days, by any campaign, to any address of theirs."""

    subject_id: int
    consent_id: int | None = None
    consent_state: str = ""
    address: bytes | None = None
    is_erased: bool = False
    unreachable_since: datetime | None = None
    recent: int = 0


def refusal(candidate: Candidate, most: int) -> NotSentReason | None:
    """Why this one is not written to, before anybody else is looked at; None: they are."""
    if candidate.is_erased:
        return NotSentReason.ERASED
    if candidate.consent_id is None:
        return NotSentReason.NO_CONSENT
    if candidate.consent_state != ConsentState.GIVEN:
        return NotSentReason.OPTED_OUT
    if candidate.address is None:
        return NotSentReason.NO_ADDRESS
    if candidate.unreachable_since is not None:
        return NotSentReason.UNREACHABLE
    return NotSentReason.CAPPED if candidate.recent >= most else None


def verdicts(
    candidates: Iterable[Candidate], most: int, taken: Set[bytes] = frozenset()
) -> dict[int, NotSentReason | None]:
    """Each member's verdict, in order. An address in `taken`, or met before in this batch, is written to once."""
    met = set(taken)
    found: dict[int, NotSentReason | None] = {}
    for one in candidates:
        if one.subject_id in found:
            continue
        reason = refusal(one, most)
        if reason is None and one.address in met:
            reason = NotSentReason.DUPLICATE
        if reason is None and one.address is not None:
            met.add(one.address)
        found[one.subject_id] = reason
    return found
