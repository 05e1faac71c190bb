"""The story of what customers thought of it, and what the house learns from that (S3.1, S3.2)."""

from datetime import timedelta
from typing import Any

from shopkeeper.simulator.buyers import forged, survey_link
from shopkeeper.simulator.cast import HERO_UID, Cast
from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.story_changes import uid

RECOVER, HAND_ON = "feedback/record-recovery", "feedback/pass-on-surveys"
COMPLETE, SIGN = "feedback/complete-summaries", "feedback/sign-summaries"
IMPROVE, DONE, MEASURE = "feedback/open-improvements", "feedback/reply-improvements", "feedback/measure-improvements"


def link_for(cast: Cast, who: str) -> str:
    """The survey link a shopper of the first shop was sent last."""
    lines = cast.outside.get("/platform/chats", session=SHOPFRONTS[0].session)["lines"]
    links = [survey_link(line["content"]) for line in lines if line["to_open_uid"] == who]
    return next((link for link in reversed(links) if link), "")


def she_rates(cast: Cast) -> None:
    """S3.1: half an hour later the invitation stands in her chat; she gives five stars, once."""
    link = link_for(cast, HERO_UID)
    cast.insist("评价", bool(link), "评价邀请已自动发到聊天窗口")
    cast.insist("评价", cast.buyers.rate(link, 5, "回复很快，讲得清楚") == 200, "买家给了 5 星")
    cast.insist("评价", cast.buyers.rate(link, 1) == 410, "评价链接只能用一次")


def one_star(cast: Cast) -> None:
    """S3.1: she who got a broken pot gives one star: somebody must speak to her."""
    link = link_for(cast, uid("broken"))
    cast.insist("评价", bool(link), "售后完结后邀请已自动发出")
    cast.insist("评价", cast.buyers.rate(forged(link), 5) == 404, "伪造的评价链接打不开")
    cast.insist("评价", cast.buyers.rate(link, 9) == 422, "没有选星级，请她补选")
    cast.insist("评价", cast.buyers.rate(link, 1, "包装太差，客服倒是快") == 200, "买家给了 1 星")
    cast.insist("评价", cast.buyers.rate(link, 5) == 410, "第二次提交不改变什么")
    row = _recovery(cast)
    try_ = {"recovery_id": row["id"], "attempt": 1, "outcome": "won_back", "note": ""}
    cast.expect("挽回", "service2", RECOVER, [try_], "not_found")
    cast.expect("挽回", "service", RECOVER, [try_], "recovery_note_needed")
    cast.expect("挽回", "service", RECOVER, [{**try_, "attempt": 2, "note": "再打"}], "recovery_attempt_ahead")


def _recovery(cast: Cast) -> dict[str, Any]:
    rows: list[dict[str, Any]] = cast.house.get("service", "feedback/recoveries", state="open")["items"]
    return rows[0]


def won_back_late(cast: Cast) -> None:
    """S3.1: called after more than a day: late; she is won back all the same."""
    row = _recovery(cast)
    words = {"recovery_id": row["id"], "attempt": 1, "outcome": "won_back", "note": "已致歉，说明包装已改进，客户满意"}
    cast.expect("挽回", "service", RECOVER, [words])
    cast.expect("挽回", "service", RECOVER, [{**words, "attempt": 2}], "recovery_ended")


def passed_on(cast: Cast) -> None:
    """S3.1: who has no chat with us gets the link from an agent."""
    rows = cast.house.get("service", "feedback/surveys", shop_id=1)["items"]
    by_hand = [row for row in rows if row["state"] == "by_hand"]
    answered = next(row for row in rows if row["state"] == "answered")
    cast.insist("评价", bool(by_hand), "电话客户的评价链接由客服转发")
    cast.expect("评价", "service", HAND_ON, [{"survey_id": answered["id"]}], "survey_not_by_hand")
    cast.expect("评价", "service", HAND_ON, [{"survey_id": by_hand[0]["id"]}])
    cast.insist("评价", cast.buyers.rate(by_hand[0]["url"], 4) == 200, "买家给了 4 星")


# the day's paper ------------------------------------------------------------------------------------------------


def papers(cast: Cast, state: str, shop: int = 1) -> list[dict[str, Any]]:
    """Summaries of a shop in a state, oldest first."""
    rows: list[dict[str, Any]] = cast.house.get(
        "supervisor", "feedback/summaries", state=state, shop_id=shop, limit=100
    )["items"]
    return rows[::-1]


def paper_signed_late(cast: Cast) -> None:
    """S3.2: the paper of the first day: remarks and signature come after noon."""
    paper = papers(cast, "draft")[0]
    figures = paper["figures"]
    first = f"接待 {figures['opened']} 单，首响 10 秒内 {figures['first_in_time']}/{figures['first_asked']}"
    cast.insist("日报", figures["opened"] > 2, first)
    item = {"summary_id": paper["id"]}
    cast.expect("日报", "supervisor", SIGN, [item], "summary_not_completed")
    cast.expect("日报", "service", SIGN, [item], "not_allowed")
    cast.expect("日报", "service", COMPLETE, [{**item, "remarks": " "}], "summary_remarks_needed")
    cast.expect("日报", "supervisor", COMPLETE, [{**item, "remarks": "首响偏慢"}])
    cast.expect("日报", "supervisor", SIGN, [item], "own_summary")
    cast.expect("日报", "manager", SIGN, [item])
    cast.expect("日报", "service", COMPLETE, [{**item, "remarks": "再改一下"}], "summary_signed")


def improvement_given(cast: Cast) -> None:
    """S3.2: a frequent problem of yesterday goes to who can end it."""
    paper = papers(cast, "signed")[-1]
    whole = cast.house.get("supervisor", f"feedback/summaries/{paper['id']}")
    problem = next(row for row in whole["problems"] if row["kind"] == "quality")
    told = f"高频问题：质量 × {problem['sku_code']}，{problem['tickets']} 单，比前 7 天 {problem['before_tickets']}"
    cast.insist("改进", problem["tickets"] > 0, told)
    due = (cast.steps.now + timedelta(days=2)).isoformat()
    task = {"problem_id": problem["id"], "owner": "product_specialist", "what": "", "due_at": due}
    cast.expect("改进", "service", IMPROVE, [task], "improvement_what_needed")
    task["what"] = "紫砂壶内托改为成型棉，壶嘴处加护套"
    past = (cast.steps.now - timedelta(hours=1)).isoformat()
    cast.expect("改进", "service", IMPROVE, [{**task, "due_at": past}], "improvement_due_past")
    cast.expect("改进", "finance", IMPROVE, [task], "not_allowed")
    cast.made["improvement"] = cast.expect("改进", "service", IMPROVE, [task])[0]["id"]
    item = {"improvement_id": cast.made["improvement"]}
    cast.expect("改进", "depot", DONE, [{**item, "reply": "好"}], "improvement_someone_elses")
    cast.expect("改进", "products", DONE, [{**item, "reply": ""}], "improvement_reply_needed")
    cast.expect("改进", "supervisor", MEASURE, [item], "improvement_not_replied")


def improvement_answered_late(cast: Cast) -> None:
    """S3.2: the answer comes a day after it was due."""
    item = {"improvement_id": cast.made["improvement"]}
    cast.expect("改进", "products", DONE, [{**item, "reply": "新内托已到仓，今天起换用"}])
    cast.expect("改进", "supervisor", MEASURE, [item], "effect_too_early")
    cast.expect("改进", "supervisor", "feedback/close-improvements", [item], "improvement_not_measured")


def improvement_closed(cast: Cast) -> None:
    """S3.2: seven days later the same figure is counted again, by itself; the task is closed with it."""
    item = {"improvement_id": cast.made["improvement"]}
    found = cast.house.get("supervisor", f"feedback/improvements/{item['improvement_id']}")
    told = f"改进前 {found['before_tickets']} 单，改进后 {found['after_tickets']} 单：{found['effect']}"
    cast.insist("改进", found["state"] == "measured", told)
    cast.expect(
        "改进", "supervisor", "feedback/close-improvements", [{**item, "conclusion": "换内托有效，推广到全部壶类"}]
    )
