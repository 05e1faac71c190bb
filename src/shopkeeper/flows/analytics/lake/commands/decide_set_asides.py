"""D1.2: a person looks at what cleaning set aside, and confirms it or puts it back; the record keeps both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.lake.commands.judging import close_decided
from shopkeeper.flows.analytics.lake.events import RowsPutBack, SetAsideConfirmed
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.sql import cleaning as sql
from shopkeeper.flows.analytics.lake.states import SET_ASIDE_FLOW, CleaningRule, SetAsideState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

SCOPE = ShopOf("lake_setaside", "set_aside_id")


@dataclass(frozen=True, slots=True)
class ConfirmSetAside:
    set_aside_id: int


@command(clause="D1.2", permission=Permission.CLEAN, scope=SCOPE)
def confirm_set_asides(step: Step, items: Sequence[ConfirmSetAside]) -> list[Outcome]:
    """Agree that rows do not count. The last one of a day ends the day's deadline.

    Refused: "was_put_back", "own_verdict" (who took a row out by hand does not confirm it). One that is confirmed
    is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.set_aside_id for item in items}))}
    codes = {id_: _refusal(step, row) for id_, row in rows.items()}
    decided = [row for row in rows.values() if row.state == SetAsideState.SUSPECTED and not codes[row.id]]
    _decide(step, decided, SetAsideState.CONFIRMED, {})
    step.emit(*(SetAsideConfirmed(row.id, row.shop_id, row.subject, row.key, row.rule) for row in decided))
    return _answers(items, codes, decided)


def _refusal(step: Step, row: sql.VerdictRow) -> str:
    if row.state == SetAsideState.PUT_BACK:
        return "was_put_back"
    is_own = row.state == SetAsideState.SUSPECTED and row.found_by == step.actor.id
    return "own_verdict" if is_own and row.rule == CleaningRule.BY_HAND else ""


@dataclass(frozen=True, slots=True)
class PutBack:
    set_aside_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="D1.2", permission=Permission.CLEAN, scope=SCOPE)
def put_back(step: Step, items: Sequence[PutBack]) -> list[Outcome]:
    """Let rows count again, with the reason; no rule takes them out a second time. The lake says so at its next write.

    Refused: "reason_needed", "copy_stays" (the copy of an event never counts beside the event). One that is back
    is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.set_aside_id for item in items}))}
    reasons = {item.set_aside_id: item.reason.strip() for item in reversed(items)}
    codes = {
        id_: "copy_stays" if row.rule == CleaningRule.DUPLICATE else "" if reasons[id_] else "reason_needed"
        for id_, row in rows.items()
    }
    decided = [row for row in rows.values() if row.state != SetAsideState.PUT_BACK and not codes[row.id]]
    _decide(step, decided, SetAsideState.PUT_BACK, reasons)
    step.emit(*(RowsPutBack(row.id, row.shop_id, row.subject, row.key, row.rule) for row in decided))
    return _answers(items, codes, decided)


def _decide(step: Step, rows: Sequence[sql.VerdictRow], to: SetAsideState, reasons: dict[int, str]) -> None:
    """Write who decided and why, move the rows, and end the deadlines of days that are through."""
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.DECIDE.run(now=step.now, actor=step.actor.id, ids=ids, reasons=[reasons.get(id_, "") for id_ in ids])
    step.move(SET_ASIDE_FLOW, ids, to)
    close_decided(step, {row.day_id for row in rows if row.day_id})


def _answers(
    items: Sequence[ConfirmSetAside | PutBack], codes: dict[int, str], decided: Sequence[sql.VerdictRow]
) -> list[Outcome]:
    """One answer per item; what is named twice is decided once."""
    left = {row.id for row in decided}
    outcomes = []
    for item in items:
        if codes[item.set_aside_id]:
            outcomes.append(refused(codes[item.set_aside_id], item.set_aside_id))
        else:
            outcomes.append(done(item.set_aside_id) if item.set_aside_id in left else unchanged(item.set_aside_id))
            left.discard(item.set_aside_id)
    return outcomes
