"""The door of the shell itself: what the palette finds."""

from django.http import HttpResponse, JsonResponse

from shopkeeper.web import plugs
from shopkeeper.web.menu import menu_of
from shopkeeper.web.pages import SIGNED_IN, Request, page

LONGEST_SEARCH = 100


@page("palette/", name="web-palette", clause="G2", permission=SIGNED_IN)
def palette(request: Request) -> HttpResponse:
    """Without text the pages this person may open; with text what the desks find."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    if text:
        hits = [
            {"label": h.label, "hint": h.hint, "url": h.url, "icon": h.icon, "keys": ""}
            for h in plugs.find(request.actor, text)
        ]
        return JsonResponse({"entries": hits})
    entries = [
        {
            "label": str(entry.label),
            "hint": str(section.label),
            "url": entry.url,
            "icon": section.icon,
            "keys": f"{entry.label.zh} {entry.label.en} {entry.name}",
        }
        for section in menu_of(request.actor, None, "")
        for entry in section.entries
    ]
    return JsonResponse({"entries": entries})
