"""The customer's own door of S3.1: a one-time link, no account, phone first. A forged one leads nowhere."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from shopkeeper.flows.service.feedback.commands.submit_surveys import COMMENT_LIMIT, SubmitSurvey, submit_surveys
from shopkeeper.flows.service.feedback.queries.links import OpenSurvey, opened_survey
from shopkeeper.flows.service.feedback.words import PLAIN, STARS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.words import T
from shopkeeper.web.knocks import KNOCKS
from shopkeeper.web.labels import outcome_text, refusal_text
from shopkeeper.web.pages import render_page

KNOCKS_PER_MINUTE = 60
GONE = 410


@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
def rate_service(request: HttpRequest, token: str) -> HttpResponse:
    """/survey/{token}/: show the stars, and take one rating. Used and expired links say so (410); at most so many
    requests a minute from one address (429)."""
    if not KNOCKS.allowed(f"survey:{request.META.get('REMOTE_ADDR', '')}", KNOCKS_PER_MINUTE):
        response = _page(request, None, gone=PLAIN["slow_down"].text(), status=429)
        response["Retry-After"] = "60"
        return response
    survey = opened_survey(token, business_time.now())
    if survey is None:
        raise Http404
    if survey.code:
        return _page(request, survey, gone=refusal_text(survey.code, "feedback").text(), status=GONE)
    if request.method != "POST":
        return _page(request, survey)
    score = request.POST.get("score", "")
    comment = request.POST.get("comment", "").replace("\x00", "").strip()[:COMMENT_LIMIT]
    if score not in {"1", "2", "3", "4", "5"}:
        return _page(request, survey, comment=comment, error=PLAIN["score_needed"].text(), status=422)
    outcome = submit_surveys.one(SYSTEM, SubmitSurvey(survey.id, int(score), comment))
    if outcome.changed:
        return _page(request, survey, is_done=True)
    gone = refusal_text("survey_used").text() if outcome.ok else outcome_text(outcome)
    return _page(request, survey, gone=gone, status=GONE)


def _page(
    request: HttpRequest,
    survey: OpenSurvey | None,
    *,
    comment: str = "",
    error: str = "",
    gone: str = "",
    is_done: bool = False,
    status: int = 200,
) -> HttpResponse:
    view = {
        "title": T("服务评价", "Rate our service"),
        "shop": survey.shop if survey else "",
        "survey": survey,
        "stars": [(score, "★" * score + "☆" * (5 - score), words) for score, words in STARS.items()],
        "comment": comment,
        "comment_limit": COMMENT_LIMIT,
        "error": error,
        "gone": gone,
        "is_done": is_done,
    }
    response = render_page(request, "feedback/survey.html", view, status=status)
    response["Referrer-Policy"] = "same-origin"  # the address is the right to rate, but a form must have an origin
    return response
