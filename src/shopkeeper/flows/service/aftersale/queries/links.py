"""The buyer's own door: links that prove themselves, and what they open. And the sealed files behind evidence."""

import base64
import binascii
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shopkeeper.flows.service.aftersale.models import AfterSaleCase, Evidence, EvidenceLink, case_number
from shopkeeper.flows.service.aftersale.queries.cases import in_shops
from shopkeeper.flows.service.aftersale.states import ENDED
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.files import MEDIA_TYPES, FileKind
from shopkeeper.foundation.personal import blind_index
from shopkeeper.foundation.sealed_files import sealed_files

PURPOSE = "aftersale-evidence-link"


@dataclass(frozen=True, slots=True)
class OpenLink:
    """What a link leads to; `code` says why it leads nowhere any more."""

    id: int
    case_id: int
    case_number: str
    shop: str
    subject_id: int
    shots: tuple[str, ...]
    expires_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    media_type: str
    size: int
    content: Iterator[bytes]


def link_token(link_id: int) -> str:
    """The text of a link: its number and a proof under the installation's key. It is stored nowhere."""
    proof = base64.urlsafe_b64encode(blind_index(PURPOSE, str(link_id))).decode().rstrip("=")
    return f"{link_id}-{proof}"


def link_url(link_id: int) -> str:
    return f"{settings.SHOPKEEPER_PUBLIC_URL}/aftersale/proof/{link_token(link_id)}/"


def opened_link(token: str, now: datetime) -> OpenLink | None:
    """The link of a token; None for a forged one."""
    number, _, proof = token.partition("-")
    if not number.isdecimal() or len(number) > 18:
        return None
    try:
        given = base64.urlsafe_b64decode(proof + "=" * (-len(proof) % 4))
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(given, blind_index(PURPOSE, number)):
        return None
    link = EvidenceLink.objects.select_related("case", "shop").filter(id=int(number)).first()
    if link is None:
        return None
    return OpenLink(
        id=link.pk,
        case_id=link.case_id,
        case_number=case_number(link.case_id),
        shop=link.shop.name,
        subject_id=link.case.subject_id,
        shots=tuple(link.shots),
        expires_at=link.expires_at,
        code=_flaw(link, now),
    )


def _flaw(link: EvidenceLink, now: datetime) -> str:
    if link.used_at:
        return "link_used"
    if link.ended_at or link.case.state in ENDED:
        return "link_ended"
    return "link_expired" if link.expires_at <= now else ""


def subject_of_case(viewer: Actor, case_id: int) -> int | None:
    """Whose files a case's are; None where it is not in the viewer's shops."""
    return in_shops(AfterSaleCase.objects.filter(id=case_id), viewer).values_list("subject_id", flat=True).first()


def evidence_file(viewer: Actor, evidence_id: int) -> EvidenceFile | None:
    """The content of a piece of evidence, opened piece by piece; None where it is not in the viewer's shops.

    Raises personal.Erased where the buyer was erased.
    """
    row = in_shops(Evidence.objects.filter(id=evidence_id), viewer).first()
    if row is None:
        return None
    content = sealed_files().read(row.subject_id, row.file_ref)
    return EvidenceFile(MEDIA_TYPES[FileKind(row.file_kind)], row.size, content)
