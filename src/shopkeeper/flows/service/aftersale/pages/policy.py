"""The after-sale policy of a platform: read by everybody who handles cases, published by who may."""

from typing import Any

from django.http import Http404, HttpResponse

from shopkeeper.flows.service.aftersale.commands.publish_aftersale_policy import (
    PolicyLineWish,
    PublishAfterSalePolicy,
    publish_aftersale_policy,
)
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.policy import (
    PolicyView,
    platforms_in_use,
    policy_in_force,
    policy_versions,
)
from shopkeeper.flows.service.aftersale.states import Freight, Reason, Shot, Solution
from shopkeeper.flows.service.aftersale.words import LABELS
from shopkeeper.shared.money import Money, to_minor
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

PLATFORMS = {
    "": T("通用（没有单独政策的平台）", "General (platforms without their own)"),
    "taobao": T("淘宝/天猫", "Taobao/Tmall"),
    "pinduoduo": T("拼多多", "Pinduoduo"),
    "jd": T("京东", "JD"),
    "douyin": T("抖音", "Douyin"),
}


@page(
    "policy/",
    name="aftersale-policy",
    clause="S2.3",
    permission=Permission.CASE_VIEW,
    methods=("GET", "POST"),
    menu=MenuEntry(T("售后政策", "Policy"), section="aftersale", order=8),
)
def policy(request: Request) -> HttpResponse:
    """Everybody reads; who may publishes a new version of the platform shown."""
    platforms = platforms_in_use()
    platform = (request.POST if request.method == "POST" else request.GET).get("platform", "")
    if platform not in platforms:
        raise Http404
    found = policy_in_force(platform)
    may_publish = request.actor.may(Permission.POLICY_PUBLISH)
    state: FormState[Any] = FormState(values=_values(found))
    if request.method == "POST":
        if not may_publish:
            raise Http404
        answer = _publish(request, state, found, platform)
        if answer is not None:
            return answer
    view = {
        "title": T("售后政策", "After-sale policy"),
        "clause": "S2.3",
        "platform": platform,
        "platforms": [(name, _named(name)) for name in platforms],
        "found": found,
        "is_own": found.platform == platform,
        "versions": policy_versions(platform),
        "state": state,
        "may_publish": may_publish,
        "is_editing": may_publish and (request.method == "POST" or "edit" in request.GET),
        "rows": [_row(line.reason, state) for line in found.lines],
        "freights": [(str(one), LABELS[Freight][one].text) for one in Freight],
    }
    return render_page(request, "aftersale/policy.html", view, status=422 if state.errors else 200)


def _named(platform: str) -> T:
    return PLATFORMS.get(platform, T(platform, platform))


def _values(found: PolicyView) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for line in found.lines:
        values[f"{line.reason}-days"] = line.days
        values[f"{line.reason}-freight"] = line.freight_by
        values[f"{line.reason}-percent"] = line.percent
        values[f"{line.reason}-cap"] = str(Money(line.cap_minor)).replace(",", "")
        values[f"{line.reason}-solutions"] = list(line.solutions)
        values[f"{line.reason}-shots"] = list(line.shots)
    return values


def _row(reason: str, state: FormState[Any]) -> dict[str, Any]:
    """One line of the form, with what may be ticked."""
    solutions = state.values[f"{reason}-solutions"]
    shots = state.values[f"{reason}-shots"]
    ordered = [Solution(s) for s in solutions if s in set(Solution)]
    others = [solution for solution in Solution if solution not in ordered]
    return {
        "reason": Reason(reason),
        "days": state.values[f"{reason}-days"],
        "freight": state.values[f"{reason}-freight"],
        "percent": state.values[f"{reason}-percent"],
        "cap": state.values[f"{reason}-cap"],
        "solutions": [(str(s), LABELS[Solution][s].text, str(s) in solutions) for s in (*ordered, *others)],
        "shots": [(str(s), LABELS[Shot][s].text, str(s) in shots) for s in Shot],
    }


def _publish(request: Request, state: FormState[Any], found: PolicyView, platform: str) -> HttpResponse | None:
    """Publish what the form says; None where something is wrong, said in `state`."""
    posted = request.POST
    lines = []
    for line in found.lines:
        reason = line.reason
        for name in ("days", "freight", "percent", "cap"):
            state.values[f"{reason}-{name}"] = posted.get(f"{reason}-{name}", "").strip()
        for name in ("solutions", "shots"):
            state.values[f"{reason}-{name}"] = posted.getlist(f"{reason}-{name}")
        made = _line(reason, state)
        if made is None:
            state.errors[WHOLE] = (
                T(
                    "“{x}”一行填写不完整，请核对天数、比例和金额。",
                    "The line “{x}” is not complete: check days, share and amount.",
                )
                .format(x=LABELS[Reason][Reason(reason)].text.text())
                .text()
            )
            return None
        lines.append(made)
    version = found.version if found.platform == platform else 0
    item = PublishAfterSalePolicy(platform, version, tuple(lines), posted.get("note", "").strip()[:200])
    outcomes = run_once(request, publish_aftersale_policy, [item])
    if not outcomes[0].ok:
        state.errors[WHOLE] = outcome_text(outcomes[0])
        return None
    words = T("新版本已发布，之后的售后单按新政策", "Published; cases from now on follow it")
    return answer_outcomes(request, outcomes, done=words, to=f"/aftersale/policy/?platform={platform}")


def _line(reason: str, state: FormState[Any]) -> PolicyLineWish | None:
    values = {name: state.values[f"{reason}-{name}"] for name in ("days", "freight", "percent", "cap")}
    solutions, shots = state.values[f"{reason}-solutions"], state.values[f"{reason}-shots"]
    try:
        days, percent, cap = int(values["days"]), int(values["percent"] or 0), to_minor(values["cap"] or "0")
        wish = PolicyLineWish(
            Reason(reason),
            days,
            tuple(Solution(solution) for solution in solutions),
            Freight(values["freight"]),
            tuple(Shot(shot) for shot in shots),
            percent,
            cap,
        )
    except ValueError:
        return None
    return wish if 1 <= days <= 365 and 0 <= percent <= 100 and 0 <= cap <= 10_000_000 else None
