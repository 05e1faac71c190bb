"""The customer's own way out: links that prove themselves, and what they open. Nothing of anybody else's."""

import base64
import binascii
import hmac
from dataclasses import dataclass

from django.conf import settings

from shopkeeper.flows.marketing.outreach.models import Recipient
from shopkeeper.flows.marketing.outreach.states import ConsentState
from shopkeeper.foundation.personal import blind_index

PURPOSE = "outreach-opt-out-link"


@dataclass(frozen=True, slots=True)
class WayOut:
    """Which message a link stands in; `is_out`: they get none any more."""

    recipient_id: int
    shop: str
    signature: str
    channel: str
    is_out: bool


def opt_out_token(recipient_id: int) -> str:
    """The text of a link: its number and a proof under the installation's key. It is stored nowhere."""
    proof = base64.urlsafe_b64encode(blind_index(PURPOSE, str(recipient_id))).decode().rstrip("=")
    return f"{recipient_id}-{proof}"


def opt_out_url(recipient_id: int) -> str:
    return f"{settings.SHOPKEEPER_PUBLIC_URL}/opt-out/{opt_out_token(recipient_id)}/"


def way_out(token: str) -> WayOut | None:
    """What a link leads to; None for a forged one."""
    number, _, proof = token.partition("-")
    if not (number.isascii() and number.isdecimal()) or len(number) > 18:
        return None
    try:
        given = base64.urlsafe_b64decode(proof + "=" * (-len(proof) % 4))
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(given, blind_index(PURPOSE, number)):
        return None
    found = Recipient.objects.select_related("shop", "mailing", "consent").filter(id=int(number)).first()
    if found is None or found.consent is None:
        return None
    is_out = found.consent.state == ConsentState.WITHDRAWN
    return WayOut(found.pk, found.shop.name, found.mailing.signature, found.mailing.channel, is_out)
