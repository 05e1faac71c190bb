"""Writing a plan (M1.1): one form in sections, and the start from a template (M4.2)."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.commands.save_campaign import save_campaign
from shopkeeper.flows.marketing.campaigns.commands.start_from_template import StartFromTemplate, start_from_template
from shopkeeper.flows.marketing.campaigns.forms import goods_codes, plan_values, read_campaign_form
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.choices import rule_choices
from shopkeeper.flows.marketing.campaigns.queries.record import ExecutionPlan, execution_plan
from shopkeeper.flows.marketing.campaigns.queries.segments import segment_choices
from shopkeeper.flows.marketing.campaigns.rules.plans import returned_for
from shopkeeper.flows.marketing.campaigns.states import WRITABLE
from shopkeeper.flows.marketing.campaigns.words import CHANNELS
from shopkeeper.flows.marketing.promotions.queries.goods import goods_by_code
from shopkeeper.flows.products.pricing.queries.plans import skus_like
from shopkeeper.foundation.naming import open_shops_of
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, may_open, page, render_page

FOUND_MOST = 8


@page("new/", name="campaign-new", clause="M1.1", permission=Permission.CAMPAIGN_EDIT, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    shops = open_shops_of(request.actor)
    asked = request.POST.get("shop_id") or request.GET.get("shop", "")
    shop_id = int(asked) if asked in {key for key, _ in shops} else int(shops[0][0]) if shops else None
    return _form(request, T("新建活动", "New campaign"), shop_id, {"shop_id": shop_id}, shops=shops)


@page(
    "<int:campaign_id>/edit/",
    name="campaign-edit",
    clause="M1.1",
    permission=Permission.CAMPAIGN_EDIT,
    methods=("GET", "POST"),
)
def edit(request: Request, campaign_id: int) -> HttpResponse:
    """A plan that is being written; code and shop stay."""
    plan = execution_plan(request.actor, campaign_id)
    if plan is None or plan.campaign.state not in WRITABLE:
        raise Http404
    fixed = {"shop_id": plan.campaign.shop_id, "code": plan.campaign.code}
    return _form(request, T("修改活动方案", "Edit a plan"), plan.campaign.shop_id, fixed, plan=plan)


def _form(
    request: Request,
    title: T,
    shop_id: int | None,
    fixed: dict[str, Any],
    *,
    plan: ExecutionPlan | None = None,
    shops: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    status = 200
    if request.method == "POST" and shop_id is not None:
        goods = goods_by_code(goods_codes(request.POST), shop_id)
        known = {code: (one.id, one.price_minor) for code, one in goods.items()}
        state = read_campaign_form(request.POST, known, fixed)
        if state.item is not None:
            outcomes = run_once(request, save_campaign, [state.item])
            if outcomes[0].ok:
                target = reverse("campaign", args=[outcomes[0].id])
                return answer_outcomes(request, outcomes, done=T("方案已保存", "The plan is saved"), to=target)
            state.errors[WHOLE] = outcome_text(outcomes[0])
        status = 422
    else:
        state = FormState(values=plan_values(plan) if plan else {"shop_id": shop_id})
    chosen = {name: set(map(str, state.values.get(name, ()))) for name in ("channels", "rule_ids", "segment_ids")}
    attached = plan.campaign if plan else None
    made = _just_made(request)
    chosen["rule_ids"] |= {made} - {""}
    kept = {*(attached.rule_ids if attached else ()), *(int(one) for one in chosen["rule_ids"] if _is_id(one))}
    span = (attached.starts_at, attached.ends_at) if attached else None
    rules = rule_choices(request.actor, shop_id, sorted(kept), span)
    segments = segment_choices(request.actor, shop_id, attached.segment_ids if attached else ())
    context = {
        "title": title,
        "state": state,
        "plan": plan,
        "returned_for": returned_for(plan.moves) if plan else "",
        "shops": shops or [],
        "channels": [(key, words, key in chosen["channels"]) for key, words in CHANNELS.items()],
        "rules": [(key, name, key in chosen["rule_ids"]) for key, name in rules],
        "segments": [(one, str(one.id) in chosen["segment_ids"]) for one in segments],
        "made_rule": next((name for key, name in rules if key == made), ""),
        "new_rule_url": _new_rule_url(shop_id, plan) if may_open(request.actor, "promotion-new") else "",
        "find_url": f"{reverse('campaign-goods')}?{urlencode({'shop': shop_id or ''})}",
        "new_segment_url": reverse("segment-new") if may_open(request.actor, "segment-new") else "",
        "cancel_url": reverse("campaign", args=[plan.campaign.id]) if plan else reverse("campaigns"),
    }
    return render_page(request, "campaigns/write.html", context, status=status)


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


def _just_made(request: Request) -> str:
    """The promotion that was written for this plan: on the way back from it, it is chosen."""
    made = request.GET.get("rule", "") if request.method == "GET" else ""
    return made if _is_id(made) else ""


def _new_rule_url(shop_id: int | None, plan: ExecutionPlan | None) -> str:
    """The form of a promotion, filled with what the plan says, that knows the way back."""
    said: dict[str, object] = {"shop": shop_id or "", "campaign": plan.campaign.id if plan else "new"}
    if plan:
        said["from"] = f"{plan.campaign.starts_at.astimezone(SHOP_ZONE):%Y-%m-%dT%H:%M}"
        said["until"] = f"{plan.campaign.ends_at.astimezone(SHOP_ZONE):%Y-%m-%dT%H:%M}"
    return f"{reverse('promotion-new')}?{urlencode(said)}"


@page("goods/find/", name="campaign-goods", clause="M1.1", permission=Permission.CAMPAIGN_EDIT)
def find_goods(request: Request) -> HttpResponse:
    """Goods by name or code, for whoever writes a plan's lines: their codes, and what they cost in the shop now."""
    text, shop = request.GET.get("find", "").strip(), request.GET.get("shop", "")
    shop_id = int(shop) if shop in {key for key, _ in open_shops_of(request.actor)} else 0
    codes = [code for code, _ in skus_like(text, FOUND_MOST)] if text else []
    goods = goods_by_code(codes, shop_id)
    found = [goods[code] for code in codes if code in goods]
    return render_page(request, "campaigns/found.html", {"found": found, "text": text})


@page(
    "<int:campaign_id>/again/",
    name="campaign-from-template",
    clause="M4.2",
    permission=Permission.CAMPAIGN_EDIT,
    methods=("GET", "POST"),
)
def from_template(request: Request, campaign_id: int) -> HttpResponse:
    """The next campaign from a template: a code, a name and when it begins."""
    plan = execution_plan(request.actor, campaign_id)
    if plan is None or not plan.campaign.is_template:
        raise Http404
    return submit(
        request,
        start_from_template,
        StartFromTemplate,
        template="campaigns/again.html",
        done=T(
            "已按模板建好，{left_out} 项没有带过来", "Started from the template; {left_out:# thing|# things} stayed out"
        ),
        context={"title": T("用模板做新活动", "Start from a template"), "plan": plan, "row": plan.campaign},
        extra={"template_id": campaign_id},
        to="campaigns",
    )
