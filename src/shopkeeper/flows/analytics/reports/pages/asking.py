"""What the pages of this desk read from their addresses in the same way."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from shopkeeper.flows.analytics.reports.rules.metric import Dimension, Metric
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import day_of, is_thinkable

LONGEST = 400  # days a page counts over
FIND = "decisions-record-finding"  # the page of decisions where a finding is written down


def number_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def day_in(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_thinkable(day) else None


def yesterday() -> date:
    return day_of(business_time.now()) - timedelta(days=1)


def span_in(asked: QueryDict, days: int = 7) -> Span:
    """`first` and `last` of an address, else the last days up to yesterday; turned round and cut where need be."""
    last = day_in(asked.get("last", "")) or yesterday()
    first = day_in(asked.get("first", "")) or last - timedelta(days=days - 1)
    first, last = min(first, last), max(first, last)
    return Span(max(first, last - timedelta(days=LONGEST - 1)), last)


def drill_url(
    metric: Metric, span: Span, shop_id: int | None, dimension: str = "", member: str = "", *, is_base: bool = False
) -> str:
    """Where the orders behind a number are."""
    asked = {"metric": metric.id, "first": span.first, "last": span.last}
    if shop_id is not None:
        asked["shop"] = shop_id
    if dimension:
        asked |= {"by": dimension, "member": member}
    if is_base:
        asked["base"] = 1
    return f"{reverse('reports-drill')}?{urlencode(asked)}"


def figure_url(metric: Metric, span: Span, shop_id: int | None, dimension: Dimension | None = None) -> str:
    """Where a figure is looked at by itself."""
    asked = {"metric": metric.id, "first": span.first, "last": span.last, "by": str(dimension or "")}
    if shop_id is not None:
        asked["shop"] = shop_id
    return f"{reverse('reports-explore')}?{urlencode(asked)}"


def finding_url(metric: Metric, span: Span, shop_id: int | None) -> str:
    """Where a number becomes a finding."""
    asked = {"metric_id": metric.id, "first_day": span.first, "last_day": span.last}
    if shop_id is not None:
        asked["shop_id"] = shop_id
    return f"{reverse(FIND)}?{urlencode(asked)}"
