"""Where a person lets programs in: own tokens, made, shown once, and ended."""

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.foundation.commands.make_api_token import MakeApiToken, make_api_token
from shopkeeper.foundation.commands.revoke_api_token import RevokeApiToken, revoke_api_token
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.tokens import fresh_token, tokens_of
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action


@page(
    "settings/tokens/",
    name="web-tokens",
    clause="G6",
    permission=Permission.TOKEN_MAKE,
    menu=MenuEntry(T("接口令牌", "API tokens"), section="settings", order=90),
    methods=("GET", "POST"),
)
def tokens(request: Request) -> HttpResponse:
    """Own tokens and the form for a new one; a token just made is shown, and only then."""
    state: FormState[MakeApiToken] = FormState(values={"days": 90})
    status = 200
    if request.method == "POST":
        state = read_form(request.POST, MakeApiToken)
        if state.item is not None:
            outcomes = run_once(request, make_api_token, [state.item])
            if outcomes[0].ok:
                words = T("令牌已创建，请立即复制", "The token is made; copy it now")
                return answer_outcomes(
                    request, outcomes, done=words, to=f"{reverse('web-tokens')}?made={outcomes[0].id}"
                )
            state.errors[WHOLE] = outcome_text(outcomes[0])
        status = 422
    response = render_page(request, "web/tokens.html", _context(request, state), status=status)
    response["Cache-Control"] = "no-store"
    return response


def _context(request: Request, state: FormState[MakeApiToken]) -> dict[str, object]:
    rows = tokens_of(request.actor)
    end = reverse("web-token-end")
    return {
        "title": T("接口令牌", "API tokens"),
        "state": state,
        "text": _made(request),
        "held": sorted(request.actor.permissions),
        "tokens": [
            (row, Action(T("停用", "Revoke"), end, {"token_id": row.id}, tone="red") if row.is_live else None)
            for row in rows
        ],
    }


def _made(request: Request) -> str:
    """The text of the token just made; empty when its ten minutes are over."""
    made = request.GET.get("made", "")
    try:
        return fresh_token(request.actor, int(made)) if made.isdecimal() and len(made) < 19 else ""
    except BusinessError:
        return ""


@page(
    "settings/tokens/end/",
    name="web-token-end",
    clause="G6",
    permission=Permission.TOKEN_MAKE,
    methods=("POST",),
)
def end(request: Request) -> HttpResponse:
    """End one token; the program holding it is out at once."""
    item = read_form(request.POST, RevokeApiToken).item
    outcomes = run_once(request, revoke_api_token, [item] if item else [])
    return answer_outcomes(request, outcomes, done=T("令牌已停用", "The token is revoked"), to="web-tokens")
