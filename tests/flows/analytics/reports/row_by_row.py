"""Every measure again, row by row in plain Python: slow, obvious, and nothing in common with the engine."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from shopkeeper.flows.analytics.reports.rules.spans import Span, Windows
from tests.flows.analytics.reports.small_lake import SmallLake

Row = dict[str, Any]
CHANNELS = ("search", "recommendation", "paid", "content", "other")


class RowByRow:
    """The measures of a span of one lake."""

    def __init__(self, lake: SmallLake, span: Span, shops: tuple[int, ...] | None, windows: Windows) -> None:
        self.lake, self.span, self.shops, self.windows = lake, span, shops, windows

    def rows(self, name: str, span: Span | None = None) -> list[Row]:
        span = span or self.span
        return [
            row
            for row in self.lake.rows[name]
            if not row.get("mark")
            and span.first <= row["biz_date"] <= span.last
            and (self.shops is None or "shop_id" not in row or row["shop_id"] in self.shops)
        ]

    def is_in(self, moment: Any) -> bool:
        return moment is not None and self.span.first <= moment.date() <= self.span.last

    def paid(self, span: Span | None = None) -> list[Row]:
        return [row for row in self.rows("orders", span) if row["paid_at"]]

    def anywhere(self, name: str) -> list[Row]:
        return self.rows(name, Span(date(2000, 1, 1), date(2100, 1, 1)))

    def measures(self) -> dict[str, int | None]:
        return {
            **self.traffic(), **self.sales(), **self.lines(), **self.cohort(), **self.stock(), **self.people(),
            **self.service(), **self.parcels(),
        }  # fmt: skip

    def traffic(self) -> dict[str, int | None]:
        events = self.rows("traffic")
        visits: dict[Any, list[Row]] = defaultdict(list)
        for event in events:
            visits[event["shop_id"], event["biz_date"], event["session"]].append(event)
        views = [len([e for e in of if e["kind"] == "view"]) for of in visits.values()]
        stays = [e for e in events if e["kind"] == "view" and e["stay_ms"] is not None]

        def did(kind: str) -> int:
            return len({e["visitor"] for e in events if e["kind"] == kind})

        def times(kind: str) -> int:
            return len([e for e in events if e["kind"] == kind])

        found = {
            "exposures": times("exposure"), "clicks": times("click"), "page_views": times("view"),
            "exposed_visitors": did("exposure"), "clicking_visitors": did("click"), "visitors": did("view"),
            "cart_visitors": did("cart"), "order_visitors": did("order"),
            "stay_ms": sum(e["stay_ms"] for e in stays), "stays": len(stays),
            "stay_visitors": len({e["visitor"] for e in stays}),
        }  # fmt: skip
        seen = [n for n in views if n]
        visited = {"visits": len(seen), "visit_pages": sum(seen), "bounced_visits": seen.count(1)}
        return {
            **{name: value if events else None for name, value in found.items()},
            **{name: value if seen else None for name, value in visited.items()},
        }

    def visits_by_channel(self) -> dict[str, int]:
        visits: dict[Any, list[Row]] = defaultdict(list)
        for event in self.rows("traffic"):
            visits[event["shop_id"], event["biz_date"], event["session"]].append(event)
        found: dict[str, int] = defaultdict(int)
        for of in visits.values():
            if any(e["kind"] == "view" for e in of):
                came = [e for e in of if e["channel"] not in ("direct", "")]
                last = max(came, key=lambda e: (e["at"], CHANNELS.index(e["channel"])), default=None)
                found[last["channel"] if last else "direct"] += 1
        return dict(found)

    def sales(self) -> dict[str, int | None]:
        paid = self.paid()
        placed = [row for row in self.anywhere("orders") if self.is_in(row["placed_at"])]
        refunds = self.rows("refunds")
        return {
            "placed_minor": sum(o["goods_minor"] + o["freight_minor"] - o["discount_minor"] for o in placed),
            "placed_orders": len(placed),
            "placed_buyers": len({o["buyer"] for o in placed if o["buyer"]}),
            "unpaid_cancelled": len([o for o in placed if o["state"] == "cancelled" and not o["paid_at"]]),
            "paid_minor": sum(o["paid_minor"] for o in paid),
            "paid_orders": len(paid),
            "paid_buyers": len({o["buyer"] for o in paid if o["buyer"]}),
            "paid_pieces": sum(o["pieces"] for o in paid),
            "refund_minor": sum(r["refund_minor"] for r in refunds),
        }

    def lines(self) -> dict[str, int | None]:
        ids = {row["order_id"] for row in self.paid()}
        lines = [line for line in self.rows("order_lines") if line["order_id"] in ids]
        costed = [line for line in lines if line["cost_minor"]]
        return {
            "line_minor": sum(line["paid_minor"] for line in lines),
            "line_pieces": sum(line["pieces"] for line in lines),
            "costed_minor": sum(line["paid_minor"] for line in costed),
            "cost_minor": sum(line["cost_minor"] for line in costed),
        }

    def cohort(self) -> dict[str, int | None]:
        waited = timedelta(days=self.windows.cohort_days)
        orders = self.paid(self.span.moved(-waited))
        refunded, returned, shipped = set(), set(), set()
        for order in orders:
            for refund in self.anywhere("refunds"):
                if refund["order_id"] == order["order_id"] and refund["biz_date"] <= order["biz_date"] + waited:
                    refunded.add(order["order_id"])
                    if refund["is_returned"]:
                        returned.add(order["order_id"])
            for parcel in self.rows("parcels", Span(self.span.first - waited, self.span.last)):
                if parcel["order_id"] == order["order_id"] and parcel["handed_over_at"]:
                    shipped.add(order["order_id"])
        return {
            "cohort_orders": len(orders), "cohort_refunded": len(refunded), "cohort_shipped": len(shipped),
            "cohort_returned": len(returned & shipped),
        }  # fmt: skip

    def stock(self) -> dict[str, int | None]:
        last = self.span.last
        window = Span(last - timedelta(days=self.windows.active_days - 1), last)
        ids = {row["order_id"] for row in self.paid(window)}
        sold = [line for line in self.rows("order_lines", window) if line["order_id"] in ids]
        known_days = {row["biz_date"] for row in self.rows("stock_days", window)}
        cost = sum(line["cost_minor"] or 0 for line in sold if line["biz_date"] in known_days)
        if self.shops is not None:
            return dict.fromkeys(("skus_on_sale", "skus_sold", "held_minor", "window_cost_minor"))
        on_sale = [row for row in self.rows("stock_days", Span(last, last)) if row["is_on_sale"]]
        held = self.rows("stock_days", window)
        sold_skus = {line["sku_id"] for line in sold}
        return {
            "skus_on_sale": len(on_sale) or None,
            "skus_sold": len([row for row in on_sale if row["sku_id"] in sold_skus]) if on_sale else None,
            "held_minor": sum(row["on_hand"] * row["cost_minor"] for row in held) if held else None,
            "window_cost_minor": cost,
        }

    def people(self) -> dict[str, int | None]:
        first, last = self.span.first, self.span.last
        past = Span(first - timedelta(days=self.windows.returning_days), first - timedelta(days=1))
        known = {row["buyer"] for row in self.paid(past) if row["buyer"]}
        orders = [row for row in self.paid() if row["buyer"]]
        buyers = {row["buyer"] for row in orders}
        days: dict[str, set[date]] = defaultdict(set)
        for row in self.paid(Span(last - timedelta(days=self.windows.repurchase_days - 1), last)):
            if row["buyer"]:
                days[row["buyer"]].add(row["biz_date"])
        return {
            "buyers": len(buyers),
            "returning_buyers": len(buyers & known),
            "new_buyers": len(buyers - known),
            "returning_minor": sum(row["paid_minor"] for row in orders if row["buyer"] in known),
            "buyers_minor": sum(row["paid_minor"] for row in orders),
            "window_buyers": len(days),
            "window_again": len([one for one in days.values() if len(one) > 1]),
        }

    def service(self) -> dict[str, int | None]:
        tickets, ratings = self.rows("tickets"), self.rows("ratings")
        replied = [t["first_reply_seconds"] for t in tickets if t["first_reply_seconds"] is not None]
        hours = self.windows.offer_hours
        due = [t for t in self.anywhere("tickets") if self.is_in(t["opened_at"] + timedelta(hours=hours))]
        in_time = [t for t in due if t["offered_at"] and t["offered_at"] - t["opened_at"] <= timedelta(hours=hours)]
        stars = [r["stars"] for r in ratings if r["stars"] is not None]
        return {
            "tickets": len(tickets),
            "replied_tickets": len(replied),
            "quick_tickets": len([s for s in replied if s <= self.windows.reply_seconds]),
            "due_tickets": len(due),
            "offered_in_time": len(in_time),
            "ratings_sent": len(ratings),
            "ratings_given": len(stars),
            "ratings_good": len([s for s in stars if s >= 4]),
        }

    def parcels(self) -> dict[str, int | None]:
        parcels = self.anywhere("parcels")
        due = [p for p in parcels if self.is_in(p["ship_by"]) and p["state"] != "cancelled"]
        paid_at = {row["order_id"]: row["paid_at"] for row in self.anywhere("orders") if row["paid_at"]}
        signed = [p for p in parcels if self.is_in(p["signed_at"]) and p["order_id"] in paid_at]
        seconds: Callable[[Row], float] = lambda p: (p["signed_at"] - paid_at[p["order_id"]]).total_seconds()  # noqa: E731
        return {
            "parcels_due": len(due),
            "parcels_on_time": len([p for p in due if p["handed_over_at"] and p["handed_over_at"] <= p["ship_by"]]),
            "receipts": len(signed),
            "receipt_seconds": int(sum(map(seconds, signed))),
        }
