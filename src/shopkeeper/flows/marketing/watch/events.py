"""What happens while a campaign is watched."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class WatchStarted(Event):
    """A campaign that went live is watched, hour by hour."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class WatchEnded(Event):
    """The campaign's last hour is closed."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class TrafficRecorded(Event):
    """An hour's traffic is on record from one source; `campaign_id` None is the whole shop's."""

    traffic_id: int
    shop_id: int
    campaign_id: int | None
    hour: str
    source: str


@dataclass(frozen=True, slots=True)
class TrafficCorrected(Event):
    """An hour's figures were replaced; the earlier ones are kept."""

    traffic_id: int
    shop_id: int
    campaign_id: int | None
    hour: str
    source: str


@dataclass(frozen=True, slots=True)
class HourClosed(Event):
    """An hour's own figures (orders, buyers, stock) are written down. Amounts in minor units."""

    reading_id: int
    campaign_id: int
    shop_id: int
    hour: str
    orders: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class HourRecounted(Event):
    """Facts came late: an hour's own figures changed."""

    reading_id: int
    campaign_id: int
    shop_id: int
    hour: str


@dataclass(frozen=True, slots=True)
class SheetSigned(Event):
    """A day of the monitoring record is signed."""

    sheet_id: int
    campaign_id: int
    shop_id: int
    day: str


@dataclass(frozen=True, slots=True)
class BenchmarkSet(Event):
    """A conversion that campaigns of a shop are compared with, in 1/10,000."""

    benchmark_id: int
    shop_id: int
    conversion_bp: int


@dataclass(frozen=True, slots=True)
class AlertOpened(Event):
    """Conversion is too low, or stock will not last."""

    alert_id: int
    campaign_id: int
    shop_id: int
    kind: str
    sku_id: int | None


@dataclass(frozen=True, slots=True)
class AlertActedOn(Event):
    """Something was done about an alert."""

    alert_id: int
    campaign_id: int
    shop_id: int
    kind: str
    action_id: int


@dataclass(frozen=True, slots=True)
class AlertDismissed(Event):
    alert_id: int
    campaign_id: int
    shop_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class AlertLifted(Event):
    """The cause went away by itself, or the campaign ended."""

    alert_id: int
    campaign_id: int
    shop_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class EffectMeasured(Event):
    """What came of an action, so many hours later."""

    action_id: int
    campaign_id: int
    shop_id: int
    hours: int


@dataclass(frozen=True, slots=True)
class RestockCalled(Event):
    """A SKU is needed at once."""

    call_id: int
    campaign_id: int
    shop_id: int
    sku_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class RestockAnswered(Event):
    """Pieces will come on a day, or cannot (`arrives_on` empty)."""

    call_id: int
    campaign_id: int
    shop_id: int
    sku_id: int
    arrives_on: str


@dataclass(frozen=True, slots=True)
class RestockArrived(Event):
    call_id: int
    campaign_id: int
    shop_id: int
    sku_id: int


@dataclass(frozen=True, slots=True)
class PresaleProposed(Event):
    """No pieces will come before the last is sold."""

    presale_id: int
    campaign_id: int
    shop_id: int
    sku_id: int


@dataclass(frozen=True, slots=True)
class PresaleStarted(Event):
    """The SKU is sold ahead: shipped within so many days."""

    presale_id: int
    campaign_id: int
    shop_id: int
    sku_id: int
    ship_within_days: int


@dataclass(frozen=True, slots=True)
class PresaleEnded(Event):
    presale_id: int
    campaign_id: int
    shop_id: int
    sku_id: int
    reason: str
