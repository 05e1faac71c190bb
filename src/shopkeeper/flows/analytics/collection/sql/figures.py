"""Statements of imported figures: sets that replace each other, their figures and contradictions."""

from dataclasses import dataclass
from datetime import date

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CurrentRow:
    id: int
    shop_id: int
    source: str
    breakdown: str
    period: str
    starts_on: date
    digest: str


# Shops are locked before their sets: of two files for one period taken in at once, one comes after the other.
LOCK_SHOPS: Statement[NoRow] = Statement("""
    SELECT id FROM foundation_shop WHERE id = ANY(%(shops)s::bigint[]) ORDER BY id FOR NO KEY UPDATE""")

CURRENT_SETS = Statement(
    """
    SELECT s.id, s.shop_id, s.source, s.breakdown, s.period, s.starts_on, s.digest FROM collection_figureset AS s
    JOIN unnest(%(shops)s::bigint[], %(sources)s::text[], %(breakdowns)s::text[], %(periods)s::text[],
                %(starts)s::date[]) AS g (shop_id, source, breakdown, period, starts_on)
        ON (g.shop_id, g.source, g.breakdown, g.period, g.starts_on)
         = (s.shop_id, s.source, s.breakdown, s.period, s.starts_on)
    WHERE s.replaced_at IS NULL ORDER BY s.id FOR UPDATE OF s""",
    row=CurrentRow,
)

REPLACE_SETS: Statement[NoRow] = Statement("""
    UPDATE collection_figureset SET replaced_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND replaced_at IS NULL""")


@dataclass(frozen=True, slots=True)
class MadeRow:
    id: int
    shop_id: int
    source: str
    breakdown: str
    period: str
    starts_on: date


MAKE_SETS = Statement(
    """
    INSERT INTO collection_figureset (shop_id, source, breakdown, period, starts_on, ends_on, figure_import_id, digest,
                                      taken_in_at, taken_in_by, replaces_id)
    SELECT shop_id, source, breakdown, period, starts_on, ends_on, import_id, digest, %(now)s::timestamptz,
           %(actor_id)s::bigint, replaces
    FROM json_to_recordset(%(sets)s::json)
         AS given (shop_id bigint, source text, breakdown text, period text, starts_on date, ends_on date,
                   import_id bigint, digest text, replaces bigint)
    ORDER BY shop_id, source, breakdown, period, starts_on
    RETURNING id, shop_id, source, breakdown, period, starts_on""",
    row=MadeRow,
)

PUT_FIGURES: Statement[NoRow] = Statement("""
    INSERT INTO collection_figure (figure_set_id, channel, channel_name, figure, value, line)
    SELECT set_id, channel, channel_name, figure, value, line FROM json_to_recordset(%(figures)s::json)
         AS given (set_id bigint, channel text, channel_name text, figure text, value bigint, line int)
    ORDER BY set_id, channel_name, figure""")

PUT_FLAGS: Statement[NoRow] = Statement("""
    INSERT INTO collection_ratioflag (figure_set_id, channel_name, ratio, stated_ppm, computed_ppm, line)
    SELECT set_id, channel_name, ratio, stated, computed, line FROM json_to_recordset(%(flags)s::json)
         AS given (set_id bigint, channel_name text, ratio text, stated bigint, computed bigint, line int)
    ORDER BY set_id, channel_name, ratio""")


@dataclass(frozen=True, slots=True)
class DayFigureRow:
    """What a source's sheet of the whole shop says of a day."""

    shop_id: int
    day: date
    source: str
    figure: str
    value: int


DAY_FIGURES = Statement(
    """
    SELECT s.shop_id, s.starts_on AS day, s.source, f.figure, f.value
    FROM unnest(%(shops)s::bigint[], %(days)s::date[]) AS g (shop_id, day)
    JOIN collection_figureset AS s ON s.shop_id = g.shop_id AND s.starts_on = g.day
         AND s.period = 'day' AND s.breakdown = 'shop' AND s.replaced_at IS NULL
    JOIN collection_figure AS f ON f.figure_set_id = s.id AND f.figure = ANY(%(figures)s::text[])
    ORDER BY s.shop_id, s.starts_on, s.source, f.figure""",
    row=DayFigureRow,
)
