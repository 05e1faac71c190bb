"""Judging members of segments as they stand: the same for a look beforehand and for the sending itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.marketing.outreach.rules.recipients import Candidate
from shopkeeper.flows.marketing.outreach.sql import recipients as sql


@dataclass(frozen=True, slots=True)
class Asked:
    """Members of one segment asked about for one channel; messages since `since` count towards the limit."""

    channel: str
    since: datetime
    subjects: tuple[int, ...]


def candidates(asked: Sequence[Asked]) -> list[list[Candidate]]:
    """The members of each question, in one statement."""
    if not any(one.subjects for one in asked):
        return [[] for _ in asked]
    rows = sql.CANDIDATES.rows(
        numbers=[n for n, one in enumerate(asked) for _ in one.subjects],
        subjects=[subject for one in asked for subject in one.subjects],
        questions=list(range(len(asked))),
        channels=[one.channel for one in asked],
        sinces=[one.since for one in asked],
    )
    found: list[list[Candidate]] = [[] for _ in asked]
    for row in rows:
        address = bytes(row.address) if row.address is not None else None
        found[row.n].append(
            Candidate(
                row.subject_id,
                row.consent_id,
                row.state,
                address,
                row.is_erased,
                row.unreachable_since,
                row.recent,
            )
        )
    return found


def taken_addresses(mailings: Sequence[int], found: Sequence[Sequence[Candidate]]) -> Mapping[int, set[bytes]]:
    """Addresses that each mailing writes to already."""
    taken: dict[int, set[bytes]] = {id_: set() for id_ in mailings}
    addresses = sorted({one.address for members in found for one in members if one.address is not None})
    if addresses:
        for row in sql.TAKEN.rows(mailings=list(mailings), addresses=addresses):
            taken[row.mailing_id].add(bytes(row.address))
    return taken
