"""What a plan may name: the promotions that hold in its time."""

from collections.abc import Sequence
from datetime import datetime

from shopkeeper.flows.marketing.promotions.queries.rules import RuleFilter, rule_record, rules_page
from shopkeeper.flows.marketing.promotions.states import PromotionState
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T


def rule_choices(
    viewer: Actor,
    shop_id: int | None,
    kept: Sequence[int] = (),
    span: tuple[datetime, datetime] | None = None,
) -> list[tuple[str, str]]:
    """Promotions a plan of this shop may name, newest first: those that hold at some time of its span.

    Of `kept` those too that have ended, or hold at another time; they say so.
    """
    rows, _ = rules_page(viewer, RuleFilter(shop_id=shop_id), limit=200)
    fit = [row for row in rows if span is None or (row.starts_at < span[1] and row.ends_at > span[0])]
    open_ = {row.id: row for row in fit if row.state != "ended"}
    others = [record.row for id_ in kept if id_ not in open_ and (record := rule_record(viewer, id_))]
    ended, elsewhere = T("（已结束）", " (ended)"), T("（不在活动期间）", " (not in the campaign's time)")
    return [
        *((str(row.id), f"{row.code} {row.name}") for row in open_.values()),
        *(
            (str(row.id), f"{row.code} {row.name}{ended if row.state == PromotionState.ENDED else elsewhere}")
            for row in others
        ),
    ]
