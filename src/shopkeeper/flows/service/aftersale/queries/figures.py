"""S2.3 in figures: solutions offered within the policy's hours, and accepted; one definition for every chart."""

from dataclasses import asdict, dataclass
from datetime import date

from shopkeeper.flows.service.aftersale.sql import figures as sql
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """Counts of cases opened in a span of days. In time: by the time that was due when the case was opened."""

    opened: int
    offered: int
    offered_in_time: int
    accepted: int
    accepted_in_time: int
    refused: int
    mean_offer_hours: float | None


def offer_figures(viewer: Actor, from_day: date, to_day: date, shop_id: int | None = None) -> OfferFigures:
    """Cases of the viewer's shops opened from the first to the last day, both included."""
    shops = None if viewer.shops is None else sorted(viewer.shops)
    row = sql.OFFERS.first(from_day=from_day, to_day=to_day, shop=shop_id, shops=shops)
    assert row is not None
    return OfferFigures(**asdict(row))
