"""The story of a campaign's plan: an idea, the execution plan, its money, slots and tasks (M1.1, M1.2)."""

from typing import Any

from shopkeeper.simulator.cast import Cast

IDEAS, SAVE, SEGMENT = "campaigns/make-ideas", "campaigns/save-campaign", "campaigns/save-segment"
BUDGET, SUBMIT, APPROVE = "campaigns/plan-budget", "campaigns/submit-plans", "campaigns/approve-plans"
SPEND, RAISE, DECIDE = "campaigns/book-spend", "campaigns/request-raises", "campaigns/decide-raises"
CODE, SECOND = "QC-0611", "GD-0612"
LIVE_DAY = 6  # the day of the story on which the campaign of the chosen goods is live


def at(cast: Cast, day: int, hour: int, minute: int = 0) -> str:
    """A clock time of the story as a program writes it."""
    return cast.day(day, hour, minute).isoformat()


def plan_of(cast: Cast, name: str) -> dict[str, Any]:
    """A named campaign's execution plan as the house has it."""
    found: dict[str, Any] = cast.house.get("campaigns", f"campaigns/campaigns/{cast.made[name]}")
    return found


def _idea(cast: Cast) -> dict[str, Any]:
    return {
        "shop_id": 1,
        "code": CODE,
        "name": "梅子青一日专场",
        "starts_at": at(cast, LIVE_DAY, 10),
        "ends_at": at(cast, LIVE_DAY, 18),
        "theme": "龙泉梅子青上新",
    }


def _second_idea(cast: Cast) -> dict[str, Any]:
    idea = {"shop_id": 1, "code": SECOND, "name": "公道杯尝鲜", "theme": "粉青冰裂公道杯首发"}
    return {**idea, "starts_at": at(cast, LIVE_DAY + 1, 10), "ends_at": at(cast, LIVE_DAY + 1, 13)}


def idea(cast: Cast) -> None:
    """M1.1: the new goods sell; an idea is put on the calendar, and its plan is due in a day."""
    item = _idea(cast)
    cast.expect("活动策划", "orders", IDEAS, [item], "not_allowed")
    cast.expect("活动策划", "campaigns", IDEAS, [{**item, "name": " "}], "campaign_unnamed")
    backwards = {**item, "ends_at": at(cast, LIVE_DAY, 9)}
    cast.expect("活动策划", "campaigns", IDEAS, [backwards], "campaign_time_backwards")
    cast.made["campaign"] = cast.expect("活动策划", "campaigns", IDEAS, [item])[0]["id"]
    cast.expect("活动策划", "campaigns", IDEAS, [item], "unchanged")
    work = [one for one in cast.house.work("campaigns") if one["kind"] == "campaign_plan"]
    cast.insist("活动策划", bool(work), "想法已上营销日历，方案 24 小时内要写出")


def second_idea(cast: Cast) -> None:
    """M1.1: another one, for goods of which there are none yet."""
    cast.made["second"] = cast.expect("活动策划", "campaigns", IDEAS, [_second_idea(cast)])[0]["id"]


def planned_late(cast: Cast) -> None:
    """M1.1: whom it is for, what it is to bring; handed in after the day it was given: late."""
    members = {"shop_id": 1, "code": "BOUGHT-30", "name": "30 天内买过"}
    wrong = {**members, "definition": {"moon": "full"}}
    cast.expect("人群", "campaigns", SEGMENT, [wrong], "segment_unknown_condition")
    bought = {**members, "definition": {"window_days": 30, "min_orders": 1}}
    saved = cast.expect("人群", "campaigns", SEGMENT, [bought])[0]
    cast.made["segment"] = saved["id"]
    cast.insist("人群", saved["facts"]["size"] > 3, f"30 天内买过的客人 {saved['facts']['size']} 位")
    goods = [{"sku_id": cast.made["celadon_sku"], "planned_quantity": 40, "price_minor": 13800}]
    plan = {
        **_idea(cast),
        "goods": goods,
        "force": "店铺券满 150 减 20",
        "channels": ["平台首页", "短信", "邮件"],
        "rule_ids": [cast.made["rule"]],
        "segment_ids": [cast.made["segment"]],
    }
    cast.expect("活动策划", "campaigns", SAVE, [{**plan, "goods": goods * 2}], "goods_twice")
    cast.expect("活动策划", "campaigns", SAVE, [plan])
    mine = [{"campaign_id": cast.made["campaign"]}]
    lacking = cast.expect("执行方案", "campaigns", SUBMIT, mine, "plan_incomplete")[0]["facts"]["missing"]
    cast.tell("执行方案", "系统", f"方案不全，还缺：{lacking}")
    goals = {"goal_sales_minor": 300_000, "goal_new_customers": 5, "expected_visitors": 600}
    plan |= {**goals, "expected_conversion_bp": 500, "risks": "库存七十余件；售罄即转预售", "materials": "文案、海报"}
    cast.expect("活动策划", "campaigns", SAVE, [plan])
    _budget(cast)
    cast.expect("执行方案", "supervisor", SUBMIT, mine)
    _second_plan(cast)


def _budget(cast: Cast) -> None:
    costs = [("ads", 50_000, "直通车"), ("slots", 30_000, "首页焦点"), ("sms_edm", 2_000, "短信与邮件")]
    costs.append(("coupon", 100_000, "满减券"))
    items = [{"kind": kind, "planned_minor": minor, "name": name} for kind, minor, name in costs]
    budget = {"campaign_id": cast.made["campaign"], "items": items}
    cast.expect("预算", "campaigns", BUDGET, [{**budget, "items": [*items, items[0]]}], "budget_item_twice")
    cast.expect("预算", "campaigns", BUDGET, [budget])
    for cost in plan_of(cast, "campaign")["budget"]:
        cast.made[f"budget_{cost['kind']}"] = cost["id"]
    cast.expect("预算", "finance", SPEND, [_spend(cast, "ads", 100)], "spend_not_approved")


def _spend(cast: Cast, kind: str, minor: int, reference: str = "直通车-0611") -> dict[str, Any]:
    return {"item_id": cast.made[f"budget_{kind}"], "reference": reference, "amount_minor": minor}


def _second_plan(cast: Cast) -> None:
    """The small one, whole at once."""
    goods = [{"sku_id": cast.made["slow_sku"], "planned_quantity": 20, "price_minor": 9800}]
    goals = {"goal_sales_minor": 50_000, "expected_visitors": 200, "expected_conversion_bp": 200}
    words = {"force": "首发尝鲜，不打折", "audience": "老客", "channels": ["店铺首页"], "risks": "样品未到"}
    cast.expect("活动策划", "campaigns", SAVE, [{**_second_idea(cast), "goods": goods, **goals, **words}])
    item = {"kind": "other", "planned_minor": 5_000, "name": "样品"}
    cast.expect("预算", "campaigns", BUDGET, [{"campaign_id": cast.made["second"], "items": [item]}])
    cast.expect("执行方案", "campaigns", SUBMIT, [{"campaign_id": cast.made["second"]}])


def approved(cast: Cast) -> None:
    """M1.2: nobody approves what they handed in; another person does, and the gate opens."""
    mine = [{"campaign_id": cast.made["campaign"]}]
    cast.expect("执行方案", "campaigns", APPROVE, mine, "not_allowed")
    cast.expect("执行方案", "supervisor", APPROVE, mine, "own_plan")
    back = {**mine[0], "reason": ""}
    cast.expect("执行方案", "manager", "campaigns/return-plans", [back], "reason_needed")
    cast.expect("执行方案", "manager", APPROVE, mine)
    cast.insist("执行方案", plan_of(cast, "campaign")["state"] == "approved", "方案已批准，上线测试已开")


def slots_and_tasks(cast: Cast) -> None:
    """M1.2: a slot of the platform applied for and granted, a place of our own booked without clash, tasks given."""
    mine = cast.made["campaign"]
    span = {"starts_at": at(cast, LIVE_DAY, 10), "ends_at": at(cast, LIVE_DAY, 18)}
    slot = {"campaign_id": mine, "place": "首页焦点图 3", **span, "apply_by": at(cast, 4, 18)}
    slots = "campaigns/add-slots"
    cast.expect("资源位", "campaigns", slots, [{**slot, "apply_by": at(cast, 4, 8)}], "apply_by_past")
    wanted = cast.expect("资源位", "campaigns", slots, [{**slot, "expected_cost_minor": 28_000}])[0]["facts"]["slot_id"]
    answer = {"slot_id": wanted, "granted": True, "cost_minor": 26_000, "answer": "已排期"}
    cast.expect("资源位", "campaigns", "campaigns/answer-slots", [answer], "slot_not_applied")
    cast.expect("资源位", "campaigns", "campaigns/apply-slots", [{"slot_id": wanted, "reference": "ZS-20260611-3"}])
    cast.expect("资源位", "campaigns", "campaigns/answer-slots", [answer])
    own = {"shop_id": 1, "name": "店铺首屏"}
    place = cast.expect("资源位", "campaigns", "campaigns/add-own-slots", [own])[0]["id"]
    book = {"slot_id": place, "campaign_id": mine, **span}
    cast.expect("资源位", "campaigns", "campaigns/book-own-slots", [book])
    clash = {**book, "campaign_id": cast.made["second"]}
    cast.expect("资源位", "campaigns", "campaigns/book-own-slots", [clash], "slot_taken")
    task = {"campaign_id": mine, "title": "备货 40 件到杭州仓", "role": "warehouse", "due_at": at(cast, 5, 18)}
    given = cast.expect("任务", "campaigns", "campaigns/add-tasks", [task])[0]["facts"]["task_id"]
    finish = {"task_id": given, "evidence": ""}
    cast.expect("任务", "depot", "campaigns/finish-tasks", [finish], "evidence_needed")
    cast.expect("任务", "service", "campaigns/finish-tasks", [{**finish, "evidence": "代办"}], "not_your_task")
    cast.expect("任务", "depot", "campaigns/finish-tasks", [{**finish, "evidence": "A-02-01 已理货 68 件"}])


def money_spent(cast: Cast) -> None:
    """M1.2: spends stand against the budget; more needs a reason and another person."""
    cast.expect("预算", "finance", SPEND, [_spend(cast, "slots", 26_000, "ZS-20260611-3")])
    cast.expect("预算", "finance", SPEND, [_spend(cast, "ads", 45_000)])
    cast.expect("预算", "finance", SPEND, [_spend(cast, "ads", 45_000)], "unchanged")
    cast.expect("预算", "finance", SPEND, [_spend(cast, "ads", 9_000, "直通车-0611-2")], "over_budget")
    wish = {"item_id": cast.made["budget_ads"], "amount_minor": 5_000, "reason": ""}
    cast.expect("预算", "campaigns", RAISE, [wish], "reason_needed")
    asked = cast.expect("预算", "supervisor", RAISE, [{**wish, "reason": "竞价上涨"}])[0]["facts"]["raise_id"]
    yes = {"raise_id": asked, "approve": True, "reason": "ROI 在目标内"}
    cast.expect("预算", "supervisor", DECIDE, [yes], "own_raise")
    cast.expect("预算", "manager", DECIDE, [yes])
    cast.expect("预算", "finance", SPEND, [_spend(cast, "ads", 9_000, "直通车-0611-2")])


def second_approved_late(cast: Cast) -> None:
    """M1.2: the small plan waited more than a day for its approval."""
    cast.expect("执行方案", "supervisor", APPROVE, [{"campaign_id": cast.made["second"]}])
    early = [{"campaign_id": cast.made["second"]}]
    cast.expect("上线", "campaigns", "campaigns/launch-campaigns", early, "too_early")


def second_ends_early(cast: Cast) -> None:
    """M1.2: no samples came: the small campaign is ended, with the reason."""
    mine = {"campaign_id": cast.made["second"], "reason": ""}
    cast.expect("活动结束", "campaigns", "campaigns/end-campaigns", [mine], "reason_needed")
    cast.expect("活动结束", "campaigns", "campaigns/end-campaigns", [{**mine, "reason": "样品未到，提前结束"}])


def ended_by_itself(cast: Cast) -> None:
    """M1.2: at six the campaign ends by itself; its watch with it."""
    cast.insist("活动结束", plan_of(cast, "campaign")["state"] == "ended", "到点自动结束")
