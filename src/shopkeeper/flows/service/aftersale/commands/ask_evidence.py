"""S2.3: the buyer is asked for pictures: a one-time link of their own, valid for the policy's hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.aftersale.commands.casework import CASE_SCOPE, load
from shopkeeper.flows.service.aftersale.deadlines import OFFER
from shopkeeper.flows.service.aftersale.events import EvidenceAsked
from shopkeeper.flows.service.aftersale.models import EvidenceLink
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.flows.service.aftersale.states import CASE_FLOW, TO_BE_OFFERED, CaseState, Shot
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import put_off
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class AskEvidence:
    """Which shots are wanted; none named means those the policy misses."""

    case_id: int
    shots: Annotated[tuple[Shot, ...], Field(max_length=8)] = ()


@command(clause="S2.3", permission=Permission.CASE_HANDLE, scope=CASE_SCOPE)
def ask_evidence(step: Step, items: Sequence[AskEvidence]) -> list[Outcome]:
    """Make links; an earlier one of the case ends. The 48 hours run on.

    Done with `facts["link_id"]`; its text is read where the case is read. Refused: "case_not_offerable",
    "nothing_missing" where the policy wants no further shot. A case named twice is asked once.
    """
    judged = load(step, [item.case_id for item in items])
    policy = policies(step)
    wanted: dict[int, EvidenceLink] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = judged[item.case_id].row
        shots = item.shots or judged[item.case_id].proposal.missing_shots
        if row.state not in TO_BE_OFFERED:
            outcomes.append(refused("case_not_offerable", row.id, state=CaseState(row.state)))
        elif not shots:
            outcomes.append(refused("nothing_missing", row.id))
        elif row.id in wanted:
            outcomes.append(unchanged(row.id))
        else:
            hours = policy("aftersale_link_hours", row.shop_id)
            wanted[row.id] = EvidenceLink(
                case_id=row.id,
                shop_id=row.shop_id,
                shots=[str(shot) for shot in dict.fromkeys(shots)],
                made_at=step.now,
                made_by=step.actor.id,
                expires_at=step.now + timedelta(hours=hours),
            )
            outcomes.append(done(row.id))
    _write(step, wanted)
    return [done(o.id, link_id=wanted[o.id or 0].pk) if o.changed else o for o in outcomes]


def _write(step: Step, wanted: dict[int, EvidenceLink]) -> None:
    if not wanted:
        return
    sql.END_LINKS.run(cases=list(wanted), now=step.now)
    EvidenceLink.objects.bulk_create(wanted.values())
    step.move(CASE_FLOW, list(wanted), CaseState.EVIDENCE)
    put_off(step, OFFER, {case_id: link.expires_at for case_id, link in wanted.items()})  # the buyer's turn
    step.emit(*(EvidenceAsked(link.case_id, link.shop_id, tuple(link.shots)) for link in wanted.values()))
