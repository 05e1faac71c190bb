"""D1.1: the data specialist says why two sources differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.collection.deadlines import DISAGREEMENT_DUE
from shopkeeper.flows.analytics.collection.events import DisagreementAnswered
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.sql import reconciling as sql
from shopkeeper.flows.analytics.collection.states import CASE_FLOW, DisagreementReason, DisagreementState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close


@dataclass(frozen=True, slots=True)
class AnswerDisagreement:
    """`value` and `other_value` are what the person looked at: figures that changed meanwhile are looked at anew."""

    case_id: int
    reason: DisagreementReason
    value: int
    other_value: int
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="D1.1", permission=Permission.CASE_ANSWER, scope=ShopOf("collection_disagreement", "case_id"))
def answer_disagreements(step: Step, items: Sequence[AnswerDisagreement]) -> list[Outcome]:
    """Answer why sources differ; the answer stands until one of the two values changes.

    Refused: "reason_words_needed" for "other" without words, "figures_changed" where the values are no longer
    those looked at, "disagreement_over" once the sources agree. An answered case is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.case_id for item in items}))}
    answers: dict[int, AnswerDisagreement] = {}
    outcomes = []
    for item in items:
        row = rows[item.case_id]
        if row.state == DisagreementState.ANSWERED or row.id in answers:
            outcomes.append(unchanged(row.id))
        elif row.state == DisagreementState.VANISHED:
            outcomes.append(refused("disagreement_over", row.id))
        elif (row.value, row.other_value) != (item.value, item.other_value):
            outcomes.append(refused("figures_changed", row.id))
        elif item.reason == DisagreementReason.OTHER and not item.note.strip():
            outcomes.append(refused("reason_words_needed", row.id))
        else:
            answers[row.id] = item
            outcomes.append(done(row.id))
    sql.WRITE_ANSWERS.run(
        now=step.now,
        actor_id=step.actor.id,
        ids=list(answers),
        reasons=[str(item.reason) for item in answers.values()],
        notes=[item.note.strip() for item in answers.values()],
    )
    step.move(CASE_FLOW, sorted(answers), DisagreementState.ANSWERED)
    close(step, DISAGREEMENT_DUE, sorted(answers))
    step.emit(*(DisagreementAnswered(id_, rows[id_].shop_id, str(item.reason)) for id_, item in answers.items()))
    return outcomes
