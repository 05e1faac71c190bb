"""Customer service as a campaign's review asks for it: marketing and service know nothing of each other."""

from collections.abc import Mapping, Sequence

from shopkeeper.flows.marketing.review.ports import Load, Problem, Span
from shopkeeper.flows.service.feedback.queries.spans import ShopSpan, SpanFigures, span_figures


class FeedbackLoad:
    """The figures of the daily summaries, over the spans of campaigns."""

    def loads(self, spans: Sequence[Span], most_problems: int) -> Mapping[int, Load]:
        asked = [ShopSpan(span.number, span.shop_id, span.since, span.until) for span in spans]
        return {number: _load(found) for number, found in span_figures(asked, most_problems).items()}


def _load(found: SpanFigures) -> Load:
    return Load(
        found.tickets,
        found.orders_paid,
        found.first_asked,
        found.first_in_time,
        found.stars,
        tuple(Problem(one.kind, one.goods, one.courier, one.tickets) for one in found.problems),
    )
