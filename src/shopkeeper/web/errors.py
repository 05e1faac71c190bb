"""Error pages: what happened, why, what to do now, with a reference number; in both languages."""

import logging
import traceback
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template

from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T
from shopkeeper.web import labels, toasts
from shopkeeper.web.toasts import Toast

log = logging.getLogger("shopkeeper.web")


def _answer(request: HttpRequest, status: int, title: T, why: str, todo: list[T]) -> HttpResponse:
    """The error as a page, as a toast for a fragment, or as JSON for an island."""
    reference = str(getattr(request, "reference", ""))
    if "application/json" in request.headers.get("Accept", ""):
        body = {"code": status, "title": str(title), "detail": why, "reference": reference}
        return JsonResponse(body, status=status)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=status)
        return toasts.attach(response, [Toast("red", str(title), [why], reference=reference)])
    context = {"status": status, "title": title, "why": why, "todo": todo, "reference": reference}
    return HttpResponse(get_template("web/error.html").render(context, request), status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but without the permission, or the form came without its guard."""
    facts = exception.facts if isinstance(exception, BusinessError) else {}
    permission = str(facts.get("permission", ""))
    why = T(
        "这个页面或操作需要权限 {permission}，你的角色没有。",
        "This page or action needs the permission {permission}, which your roles do not include.",
    ).format(permission=permission)
    if not permission:
        why = T("你的角色不包括这个页面或操作。", "Your roles do not include this page or action.")
    todo = [
        T("确认你用的是正确的账号。", "Make sure you are signed in as the right person."),
        T("需要这项工作时，请主管为你加角色。", "If it is your work, ask your supervisor to add the role."),
    ]
    return _answer(request, 403, T("没有权限", "Not allowed"), str(why), todo)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is stale or was sent from elsewhere."""
    todo = [T("返回上一页，刷新后再提交一次。", "Go back, reload the page and submit again.")]
    why = T("表单已过期，或不是从本站提交的。", "The form has expired, or was not sent from this site.")
    return _answer(request, 403, T("表单无效", "Stale form"), str(why), todo)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such address, or a record outside the visitor's shops and warehouses."""
    todo = [
        T("核对地址或编号。", "Check the address or the number."),
        T("用 Ctrl-K 搜索订单、商品或页面。", "Search orders, products and pages with Ctrl-K."),
    ]
    why = T(
        "地址写错了、记录不存在，或者它不在你负责的店铺和仓库里。",
        "The address is wrong, the record does not exist, or it is outside your shops and warehouses.",
    )
    return _answer(request, 404, T("没有找到", "Not found"), str(why), todo)


def refused(request: HttpRequest, error: BusinessError) -> HttpResponse:
    """409: the procedure does not allow it; the desk's words say why."""
    todo = [T("返回上一页，按提示处理后再试。", "Go back, do what the text says, then try again.")]
    title = T("规程不允许", "The procedure does not allow this")
    return _answer(request, 409, title, labels.error_text(error, _desk_of(request)), todo)


def _desk_of(request: HttpRequest) -> str:
    """The desk whose page was asked for."""
    match = request.resolver_match
    return match.func.__module__.split(".pages")[0].rsplit(".", 1)[-1] if match else ""


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The log line carries the same reference number."""
    log.error("reference %s: %s", getattr(request, "reference", "?"), traceback.format_exc(limit=-4))
    todo = [
        T("稍等片刻再试一次；你填的内容没有保存。", "Wait a moment and try again; what you entered was not saved."),
        T("再次出现时，把编号告诉管理员。", "If it happens again, give the reference to your administrator."),
    ]
    why = T("服务器在处理时出错，错误已记录。", "The server failed while working on this; the fault is logged.")
    try:
        return _answer(request, 500, T("出错了", "Something went wrong"), str(why), todo)
    except Exception:  # the error page itself must not fail: the shell may need the very database that is down
        log.exception("error page failed")
        return _bare(request, why, todo)


def _bare(request: HttpRequest, why: T, todo: list[T]) -> HttpResponse:
    context: dict[str, Any] = {"why": why, "todo": todo, "reference": getattr(request, "reference", "")}
    return HttpResponse(get_template("web/error_bare.html").render(context), status=500)
