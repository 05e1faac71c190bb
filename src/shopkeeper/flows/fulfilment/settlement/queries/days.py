"""The books by shop and day: totals per account, what is still open, which days are signed; do they balance?"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from shopkeeper.flows.fulfilment.settlement.deadlines import DAY_CLOSE
from shopkeeper.flows.fulfilment.settlement.models import DayClose, Settlement
from shopkeeper.flows.fulfilment.settlement.sql import books as sql
from shopkeeper.flows.fulfilment.settlement.states import Account, SettlementState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop


@dataclass(frozen=True, slots=True)
class ShopDay:
    """One shop's day of books. Revenue and receivable are shown positive, as people say them."""

    shop_id: int
    shop: str
    day: date
    currency: str
    settlements: int
    refunds: int
    unsettled: int
    totals: dict[str, int]
    closed_at: datetime | None
    closed_by: str

    @property
    def is_balanced(self) -> bool:
        return sum(self.totals.values()) == 0

    def _of(self, *accounts: Account) -> int:
        return sum(self.totals.get(account, 0) for account in accounts)

    @property
    def income_minor(self) -> int:
        return -self._of(Account.GOODS_REVENUE, Account.FREIGHT_INCOME, Account.MERCHANT_DISCOUNT, Account.DIFFERENCE)

    @property
    def discount_minor(self) -> int:
        return self._of(Account.MERCHANT_DISCOUNT)

    @property
    def commission_minor(self) -> int:
        return self._of(Account.PLATFORM_COMMISSION)

    @property
    def cost_minor(self) -> int:
        return self._of(Account.COST_OF_GOODS)

    @property
    def refund_minor(self) -> int:
        return self._of(Account.REFUNDS)

    @property
    def receivable_minor(self) -> int:
        return self._of(Account.PLATFORM_RECEIVABLE, Account.SUBSIDY_RECEIVABLE)

    @property
    def margin_minor(self) -> int:
        return self.income_minor - self.commission_minor - self.cost_minor - self.refund_minor


@dataclass(frozen=True, slots=True)
class OpenBooks:
    """What finance still has to do in the viewer's shops."""

    due: int
    review: int
    late: int
    late_in_review: int


def shop_days(viewer: Actor, day: date) -> list[ShopDay]:
    """Every shop of the viewer on one day, also those with nothing booked."""
    shops = Shop.objects.filter(is_active=True).order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    names = {shop.pk: shop.name for shop in shops}
    return _days(names, [(shop_id, day) for shop_id in names])


def days_of_shop(viewer: Actor, shop_id: int, until: date, count: int = 14) -> list[ShopDay]:
    """The last days of one shop, newest first; none where it is not the viewer's."""
    shop = Shop.objects.filter(id=shop_id).first()
    if shop is None or not viewer.sees_shop(shop_id):
        return []
    days = [until - timedelta(days=n) for n in range(count)]
    return sorted(_days({shop.pk: shop.name}, [(shop_id, day) for day in days]), key=lambda d: d.day, reverse=True)


def _days(names: dict[int, str], wanted: list[tuple[int, date]]) -> list[ShopDay]:
    closes = {
        (close.shop_id, close.day): close
        for close in DayClose.objects.filter(shop_id__in=names, day__in={day for _, day in wanted})
    }
    people = dict(Person.objects.filter(id__in={c.closed_by for c in closes.values()}).values_list("id", "name"))
    rows = sql.SHOP_DAYS.rows(shops=[shop for shop, _ in wanted], days=[day for _, day in wanted])
    found = []
    for row in rows:
        close = closes.get((row.shop_id, row.day))
        found.append(
            ShopDay(
                shop_id=row.shop_id,
                shop=names[row.shop_id],
                day=row.day,
                currency=row.currency,
                settlements=row.settlements,
                refunds=row.refunds,
                unsettled=row.unsettled,
                totals=json.loads(row.totals),
                closed_at=close.closed_at if close else None,
                closed_by=people.get(close.closed_by, "") if close else "",
            )
        )
    return found


def open_books(viewer: Actor, now: datetime) -> OpenBooks:
    """Counts of what waits: due, to review, and past the policy's hours."""
    rows = Settlement.objects.exclude(state=SettlementState.SETTLED)
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    counts = dict(rows.values_list("state").annotate(n=Count("id")))
    late = dict(rows.filter(due_at__lt=now).values_list("state").annotate(n=Count("id")))
    return OpenBooks(
        counts.get(SettlementState.DUE, 0),
        counts.get(SettlementState.REVIEW, 0),
        sum(late.values()),
        late.get(SettlementState.REVIEW, 0),
    )


def day_to_sign(viewer: Actor, shop_id: int) -> date | None:
    """The shop's day that waits to be signed, the earliest; None where none does, or the shop is not the viewer's."""
    rows = sql.WATCHED.rows(shops=[shop_id], kind=DAY_CLOSE.name) if viewer.sees_shop(shop_id) else []
    return rows[0].day if rows else None


def books_balanced() -> bool:
    """The invariant: every set of entries sums to zero in one currency, and every figure is its entries'."""
    return not sql.UNBALANCED.rows()
