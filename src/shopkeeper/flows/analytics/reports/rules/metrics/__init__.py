"""The register of figures, by block. Importing this registers them all."""

from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Metric
from shopkeeper.flows.analytics.reports.rules.metrics import customers, sales, service, traffic
from shopkeeper.flows.analytics.reports.states import Block

__all__ = ["METRICS", "customers", "headlines", "of_block", "sales", "service", "traffic"]


def of_block(block: Block) -> list[Metric]:
    """The figures of a block, in the order they are read."""
    return [metric for metric in METRICS.values() if metric.block is block]


HEADLINES = (
    "paid_amount",
    "paid_orders",
    "paid_buyers",
    "visitors",
    "pay_conversion",
    "buyer_price",
    "gross_margin_rate",
    "refund_amount",
    "repurchase_rate",
    "on_time_share",
)


def headlines() -> list[Metric]:
    """The figures at the head of a report."""
    return [METRICS[name] for name in HEADLINES]
