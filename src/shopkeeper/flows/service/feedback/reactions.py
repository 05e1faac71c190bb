"""What this desk does when others announce something: one command call each, safe to repeat."""

from collections.abc import Sequence

from shopkeeper.flows.service.aftersale.events import AfterSaleOpened, AfterSaleSettled
from shopkeeper.flows.service.feedback.commands.draft_summaries import WatchSummaries, watch_summaries
from shopkeeper.flows.service.feedback.commands.plan_surveys import (
    PlanCaseSurvey,
    PlanSurvey,
    plan_case_surveys,
    plan_surveys,
)
from shopkeeper.flows.service.tickets.events import TicketClosed, TicketOpened, TicketResolved
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def ask_about_tickets(actor: Actor, events: Sequence[Recorded[TicketResolved | TicketClosed]]) -> None:
    """TicketResolved, TicketClosed: its customer will be asked, once."""
    plan_surveys(actor, [PlanSurvey(ticket_id) for ticket_id in dict.fromkeys(e.event.ticket_id for e in events)])


def ask_about_cases(actor: Actor, events: Sequence[Recorded[AfterSaleSettled]]) -> None:
    """AfterSaleSettled without a ticket: its buyer will be asked, once."""
    cases = dict.fromkeys(e.event.case_id for e in events if e.event.ticket_id is None)
    plan_case_surveys(actor, [PlanCaseSurvey(case_id) for case_id in cases])


def sum_up_days(actor: Actor, events: Sequence[Recorded[TicketOpened | AfterSaleOpened]]) -> None:
    """TicketOpened, AfterSaleOpened: the shop's days are summed up from now on."""
    watch_summaries(actor, [WatchSummaries(shop_id) for shop_id in dict.fromkeys(e.event.shop_id for e in events)])
