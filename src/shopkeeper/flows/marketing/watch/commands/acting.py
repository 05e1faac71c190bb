"""What every action on an alert shares: may it be taken, the figures before it, its row, and the look at its effect."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from shopkeeper.flows.marketing.watch.commands.counting import traffic_of
from shopkeeper.flows.marketing.watch.deadlines import ACTION_EFFECT, ALERT_ANSWER
from shopkeeper.flows.marketing.watch.events import AlertActedOn
from shopkeeper.flows.marketing.watch.rules.effects import AFTER_HOURS, HourFacts, Measured, measured, span_before
from shopkeeper.flows.marketing.watch.rules.hours import HOUR, first_full_hour
from shopkeeper.flows.marketing.watch.rules.traffic import buyers_among
from shopkeeper.flows.marketing.watch.sql import alerts as sql
from shopkeeper.flows.marketing.watch.states import ALERT_FLOW, ANSWERS, ActionKind, AlertKind, AlertState
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, passed_on, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


class OnAlert(Protocol):
    @property
    def alert_id(self) -> int: ...


I = TypeVar("I", bound=OnAlert)  # noqa: E741
Rows = dict[int, sql.AlertRow]


@dataclass(frozen=True, slots=True)
class Taken:
    """An action that is being taken; `reference` is the row it made elsewhere."""

    alert: sql.AlertRow
    kind: ActionKind
    note: str = ""
    reference: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of a campaign, or of one SKU of it, from `since` to `until`."""

    campaign_id: int
    sku_id: int | None
    since: datetime
    until: datetime


def act(
    step: Step,
    items: Sequence[I],
    kind: ActionKind,
    perform: Callable[[Sequence[I], Rows], Sequence[tuple[Outcome, str]]],
) -> list[Outcome]:
    """Take one kind of action on alerts. `perform` does what it means and gives (outcome, note) per item.

    Refused: "alert_over" once dismissed or lifted, "action_unfit" for another kind of alert, "campaign_not_live",
    and whatever `perform` refuses. An alert that has such an action already is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.alert_id for item in items}))}
    before = {row.alert_id: row.id for row in sql.ACTIONS_OF.rows(alerts=sorted(rows)) if row.kind == kind}
    fit: dict[int, I] = {}
    answers: list[Outcome | None] = []
    for item in items:
        row = rows[item.alert_id]
        answer = unchanged(row.id) if row.id in fit else _verdict(row, kind, before.get(row.id))
        answers.append(answer)
        if answer is None:
            fit[row.id] = item
    performed = dict(zip(fit, perform(list(fit.values()), rows), strict=True)) if fit else {}
    taken = [Taken(rows[id_], kind, note, outcome.id) for id_, (outcome, note) in performed.items() if outcome.ok]
    made = take(step, taken)
    return [
        answer or _outcome(item.alert_id, performed[item.alert_id][0], made)
        for item, answer in zip(items, answers, strict=True)
    ]


def _verdict(row: sql.AlertRow, kind: ActionKind, before: int | None) -> Outcome | None:
    if before:
        return unchanged(row.id, action_id=before)
    if row.state not in (AlertState.OPEN, AlertState.ACTED):
        return refused("alert_over", row.id)
    if kind not in ANSWERS[AlertKind(row.kind)]:
        return refused("action_unfit", row.id)
    return None if row.is_live else refused("campaign_not_live", row.id)


def _outcome(alert_id: int, performed: Outcome, made: dict[int, int]) -> Outcome:
    if not performed.ok:
        return passed_on(performed, alert_id)
    return done(alert_id, action_id=made[alert_id], reference=performed.id)


def take(step: Step, taken: Sequence[Taken]) -> dict[int, int]:
    """Write actions down with the figures before them; the alerts are answered. Each alert's action id."""
    if not taken:
        return {}
    before = measure(step, [Span(t.alert.campaign_id, t.alert.sku_id, *span_before(step.now)) for t in taken])
    rows = sql.ACT.rows(
        now=step.now,
        actor_id=step.actor.id,
        actions=as_json(
            [
                {
                    "alert_id": t.alert.id,
                    "campaign_id": t.alert.campaign_id,
                    "shop_id": t.alert.shop_id,
                    "kind": t.kind,
                    "note": t.note[:500],
                    "reference": t.reference,
                    "before": figures.plain(),
                }
                for t, figures in zip(taken, before, strict=True)
            ]
        ),
    )
    alerts = {t.alert.id: t.alert for t in taken}
    _answered(step, list(alerts))
    arms = [
        Arm(ACTION_EFFECT, row.id, effect_due(step, alerts[row.alert_id].shop_id, step.now, AFTER_HOURS[0]),
            alerts[row.alert_id].shop_id, None, alerts[row.alert_id].code)
        for row in rows
    ]  # fmt: skip
    arm(step, arms)
    for row in rows:
        alert = alerts[row.alert_id]
        step.emit(AlertActedOn(alert.id, alert.campaign_id, alert.shop_id, row.kind, row.id))
    return {row.alert_id: row.id for row in rows}


def _answered(step: Step, ids: Sequence[int]) -> None:
    sql.ANSWER.run(now=step.now, actor_id=step.actor.id, ids=list(ids), reasons=[""] * len(ids))
    step.move(ALERT_FLOW, list(ids), AlertState.ACTED)
    close(step, ALERT_ANSWER, list(ids))


def effect_due(step: Step, shop_id: int, taken_at: datetime, hours: int) -> datetime:
    """When so many whole hours after an action can be measured: once the last of them should be on record."""
    minutes = policies(step)("watch_record_minutes", shop_id)
    return first_full_hour(taken_at) + HOUR * hours + timedelta(minutes=minutes)


def measure(step: Step, spans: Sequence[Span]) -> list[Measured]:
    """The figures of spans, in two statements however many they are."""
    given: list[dict[str, Any]] = [
        {"n": n, "campaign_id": s.campaign_id, "sku_id": s.sku_id, "since": s.since, "until": s.until}
        for n, s in enumerate(spans)
    ]
    rows = sql.SPAN_HOURS.rows(spans=as_json(given))
    traffic = traffic_of(step, {(row.shop_id, row.campaign_id, row.hour) for row in rows})
    hours: dict[int, list[HourFacts]] = defaultdict(list)
    for row in rows:
        told = traffic.get((row.campaign_id, row.hour))
        visitors = told.visitors if told else None
        hours[row.n].append(HourFacts(visitors, buyers_among(row, told), row.orders, row.sold, row.left))
    return [measured(hours[n]) for n in range(len(spans))]
