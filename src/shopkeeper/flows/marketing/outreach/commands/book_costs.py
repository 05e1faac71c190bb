"""M1.2: what a mailing cost stands in its campaign's budget, once, however often it is said."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.campaigns.commands.book_spend import BookSpend, book_spend
from shopkeeper.flows.marketing.outreach.commands.submit_mailings import OF_MAILING, PRICES
from shopkeeper.flows.marketing.outreach.events import MailingCostBooked
from shopkeeper.flows.marketing.outreach.models import mailing_number
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.rules.letters import cost_minor
from shopkeeper.flows.marketing.outreach.sql import mailings as sql
from shopkeeper.flows.marketing.outreach.states import ENDED, OutreachChannel
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies

NO_ITEM = "no_message_budget"


@dataclass(frozen=True, slots=True)
class BookMailingCost:
    mailing_id: int


@command(clause="M1.2", permission=Permission.MAILING_EDIT, scope=OF_MAILING)
def book_mailing_costs(step: Step, items: Sequence[BookMailingCost]) -> list[Outcome]:
    """Book again what the budget did not take when the mailing ended (it was raised since). Booked: unchanged.

    Refused: "mailing_not_over", "no_message_budget", "cost_not_booked" (facts: cause, as booking spends says it).
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.mailing_id for item in items}))}
    open_ = [id_ for id_, row in rows.items() if row.state in ENDED and (row.cost_minor or 0) != row.booked_minor]
    answers = book_costs_of(step, open_)
    outcomes = []
    for item in items:
        row, refusal = rows[item.mailing_id], answers.get(item.mailing_id)
        if row.state not in ENDED:
            outcomes.append(refused("mailing_not_over", row.id))
        elif refusal is None:
            outcomes.append(unchanged(row.id))
        else:
            outcomes.append(_answer(row, refusal))
            if not refusal:
                answers.pop(item.mailing_id)
    return outcomes


def _answer(row: sql.MailingRow, refusal: str) -> Outcome:
    if refusal in ("", NO_ITEM):
        return refused(NO_ITEM, row.id) if refusal else done(row.id)
    return refused("cost_not_booked", row.id, cause=refusal)


def book_costs_of(step: Step, mailing_ids: Sequence[int]) -> dict[int, str]:
    """Book what these mailings (held by the caller) cost so far beyond what is booked: refusal code per mailing,
    empty where it stands. A refused booking never stops a mailing from ending: it is kept, shown, and said again."""
    rows = sql.LOCK.rows(ids=sorted(mailing_ids)) if mailing_ids else []
    if not rows:
        return {}
    policy = policies(step)
    items = {row.campaign_id: row.item_id for row in sql.MESSAGE_ITEMS.rows(campaigns=[r.campaign_id for r in rows])}
    costs = {
        r.id: max(r.booked_minor, cost_minor(r.units, policy(PRICES[OutreachChannel(r.channel)], r.shop_id)))
        for r in rows
    }
    owing = [row for row in rows if costs[row.id] > row.booked_minor and row.campaign_id in items]
    spends = [
        BookSpend(
            items[row.campaign_id],
            f"{mailing_number(row.id)}-{row.units}",
            costs[row.id] - row.booked_minor,
            row.name,
        )
        for row in owing
    ]
    said = dict(zip((row.id for row in owing), book_spend.within(step, spends), strict=True))
    refusals = {row.id: _refusal(row, costs[row.id], said.get(row.id)) for row in rows}
    ids = [row.id for row in rows]
    sql.NOTE_COSTS.run(ids=ids, costs=[costs[i] for i in ids], refusals=[refusals[i] for i in ids], now=step.now)
    booked = [row for row in owing if not refusals[row.id]]
    step.emit(*(MailingCostBooked(row.id, row.shop_id, row.campaign_id, costs[row.id]) for row in booked))
    return refusals


def _refusal(row: sql.MailingRow, cost: int, outcome: Outcome | None) -> str:
    if cost <= row.booked_minor:
        return ""
    if outcome is None:
        return NO_ITEM
    return "" if outcome.ok else outcome.code[:40]
