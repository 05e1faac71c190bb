"""The register: whole, worded in both languages, and its page in docs/ in step."""

import pytest

from shopkeeper.flows.analytics.reports.papers.register import register, register_path
from shopkeeper.flows.analytics.reports.rules.measures import MEASURES
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Additivity, Metric, Unit
from shopkeeper.flows.analytics.reports.rules.sources import SOURCES
from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.shared.words import T

pytestmark = pytest.mark.clause("D2.1")


def test_the_page_is_in_step_with_the_register() -> None:
    assert register_path().read_text(encoding="utf-8") == register(), "run: shopkeeper metrics --markdown"


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.id)
def test_every_figure_is_defined(metric: Metric) -> None:
    assert all(name in MEASURES for name in metric.measures)
    words = (metric.name, metric.formula, metric.time_field, metric.source)
    assert all(word.zh.strip() and word.en.strip() for word in words)
    for dimension in metric.dimensions:
        assert all(dimension in SOURCES[MEASURES[name].source].dimensions for name in metric.measures), dimension
    if metric.unit in (Unit.SHARE, Unit.RATIO, Unit.SECONDS, Unit.HOURS, Unit.DAYS):
        assert metric.denominator
    if metric.additivity is Additivity.ADDITIVE:
        assert not metric.denominator


def test_an_id_is_given_once() -> None:
    with pytest.raises(RuntimeError, match="paid_amount"):
        Metric(
            "paid_amount", Block.SALES, T("又一个", "Another"), T("", ""), ((1, "paid_minor"),), Unit.MONEY,
            Additivity.ADDITIVE, T("", ""), T("", ""),
        )  # fmt: skip
    assert METRICS["paid_amount"].name.zh == "支付金额"
