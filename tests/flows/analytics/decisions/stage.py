"""Figures in memory, and a clock that stands where the test puts it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pytest

from shopkeeper.flows.analytics.decisions.ports import Metric, figure_source, provide_figures
from shopkeeper.flows.analytics.decisions.states import FigureUnit
from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T

KNOWN = {
    "return_rate": Metric("return_rate", T("退货率", "Return rate"), FigureUnit.SHARE),
    "paid_amount": Metric("paid_amount", T("支付金额", "Paid amount"), FigureUnit.MONEY),
}


@dataclass
class Figures:
    """A source whose values a test sets, by metric and first day."""

    values: dict[tuple[str, date], int] = field(default_factory=dict)

    def metrics(self) -> Sequence[Metric]:
        return list(KNOWN.values())

    def metric(self, metric_id: str) -> Metric | None:
        return KNOWN.get(metric_id)

    def value(self, metric_id: str, shop_id: int | None, first_day: date, last_day: date) -> int | None:
        return self.values.get((metric_id, first_day))


@pytest.fixture
def figures():
    """The figures that are plugged in while a test runs."""
    before, source = figure_source(), Figures()
    provide_figures(source)
    yield source
    provide_figures(before)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)
