"""One middleware for every visit: language, a reference number for errors, business time for the page's clocks."""

import secrets
from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from shopkeeper.foundation import business_time
from shopkeeper.shared.errors import BusinessError, NotAllowed
from shopkeeper.shared.words import activate
from shopkeeper.web import errors, visitor

DJANGO_LANGUAGES = {"zh": "zh-hans", "en": "en"}


class VisitorMiddleware:
    """Sets what every page relies on before it runs, and words expected errors that nobody caught."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = visitor.language_of(request)
        activate(language)
        translation.activate(DJANGO_LANGUAGES[language])
        request.reference = secrets.token_hex(4).upper()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.headers.get("HX-Request") and business_time.is_simulated():
            response["SK-Now"] = str(int(business_time.now().timestamp() * 1000))
        if response.status_code >= 400:
            response["SK-Reference"] = request.reference  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal of the procedure is an answer, not a fault; a number or day beyond all rows leads nowhere."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, NotAllowed):
            return errors.forbidden(request, exception)
        if isinstance(exception, BusinessError):
            return errors.refused(request, exception)
        if isinstance(exception, DataError | OverflowError) and request.method in ("GET", "HEAD"):
            return errors.not_found(request, exception)
        return None
