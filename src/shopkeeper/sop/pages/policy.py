"""G3: policy values, their bounds, who changed them and why."""

from typing import Any

from django.http import HttpResponse, QueryDict

from shopkeeper.foundation.models import Shop
from shopkeeper.shared.words import T
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.permissions import Permission
from shopkeeper.sop.policy import POLICY_KEYS
from shopkeeper.sop.queries.policy import policy_changes, policy_rows
from shopkeeper.web.command_forms import answer_outcomes
from shopkeeper.web.pages import MenuEntry, Request, page, render_page


@page(
    "policy/",
    name="sop-policy",
    clause="G3",
    permission=Permission.POLICY_VIEW,
    menu=MenuEntry(T("策略参数", "Policy"), section="settings", order=1),
)
def policy(request: Request) -> HttpResponse:
    shop_id = _shop(request, request.GET)
    shops = [shop for shop in Shop.objects.order_by("id") if request.actor.sees_shop(shop.pk)]
    return render_page(
        request,
        "sop/policy.html",
        {
            "rows": policy_rows(shop_id),
            "changes": policy_changes(),
            "shops": shops,
            "shop_id": shop_id,
            "may_set": request.actor.may(Permission.POLICY_SET),
        },
    )


@page("policy/set/", name="sop-policy-set", clause="G3", permission=Permission.POLICY_SET, methods=("POST",))
def set_value(request: Request) -> HttpResponse:
    key = request.POST.get("key", "")
    shop_id = _shop(request, request.POST)
    item = SetPolicy(key, _value(key, request.POST.get("value", "")), request.POST.get("reason", ""), shop_id)
    outcomes = set_policy(request.actor, [item])
    back = f"/policy/?shop={shop_id}" if shop_id else "/policy/"
    return answer_outcomes(request, outcomes, done=T("参数已更新", "The value is set"), to=back)


def _shop(request: Request, given: QueryDict) -> int | None:
    text = given.get("shop", "")
    shop_id = int(text) if text.isdigit() and len(text) < 19 else None
    return shop_id if shop_id and request.actor.sees_shop(shop_id) else None


def _value(key: str, text: str) -> Any:
    """Read the form's text as the key's type; what cannot be read goes on as text and is refused there."""
    known = POLICY_KEYS.get(key)
    if known and isinstance(known.default, bool):
        return {"true": True, "false": False}.get(text, text)
    if known and isinstance(known.default, int):
        stripped = text.strip()
        return int(stripped) if stripped.lstrip("-").isdigit() and len(stripped) < 12 else text
    return text
