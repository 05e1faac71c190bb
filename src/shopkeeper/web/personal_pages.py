"""The door behind every masked value: a reason is given, the look is recorded, the value is shown once."""

from django.http import HttpResponse
from django.utils.html import format_html

from shopkeeper.foundation.commands.erase_person import ErasePerson, erase_person
from shopkeeper.foundation.commands.reveal_personal_data import RevealPersonalData, reveal_personal_data
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.sealed_records import revealed_data
from shopkeeper.shared.words import T
from shopkeeper.web import toasts
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, page
from shopkeeper.web.toasts import Toast

# What stands for an address or a whole person when no single field is asked for.
ORDER_OF_FIELDS = ("name", "phone", "province", "city", "district", "town", "address")


@page(
    "personal/<str:kind>/<int:record_id>/reveal/",
    name="personal-reveal",
    clause="G4",
    permission=Permission.PERSONAL_REVEAL,
    methods=("POST",),
)
def reveal(request: Request, kind: str, record_id: int) -> HttpResponse:
    """Reveal one record; answers with the value in place of the masked one, never stored and never cached."""
    reason = request.POST.get("reason", "").replace("\x00", "")[:200]
    outcome = reveal_personal_data.one(request.actor, RevealPersonalData(kind, record_id, reason))
    if not outcome.ok:
        return toasts.attach(HttpResponse(status=204), [Toast("red", outcome_text(outcome))], [])
    plain = revealed_data(request.actor, kind, record_id)
    field = request.POST.get("field", "")
    names = (field,) if field in plain else tuple(name for name in ORDER_OF_FIELDS if name in plain)
    if field == "address":
        names = tuple(name for name in ORDER_OF_FIELDS[2:] if name in plain)
    return revealed(request, " ".join(plain[name] for name in names))


def revealed(request: Request, text: str) -> HttpResponse:
    """The plain value in place of the masked one; it names its door, so that the page can mask it again."""
    said = T("已查看，已留记录", "Shown; the look is on record")
    response = HttpResponse(
        format_html(
            '<span class="sk-masked" data-revealed="{} {}"><span class="sk-masked-text" title="{}">{}</span></span>',
            request.path,
            request.POST.get("field", ""),
            said,
            text,
        )
    )
    response["Cache-Control"] = "no-store"
    return response


@page(
    "personal/<str:kind>/<int:record_id>/erase/",
    name="personal-erase",
    clause="G4",
    permission=Permission.PERSONAL_ERASE,
    methods=("POST",),
)
def erase(request: Request, kind: str, record_id: int) -> HttpResponse:
    """Erase the person behind one record, for the reason asked; the record itself stays."""
    reason = request.POST.get("reason", "").replace("\x00", "")[:200]
    outcomes = run_once(request, erase_person, [ErasePerson(kind, record_id, reason)])
    return answer_outcomes(request, outcomes, done=T("已删除该买家的个人信息", "The person's data was erased"))
