"""One order's story, from the shopper's click to the settled books, with named goods, order and buyer.

Around it stands just enough to show what is refused and what comes late. Every scene says what it expects; a
house that answers otherwise breaks the story there.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.simulator import (
    story_after,
    story_before,
    story_of_data,
    story_of_marketing,
    story_of_service,
    story_products,
    story_publishing,
    story_research,
    story_stock,
    story_warehouse,
)
from shopkeeper.simulator.cast import HERO, LEAD_DAYS, Cast
from shopkeeper.simulator.catalogue import CHOSEN
from shopkeeper.simulator.staff import Team
from shopkeeper.simulator.stepping import Steps

Progress = Callable[[int, int | None], None]
Chapter = tuple[Callable[[Cast], None], datetime]
DAYS = 16


def play_story(steps: Steps, seed: int, progress: Progress) -> dict[str, Any]:
    """Play it; answers the named SKU, order, buyer, and the scenes as they happened."""
    cast = Cast(steps, seed)
    _routine(cast)
    chapters = [*_of_goods(cast), *_of_orders(cast), *story_of_service.chapters(cast)]
    chapters += [*story_of_marketing.chapters(cast), *story_of_data.chapters(cast)]
    told = sorted(chapters, key=lambda chapter: chapter[1])
    for number, (chapter, when) in enumerate(told, start=1):
        steps.run_until(when)
        chapter(cast)
        progress(number, len(told))
    return _told(cast)


def _of_goods(cast: Cast) -> list[Chapter]:
    """What is sold: chosen, entered, priced, put up, looked after."""
    return [
        (story_research.study, cast.day(-4, 8, 20)),
        (story_stock.warned, cast.day(-4, 8, 40)),
        (story_research.strategy_decided_late, cast.day(-2, 9)),
        (story_research.candidates_scored, cast.day(-2, 9, 30)),
        (story_research.list_decided_late, cast.day(-1, 10)),
        (story_products.entry, cast.day(-1, 10, 20)),
        (story_products.picture_replaced, cast.day(-1, 10, 40)),
        (story_products.promises, cast.day(-1, 10, 50)),
        (story_products.prices, cast.day(-1, 11)),
        (story_stock.first_stock, cast.day(-1, 11, 30)),
        (story_publishing.returned, cast.day(-1, 12)),
        (story_publishing.corrected, cast.day(-1, 13)),
        (story_publishing.put_up, cast.day(-1, 13, 30)),
        (story_publishing.read_back, cast.day(-1, 14)),
        (story_publishing.checked_again, cast.day(-1, 14, 20)),
        (story_stock.told, cast.day(-1, 14, 40)),
        (story_stock.found_by_sweep, cast.day(-1, 15, 45)),
        (story_stock.last_piece, cast.day(-1, 16)),
        (story_stock.second_delivery, cast.day(-1, 16, 30)),
        (story_stock.second_team_ships, cast.day(-1, 18, 30)),
        (story_publishing.category_fixed_late, cast.day(-1, 19)),
        (story_publishing.all_equal, cast.day(-1, 19, 20)),
        (story_products.price_decided_late, cast.day(-1, 20)),
        (story_products.slow_picture_late, cast.day(0, 12)),
        (story_publishing.slow_reviewed_late, cast.day(1, 14)),
        (story_stock.second_team_confirmed, cast.day(2, 9, 40)),
        (story_products.slow_mended_late, cast.day(3, 16)),
        (story_publishing.slow_put_up, cast.day(3, 16, 20)),
        (story_stock.restocked_late, cast.day(4, 9, 30)),
    ]


def _of_orders(cast: Cast) -> list[Chapter]:
    """What is ordered: checked, picked, packed, sent, followed, settled."""
    return [
        (story_before.rules_of_the_house, cast.day(0, 8, 2)),
        (story_before.orders_arrive, cast.day(0, 8, 20)),
        (story_before.before_the_session, cast.day(0, 8, 50)),
        (story_before.the_session, cast.day(0, 9, 10)),
        (story_warehouse.the_wave, cast.day(0, 9, 30)),
        (story_warehouse.the_packing, cast.day(0, 10, 10)),
        (story_warehouse.the_hand_over, cast.day(0, 11, 0)),
        (story_warehouse.late_ship_by, cast.day(0, 13, 0)),
        (story_before.stock_arrives, cast.day(0, 13, 30)),
        (story_before.late_session, cast.day(0, 15, 30)),
        (story_warehouse.slow_wave, cast.day(0, 15, 40)),
        (story_warehouse.slow_wave_picked, cast.day(0, 18, 5)),
        (story_warehouse.slow_wave_packed, cast.day(0, 20, 30)),
        (story_after.quick_ones_confirm, cast.day(2, 10)),
        (story_after.stalled, cast.day(3, 9, 30)),
        (story_after.moving_again, cast.day(3, 15)),
        (story_after.finance_looks_late, cast.day(4, 9)),
        (story_after.hero_signed, cast.day(5, 10)),
        (story_after.first_follow_up_late, cast.day(10, 16)),
        (story_after.hero_follow_up, cast.day(12, 14)),
        (story_after.hero_answers, cast.day(13, 13, 30)),
        (story_after.hero_confirms, cast.day(14, 10)),
        (story_after.curtain, cast.day(15, 9)),
    ]


def _routine(cast: Cast) -> None:
    """What happens every day beside the story: both shops sign their sessions and their summaries in time."""
    story_of_service.routine(cast, DAYS)
    story_of_data.routine(cast, DAYS)
    for day in range(-LEAD_DAYS, DAYS):
        for hour in (9, 14, 18):
            for team in (cast.first, cast.second):
                in_story = day == 0 and hour < 18 and team is cast.first
                if not in_story:
                    cast.steps.at(cast.day(day, hour) + timedelta(minutes=15), _signing(cast, team))


def _signing(cast: Cast, team: Team) -> Callable[[], None]:
    def sign() -> None:
        cast.staff.sign(team)

    return sign


def _told(cast: Cast) -> dict[str, Any]:
    hero = cast.row("hero")
    return {
        "sku": CHOSEN.code,
        "goods": f"{CHOSEN.title} {CHOSEN.spec}",
        "buyer": HERO["name"],
        "order": hero["number"],
        "platform_no": hero["platform_no"],
        "state": hero["state"],
        "scenes": cast.scenes,
    }
