"""Statements of daily summaries and of the improvements that come of them."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class DraftedRow:
    id: int
    shop_id: int
    day: date


DRAFT = Statement(
    """
    INSERT INTO feedback_dailysummary (shop_id, day, state, state_at, drafted_at, complete_due_at, sign_due_at, figures,
                                       trend_days, remarks)
    SELECT shop_id, day, 'draft', %(now)s::timestamptz, %(now)s::timestamptz, complete_due_at, sign_due_at, figures,
           trend_days, ''
    FROM json_to_recordset(%(summaries)s::json)
         AS given (shop_id bigint, day date, complete_due_at timestamptz, sign_due_at timestamptz, figures jsonb,
                   trend_days int)
    ORDER BY shop_id, day ON CONFLICT (shop_id, day) DO NOTHING
    RETURNING id, shop_id, day""",
    row=DraftedRow,
)


@dataclass(frozen=True, slots=True)
class SummaryRow:
    id: int
    shop_id: int
    day: date
    state: str
    remarks: str
    completed_by: int | None


LOCK = Statement(
    """
    SELECT id, shop_id, day, state, remarks, completed_by FROM feedback_dailysummary
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=SummaryRow,
)

COMPLETE: Statement[NoRow] = Statement("""
    UPDATE feedback_dailysummary AS s
    SET remarks = given.remarks, completed_at = %(now)s::timestamptz, completed_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(remarks)s::text[]) AS given (id, remarks)
    WHERE s.id = given.id AND s.state IN ('draft', 'completed')""")

SIGN: Statement[NoRow] = Statement("""
    UPDATE feedback_dailysummary SET signed_at = %(now)s::timestamptz, signed_by = %(actor_id)s::bigint
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'completed'""")


@dataclass(frozen=True, slots=True)
class ProblemRow:
    id: int
    shop_id: int
    kind: str
    sku_id: int | None
    courier: str
    warehouse_id: int | None


PROBLEMS = Statement(
    """
    SELECT id, shop_id, kind, sku_id, courier, warehouse_id FROM feedback_problem
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=ProblemRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    problem_id: int
    shop_id: int
    owner: str
    due_at: datetime


OPEN = Statement(
    """
    INSERT INTO feedback_improvement (problem_id, shop_id, owner, what, state, state_at, opened_at, opened_by, due_at,
                                      reply, effect, conclusion)
    SELECT problem_id, shop_id, owner, what, 'open', %(now)s::timestamptz, %(now)s::timestamptz, %(actor_id)s::bigint,
           due_at, '', '', ''
    FROM unnest(%(problems)s::bigint[], %(shops)s::bigint[], %(owners)s::text[], %(whats)s::text[],
                %(dues)s::timestamptz[]) AS given (problem_id, shop_id, owner, what, due_at)
    ORDER BY problem_id, owner ON CONFLICT (problem_id, owner) DO NOTHING
    RETURNING id, problem_id, shop_id, owner, due_at""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class ImprovementRow:
    """An improvement, locked, with the problem it is about and that problem's figure."""

    id: int
    shop_id: int
    owner: str
    state: str
    effect: str
    opened_by: int
    replied_at: datetime | None
    measure_at: datetime | None
    kind: str
    sku_id: int | None
    courier: str
    warehouse_id: int | None
    tickets: int
    orders: int


LOCK_IMPROVEMENTS = Statement(
    """
    SELECT i.id, i.shop_id, i.owner, i.state, i.effect, i.opened_by, i.replied_at, i.measure_at, p.kind, p.sku_id,
           p.courier, p.warehouse_id, p.tickets + p.before_tickets, p.orders
    FROM feedback_improvement AS i JOIN feedback_problem AS p ON p.id = i.problem_id
    WHERE i.id = ANY(%(ids)s::bigint[]) ORDER BY i.id FOR UPDATE OF i""",
    row=ImprovementRow,
)

REPLY: Statement[NoRow] = Statement("""
    UPDATE feedback_improvement AS i
    SET reply = given.reply, replied_at = %(now)s::timestamptz, replied_by = %(actor_id)s::bigint,
        measure_at = given.measure_at
    FROM unnest(%(ids)s::bigint[], %(replies)s::text[], %(moments)s::timestamptz[]) AS given (id, reply, measure_at)
    WHERE i.id = given.id AND i.state = 'open'""")

MEASURE: Statement[NoRow] = Statement("""
    UPDATE feedback_improvement AS i
    SET after_tickets = given.tickets, after_orders = given.orders, measured_at = %(now)s::timestamptz,
        effect = given.effect
    FROM unnest(%(ids)s::bigint[], %(tickets)s::int[], %(orders)s::int[], %(effects)s::text[])
         AS given (id, tickets, orders, effect)
    WHERE i.id = given.id AND i.state = 'replied'""")

CLOSE: Statement[NoRow] = Statement("""
    UPDATE feedback_improvement AS i
    SET conclusion = given.conclusion, closed_at = %(now)s::timestamptz, closed_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(conclusions)s::text[]) AS given (id, conclusion)
    WHERE i.id = given.id AND i.state = 'measured'""")
