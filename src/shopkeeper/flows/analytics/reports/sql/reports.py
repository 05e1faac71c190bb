"""Statements of reports: which are there, opened, computed, explained, signed, read."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class WatchedRow:
    subject_id: int


WATCHED = Statement(
    """
    SELECT subject_id FROM sop_deadline
    WHERE kind = 'report_make' AND subject_id = ANY(%(subjects)s::bigint[])""",
    row=WatchedRow,
)


@dataclass(frozen=True, slots=True)
class ShopRow:
    id: int
    name: str
    zone: str


SHOPS = Statement(
    """
    SELECT id, name, zone FROM foundation_shop WHERE id = ANY(%(shops)s::bigint[]) ORDER BY id""",
    row=ShopRow,
)


@dataclass(frozen=True, slots=True)
class NewestRow:
    subject_id: int
    period: str
    first_day: date


# Subject 0 stands for all shops together.
NEWEST = Statement(
    """
    SELECT coalesce(shop_id, 0), period, max(first_day) FROM reports_report
    WHERE coalesce(shop_id, 0) = ANY(%(subjects)s::bigint[]) GROUP BY 1, 2""",
    row=NewestRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    shop_id: int | None
    period: str
    first_day: date
    sign_due_at: datetime


OPEN = Statement(
    """
    INSERT INTO reports_report (shop_id, period, first_day, last_day, state, state_at, opened_at, sign_due_at, version,
                                failed, headlines, traffic_analysis, sales_analysis, customers_analysis, comment,
                                despite)
    SELECT shop_id, period, first_day, last_day, 'making', %(now)s::timestamptz, %(now)s::timestamptz, sign_due_at, 0,
           '{}', '{}', '', '', '', '', ''
    FROM json_to_recordset(%(reports)s::json)
         AS given (shop_id bigint, period text, first_day date, last_day date, sign_due_at timestamptz)
    ORDER BY shop_id NULLS FIRST, period, first_day ON CONFLICT (shop_id, period, first_day) DO NOTHING
    RETURNING id, shop_id, period, first_day, sign_due_at""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report, locked."""

    id: int
    shop_id: int | None
    period: str
    first_day: date
    state: str
    version: int
    failed: list[str]
    traffic_analysis: str
    sales_analysis: str
    customers_analysis: str
    signed_by: int | None


_ROW = """id, shop_id, period, first_day, state, version, failed, traffic_analysis, sales_analysis,
           customers_analysis, signed_by"""
LOCK = Statement(
    f"""
    SELECT {_ROW} FROM reports_report WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=ReportRow,
)
LOCK_PERIODS = Statement(
    f"""
    SELECT {_ROW} FROM reports_report AS r
    WHERE EXISTS (SELECT FROM unnest(%(subjects)s::bigint[], %(periods)s::text[], %(days)s::date[])
                              AS given (subject_id, period, first_day)
                  WHERE given.subject_id = coalesce(r.shop_id, 0) AND given.period = r.period
                    AND given.first_day = r.first_day)
    ORDER BY id FOR UPDATE""",
    row=ReportRow,
)

KEEP_VERSIONS: Statement[NoRow] = Statement("""
    INSERT INTO reports_reportversion (report_id, version, made_at, figures, failed)
    SELECT report_id, version, %(now)s::timestamptz, figures, ARRAY(SELECT jsonb_array_elements_text(failed))
    FROM json_to_recordset(%(versions)s::json) AS given (report_id bigint, version int, figures jsonb, failed jsonb)
    ORDER BY report_id""")

MADE: Statement[NoRow] = Statement("""
    UPDATE reports_report AS r
    SET version = given.version, made_at = %(now)s::timestamptz, headlines = given.headlines,
        failed = ARRAY(SELECT jsonb_array_elements_text(given.failed))
    FROM json_to_recordset(%(versions)s::json) AS given (report_id bigint, version int, headlines jsonb, failed jsonb)
    WHERE r.id = given.report_id AND r.state = 'making'""")

ANALYSE: Statement[NoRow] = Statement("""
    UPDATE reports_report AS r
    SET traffic_analysis = CASE WHEN %(part)s::text = 'traffic' THEN given.words ELSE traffic_analysis END,
        sales_analysis = CASE WHEN %(part)s::text = 'sales' THEN given.words ELSE sales_analysis END,
        customers_analysis = CASE WHEN %(part)s::text = 'customers' THEN given.words ELSE customers_analysis END
    FROM unnest(%(ids)s::bigint[], %(words)s::text[]) AS given (id, words)
    WHERE r.id = given.id AND r.state IN ('complete', 'incomplete')""")

SIGN: Statement[NoRow] = Statement("""
    UPDATE reports_report AS r
    SET comment = given.comment, despite = given.despite, signed_at = %(now)s::timestamptz,
        signed_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(comments)s::text[], %(despites)s::text[]) AS given (id, comment, despite)
    WHERE r.id = given.id AND r.state IN ('complete', 'incomplete')""")

CONFIRM: Statement[NoRow] = Statement("""
    UPDATE reports_report SET confirmed_at = %(now)s::timestamptz, confirmed_by = %(actor_id)s::bigint
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'signed'""")


@dataclass(frozen=True, slots=True)
class TargetRow:
    id: int
    shop_id: int | None
    metric_id: str
    month: date
    value: int


# A target set again to what it is stays untouched, and is not returned.
SET_TARGETS = Statement(
    """
    INSERT INTO reports_target AS t (shop_id, metric_id, month, value, set_at, set_by)
    SELECT shop_id, metric_id, month, value, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(targets)s::json) AS given (shop_id bigint, metric_id text, month date, value bigint)
    ORDER BY shop_id NULLS FIRST, metric_id, month
    ON CONFLICT (shop_id, metric_id, month) DO UPDATE
        SET value = excluded.value, set_at = excluded.set_at, set_by = excluded.set_by
        WHERE t.value <> excluded.value
    RETURNING id, shop_id, metric_id, month, value""",
    row=TargetRow,
)
