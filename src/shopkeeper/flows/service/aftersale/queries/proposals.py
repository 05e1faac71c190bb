"""What the policy owes in each case, from the facts as they stand now; the same for page, API and command."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shopkeeper.flows.service.aftersale.rules.policy import PolicyRule
from shopkeeper.flows.service.aftersale.rules.proposals import CaseFacts, Proposal, WantedLine, hours_late, propose
from shopkeeper.flows.service.aftersale.rules.refunds import LineMoney
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.flows.service.aftersale.states import Freight, Reason, Shot, Solution, Verdict
from shopkeeper.shared.clock import day_of


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """A case with its lines and what is owed."""

    row: sql.CaseRow
    lines: tuple[sql.CaseLineRow, ...]
    proposal: Proposal

    @property
    def wanted(self) -> list[tuple[LineMoney, int]]:
        """The pieces the case is about, as far as they were not given back already."""
        return [(money, min(line.quantity, money.left_quantity)) for line in self.lines for money in (money_of(line),)]


def money_of(line: sql.CaseLineRow) -> LineMoney:
    return LineMoney(line.order_line_id, line.bought, line.paid_minor, line.given_quantity, line.given_minor)


def judged_cases(case_ids: Iterable[int], now: datetime) -> dict[int, JudgedCase]:
    """Cases with their proposals, in three statements."""
    ids = sorted(set(case_ids))
    rows = sql.CASES.rows(cases=ids)
    lines: dict[int, list[sql.CaseLineRow]] = defaultdict(list)
    for line in sql.CASE_LINES.rows(cases=ids):
        lines[line.case_id].append(line)
    shots: dict[int, list[tuple[Shot, Verdict]]] = defaultdict(list)
    for given in sql.SHOTS.rows(cases=ids):
        shots[given.case_id].append((Shot(given.shot), Verdict(given.verdict)))
    return {row.id: _judged(row, tuple(lines[row.id]), tuple(shots[row.id]), now) for row in rows}


def _judged(
    row: sql.CaseRow,
    lines: tuple[sql.CaseLineRow, ...],
    shots: tuple[tuple[Shot, Verdict], ...],
    now: datetime,
) -> JudgedCase:
    zone = ZoneInfo(row.zone)
    facts = CaseFacts(
        reason=Reason(row.reason),
        order_state=row.order_state,
        asked_on=day_of(row.opened_at, zone),
        lines=tuple(
            WantedLine(money, min(line.quantity, money.left_quantity), line.no_reason)
            for line in lines
            for money in (money_of(line),)
        ),
        paid_on=day_of(row.paid_at, zone) if row.paid_at else None,
        signed_on=day_of(row.signed_at, zone) if row.signed_at else None,
        late_hours=hours_late(row.ship_by_at, row.shipped_at, now),
        loss_minor=row.loss_minor,
        shots=shots,
    )
    return JudgedCase(row, lines, propose(facts, rule_of(row)))


def rule_of(row: sql.CaseRow) -> PolicyRule:
    """The policy line that holds for a case."""
    return PolicyRule(
        reason=Reason(row.reason),
        days=row.days,
        solutions=tuple(Solution(solution) for solution in row.solutions),
        freight_by=Freight(row.freight_by),
        shots=tuple(Shot(shot) for shot in row.shots),
        percent=row.percent,
        cap_minor=row.cap_minor,
    )
