"""How cases are loaded, owed a solution, and ended; shared by the commands of after-sale."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.events import AfterSaleClosed, AfterSaleRefused, AfterSaleSettled
from shopkeeper.flows.service.aftersale.models import case_number
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase, judged_cases
from shopkeeper.flows.service.aftersale.rules.refunds import under_way
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.flows.service.aftersale.sql import money as money_sql
from shopkeeper.flows.service.aftersale.sql import returns as return_sql
from shopkeeper.flows.service.aftersale.states import CASE_FLOW, CaseState, UnderWay
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

CASE_SCOPE = ShopOf("aftersale_aftersalecase", "case_id")
CASE_CLOCKS = (deadlines.OFFER, deadlines.OFFER_ANSWER, deadlines.RETURN)


def load(step: Step, case_ids: Iterable[int]) -> dict[int, JudgedCase]:
    """Cases with what is owed, their orders and themselves locked."""
    ids = sorted(set(case_ids))
    sql.LOCK_ORDERS_OF.run(cases=ids)
    sql.LOCK_CASES.rows(cases=ids)
    return judged_cases(ids, step.now)


def cases_under_way(case_ids: Iterable[int]) -> dict[int, UnderWay]:
    """Cases whose agreed solution is being carried out, with what of it; to be asked with the cases locked."""
    ids = sorted(set(case_ids))
    if not ids:
        return {}
    replaced = {row.case_id for row in return_sql.REPLACED.rows(cases=ids, orders=[])}
    refunds: dict[int, list[tuple[str, bool]]] = {id_: [] for id_ in ids}
    for row in money_sql.OF_CASES.rows(cases=ids):
        refunds[row.case_id].append((row.state, row.is_compensation))
    found = {id_: under_way(refunds[id_], is_replaced=id_ in replaced) for id_ in ids}
    return {id_: what for id_, what in found.items() if what is not None}


def owe_solution(step: Step, rows: Sequence[sql.CaseRow], reason: str = "") -> None:
    """A solution is owed anew: back to the beginning, the clock set again."""
    if not rows:
        return
    step.move(CASE_FLOW, [row.id for row in rows], CaseState.OPENED, reason)
    close(step, deadlines.OFFER_ANSWER, [row.id for row in rows])
    await_offers(step, rows)


def await_offers(step: Step, rows: Sequence[sql.CaseRow]) -> None:
    """Set the clock to the offer."""
    policy = policies(step)
    dues = [step.now + timedelta(hours=policy("aftersale_offer_hours", row.shop_id)) for row in rows]
    sql.NOTE_OWED.run(cases=[row.id for row in rows], dues=dues)
    arm(
        step,
        [
            Arm(deadlines.OFFER, row.id, due_at, shop_id=row.shop_id, label=case_number(row.id))
            for row, due_at in zip(rows, dues, strict=True)
        ],
    )


def settle_cases(step: Step, rows: Sequence[sql.CaseRow]) -> None:
    """Everything agreed is done."""
    _end(step, [(row, row.solution) for row in rows], CaseState.SETTLED, Ending.DONE)
    step.emit(*(AfterSaleSettled(row.id, row.order_id, row.shop_id, row.solution, row.ticket_id) for row in rows))


def refuse_cases(step: Step, refused: Sequence[tuple[sql.CaseRow, str]]) -> None:
    """The wish is turned down, with the reason."""
    _end(step, refused, CaseState.REFUSED, Ending.DONE)
    step.emit(*(AfterSaleRefused(row.id, row.order_id, row.shop_id, row.ticket_id) for row, _ in refused))


def close_cases_for(step: Step, closed: Sequence[tuple[sql.CaseRow, str, str]]) -> None:
    """Withdrawn, solved otherwise, or silent: (case, cause, words of whoever closes it)."""
    _end(step, [(row, words or cause) for row, cause, words in closed], CaseState.CLOSED, Ending.CANCELLED)
    step.emit(*(AfterSaleClosed(row.id, row.order_id, row.shop_id, cause, row.ticket_id) for row, cause, _ in closed))


def _end(step: Step, ended: Sequence[tuple[sql.CaseRow, str]], to: CaseState, ending: Ending) -> None:
    if not ended:
        return
    ids = [row.id for row, _ in ended]
    sql.NOTE_ENDED.run(now=step.now, actor_id=step.actor.id, cases=ids, reasons=[reason[:300] for _, reason in ended])
    step.move(CASE_FLOW, ids, to)
    sql.END_LINKS.run(cases=ids, now=step.now)
    for kind in CASE_CLOCKS:
        close(step, kind, ids, ending)
