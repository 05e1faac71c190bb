"""The statement of days people enter into the calendar."""

from dataclasses import dataclass
from datetime import date

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date


PUT_DAYS = Statement(
    """
    INSERT INTO campaigns_calendarday AS d (day, is_working, name, set_at, set_by)
    SELECT day, is_working, name, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(days)s::json) AS g (day date, is_working boolean, name text)
    ORDER BY day
    ON CONFLICT (day) DO UPDATE
        SET is_working = excluded.is_working, name = excluded.name, set_at = excluded.set_at, set_by = excluded.set_by
        WHERE (d.is_working, d.name) IS DISTINCT FROM (excluded.is_working, excluded.name)
    RETURNING day""",
    row=DayRow,
)
