"""Pages of promotions (M2.3): the list, one with its versions and what the scan found, and what is decided."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.promotions.commands.end_rules import (
    EndRule,
    PauseRule,
    ResumeRule,
    end_rules,
    pause_rules,
    resume_rules,
)
from shopkeeper.flows.marketing.promotions.commands.publish_rules import (
    PublishRule,
    ReturnRule,
    publish_rules,
    return_rules,
)
from shopkeeper.flows.marketing.promotions.commands.submit_rules import SubmitRule, submit_rules
from shopkeeper.flows.marketing.promotions.pages.for_a_plan import plan_url
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.goods import goods_named
from shopkeeper.flows.marketing.promotions.queries.rules import (
    RuleFilter,
    RuleRecord,
    VersionRow,
    rule_counts,
    rule_record,
    rules_page,
    shops_of,
)
from shopkeeper.flows.marketing.promotions.states import PromotionState
from shopkeeper.flows.marketing.promotions.words import KINDS, LAYERS
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

WHY_PUBLISH = T("审核意见（有风险商品时必填）", "Your remark (needed where goods could go too low)")
WHY_RETURN = T("哪里要改？", "What is to change?")
WHY_PAUSE = T("为什么暂停？", "Why is it paused?")
WHY_END = T("为什么结束？", "Why does it end?")
RULES = Listing(
    key="promotions",
    title=T("促销规则", "Promotions"),
    clause="M2.3",
    record="promotion",
    columns=(
        Column("code", T("编号", "Code"), always=True),
        Column("name", T("名称", "Name")),
        Column("says", T("优惠", "Gives")),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("time", T("时间", "Time")),
        Column("uses", T("已用", "Used"), align="end"),
        Column("money", T("已优惠", "Given"), align="end"),
        Column("due", T("审核时限", "Review by")),
    ),
    tabs=(
        Tab("published", T("已发布", "Published"), tone="green"),
        Tab("in_review", T("待审核", "In review"), tone="amber"),
        Tab("draft", T("草稿", "Drafts")),
        Tab("paused", T("已暂停", "Paused"), tone="red"),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("kind", T("类型", "Kind"), choices=tuple(KINDS.items())),
    ),
    search=T("促销编号或名称", "Code or name"),
    bulk=(
        BulkAction(
            "publish", T("发布", "Publish"), url="promotion-publish", primary=True, icon="check", ask=WHY_PUBLISH
        ),
        BulkAction("pause", T("暂停", "Pause"), url="promotion-pause", icon="player-pause", ask=WHY_PAUSE),
    ),
    live="promotions",
    arrivals="promotions.rule_submitted",
)


def _wanted(asked: ListQuery) -> RuleFilter:
    shop = str(asked.filters.get("shop", ""))
    return RuleFilter(
        state="" if asked.tab == "all" else asked.tab,
        text=asked.text[:80],
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
        kind=str(asked.filters.get("kind", "")),
    )


@page(
    "",
    name="promotions",
    clause="M2.3",
    permission=Permission.RULE_VIEW,
    menu=MenuEntry(T("促销规则", "Promotions"), section="marketing", order=40),
)
def rules(request: Request) -> HttpResponse:
    asked = RULES.read(request)
    if asked.counting:
        return RULES.counters(request, rule_counts(request.actor))
    after = asked.after_id
    rows, next_key = rules_page(request.actor, _wanted(asked), after=after, limit=asked.limit)
    return RULES.render(
        request,
        asked,
        "promotions/rules.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
        may_edit=request.actor.may(Permission.RULE_EDIT),
    )


@page("submit/", name="promotion-submit", clause="M2.3", permission=Permission.RULE_EDIT, methods=("POST",))
def submit(request: Request) -> HttpResponse:
    """Submit drafts for review."""
    outcomes = run_once(request, submit_rules, [SubmitRule(id_) for id_ in RULES.chosen(request).ids])
    done = T(
        "已提交审核，试算了 {scanned} 个商品，{findings} 个有风险",
        "Submitted; {scanned:# SKU|# SKUs} tried, {findings} could go too low",
    )
    return answer_outcomes(request, outcomes, done=done)


@page("publish/", name="promotion-publish", clause="M2.3", permission=Permission.RULE_APPROVE, methods=("POST",))
def publish(request: Request) -> HttpResponse:
    """Publish what is in review; one's own is refused."""
    chosen = RULES.chosen(request)
    outcomes = run_once(request, publish_rules, [PublishRule(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已发布 {n} 个促销", "{n:# promotion|# promotions} published"))


@page("return/", name="promotion-return", clause="M2.3", permission=Permission.RULE_APPROVE, methods=("POST",))
def return_(request: Request) -> HttpResponse:
    """Return what is in review, with the reason."""
    chosen = RULES.chosen(request)
    outcomes = run_once(request, return_rules, [ReturnRule(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已退回", "Returned"))


@page("pause/", name="promotion-pause", clause="M2.3", permission=Permission.RULE_EDIT, methods=("POST",))
def pause(request: Request) -> HttpResponse:
    """Pause published promotions at once, with the reason."""
    chosen = RULES.chosen(request)
    outcomes = run_once(request, pause_rules, [PauseRule(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已暂停 {n} 个促销", "{n:# promotion|# promotions} paused"))


@page("resume/", name="promotion-resume", clause="M2.3", permission=Permission.RULE_APPROVE, methods=("POST",))
def resume(request: Request) -> HttpResponse:
    outcomes = run_once(request, resume_rules, [ResumeRule(id_) for id_ in RULES.chosen(request).ids])
    return answer_outcomes(request, outcomes, done=T("已恢复", "It goes on"))


@page("end/", name="promotion-end", clause="M2.3", permission=Permission.RULE_EDIT, methods=("POST",))
def end(request: Request) -> HttpResponse:
    """End promotions before their time, or give up drafts."""
    chosen = RULES.chosen(request)
    outcomes = run_once(request, end_rules, [EndRule(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已结束", "Ended"))


@page("<int:rule_id>/", name="promotion", clause="M2.3", permission=Permission.RULE_VIEW)
def rule(request: Request, rule_id: int) -> HttpResponse:
    """One promotion: what it says, what it may do at its worst, every version and what that changed."""
    found = rule_record(request.actor, rule_id)
    if found is None:
        raise Http404
    versions = [(row, found.changes[row.number], found.people.get(row.saved_by, "")) for row in found.versions]
    return render_record(
        request,
        "promotions/rule.html",
        _head(request, found),
        timeline=_timeline(found),
        live="promotions",
        found=found,
        row=found.row,
        versions=versions,
        goods=goods_named(found.row.terms),
        plan_url=plan_url(request, rule_id),
        kind=KINDS[found.row.kind],
        layer=LAYERS[found.row.terms.layer.name.lower()],
        is_own=found.row.waits and request.actor.id in (found.row.saved_by, found.row.submitted_by),
        may_issue=request.actor.may(Permission.COUPON_ISSUE),
    )


def _head(request: Request, found: RuleRecord) -> RecordHead:
    row = found.row
    badges = (Badge(T("有风险商品", "Goods could go too low"), "red", "alert-triangle"),) if row.below else ()
    actions = _actions(request, found)
    return RecordHead(
        title=T("促销", "Promotion"),
        number=row.code,
        back="promotions",
        state=PromotionState(row.state),
        clause="M2.3",
        due_at=row.due_at if row.waits else None,
        badges=badges,
        steps=_steps(row),
        primary=next((one for one in actions if not one.tone), None),
        secondary=tuple(actions[1:] if actions and not actions[0].tone else actions),
    )


def _actions(request: Request, found: RuleRecord) -> list[Action]:
    """What this person may do with it now, the likeliest first."""
    row, may = found.row, request.actor.may
    ids = {"ids": row.id}
    edit = Action(T("修改", "Edit"), reverse("promotion-edit", args=[row.id]), method="get", icon="edit")
    ending = Action(
        T("结束", "End") if found.live else T("作废", "Give up"),
        reverse("promotion-end"),
        fields=ids,
        icon="x",
        tone="red",
        ask=WHY_END,
    )
    actions = []
    if row.waits and may(Permission.RULE_APPROVE) and request.actor.id not in (row.saved_by, row.submitted_by):
        actions.append(
            Action(T("发布", "Publish"), reverse("promotion-publish"), fields=ids, icon="check", ask=WHY_PUBLISH)
        )
        actions.append(
            Action(T("退回", "Return"), reverse("promotion-return"), fields=ids, icon="arrow-back", ask=WHY_RETURN)
        )
    if found.draft and may(Permission.RULE_EDIT):
        actions.append(Action(T("提交审核", "Submit"), reverse("promotion-submit"), fields=ids, icon="send"))
    if row.state == PromotionState.PAUSED and may(Permission.RULE_APPROVE):
        actions.append(Action(T("恢复", "Go on"), reverse("promotion-resume"), fields=ids, icon="player-play"))
    if may(Permission.RULE_EDIT):
        actions += [] if row.waits else [edit]
        if row.state == PromotionState.PUBLISHED:
            actions.append(
                Action(T("暂停", "Pause"), reverse("promotion-pause"), fields=ids, icon="player-pause", ask=WHY_PAUSE)
            )
        actions += [] if row.state == PromotionState.ENDED else [ending]
    return actions


def _steps(row: VersionRow) -> tuple[Step, ...]:
    saved = Step(T("草稿", "Draft"), "done" if row.submitted_at else "now", row.saved_at)
    review = Step(
        T("审核", "Review"),
        "now" if row.waits else "done" if row.decided_at else "next",
        row.submitted_at if row.waits or row.decided_at else None,
    )
    is_out = row.state != PromotionState.DRAFT and not row.waits
    begun = Step(
        T("发布", "Published"),
        "now" if row.is_live else "done" if is_out else "next",
        row.decided_at if is_out else None,
    )
    over = row.state == PromotionState.ENDED
    return (
        saved,
        review,
        begun,
        Step(T("结束", "Ended"), "done" if over else "next", row.state_at if over else row.ends_at),
    )


def _timeline(found: RuleRecord) -> list[Happening]:
    happened = []
    for row in reversed(found.versions):
        version = T("第 {n} 版", "version {n}").format(n=row.number)
        happened.append(Happening(row.saved_at, T(f"保存{version.text('zh')}", f"Saved {version.text('en')}"),
                                  found.people.get(row.saved_by, "")))  # fmt: skip
        if row.submitted_at:
            happened.append(
                Happening(row.submitted_at, T("提交审核", "Submitted"), found.people.get(row.submitted_by or 0, ""))
            )
        if row.decided_at:
            was_returned = row.state == PromotionState.DRAFT
            what = T("退回", "Returned") if was_returned else T("发布", "Published")
            who = found.people.get(row.decided_by or 0, "")
            happened.append(
                Happening(row.decided_at, what, who, row.decision_reason, tone="red" if was_returned else "green")
            )
        if row.state in (PromotionState.ENDED, PromotionState.PAUSED):
            what = T("结束", "Ended") if row.state == PromotionState.ENDED else T("暂停", "Paused")
            happened.append(Happening(row.state_at, what))
    return happened
