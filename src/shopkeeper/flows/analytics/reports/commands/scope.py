"""Whose a report is: a shop's belongs to who sees the shop; one of all shops to who sees all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.analytics.reports.models import Report
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.scope import InShop


def sees(actor: Actor, shop_id: int | None) -> bool:
    """A report of all shops tells of shops that a person of one shop must not see."""
    return actor.shops is None if shop_id is None else actor.sees_shop(shop_id)


@dataclass(frozen=True, slots=True)
class OfReport:
    """Items name a report in `report_id`."""

    def visible(self, actor: Actor, items: Sequence[Any]) -> list[bool]:
        wanted = {item.report_id for item in items}
        shops = dict(Report.objects.filter(id__in=wanted).values_list("id", "shop_id"))
        return [item.report_id in shops and sees(actor, shops[item.report_id]) for item in items]


@dataclass(frozen=True, slots=True)
class OfShopOrAll:
    """Items carry a shop's id, or none for all shops together."""

    def visible(self, actor: Actor, items: Sequence[Any]) -> list[bool]:
        there = InShop().visible(actor, items)
        return [seen and sees(actor, item.shop_id) for item, seen in zip(items, there, strict=True)]
