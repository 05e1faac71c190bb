"""When the chapters of customer service are played: between those of the order, on the same days."""

from collections.abc import Callable
from datetime import datetime

from shopkeeper.simulator import story_aftersale, story_changes, story_feedback, story_service
from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.staff import Team

Chapter = tuple[Callable[[Cast], None], datetime]


def routine(cast: Cast, days: int) -> None:
    """Every day at the desk: yesterday's summaries are completed and signed; that of the first day is told of."""
    for day in range(days):
        for team in (cast.first, cast.second):
            if not (day == 1 and team is cast.first):
                cast.steps.at(cast.day(day, 9, 35), _by(cast.desk.complete_papers, team))
                cast.steps.at(cast.day(day, 11, 5), _by(cast.desk.sign_papers, team))


def _by(deed: Callable[[Team], object], team: Team) -> Callable[[], None]:
    def run() -> None:
        deed(team)

    return run


def chapters(cast: Cast) -> list[Chapter]:
    """Before the sale, while the order is under way, after it has come, and what was thought of it."""
    return [
        (story_service.desk_opens, cast.day(0, 8, 4)),
        (story_service.before_the_sale, cast.day(0, 8, 10)),
        (story_service.answered_late, cast.day(0, 8, 14)),
        (story_service.she_bought, cast.day(0, 8, 30)),
        (story_service.a_call_and_a_form, cast.day(0, 8, 35)),
        (story_feedback.she_rates, cast.day(0, 9, 5)),
        (story_changes.orders_of_the_day, cast.day(1, 8, 40)),
        (story_changes.address_changed, cast.day(1, 8, 50)),
        (story_changes.cancelled_from_the_warehouse, cast.day(1, 9, 40)),
        (story_changes.packed_and_sent, cast.day(1, 10, 15)),
        (story_service.nobody_there, cast.day(1, 12, 15)),
        (story_service.back_late, cast.day(1, 12, 30)),
        (story_changes.cancelled_late, cast.day(1, 12, 45)),
        (story_service.form_solved_late, cast.day(1, 13, 30)),
        (story_changes.called_back, cast.day(1, 14, 30)),
        (story_feedback.passed_on, cast.day(1, 15)),
        (story_feedback.paper_signed_late, cast.day(1, 16)),
        (story_changes.came_back, cast.day(3, 9, 45)),
        (story_aftersale.broken_reported, cast.day(3, 10)),
        (story_aftersale.broken_shown, cast.day(3, 10, 20)),
        (story_aftersale.broken_refunded, cast.day(3, 11)),
        (story_aftersale.cold_reported, cast.day(3, 11, 30)),
        (story_feedback.one_star, cast.day(3, 12, 30)),
        (story_aftersale.taker_asks, cast.day(3, 14)),
        (story_aftersale.swapper_asks, cast.day(3, 14, 10)),
        (story_aftersale.turner_refunded, cast.day(3, 14, 40)),
        (story_aftersale.taker_sends, cast.day(3, 16, 30)),
        (story_aftersale.greedy_refused, cast.day(4, 10)),
        (story_feedback.improvement_given, cast.day(4, 11, 30)),
        (story_feedback.won_back_late, cast.day(4, 14)),
        (story_aftersale.taker_received, cast.day(5, 10, 30)),
        (story_aftersale.swapper_received, cast.day(5, 10, 50)),
        (story_aftersale.swapper_sent, cast.day(5, 14, 30)),
        (story_aftersale.cold_offered_late, cast.day(5, 16, 30)),
        (story_aftersale.the_rest_confirm, cast.day(6, 10)),
        (story_feedback.improvement_answered_late, cast.day(7, 10)),
        (story_feedback.improvement_closed, cast.day(14, 15)),
    ]
