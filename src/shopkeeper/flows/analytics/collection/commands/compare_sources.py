"""D1.1: the same figure of several sources is held side by side; too great a difference is somebody's to explain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shopkeeper.flows.analytics.collection.deadlines import DISAGREEMENT_DUE
from shopkeeper.flows.analytics.collection.events import DisagreementOpened
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.comparing import SideBySide, side_by_side
from shopkeeper.flows.analytics.collection.rules.reconciling import Difference
from shopkeeper.flows.analytics.collection.sql import deliveries
from shopkeeper.flows.analytics.collection.sql import figures as figure_sql
from shopkeeper.flows.analytics.collection.sql import reconciling as sql
from shopkeeper.flows.analytics.collection.states import CASE_FLOW, DisagreementState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class CompareSources:
    shop_id: int
    day: date


Key = tuple[int, date, str, str, str]  # shop, day, figure, source, other source


@command(clause="D1.1", permission=Permission.FIGURES_TAKE_IN, scope=InShop())
def compare_sources(step: Step, items: Sequence[CompareSources]) -> list[Outcome]:
    """Compare shops' days. A difference beyond the tolerance opens a case, one that is gone closes its own.

    An answered case is not opened again while both values stand as they were answered. Done with `opened` and
    `vanished`, unchanged where neither was.
    """
    days = sorted({(item.shop_id, item.day) for item in items})
    figure_sql.LOCK_SHOPS.run(shops=sorted({shop for shop, _ in days}))
    names = {row.id: row.name for row in deliveries.SHOPS.rows(shops=sorted({shop for shop, _ in days}))}
    found = side_by_side(days, policies(step))
    newest = {
        (row.shop_id, row.day, row.figure, row.source, row.other_source): row
        for row in sql.NEWEST_OF.rows(shops=[shop for shop, _ in days], days=[day for _, day in days])
    }
    beyond = {_key(one, diff): diff for one in found.values() for diff in one.beyond}
    opened = _open(step, {key: diff for key, diff in beyond.items() if _is_news(diff, newest.get(key))}, names)
    _follow(step, beyond, newest)
    gone = [row for key, row in newest.items() if row.state == DisagreementState.OPEN and key not in beyond]
    _vanish(step, gone)
    outcomes = []
    told: set[tuple[int, date]] = set()
    for item in items:
        place = (item.shop_id, item.day)
        counts = {
            "opened": sum((row.shop_id, row.day) == place for row in opened),
            "vanished": sum((row.shop_id, row.day) == place for row in gone),
        }
        outcomes.append(done(**counts) if any(counts.values()) and place not in told else unchanged())
        told.add(place)
    return outcomes


def _key(one: SideBySide, diff: Difference) -> Key:
    return (one.shop_id, one.day, str(diff.figure), str(diff.source), diff.other_source)


def _is_news(diff: Difference, known: sql.CaseRow | None) -> bool:
    """Whether somebody is to look: nobody was asked, or things have changed since they answered."""
    if known is None or known.state == DisagreementState.VANISHED:
        return True
    return known.state == DisagreementState.ANSWERED and (known.value, known.other_value) != (
        diff.value,
        diff.other_value,
    )


def _open(step: Step, news: dict[Key, Difference], names: dict[int, str]) -> list[sql.OpenedRow]:
    policy = policies(step)
    cases = [
        {
            "shop_id": shop,
            "day": day,
            "figure": figure,
            "source": source,
            "other_source": other,
            "value": diff.value,
            "other_value": diff.other_value,
            "due_at": step.now + timedelta(hours=policy("reconcile_hours", shop)),
        }
        for (shop, day, figure, source, other), diff in news.items()
    ]
    opened = sql.OPEN.rows(now=step.now, cases=as_json(cases))
    arm(
        step,
        [
            Arm(DISAGREEMENT_DUE, row.id, row.due_at, row.shop_id, None, f"{names[row.shop_id]} {row.day.isoformat()}")
            for row in opened
        ],
    )
    step.emit(*(DisagreementOpened(row.id, row.shop_id, row.day.isoformat(), row.figure) for row in opened))
    return opened


def _follow(step: Step, beyond: dict[Key, Difference], newest: dict[Key, sql.CaseRow]) -> None:
    """Open cases show the values of today."""
    stale = [
        (row.id, diff)
        for key, diff in beyond.items()
        if (row := newest.get(key)) is not None
        and row.state == DisagreementState.OPEN
        and (row.value, row.other_value) != (diff.value, diff.other_value)
    ]
    sql.UPDATE_VALUES.run(
        ids=[id_ for id_, _ in stale],
        values=[diff.value for _, diff in stale],
        others=[diff.other_value for _, diff in stale],
    )


def _vanish(step: Step, gone: Sequence[sql.CaseRow]) -> None:
    ids = [row.id for row in gone]
    step.move(CASE_FLOW, ids, DisagreementState.VANISHED)
    sql.END.run(now=step.now, ids=ids)
    close(step, DISAGREEMENT_DUE, ids, Ending.CANCELLED)
