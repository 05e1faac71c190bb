"""D1.1: figures of a tool's export stand for their periods; what stood there before is kept as replaced."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from shopkeeper.flows.analytics.collection.deadlines import FIGURES_DUE
from shopkeeper.flows.analytics.collection.events import FiguresTakenIn
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.rules.channels import channel_named
from shopkeeper.flows.analytics.collection.rules.periods import PeriodWrong, period_of
from shopkeeper.flows.analytics.collection.rules.ratios import PARTS, contradictions
from shopkeeper.flows.analytics.collection.sql import deliveries as delivery_sql
from shopkeeper.flows.analytics.collection.sql import figures as sql
from shopkeeper.flows.analytics.collection.states import DELIVERY_FLOW, FigureBreakdown, FigurePeriod, FiguresDayState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json, json_bytes
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies

LINES_MOST = 5_000
FIGURES_MOST = 60
VALUE_MOST = 10**15
Name = Annotated[str, Field(min_length=1, max_length=30, pattern="^[a-z_]+$")]
Value = Annotated[int, Field(ge=0, le=VALUE_MOST)]


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One row: a period and what it had; of a channel sheet, of one channel. Money in minor units.

    `ratios` are as the file states them, in parts per million; they are checked against their parts and not kept.
    """

    starts_on: date
    ends_on: date
    figures: Annotated[dict[Name, Value], Field(min_length=1, max_length=FIGURES_MOST)]
    ratios: dict[Name, int] = field(default_factory=dict)
    channel_name: Annotated[str, Field(max_length=80)] = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class TakeInFigures:
    """A sheet of one source. `digest` is the file's; without one it is made from the lines."""

    shop_id: int
    source: Literal["sycm"]
    breakdown: FigureBreakdown
    lines: Annotated[tuple[FigureLine, ...], Field(min_length=1, max_length=LINES_MOST)]
    digest: Annotated[str, Field(max_length=64)] = ""
    import_id: int | None = None


Place = tuple[int, str, str, str, date]  # shop, source, breakdown, period, first day


@dataclass(slots=True)
class _Set:
    """All lines of one sheet for one period, on their way in."""

    item: TakeInFigures
    place: Place
    ends_on: date
    digest: str
    lines: list[FigureLine] = field(default_factory=list)
    replaces: int | None = None


@command(clause="D1.1", permission=Permission.FIGURES_TAKE_IN, scope=InShop())
def take_in_figures(step: Step, items: Sequence[TakeInFigures]) -> list[Outcome]:
    """Take in figures by period: the newest file stands, the one before is kept, the same file again is unchanged.

    Done with `facts`: sets, replaced, flagged (ratios that contradict their parts by more than the policy lets
    pass; they are taken in all the same). Refused, and nothing of the item taken: "period_unknown",
    "period_not_over", "figure_row_twice", "channel_missing", "channel_unwanted", "ratio_unknown", each with `line`.
    """
    sql.LOCK_SHOPS.run(shops=sorted({item.shop_id for item in items}))
    zones = {row.id: ZoneInfo(row.zone) for row in delivery_sql.SHOPS.rows(shops=[item.shop_id for item in items])}
    judged = [_judge(item, day_of(step.now, zones[item.shop_id])) for item in items]
    current = _current([one for sets, _ in judged for one in sets])
    fresh: dict[Place, _Set] = {}
    outcomes = []
    for sets, refusal in judged:
        if refusal is not None:
            outcomes.append(refusal)
            continue
        new = [one for one in sets if _is_new(one, current, fresh)]
        fresh.update({one.place: one for one in new})
        flagged = sum(len(found) for one in new for _, found in _flags(step, one))
        facts = {"sets": len(new), "replaced": sum(one.replaces is not None for one in new), "flagged": flagged}
        outcomes.append(done(**facts) if new else unchanged())
    _write(step, list(fresh.values()))
    return outcomes


def _is_new(one: _Set, current: Mapping[Place, sql.CurrentRow], fresh: Mapping[Place, _Set]) -> bool:
    """Of two of one batch for one period the first is taken: nobody can say which is the newer."""
    known = current.get(one.place)
    one.replaces = known.id if known else None
    return one.place not in fresh and (known is None or known.digest != one.digest)


def _judge(item: TakeInFigures, today: date) -> tuple[list[_Set], Outcome | None]:
    """The item's lines by period, or why it is not taken."""
    sets: dict[Place, _Set] = {}
    digest = item.digest or sha256(json_bytes([_plain(line) for line in item.lines])).hexdigest()
    seen: set[tuple[Place, str]] = set()
    for line in item.lines:
        try:
            period = period_of(line.starts_on, line.ends_on, today)
        except PeriodWrong as wrong:
            return [], refused(wrong.code, line=line.line)
        place = (item.shop_id, str(item.source), str(item.breakdown), str(period), line.starts_on)
        code = _line_refusal(item, line, (place, line.channel_name) in seen)
        if code:
            return [], refused(code, line=line.line)
        seen.add((place, line.channel_name))
        sets.setdefault(place, _Set(item, place, line.ends_on, digest)).lines.append(line)
    return list(sets.values()), None


def _plain(line: FigureLine) -> list[Any]:
    return [line.starts_on, line.ends_on, line.channel_name, sorted(line.figures.items()), sorted(line.ratios.items())]


def _line_refusal(item: TakeInFigures, line: FigureLine, is_twice: bool) -> str:
    if is_twice:
        return "figure_row_twice"
    if item.breakdown == FigureBreakdown.CHANNEL and not line.channel_name.strip():
        return "channel_missing"
    if item.breakdown == FigureBreakdown.SHOP and line.channel_name:
        return "channel_unwanted"
    return "ratio_unknown" if set(line.ratios) - set(PARTS) else ""


def _current(sets: Sequence[_Set]) -> dict[Place, sql.CurrentRow]:
    """What stands at these places now."""
    shops, sources, breakdowns, periods, starts = ([one.place[n] for one in sets] for n in range(5))
    rows = sql.CURRENT_SETS.rows(shops=shops, sources=sources, breakdowns=breakdowns, periods=periods, starts=starts)
    return {(row.shop_id, row.source, row.breakdown, row.period, row.starts_on): row for row in rows}


def _write(step: Step, sets: Sequence[_Set]) -> None:
    if not sets:
        return
    sql.REPLACE_SETS.run(now=step.now, ids=[one.replaces for one in sets if one.replaces is not None])
    rows = [
        {
            "shop_id": one.place[0],
            "source": one.place[1],
            "breakdown": one.place[2],
            "period": one.place[3],
            "starts_on": one.place[4],
            "ends_on": one.ends_on,
            "import_id": one.item.import_id,
            "digest": one.digest,
            "replaces": one.replaces,
        }
        for one in sets
    ]
    made = {
        (row.shop_id, row.source, row.breakdown, row.period, row.starts_on): row.id
        for row in sql.MAKE_SETS.rows(now=step.now, actor_id=step.actor.id, sets=as_json(rows))
    }
    sql.PUT_FIGURES.run(figures=as_json([row for one in sets for row in _figure_rows(one, made[one.place])]))
    flags = [row for one in sets for row in _flag_rows(step, one, made[one.place])]
    if flags:
        sql.PUT_FLAGS.run(flags=as_json(flags))
    _deliver(step, sets)
    _announce(step, sets)


def _figure_rows(one: _Set, set_id: int) -> Iterator[dict[str, Any]]:
    for line in one.lines:
        channel = str(channel_named(line.channel_name)) if line.channel_name else ""
        shared = {"set_id": set_id, "channel": channel, "channel_name": line.channel_name, "line": line.line}
        for name, value in line.figures.items():
            yield {**shared, "figure": name, "value": value}


def _flags(step: Step, one: _Set) -> Iterator[tuple[FigureLine, list[Any]]]:
    tolerance = policies(step)("ratio_tolerance_hundredths", one.place[0])
    for line in one.lines:
        yield line, contradictions(line.figures, line.ratios, tolerance)


def _flag_rows(step: Step, one: _Set, set_id: int) -> Iterator[dict[str, Any]]:
    for line, found in _flags(step, one):
        for flag in found:
            yield {
                "set_id": set_id,
                "channel_name": line.channel_name,
                "ratio": flag.ratio,
                "stated": flag.stated_ppm,
                "computed": flag.computed_ppm,
                "line": line.line,
            }


def _deliver(step: Step, sets: Sequence[_Set]) -> None:
    """Days that were awaited are there."""
    days = [one.place for one in sets if one.place[2] == FigureBreakdown.SHOP and one.place[3] == FigurePeriod.DAY]
    awaited = delivery_sql.NOT_DELIVERED.rows(
        shops=[place[0] for place in days], sources=[place[1] for place in days], days=[place[4] for place in days]
    )
    ids = [row.id for row in awaited]
    step.move(DELIVERY_FLOW, ids, FiguresDayState.DELIVERED)
    delivery_sql.NOTE_DELIVERED.run(now=step.now, ids=ids)
    close(step, FIGURES_DUE, ids)


def _announce(step: Step, sets: Sequence[_Set]) -> None:
    """One event for what one item brought of one period."""
    groups: dict[tuple[int, str, str, str], list[_Set]] = {}
    for one in sets:
        groups.setdefault(one.place[:4], []).append(one)
    for (shop, source, breakdown, period), members in groups.items():
        first, last = min(one.place[4] for one in members), max(one.ends_on for one in members)
        replaced = sum(one.replaces is not None for one in members)
        step.emit(
            FiguresTakenIn(shop, source, breakdown, period, first.isoformat(), last.isoformat(), len(members), replaced)
        )
