"""The story after the campaign: its review, the meeting, what is kept as a template, and the next one (M4.1, M4.2)."""

from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.figures import fen, paid_on
from shopkeeper.simulator.stepping import CHINA
from shopkeeper.simulator.story_campaign import LIVE_DAY, at

COMPLETE, SUBMIT, APPROVE = "review/complete-review", "review/submit-review", "review/approve-review"
MEET, TEMPLATE, FINISH = "review/hold-meeting", "review/make-template", "review/finish-review-actions"
START = "campaigns/start-from-template"


def review(cast: Cast, name: str) -> dict[str, Any]:
    """A named campaign's review as the house has it."""
    row = cast.house.get("manager", "review/reports", campaign_id=cast.made[name])["items"][0]
    found: dict[str, Any] = cast.house.get("manager", f"review/reports/{row['id']}")
    return found


def completed(cast: Cast) -> None:
    """M4.1: the house has drafted it overnight; a person says what worked and what did not, another approves."""
    drafted = review(cast, "campaign")
    figures = drafted["figures"]
    sales = figures["sales"]["paid_minor"]
    day = cast.day(LIVE_DAY, 12).astimezone(CHINA).date()
    sold = sum(fen(trade["payment"]) for trade in paid_on(cast.outside, 1, day))
    cast.insist("复盘", sales == sold, f"复盘初稿已自动生成，销售额 {sales / 100:.2f} 元")
    mine = {"review_id": drafted["id"]}
    cast.expect("复盘", "depot", COMPLETE, [{**mine, **_words(cast)}], "not_allowed")
    cast.expect("复盘", "supervisor", SUBMIT, [mine], "review_worked_needed")
    someone = {**_words(cast), "actions": [{"what": "补货", "owner_id": 9_999, "due_on": "2026-06-16"}]}
    cast.expect("复盘", "supervisor", COMPLETE, [{**mine, **someone}], "review_action_owner_unknown")
    cast.expect("复盘", "supervisor", COMPLETE, [{**mine, **_words(cast)}])
    cast.expect("复盘", "supervisor", SUBMIT, [mine])
    cast.expect("复盘", "supervisor", APPROVE, [mine], "own_review")
    cast.expect("复盘", "manager", "review/return-review", [{**mine, "reason": ""}], "review_reason_needed")
    cast.expect("复盘", "manager", APPROVE, [mine])


def _words(cast: Cast) -> dict[str, Any]:
    action = {"what": "首页文案先测后投", "owner_id": cast.people["design"], "due_on": "2026-06-16"}
    return {
        "worked": "券后价 138 元最动人；补货一个半小时到仓",
        "not_worked": "前两小时文案没有说清优惠，转化不足 1%",
        "advice": "下次专场前一天测文案，备货加三成",
        "actions": [action],
    }


def met(cast: Cast) -> None:
    """M4.2: without engineering it is no meeting; with all of them it is, and the campaign becomes a template."""
    found = review(cast, "campaign")
    people = [cast.people[name] for name in ("campaigns", "market", "service", "manager")]
    words = {"said": "文案慢了一步，券与补货都快", "decisions": "专场定为月度活动，沿用本方案"}
    meeting = {"review_id": found["id"], "number": found["next_meeting"], "held_at": at(cast, 9, 15), **words}
    meeting |= {"attendees": people, "actions": []}
    template = {"campaign_id": cast.made["campaign"], "note": "一日专场标准方案"}
    cast.expect("模板", "supervisor", TEMPLATE, [template], "review_meeting_needed")
    cast.expect("复盘会", "manager", MEET, [meeting], "review_meeting_without_engineering")
    meeting["attendees"] = [*people, cast.people["engineering"]]
    cast.expect("复盘会", "campaigns", MEET, [meeting], "not_allowed")
    ahead = {**meeting, "held_at": at(cast, 14, 15)}
    cast.expect("复盘会", "manager", MEET, [ahead], "review_meeting_in_future")
    cast.expect("复盘会", "manager", MEET, [meeting])
    cast.expect("模板", "supervisor", TEMPLATE, [template])


def next_one(cast: Cast) -> None:
    """M4.2: the next campaign starts from what this one taught."""
    item = {"template_id": cast.made["campaign"], "code": "QC-0711", "name": "梅子青七月专场"}
    item["starts_at"] = cast.day(36, 10).isoformat()
    over = {**item, "starts_at": at(cast, 4, 10)}
    cast.expect("模板", "campaigns", START, [over], "campaign_time_backwards")
    not_one = {**item, "template_id": cast.made["second"]}
    cast.expect("模板", "campaigns", START, [not_one], "not_template")
    cast.made["next"] = cast.expect("模板", "campaigns", START, [item])[0]["id"]
    plan = cast.house.get("campaigns", f"campaigns/campaigns/{cast.made['next']}")
    cast.insist("模板", plan["template_id"] == cast.made["campaign"], "下月专场由模板开出，目标按实绩调整")


def action_finished_late(cast: Cast) -> None:
    """M4.2: what was agreed on is done a day after it was due."""
    row = cast.house.get("design", "review/actions", state="open")["items"][0]
    mine = {"action_id": row["id"], "note": ""}
    cast.expect("复盘会", "design", FINISH, [mine], "review_note_needed")
    cast.expect("复盘会", "service", FINISH, [{**mine, "note": "代办"}], "review_action_not_yours")
    cast.expect("复盘会", "design", FINISH, [{**mine, "note": "已定文案测试流程"}])


def second_reviewed_late(cast: Cast) -> None:
    """M4.1: the small campaign's review comes after the three working days: late, and on record as such."""
    found = review(cast, "second")
    mine = {"review_id": found["id"]}
    cast.expect("复盘", "campaigns", COMPLETE, [{**mine, **_words(cast), "actions": []}])
    cast.expect("复盘", "campaigns", SUBMIT, [mine], "review_actions_needed")
    action = {"what": "样品先到仓再定档期", "owner_id": cast.people["products"], "due_on": "2026-06-26"}
    cast.expect("复盘", "campaigns", COMPLETE, [{**mine, **_words(cast), "actions": [action]}])
    cast.expect("复盘", "campaigns", SUBMIT, [mine])
    cast.expect("复盘", "manager", APPROVE, [mine])
