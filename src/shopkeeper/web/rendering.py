"""One template for a whole page, the side sheet and a fragment: the layout is chosen by what was asked for."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Template, engines
from django.template.loader import get_template
from django_htmx.middleware import HtmxDetails

from shopkeeper.foundation.actor import Actor

WHOLE = "web/base.html"
SHEET = "web/layouts/sheet.html"


class Request(HttpRequest):
    """A request of somebody signed in, as page functions get it."""

    actor: Actor
    htmx: HtmxDetails
    reference: str


@lru_cache(maxsize=128)
def _only(block: str) -> Template:
    """A layout that shows one block of whatever extends it."""
    template: Any = engines["django"].from_string("{% block " + block + " %}{% endblock %}")
    return template.template  # type: ignore[no-any-return]


def layout_for(request: HttpRequest) -> str | Template:
    """Whole page, sheet, or the one block an HTMX target names (`<tbody id="rows">` gets block `rows`)."""
    if not request.headers.get("HX-Request") or request.headers.get("HX-History-Restore-Request"):
        return WHOLE
    target = request.headers.get("HX-Target", "")
    if target == "sheet-body":
        return SHEET
    return _only(target) if target.isidentifier() else WHOLE


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page template in the layout that was asked for."""
    content = get_template(template).render({"layout": layout_for(request), **(context or {})}, request)
    response = HttpResponse(content, status=status)
    response["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
    return response


def render_block(request: HttpRequest, template: str, context: dict[str, Any] | None = None) -> str:
    """The HTML of one block, named as `desk/page.html#block`; the rest of the page is not rendered."""
    name, _, block = template.partition("#")
    return str(get_template(name).render({"layout": _only(block), **(context or {})}, request))
