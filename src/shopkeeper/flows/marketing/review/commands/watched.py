"""What the watch saw of campaigns: traffic by the source that counts, alerts with their actions and effects."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shopkeeper.flows.marketing.review.rules.figures import ActionLine, AlertLine, Traffic
from shopkeeper.flows.marketing.review.sql import watched as sql
from shopkeeper.flows.marketing.review.sql.circumstances import CampaignRow
from shopkeeper.flows.marketing.watch.rules.traffic import Delivered, preferred
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class Watched:
    """`traffic` None where no source delivered anything; `shop_buyers` of the hours whose traffic is the shop's."""

    traffic: Traffic | None = None
    visitors: Mapping[datetime, int] = field(default_factory=dict)
    shop_buyers: Mapping[datetime, int] = field(default_factory=dict)
    alerts: tuple[AlertLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hour:
    """A row as the watch's own judgement takes it."""

    row: sql.TrafficRow

    @property
    def source(self) -> str:
        return self.row.source

    @property
    def campaign_id(self) -> int | None:
        return self.row.of_campaign_id


def watched(step: Step, campaigns: Sequence[CampaignRow]) -> dict[int, Watched]:
    """In two statements for any number of campaigns."""
    delivered: dict[int, dict[datetime, list[Delivered]]] = defaultdict(lambda: defaultdict(list))
    for row in sql.TRAFFIC.rows(
        campaigns=[one.id for one in campaigns],
        shops=[one.shop_id for one in campaigns],
        sinces=[one.since for one in campaigns],
        untils=[one.until for one in campaigns],
    ):
        delivered[row.campaign_id][row.hour].append(_Hour(row))
    alerts = _alerts([one.id for one in campaigns])
    found = {}
    for one in campaigns:
        order = policies(step)("watch_source_order", one.shop_id)
        counted = [preferred(rows, order) for rows in delivered[one.id].values()]
        hours = [hour.row for hour in counted if isinstance(hour, _Hour)]
        found[one.id] = Watched(
            _traffic(hours),
            {row.hour: row.visitors for row in hours},
            {row.hour: row.shop_buyers for row in hours if row.of_campaign_id is None},
            tuple(alerts[one.id].values()),
        )
    return found


def _traffic(hours: Sequence[sql.TrafficRow]) -> Traffic | None:
    if not hours:
        return None
    both = [(row.exposures, row.clicks) for row in hours if row.exposures is not None and row.clicks is not None]
    return Traffic(
        exposure=sum(exposures for exposures, _ in both),
        clicks=sum(clicks for _, clicks in both),
        visitors=sum(row.visitors for row in hours),
        hours=len(hours),
        sources=tuple(sorted({row.source for row in hours})),
    )


def _alerts(campaigns: Sequence[int]) -> dict[int, dict[int, AlertLine]]:
    found: dict[int, dict[int, AlertLine]] = defaultdict(dict)
    for row in sql.ALERTS.rows(campaigns=list(campaigns)):
        of_campaign = found[row.campaign_id]
        line = of_campaign.get(row.alert_id) or AlertLine(row.at.isoformat(), row.kind, row.about, row.state)
        if row.action:
            done = ActionLine(row.action, row.before_bp, row.after_bp, row.before_left, row.after_left)
            line = AlertLine(line.at, line.kind, line.about, line.state, (*line.actions, done))
        of_campaign[row.alert_id] = line
    return found
