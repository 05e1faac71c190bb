"""Words of the desk campaigns: states, the calendar, the parts of a plan, refusals."""

from collections.abc import Sequence
from enum import StrEnum

from shopkeeper.flows.marketing.campaigns.rules.plans import OF_MATERIAL
from shopkeeper.flows.marketing.campaigns.rules.segments import NEW, Definition
from shopkeeper.flows.marketing.campaigns.states import (
    BudgetKind,
    CampaignState,
    Channel,
    RaiseState,
    SlotState,
    TaskState,
)
from shopkeeper.flows.marketing.promotions.rules.promises import Promise
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    CampaignState: {
        CampaignState.IDEA: Label(T("意向", "Idea")),
        CampaignState.PLANNED: Label(T("策划中", "Being planned"), "blue"),
        CampaignState.IN_REVIEW: Label(T("待审批", "In review"), "amber"),
        CampaignState.APPROVED: Label(T("已批准", "Approved"), "blue"),
        CampaignState.LIVE: Label(T("进行中", "Live"), "green"),
        CampaignState.ENDED: Label(T("已结束", "Ended"), "amber"),
        CampaignState.REVIEWED: Label(T("已复盘", "Reviewed"), "green"),
        CampaignState.CANCELLED: Label(T("已取消", "Cancelled")),
    },
    SlotState: {
        SlotState.TO_APPLY: Label(T("待申请", "To apply for"), "amber"),
        SlotState.APPLIED: Label(T("已申请", "Applied for"), "blue"),
        SlotState.GRANTED: Label(T("已通过", "Granted"), "green"),
        SlotState.REFUSED: Label(T("未通过", "Refused"), "red"),
        SlotState.DROPPED: Label(T("已放弃", "Given up")),
    },
    TaskState: {
        TaskState.OPEN: Label(T("待完成", "To do"), "amber"),
        TaskState.DONE: Label(T("已完成", "Done"), "green"),
        TaskState.DROPPED: Label(T("已取消", "Taken back")),
    },
    RaiseState: {
        RaiseState.WAITING: Label(T("待审批", "To decide"), "amber"),
        RaiseState.APPROVED: Label(T("已批准", "Approved"), "green"),
        RaiseState.REFUSED: Label(T("未批准", "Refused"), "red"),
    },
}
BUDGET_KINDS: dict[str, T] = {
    BudgetKind.ADS: T("付费广告", "Paid ads"),
    BudgetKind.SLOTS: T("资源位", "Platform slots"),
    BudgetKind.INFLUENCER: T("达人与直播", "Influencers and live"),
    BudgetKind.SMS_EDM: T("短信与邮件", "SMS and mail"),
    BudgetKind.COUPON: T("商家承担的优惠", "Discounts borne by us"),
    BudgetKind.GIFT: T("赠品", "Gifts"),
    BudgetKind.OTHER: T("其他", "Other"),
}
CHANNELS: dict[str, T] = {
    Channel.HOME_PAGE: T("平台首页", "Platform home page"),
    Channel.SEARCH_ADS: T("搜索推广", "Search ads"),
    Channel.RECOMMENDATION: T("猜你喜欢", "Recommendations"),
    Channel.LIVE_STREAM: T("直播", "Live stream"),
    Channel.SHORT_VIDEO: T("短视频", "Short video"),
    Channel.SOCIAL: T("社交媒体", "Social media"),
    Channel.EDM: T("邮件", "Mail"),
    Channel.SMS: T("短信", "SMS"),
    Channel.OWN_SHOP: T("店铺首页", "Shop's home page"),
}
PARTS: dict[str, T] = {
    "theme": T("主题", "theme"),
    "goal": T("销售目标", "sales goal"),
    "conversion": T("预计访客与转化率", "expected visitors and conversion"),
    "force": T("力度或规则", "force or rules"),
    "goods": T("商品与备货", "goods and stock"),
    "audience": T("目标人群", "audience"),
    "channels": T("推广渠道", "channels"),
    "budget": T("预算", "budget"),
    "risks": T("风险预案", "risks"),
}
# Where a plan promises something in words.
SAID_AT: dict[str, T] = {
    "name": T("名称", "name"),
    "theme": T("主题", "theme"),
    "force": T("力度", "force"),
    "materials": T("需要的素材", "materials needed"),
    "channels": T("推广渠道", "channels"),
}
# Why the gate would not pass with a promotion of the plan; the promotion is named after it.
RULE_TROUBLES: dict[str, T] = {
    "ended": T(
        "规则已结束，上线测试不会通过：换一条规则，或从方案里去掉。",
        "This promotion has ended; the go-live gate will not pass: attach another, or take it out of the plan.",
    ),
    "unpublished": T(
        "规则还没有发布，发布之前上线测试不会通过：",
        "This promotion is not published yet; the go-live gate will not pass until it is:",
    ),
    "paused": T(
        "规则已暂停，恢复之前上线测试不会通过：",
        "This promotion is paused; the go-live gate will not pass until it goes on:",
    ),
    "late": T(
        "规则在活动开始后才生效，上线测试不会通过：", "Begins after the campaign; the go-live gate will not pass:"
    ),
    "short": T("规则在活动结束前失效，上线测试不会通过：", "Ends before the campaign; the go-live gate will not pass:"),
}
PROMISE_LAPSED = T(
    "方案承诺{x}，给这个优惠的规则已结束，上线测试不会通过：换一条规则，或改文字。",
    "The plan promises {x}; the promotion that gives it has ended; the go-live gate will not pass: attach another, "
    "or change the words.",
)
OCCASIONS: dict[str, T] = {
    "new_year": T("元旦", "New Year"),
    "new_year_fair": T("年货节", "New Year's Goods Fair"),
    "spring_festival": T("春节", "Spring Festival"),
    "lantern": T("元宵节", "Lantern Festival"),
    "valentine": T("情人节", "Valentine's Day"),
    "women": T("38 女神节", "Women's Day"),
    "spring_launch": T("春季上新", "Spring launch"),
    "qingming": T("清明节", "Qingming"),
    "labour": T("劳动节", "Labour Day"),
    "five_twenty": T("520", "520"),
    "mother": T("母亲节", "Mother's Day"),
    "children": T("儿童节", "Children's Day"),
    "mid_year": T("618 大促", "618"),
    "father": T("父亲节", "Father's Day"),
    "dragon_boat": T("端午节", "Dragon Boat Festival"),
    "summer_launch": T("夏季清凉季", "Summer season"),
    "qixi": T("七夕", "Qixi"),
    "back_to_school": T("开学季", "Back to school"),
    "autumn_launch": T("秋季上新", "Autumn launch"),
    "nine_nine": T("99 划算节", "99 Sale"),
    "teacher": T("教师节", "Teachers' Day"),
    "mid_autumn": T("中秋节", "Mid-Autumn Festival"),
    "national": T("国庆节", "National Day"),
    "double_ninth": T("重阳节", "Double Ninth"),
    "double_eleven": T("双11", "Double 11"),
    "winter_launch": T("冬季上新", "Winter launch"),
    "double_twelve": T("双12", "Double 12"),
    "christmas": T("圣诞节", "Christmas"),
}
OCCASION_KINDS: dict[str, T] = {
    "festival": T("节日", "Festival"),
    "platform": T("平台大促", "Platform date"),
    "season": T("季节", "Season"),
}
FIFTHS: dict[str, T] = {
    "recency": T("最近购买", "recency"),
    "frequency": T("购买次数", "frequency"),
    "monetary": T("消费金额", "amount"),
}


def said_at(place: str) -> T:
    """A place of `rules.plans.said_in` in words."""
    if place.startswith(OF_MATERIAL):
        title = place.removeprefix(OF_MATERIAL)
        return T(f"素材“{title}”", f"material “{title}”")
    return SAID_AT[place]


def trouble_says(why: str, promises: Sequence[Promise]) -> T:
    """Why the gate will not pass with a promotion, with the promises of the plan that fall with it."""
    if not promises:
        return RULE_TROUBLES[why]
    places = [(one.written, said_at(one.place)) for one in promises]
    return T(
        PROMISE_LAPSED.zh.format(x="、".join(f"“{written}”（{place.zh}）" for written, place in places)),
        PROMISE_LAPSED.en.format(x=", ".join(f"“{written}” ({place.en})" for written, place in places)),
    )


def segment_says(definition: Definition) -> list[T]:
    """A segment in words, one condition each; a category by its number, which the caller may name."""
    d = definition
    said: list[T] = []
    if d.customers:
        said.append(T("新客", "new customers") if d.customers == NEW else T("老客", "returning customers"))
    for name, words in FIFTHS.items():
        fifths = getattr(d, name)
        if fifths:
            low, high = fifths
            said.append(T(f"{words.zh} {low}–{high} 档", f"{words.en} fifths {low}–{high}"))
    if d.category_id:
        said.append(T("买过类目 #{n}", "bought of category #{n}").format(n=d.category_id))
    if d.min_minor is not None or d.max_minor is not None:
        said.append(T("消费 {a} 元", "paid {a}").format(a=_span(_yuan(d.min_minor), _yuan(d.max_minor))))
    if d.min_orders is not None or d.max_orders is not None:
        said.append(T("{a} 单", "{a} orders").format(a=_span(d.min_orders, d.max_orders)))
    if d.paid_within_days:
        said.append(T("{n} 天内买过", "bought within {n:# day|# days}").format(n=d.paid_within_days))
    if d.paid_before_days:
        said.append(T("{n} 天没买", "nothing bought for {n:# day|# days}").format(n=d.paid_before_days))
    if d.provinces:
        said.append(T("{p}", "{p}").format(p="、".join(d.provinces)))
    if d.window_days:
        said.append(T("按近 {n} 天", "over {n:# day|# days}").format(n=d.window_days))
    return said or [T("所有买过的人", "everybody who bought")]


def _yuan(minor: int | None) -> str | None:
    return None if minor is None else f"{minor / 100:g}"


def _span(low: object, high: object) -> str:
    if low is not None and high is not None:
        return f"{low}–{high}"
    return f"≥ {low}" if low is not None else f"≤ {high}"


REFUSALS: dict[str, T] = {
    "calendar_span": T("时间段最长 400 天。", "The span is 400 days at most, and not backwards."),
    "campaign_unnamed": T("请填写活动编号和名称。", "Enter the campaign's code and name."),
    "campaign_time_backwards": T(
        "结束时间要晚于开始时间，也要晚于现在。", "The end must lie after the start and after now."
    ),
    "campaign_too_long": T(
        "活动最长 180 天，开始时间不超过三年后。", "A campaign lasts 180 days at most and begins within three years."
    ),
    "campaign_twice": T("同一批里这个活动出现了两次。", "The campaign is named twice in one batch."),
    "campaign_code_taken": T(
        "这个编号已用于另一个活动，请换一个。", "Another campaign has this code. Choose another one."
    ),
    "campaign_over": T("活动时间已过，请先改时间或结束它。", "Its time is over. Change the time, or end it."),
    "campaign_cancelled": T("活动已取消。", "The campaign was cancelled."),
    "goods_twice": T("同一个商品填了两次，请合并。", "The same SKU is named twice. Put it in one line."),
    "goods_too_many": T("一个活动最多 {most} 个商品。", "A campaign has {most} SKUs at most."),
    "goods_currencies": T("商品币种与店铺不同。", "The goods are in another currency than the shop."),
    "sku_unknown": T("商品 {sku} 不存在或已下架。", "SKU {sku} is unknown or no longer sold."),
    "rule_unknown": T(
        "促销规则 {rule} 不存在，或属于别的店铺。", "Promotion {rule} is unknown or belongs to another shop."
    ),
    "segment_unknown": T(
        "人群 {segment} 不存在、已停用，或属于别的店铺。", "Segment {segment} is unknown, retired or of another shop."
    ),
    "plan_not_writable": T(
        "方案已提交或批准，不能直接改。待审批的可以先撤回；已批准的请审批人退回。",
        "The plan is in review or approved. Withdraw it while it is in review; once approved, have it returned.",
    ),
    "plan_not_planned": T(
        "只有策划中的活动可以提交：意向请先点“编辑方案”补成方案，已提交的等审批。",
        "Only a plan that is being written can be submitted: edit an idea into a plan first; one in review is waited for.",
    ),
    "plan_incomplete": T(
        "方案还缺：{missing}。补齐后再提交。", "The plan still lacks: {missing}. Add it, then submit."
    ),
    "plan_not_in_review": T("方案不在待审批。", "The plan is not in review."),
    "own_plan": T("自己写的或提交的方案要由另一个人审批。", "Somebody else decides on a plan you wrote or submitted."),
    "not_approved": T("方案批准后才能上线。", "A campaign goes live only once its plan is approved."),
    "too_early": T("还没到可以上线的时间。", "It is too early to go live."),
    "gate_missing": T(
        "还没有上线检查的结果，不能上线。请先做上线检查。",
        "Nothing says that it was tested. Run the go-live checks first.",
    ),
    "not_live": T("活动不在进行中。", "The campaign is not live."),
    "already_live": T("活动已经开始，请用“提前结束”。", "The campaign has begun. End it instead."),
    "not_ended": T("活动还没有结束。", "The campaign has not ended."),
    "not_template": T(
        "这个活动不是模板。复盘后设为模板再用。", "This campaign is no template. Make it one after review."
    ),
    "budget_unreadable": T("这一行预算读不懂：{line}", "This line of the budget cannot be read: {line}"),
    "budget_item_twice": T("同一预算项填了两次。", "A budget item is named twice."),
    "budget_below_spent": T("“{item}”已花的钱比这个预算多。", "More was spent on “{item}” than this."),
    "over_budget": T(
        "超出这项预算，还剩 {left_minor} 分。请先申请追加预算。",
        "Beyond the item's budget; {left_minor:# minor unit is|# minor units are} left. Ask for a raise first.",
    ),
    "spend_not_approved": T("方案批准前不能记支出。", "Nothing is spent before the plan is approved."),
    "spend_nothing": T("金额不能是 0。", "The amount must not be zero."),
    "spend_reference_taken": T(
        "这个单号已按另一个金额记过。", "This reference was booked already with another amount."
    ),
    "spend_below_nothing": T("退回的比花掉的多。", "More would come back than was spent."),
    "reference_missing": T("请填写单号。", "Enter a reference."),
    "raise_not_needed": T(
        "方案还能改，直接改预算即可；已关闭的活动不能追加。",
        "While the plan can be written, change the budget itself; a closed campaign gets no more.",
    ),
    "raise_waits": T("这一项已有追加申请待审批。", "A raise of this item is being decided already."),
    "own_raise": T("自己申请的追加要由另一个人审批。", "Somebody else decides on a raise you asked for."),
    "raise_decided": T("这个申请已经审批过了。", "This request was decided already."),
    "slot_unnamed": T("请填写位置名称。", "Name the place."),
    "slot_time_backwards": T("位置的结束时间要晚于开始。", "The slot's end must lie after its start."),
    "apply_by_past": T("申请截止时间已过。", "The time to apply has passed."),
    "slot_closed": T("这个申请已经有结果或已放弃。", "This application was answered or given up."),
    "slot_not_applied": T("先登记已申请，再填结果。", "Note that it was applied for, then its answer."),
    "slot_cost_missing": T("请填写实际费用，免费填 0。", "Enter what it costs; 0 where it is free."),
    "slot_unknown": T("没有这个位置，或属于别的店铺。", "The place is unknown or belongs to another shop."),
    "slot_taken": T(
        "这段时间已被活动 {by} 占用到 {until}。请换位置或时间。",
        "Campaign {by} holds the place until {until}. Take another place or time.",
    ),
    "task_unnamed": T("请写明任务。", "Say what is to be done."),
    "task_due_past": T("截止时间要晚于现在。", "The time must lie after now."),
    "owner_unknown": T("没有这位负责人。", "That person is unknown."),
    "evidence_needed": T("请写明完成的凭据：链接、编号或结果。", "Say what shows it: a link, a number, a result."),
    "not_your_task": T("这是别人的任务。", "This is somebody else's task."),
    "task_dropped": T("任务已取消。", "The task was taken back."),
    "task_done": T("任务已经完成。", "The task is done already."),
    "segment_unnamed": T("请填写人群编号和名称。", "Enter the segment's code and name."),
    "segment_twice": T("同一批里这个人群出现了两次。", "The segment is named twice in one batch."),
    "segment_unknown_condition": T("没有“{field}”这个条件。", "There is no condition “{field}”."),
    "segment_out_of_bounds": T("条件“{field}”的值不对。", "The value of “{field}” is not valid."),
    "segment_backwards": T("条件“{field}”前后矛盾，不会有人符合。", "By “{field}” nobody could belong."),
    "segment_retired": T("人群已停用。", "The segment is retired."),
}
