"""M3.2: what an action brought: the same figures one and three whole hours later, by the system."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.watch.commands.acting import Span, effect_due, measure
from shopkeeper.flows.marketing.watch.deadlines import ACTION_EFFECT
from shopkeeper.flows.marketing.watch.events import EffectMeasured
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.rules.effects import AFTER_HOURS, span_after
from shopkeeper.flows.marketing.watch.sql import alerts as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close


@dataclass(frozen=True, slots=True)
class MeasureEffect:
    action_id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A measurement that is due: of an action, so many hours after it."""

    row: sql.ToMeasureRow
    hours: int

    @property
    def span(self) -> Span:
        return Span(self.row.campaign_id, self.row.sku_id, *span_after(self.row.taken_at, self.hours))


@command(clause="M3.2", permission=Permission.KEEP, scope=ShopOf("watch_action", "action_id"), internal=True)
def measure_effects(step: Step, items: Sequence[MeasureEffect]) -> list[Outcome]:
    """Measure actions whose hours are over, and set the clock for the later look; measured once it changes only with
    the figures of its hours (`remeasure`).

    Hours that a campaign did not last, or that nobody recorded, are counted as what they are: missing.
    """
    rows = {row.id: row for row in sql.LOCK_ACTIONS.rows(ids=sorted({item.action_id for item in items}))}
    one, three = AFTER_HOURS
    wanted = [
        Wanted(row, hours)
        for row in rows.values()
        for hours, has in ((one, row.has_one), (three, row.has_three))
        if not has and effect_due(step, row.shop_id, row.taken_at, hours) <= step.now
    ]
    found = dict(zip(((w.row.id, w.hours) for w in wanted), measure(step, [w.span for w in wanted]), strict=True))
    plain = {key: figures.plain() for key, figures in found.items()}
    effects = [{"id": id_, "one": plain.get((id_, one)), "three": plain.get((id_, three))} for id_ in rows]
    sql.MEASURE.run(effects=as_json(effects))
    whole = [row.id for row in rows.values() if row.has_three or (row.id, three) in found]
    close(step, ACTION_EFFECT, whole)
    later = [row for row in rows.values() if row.id not in whole]
    arm(
        step,
        [
            Arm(
                ACTION_EFFECT,
                row.id,
                effect_due(step, row.shop_id, row.taken_at, three if row.has_one or (row.id, one) in found else one),
                row.shop_id,
                None,
                row.code,
            )
            for row in later
        ],
    )
    step.emit(*(EffectMeasured(w.row.id, w.row.campaign_id, w.row.shop_id, w.hours) for w in wanted))
    measured = {w.row.id for w in wanted}
    return [done(i.action_id) if i.action_id in measured else unchanged(i.action_id) for i in items]
