"""POST doors: a form becomes items, one command call, and an answer; the same form twice gives the first answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.foundation.commands import Command
from shopkeeper.foundation.once import body_hash, once_key
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web import labels, toasts
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.pages import Request, render_page
from shopkeeper.web.toasts import Toast

Item = TypeVar("Item")
TOKEN_FIELD = "form_token"  # noqa: S105  (a field's name)
REASONS_SHOWN = 5
NOT_PART_OF_IT = {"csrfmiddlewaretoken"}


def new_token() -> str:
    return uuid4().hex


def submit(
    request: HttpRequest,
    command: Command[Item],
    item_type: type[Item],
    *,
    template: str,
    done: T,
    context: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    to: str | None = None,
    args: Sequence[Any] = (),
    undo: str = "",
    emits: Sequence[str] = (),
) -> HttpResponse:
    """A whole form page: shows the form, and on POST runs the command once and answers.

    Mistakes and refusals show the form again (422) with what was entered. `extra` are item fields that the
    page fixes; `initial` fills the empty form; `to` is a URL name or address to go on to.
    """
    state: FormState[Item] = FormState(values=dict(initial or {}))
    if request.method != "POST":
        return render_page(request, template, {**(context or {}), "state": state})
    state = read_form(request.POST, item_type, extra)
    if state.item is not None:
        outcomes = run_once(request, command, [state.item])
        if all(outcome.ok for outcome in outcomes):
            return answer_outcomes(request, outcomes, done=done, to=to, args=args, undo=undo, emits=emits)
        state.errors[WHOLE] = labels.outcome_text(next(o for o in outcomes if not o.ok))
    return render_page(request, template, {**(context or {}), "state": state}, status=422)


def run_once(request: HttpRequest, command: Command[Item], items: Sequence[Item], *, why: str = "") -> list[Outcome]:
    """Call a command for a posted form; the same token with the same fields gives the first outcomes again."""
    actor = cast("Request", request).actor
    token = request.POST.get(TOKEN_FIELD, "")
    if not token:
        return command(actor, items, why=why)
    posted = sorted((k, v) for k, values in request.POST.lists() if k not in NOT_PART_OF_IT for v in values)
    body = f"{request.path} {command.name} {posted} {list(items)}".encode()
    return command(
        actor, items, why=why, key=once_key(actor.id, f"form:{token[:40]}:{body_hash(body).hex()[:24]}", body)
    )


def toasts_of(outcomes: Sequence[Outcome], done: T, undo: str = "") -> list[Toast]:
    """What happened in words: how many were done, already so, refused, and the reasons."""
    changed = sum(outcome.changed for outcome in outcomes)
    refused = [outcome for outcome in outcomes if not outcome.ok]
    same = len(outcomes) - changed - len(refused)
    told = []
    if changed:
        facts = next(outcome.facts for outcome in outcomes if outcome.changed)
        told.append(Toast("green", done.format(**{**facts, "n": changed}).text(), undo=undo))
    if same:
        words = T("{n} 项本来就是这样，没有改动", "{n} already so, nothing changed")
        told.append(Toast("blue", words.format(n=same).text()))
    if refused:
        words = T("{n} 项没有办成", "{n:# was|# were} refused")
        told.append(Toast("amber" if changed else "red", words.format(n=len(refused)).text(), _reasons(refused)))
    if not outcomes:
        told.append(Toast("amber", T("没有选中任何记录", "Nothing was chosen").text()))
    return told


def _reasons(refused: Sequence[Outcome]) -> list[str]:
    counted = Counter(labels.outcome_text(outcome) for outcome in refused)
    lines = [text if n == 1 else f"{text} ×{n}" for text, n in counted.most_common(REASONS_SHOWN)]
    more = len(counted) - REASONS_SHOWN
    rest = T("还有 {n} 种原因", "and {n:# more reason|# more reasons}").format(n=more)
    return [*lines, rest.text()] if more > 0 else lines


def answer_outcomes(
    request: HttpRequest,
    outcomes: Sequence[Outcome],
    *,
    done: T,
    to: str | None = None,
    args: Sequence[Any] = (),
    undo: str = "",
    emits: Sequence[str] = (),
) -> HttpResponse:
    """Answer an action: toasts, then on to `to`, or without it the list and record refresh in place.

    `done` may use {n} and the facts of the first outcome that was done.
    """
    told = toasts_of(outcomes, done, undo)
    if request.headers.get("HX-Request") and to is None:
        return toasts.attach(HttpResponse(status=204), told, [*emits, "sk:rows", "sk:record"])
    toasts.keep(request, told)
    target = _address(to, args) if to else _came_from(request)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _address(to: str, args: Sequence[Any]) -> str:
    return to if to.startswith("/") else reverse(to, args=list(args))


def _came_from(request: HttpRequest) -> str:
    """The page the form stood on, if it was one of ours."""
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc != request.get_host() or not referer.path.startswith("/") or referer.path.startswith("//"):
        return "/"
    return referer.path + (f"?{referer.query}" if referer.query else "")
