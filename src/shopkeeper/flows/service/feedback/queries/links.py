"""The customer's own door: links that prove themselves, and what they open. Nothing of anybody else's."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shopkeeper.flows.service.feedback.models import Survey
from shopkeeper.flows.service.feedback.states import OPEN_SURVEYS, SurveyState
from shopkeeper.foundation.personal import blind_index

PURPOSE = "feedback-survey-link"


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """What a link leads to; `code` says why it can no longer be used."""

    id: int
    shop: str
    expires_at: datetime | None
    code: str


def survey_token(survey_id: int) -> str:
    """The text of a link: its number and a proof under the installation's key. It is stored nowhere."""
    proof = base64.urlsafe_b64encode(blind_index(PURPOSE, str(survey_id))).decode().rstrip("=")
    return f"{survey_id}-{proof}"


def survey_url(survey_id: int) -> str:
    return f"{settings.SHOPKEEPER_PUBLIC_URL}/survey/{survey_token(survey_id)}/"


def opened_survey(token: str, now: datetime) -> OpenSurvey | None:
    """The survey of a token; None for a forged one."""
    number, _, proof = token.partition("-")
    if not (number.isascii() and number.isdecimal()) or len(number) > 18:
        return None
    try:
        given = base64.urlsafe_b64decode(proof + "=" * (-len(proof) % 4))
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(given, blind_index(PURPOSE, number)):
        return None
    found = Survey.objects.select_related("shop").filter(id=int(number)).first()
    if found is None:
        return None
    return OpenSurvey(found.pk, found.shop.name, found.expires_at, _flaw(found, now))


def _flaw(survey: Survey, now: datetime) -> str:
    if survey.state == SurveyState.ANSWERED:
        return "survey_used"
    if survey.state == SurveyState.EXPIRED or (survey.expires_at and survey.expires_at <= now):
        return "survey_expired"
    return "" if survey.state in OPEN_SURVEYS else "survey_not_open"
