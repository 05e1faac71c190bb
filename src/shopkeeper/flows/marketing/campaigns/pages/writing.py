"""Writing a plan (M1.1): one form in sections, and the start from a template (M4.2)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.commands.save_campaign import save_campaign
from shopkeeper.flows.marketing.campaigns.commands.start_from_template import StartFromTemplate, start_from_template
from shopkeeper.flows.marketing.campaigns.forms import goods_codes, plan_values, read_campaign_form
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.record import ExecutionPlan, execution_plan, rule_choices
from shopkeeper.flows.marketing.campaigns.queries.segments import segment_choices
from shopkeeper.flows.marketing.campaigns.rules.plans import returned_for
from shopkeeper.flows.marketing.campaigns.states import WRITABLE
from shopkeeper.flows.marketing.campaigns.words import CHANNELS
from shopkeeper.flows.marketing.promotions.queries.goods import goods_by_code
from shopkeeper.foundation.naming import open_shops_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, may_open, page, render_page


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
    rules = rule_choices(request.actor, shop_id, attached.rule_ids if attached else ())
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
        "new_rule_url": reverse("promotion-new") if may_open(request.actor, "promotion-new") else "",
        "new_segment_url": reverse("segment-new") if may_open(request.actor, "segment-new") else "",
        "cancel_url": reverse("campaign", args=[plan.campaign.id]) if plan else reverse("campaigns"),
    }
    return render_page(request, "campaigns/write.html", context, status=status)


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
