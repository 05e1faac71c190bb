"""The program's door to what was just revealed or made: never stored, never cached."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shopkeeper.foundation.sealed_records import revealed_data
from shopkeeper.foundation.tokens import fresh_token

router = Router()


@router.get("/personal/{kind}/{record_id}", response=dict[str, str], operation_id="get_revealed_data")
def personal(request: HttpRequest, response: HttpResponse, kind: str, record_id: int) -> dict[str, str]:
    """A record's personal data in plain, within ten minutes of one's own reveal-personal-data."""
    response["Cache-Control"] = "no-store"
    return revealed_data(request.auth, kind, record_id)  # type: ignore[attr-defined]


@router.get("/tokens/{token_id}/text", response=dict[str, str], operation_id="get_token_text")
def token(request: HttpRequest, response: HttpResponse, token_id: int) -> dict[str, str]:
    """The text of a token of one's own, within ten minutes of make-api-token."""
    response["Cache-Control"] = "no-store"
    return {"token": fresh_token(request.auth, token_id)}  # type: ignore[attr-defined]
