"""O1.3: what customer service knows of an order, asked once for its page: the wish, tickets, questions to the buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.ports import Question, TicketBeside, Wish, order_wishes
from shopkeeper.flows.fulfilment.intake.queries.record import OrderRecord
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.web.record import Happening


@dataclass(frozen=True, slots=True)
class Beside:
    """An order as customer service has it, as far as its page shows it."""

    wish: Wish | None
    tickets: Sequence[TicketBeside]
    questions: Sequence[Question]

    @property
    def is_spoken_with(self) -> bool:
        """Whether somebody has the buyer's matter in hand."""
        return any(ticket.is_open for ticket in self.tickets)

    @property
    def asked_until(self) -> datetime | None:
        """Until when the buyer is being asked; None where nobody asks."""
        return next((question.until for question in self.questions if question.ended_at is None), None)


def beside(viewer: Actor, order_id: int) -> Beside:
    """Ask customer service about an order, once."""
    wishes = order_wishes()
    return Beside(
        wishes.newest([order_id]).get(order_id), wishes.tickets_of(order_id), wishes.questions(viewer, order_id)
    )


def answer_to(known: Beside, found: OrderRecord) -> Question | None:
    """The newest question, where it was put about what holds the order now and there is something to tell of it."""
    question = known.questions[0] if known.questions else None
    if question is None or not (question.answers or question.ended_at):
        return None
    held_since = min((view.opened_at for view in found.open_holds), default=None)
    return question if held_since is not None and question.at >= held_since else None


def questions_told(questions: Sequence[Question]) -> list[Happening]:
    """What the buyer was asked by way of customer service, for the time line."""
    told = []
    for question in questions:
        asked = T("请客服联系买家", "Customer service asked to reach the buyer")
        told.append(Happening(question.at, asked, question.who, question.text, "note"))
        for answer in question.answers:
            words = T("客服答复", "Customer service answered")
            told.append(Happening(answer.at, words, answer.who, answer.text, "note", "green"))
        if question.ended_at and not question.answers:
            nothing = T(
                "客服结束了工单 {number}，没有写答复", "Customer service ended ticket {number} without an answer"
            ).format(number=question.number)
            told.append(Happening(question.ended_at, nothing, kind="note", tone="amber"))
    return told
