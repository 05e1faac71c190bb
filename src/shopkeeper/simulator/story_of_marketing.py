"""When the chapters of marketing are played: from the first idea to the next campaign."""

from collections.abc import Callable
from datetime import datetime

from shopkeeper.simulator import (
    story_campaign,
    story_gate,
    story_mailings,
    story_materials,
    story_promotions,
    story_review,
    story_watch,
)
from shopkeeper.simulator.cast import Cast

Chapter = tuple[Callable[[Cast], None], datetime]


def chapters(cast: Cast) -> list[Chapter]:
    """Before the campaign, on its day hour by hour, and after it."""
    return [*_before(cast), *_on_the_day(cast), *_after(cast)]


def _before(cast: Cast) -> list[Chapter]:
    return [
        (story_campaign.idea, cast.day(3, 9)),
        (story_campaign.second_idea, cast.day(3, 16, 30)),
        (story_promotions.written, cast.day(4, 9, 40)),
        (story_campaign.planned_late, cast.day(4, 10, 10)),
        (story_campaign.approved, cast.day(4, 10, 40)),
        (story_materials.asked, cast.day(4, 11)),
        (story_campaign.slots_and_tasks, cast.day(4, 11, 15)),
        (story_mailings.consents, cast.day(4, 13, 30)),
        (story_mailings.written, cast.day(4, 13, 45)),
        (story_promotions.published_late, cast.day(4, 15)),
        (story_materials.approved_late, cast.day(5, 9, 50)),
        (story_campaign.money_spent, cast.day(5, 11)),
        (story_campaign.second_approved_late, cast.day(5, 11, 15)),
        (story_mailings.approved_late, cast.day(5, 14, 15)),
        (story_mailings.sent_once, cast.day(5, 15)),
        (story_mailings.left_by_link, cast.day(5, 16)),
        (story_mailings.capped, cast.day(5, 17)),
    ]


def _on_the_day(cast: Cast) -> list[Chapter]:
    day = story_campaign.LIVE_DAY
    return [
        (story_gate.green_late, cast.day(day, 9, 5)),
        (story_gate.launched, cast.day(day, 9, 30)),
        (story_gate.overridden, cast.day(day, 9, 50)),
        (story_promotions.paid_with_coupons, cast.day(day, 10, 20)),
        (story_watch.shoppers_come, cast.day(day, 10, 40)),
        (story_promotions.unpaid_released, cast.day(day, 10, 55)),
        (story_watch.first_hour, cast.day(day, 11, 3)),
        (story_watch.slow_hour, cast.day(day, 12, 5)),
        (story_watch.too_low, cast.day(day, 13, 5)),
        (story_watch.other_words, cast.day(day, 13, 20)),
        (story_watch.words_changed, cast.day(day, 13, 40)),
        (story_watch.running_short, cast.day(day, 14, 5)),
        (story_watch.short_answered_late, cast.day(day, 14, 40)),
        (story_watch.hour_14, cast.day(day, 15, 5)),
        (story_watch.pieces_come, cast.day(day, 15, 30)),
        (_recorded(15, 100), cast.day(day, 16, 5)),
        (story_watch.effect_measured, cast.day(day, 16, 20)),
        (_recorded(16, 110), cast.day(day, 17, 5)),
        (story_campaign.ended_by_itself, cast.day(day, 18, 5)),
        (packed_and_sent, cast.day(day, 18, 30)),
    ]


def _recorded(hour: int, visitors: int) -> Callable[[Cast], None]:
    def record(cast: Cast) -> None:
        story_watch.hour_recorded(cast, hour, visitors)

    return record


def packed_and_sent(cast: Cast) -> None:
    """O2, O3: everything the campaign sold leaves the same evening."""
    team, staff = cast.first, cast.staff
    waves = staff.release(team)
    staff.finish(team, waves)
    staff.waves.pop(team.depot_id, None)
    cast.steps.settle()
    staff.pack(team, staff.open_packing(team, staff.to_pack(team)))
    left = staff.hand_over(team)
    cast.steps.settle()
    for parcel in left:
        cast.outside.post("/courier/script", {"number": parcel["number"], "script": "quick"})
    sold = ("fan1", "fan2", "fan3", *(f"club{number}" for number in range(1, 5)))
    cast.insist("交运", all(cast.row(name)["state"] == "shipped" for name in sold), f"专场 {len(sold)} 单当晚发出")


def _after(cast: Cast) -> list[Chapter]:
    day = story_campaign.LIVE_DAY + 1
    return [
        (story_watch.sheet_signed, cast.day(day, 9, 20)),
        (story_gate.second_launched, cast.day(day, 9, 35)),
        (story_watch.second_hours, cast.day(day, 11, 5)),
        (story_campaign.second_ends_early, cast.day(day, 11, 30)),
        (story_watch.second_last_hour, cast.day(day, 12, 5)),
        (story_review.completed, cast.day(day, 14)),
        (story_watch.second_sheet_signed, cast.day(day + 1, 9, 20)),
        (confirmed, cast.day(9, 11)),
        (story_review.met, cast.day(9, 16)),
        (story_review.next_one, cast.day(10, 9, 15)),
        (story_review.action_finished_late, cast.day(12, 10)),
        (story_review.second_reviewed_late, cast.day(13, 10)),
    ]


def confirmed(cast: Cast) -> None:
    """O4.1: the campaign's buyers confirm; what the coupon took off stands in the books."""
    for name in ("fan1", "fan2", "fan3", *(f"club{number}" for number in range(1, 5))):
        cast.shopper(name, "confirm")
    cast.insist("完成", cast.row("fan1")["state"] == "completed", "专场订单完成并结算")
