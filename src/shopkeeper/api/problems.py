"""Errors as problem+json (RFC 9457), with title and advice in both languages and a reference number."""

import logging
import secrets
from typing import Any

from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shopkeeper.shared.errors import BusinessError, NotAllowed
from shopkeeper.shared.words import T

log = logging.getLogger(__name__)

TITLES: dict[str, T] = {
    "signed_out": T("请先登录或提供有效令牌。", "Sign in or send a valid token."),
    "not_allowed": T("没有权限（{permission}）。", "Not allowed ({permission})."),
    "not_found": T("没有这个地址或这条记录。", "No such address or record."),
    "invalid": T("请求内容不合规，见 errors。", "The request is not valid; see errors."),
    "in_progress": T(
        "同一幂等键的请求还在处理，请稍后再查。",
        "A request with this key is still running; ask again shortly.",
    ),
    "key_reused": T(
        "幂等键已用于另一请求，请换一个。",
        "This idempotency key was used for another request; use a new one.",
    ),
    "unexpected": T(
        "系统出错，已记录。请带编号联系管理员。",
        "Something broke and is on record. Tell the administrator the number.",
    ),
    "database_away": T(
        "数据库暂时连不上，几秒后用同一幂等键再试。",
        "The database is away for a moment; try again in some seconds with the same key.",
    ),
    "bad_request": T("请求无法读取。", "The request cannot be read."),
    "bad_cursor": T("分页游标无效，请从头读取。", "The page cursor is not valid; start again."),
}


def problem(status: int, code: str, **facts: Any) -> HttpResponse:
    """One answer in the form of a problem; `code` is for programs, `title` for people."""
    title = TITLES.get(code, TITLES["bad_request"]).format(**{"permission": "", **facts})
    errors = facts.pop("errors", None)
    body = {
        "type": f"/problems/{code}",
        "status": status,
        "code": code,
        "title": title.text("en"),
        "title_zh": title.text("zh"),
        "reference": secrets.token_hex(4).upper(),
        **({"errors": errors} if errors else {}),
    }
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def install(api: NinjaAPI) -> None:
    """Turn every exception into a problem."""

    def signed_out(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(401, "signed_out")

    def not_allowed(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(403, "not_allowed", permission=error.facts["permission"])

    def business(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(409, error.code, **error.facts)

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        errors = [
            {"where": ".".join(str(part) for part in e.get("loc", ())), "what": e.get("msg", "")} for e in error.errors
        ]
        return problem(422, "invalid", errors=errors)

    def missing(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(404, "not_found")

    def http(request: HttpRequest, error: Any) -> HttpResponse:
        code = {403: "not_allowed", 404: "not_found"}.get(error.status_code, "bad_request")
        return problem(error.status_code, code)

    def away(request: HttpRequest, error: Any) -> HttpResponse:
        log.warning("database away at %s: %s", request.path, error)
        return problem(503, "database_away")

    def out_of_range(request: HttpRequest, error: Any) -> HttpResponse:
        """Commands single out such values themselves; in what is read they can only have come from outside."""
        log.warning("a value out of range at %s: %s", request.path, error)
        return problem(422, "invalid", errors=[{"where": "query", "what": "a value no row can have"}])

    def unexpected(request: HttpRequest, error: Any) -> HttpResponse:
        answer = problem(500, "unexpected")
        log.exception("unexpected error at %s", request.path)
        return answer

    api.add_exception_handler(AuthenticationError, signed_out)
    api.add_exception_handler(NotAllowed, not_allowed)
    api.add_exception_handler(BusinessError, business)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(HttpError, http)
    for gone in (OperationalError, InterfaceError):
        api.add_exception_handler(gone, away)
    for beyond in (DataError, OverflowError):
        api.add_exception_handler(beyond, out_of_range)
    api.add_exception_handler(Exception, unexpected)
