"""S2.3: pictures and films come in: through the buyer's own one-time link, or from an agent who was sent them.

The files themselves are sealed before a command hears of them (foundation/sealed_files.py); here they are
references. A name that somebody gave a file is kept nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.aftersale.commands.casework import CASE_SCOPE, load
from shopkeeper.flows.service.aftersale.deadlines import OFFER
from shopkeeper.flows.service.aftersale.events import EvidenceTakenIn
from shopkeeper.flows.service.aftersale.models import Evidence, EvidenceLink
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase
from shopkeeper.flows.service.aftersale.states import CASE_FLOW, ENDED, CaseState, Shot
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.files import FileKind
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import open_now
from shopkeeper.sop.policy import policies

Ref = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class SealedShot:
    """One sealed file and what it is to show."""

    file_ref: Ref
    file_kind: FileKind
    size: Annotated[int, Field(ge=1)]
    shot: Shot


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """What an agent was sent, for instance in the chat."""

    case_id: int
    files: Annotated[tuple[SealedShot, ...], Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class SubmitEvidence:
    """What the buyer handed in through a link, all at once: after that the link is used."""

    link_id: int
    files: Annotated[tuple[SealedShot, ...], Field(min_length=1, max_length=20)]


@command(clause="S2.3", permission=Permission.EVIDENCE_TAKE_IN, scope=CASE_SCOPE)
def add_evidence(step: Step, items: Sequence[AddEvidence]) -> list[Outcome]:
    """Take evidence in. Refused: "case_ended", "too_many_files". Files the case has already are unchanged."""
    judged = load(step, [item.case_id for item in items])
    return [_take_in(step, judged[item.case_id], item.files, None) for item in items]


@command(
    clause="S2.3",
    permission=Permission.WATCH,
    scope=ShopOf("aftersale_evidencelink", "link_id"),
    internal=True,
)
def submit_evidence(step: Step, items: Sequence[SubmitEvidence]) -> list[Outcome]:
    """Take in what came through links; a link is good for one time.

    Internal, because the buyer has no account: the door has checked the link's signature. Refused: "link_used",
    "link_ended", "link_expired", "case_ended", "too_many_files".
    """
    cases = EvidenceLink.objects.filter(id__in=[item.link_id for item in items]).values_list("id", "case_id")
    case_of = dict(cases)
    judged = load(step, case_of.values())
    links = {row.pk: row for row in EvidenceLink.objects.select_for_update().filter(id__in=case_of).order_by("id")}
    outcomes = []
    for item in items:
        link = links[item.link_id]
        code = link_flaw(step, link)
        outcome = refused(code, link.pk) if code else _take_in(step, judged[link.case_id], item.files, link)
        if outcome.ok:
            link.used_at = step.now
            EvidenceLink.objects.filter(id=link.pk).update(used_at=step.now)
        outcomes.append(outcome)
    return outcomes


def link_flaw(step: Step, link: EvidenceLink) -> str:
    if link.used_at:
        return "link_used"
    if link.ended_at:
        return "link_ended"
    return "link_expired" if link.expires_at <= step.now else ""


def _take_in(step: Step, judged: JudgedCase, files: Sequence[SealedShot], link: EvidenceLink | None) -> Outcome:
    row = judged.row
    if row.state in ENDED:
        return refused("case_ended", row.id)
    known = set(Evidence.objects.filter(case_id=row.id).values_list("file_ref", flat=True))
    fresh: Mapping[str, SealedShot] = {file.file_ref: file for file in files if file.file_ref not in known}
    most = policies(step)("aftersale_evidence_files", row.shop_id)
    if len(known) + len(fresh) > most:
        return refused("too_many_files", row.id, most=most)
    if not fresh:
        return unchanged(row.id)
    made = Evidence.objects.bulk_create(
        [
            Evidence(
                case_id=row.id,
                shop_id=row.shop_id,
                link=link,
                subject_id=row.subject_id,
                file_ref=file.file_ref,
                file_kind=str(file.file_kind),
                size=file.size,
                shot=str(file.shot),
                added_at=step.now,
                added_by=0 if link else step.actor.id,
            )
            for file in fresh.values()
        ]
    )
    if row.state == CaseState.EVIDENCE:  # the agent's turn again
        step.move(CASE_FLOW, [row.id], CaseState.OPENED, "evidence came in")
        open_now(OFFER, [row.id])
    step.emit(*(EvidenceTakenIn(one.pk, row.id, row.shop_id, one.shot, link is not None) for one in made))
    return done(row.id, files=len(made))
