"""Who of a segment would be written to now, and why the others would not: counted member by member."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.campaigns.queries.segments import members
from shopkeeper.flows.marketing.outreach.queries.judging import Asked, candidates
from shopkeeper.flows.marketing.outreach.rules.recipients import verdicts
from shopkeeper.flows.marketing.outreach.states import NotSentReason
from shopkeeper.sop.policy import read_policies

PAGE = 1_000
PAGES_READ = 25  # who is in a segment is worked out whole at each read
MOST_LOOKED_AT = 50_000


@dataclass(frozen=True, slots=True)
class Audience:
    """How many of `looked_at` members would be written to; `is_whole` False: the segment is larger than that."""

    looked_at: int
    would_get: int
    not_sent: dict[NotSentReason, int] = field(default_factory=dict)
    is_whole: bool = True


def pages_of(segment_id: int, after: int = 0) -> Iterator[list[int]]:
    """The members of a segment from a key on, page by page, by their subject."""
    while True:
        found = list(members(segment_id, after, PAGE * PAGES_READ))
        yield from (found[start : start + PAGE] for start in range(0, len(found), PAGE))
        if len(found) < PAGE * PAGES_READ:
            return
        after = found[-1]


def audience(segment_id: int, channel: str, shop_id: int, now: datetime) -> Audience:
    """Count a segment for a channel by the policy of the shop."""
    policy = read_policies()
    since = now - timedelta(days=policy("outreach_days", shop_id))
    most = policy("outreach_most", shop_id)
    counted: Counter[NotSentReason | None] = Counter()
    met: set[bytes] = set()
    for page in pages_of(segment_id):
        found = candidates([Asked(channel, since, tuple(page))])[0]
        judged = verdicts(found, most, met)
        met |= {one.address for one in found if one.address is not None and judged[one.subject_id] is None}
        counted.update(judged.values())
        if counted.total() >= MOST_LOOKED_AT:
            break
    reasons = {reason: counted[reason] for reason in NotSentReason if counted[reason]}
    looked_at = counted.total()
    return Audience(looked_at, counted[None], reasons, is_whole=looked_at < MOST_LOOKED_AT)
