"""Signing in and out: with a password, and in the demo shop with one click as a role."""

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shopkeeper.foundation.models import Person
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.words import LANGUAGES, T
from shopkeeper.web import plugs
from shopkeeper.web.visitor import DemoPerson

YEAR_S = 365 * 24 * 3600
DEMO_BACKEND = "django.contrib.auth.backends.ModelBackend"

DEMO_PEOPLE = Statement(
    """
    SELECT p.id, p.name, min(r.role)::text
    FROM foundation_person AS p JOIN foundation_personrole AS r ON r.person_id = p.id
    WHERE p.is_active GROUP BY p.id, p.name ORDER BY p.id LIMIT 12""",
    row=DemoPerson,
)


def safe_next(request: HttpRequest) -> str:
    """Where to go on to: only an address of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/") else "/"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a wrong password says so without telling which half was wrong."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(safe_next(request))
        return _page(request)
    username, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    person = auth.authenticate(request, username=username, password=password)
    if person is None:
        if getattr(request, "axes_locked_out", False):
            words = T(
                "试错次数太多，请一小时后再试，或请主管重置。",
                "Too many attempts. Try again in an hour, or ask your supervisor to reset it.",
            )
            return _page(request, error=words, username=username, status=429)
        words = T("用户名或密码不对。", "User name or password is wrong.")
        return _page(request, error=words, username=username, status=401)
    return _enter(request, person)


def _page(request: HttpRequest, *, error: T | None = None, username: str = "", status: int = 200) -> HttpResponse:
    people = []
    if settings.SHOPKEEPER_DEMO:
        people = [{"id": row.id, "name": row.name, "role": plugs.role_name(row.role)} for row in DEMO_PEOPLE.rows()]
    context: dict[str, Any] = {
        "next": safe_next(request),
        "error": error,
        "username": username,
        "people": people,
    }
    return HttpResponse(get_template("web/sign_in.html").render(context, request), status=status)


def _enter(request: HttpRequest, person: Person) -> HttpResponse:
    auth.login(request, person, backend=DEMO_BACKEND)
    response = HttpResponseRedirect(safe_next(request))
    if "sk_lang" not in request.COOKIES and person.language in LANGUAGES:
        set_cookie(response, "sk_lang", person.language)
    if "sk_theme" not in request.COOKIES:
        set_cookie(response, "sk_theme", person.theme)
    return response


@never_cache
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Enter as a role without a password. Does not exist outside the demo shop."""
    if not settings.SHOPKEEPER_DEMO:
        raise Http404
    chosen = request.POST.get("person", "")
    people = {str(row.id) for row in DEMO_PEOPLE.rows()}
    if chosen not in people:
        raise Http404
    return _enter(request, Person.objects.get(pk=int(chosen)))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser, for people and visitors alike."""
    response = HttpResponseRedirect(safe_next(request))
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        set_cookie(response, "sk_lang", language)
    return response


def set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
