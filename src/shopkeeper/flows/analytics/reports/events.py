"""What happens to reports and targets: ids, periods and codes; what analysts write stays with the report."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ReportOpened(Event):
    """A period is over: its report is being computed. `shop_id` None = all shops together."""

    report_id: int
    shop_id: int | None
    period: str
    first_day: str


@dataclass(frozen=True, slots=True)
class ReportMade(Event):
    """The figures stand; `failed` names the parts that could not be computed."""

    report_id: int
    shop_id: int | None
    period: str
    first_day: str
    version: int
    failed: list[str]


@dataclass(frozen=True, slots=True)
class ReportAnalysed(Event):
    """Somebody wrote what a part says and why."""

    report_id: int
    shop_id: int | None
    part: str


@dataclass(frozen=True, slots=True)
class ReportSigned(Event):
    """The data specialist signed: the report goes out; not `is_complete` where a part was missing."""

    report_id: int
    shop_id: int | None
    period: str
    first_day: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class ReportConfirmed(Event):
    """The operations manager has read it."""

    report_id: int
    shop_id: int | None


@dataclass(frozen=True, slots=True)
class TargetSet(Event):
    """What a figure is to be in a month; `value` in the figure's own unit."""

    target_id: int
    shop_id: int | None
    metric_id: str
    month: str
    value: int
