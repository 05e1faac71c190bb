"""Finance's day board of O4.1: what each shop booked, whether it balances, and the signature under the day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.settlement.commands.close_days import CloseDay, close_days
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.queries.days import ShopDay, day_to_sign, open_books, shop_days
from shopkeeper.flows.fulfilment.settlement.states import Account
from shopkeeper.flows.fulfilment.settlement.words import ACCOUNTS
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.money import Money
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action
from shopkeeper.web.shown import money_text

SOURCE = T("结算分录", "Settlement entries")


@page(
    "days/",
    name="settlement-days",
    clause="O4.1",
    permission=Permission.SETTLEMENT_VIEW,
    menu=MenuEntry(T("财务日结", "Day close"), section="finance", order=20),
)
def days(request: Request) -> HttpResponse:
    """One day over all shops of the viewer."""
    today = day_of(business_time.now())
    day = _asked_day(request, today)
    asked_shop = _asked_shop(request)
    found = sorted(shop_days(request.actor, day), key=lambda shop: shop.shop_id != asked_shop)
    return render_board(
        request,
        "settlement/days.html",
        title=T("财务日结", "Day close"),
        tiles=_tiles(request, found),
        clause="O4.1",
        live="settlement",
        day=day,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        shops=[(shop, _signature(request, shop, today), _why_not(shop, today)) for shop in found],
        asked_shop=asked_shop,
        balances=[(currency, *_trial_balance(found, currency)) for currency in _currencies(found)],
    )


def _asked_shop(request: Request) -> int:
    """The shop whose duty led here; it stands first and marked."""
    shop = request.GET.get("shop", "")
    return int(shop) if shop.isdecimal() and len(shop) < 19 else 0


def _asked_day(request: Request, today: date) -> date:
    """The day in the address, else the one that a shop's duty names, else the latest that may be signed; never one
    that has not begun."""
    shop = _asked_shop(request)
    if shop and (due := day_to_sign(request.actor, shop)):
        return min(due, today)
    try:
        return min(date.fromisoformat(request.GET.get("day", "")), today)
    except ValueError:
        return today - timedelta(days=1)


def _currencies(found: Sequence[ShopDay]) -> list[str]:
    """The currencies something was booked in, the busiest first; all shops' where nothing was."""
    counted: Counter[str] = Counter()
    for shop in found:
        counted[shop.currency] += shop.settlements + shop.refunds
    return [currency for currency, n in counted.most_common() if n] or list(counted)[:1]


def _tiles(request: Request, found: Sequence[ShopDay]) -> list[Tile]:
    now = business_time.now()
    waiting = open_books(request.actor, now)
    here = reverse("settlement-list")
    orders = T("单", "orders")
    tiles = [
        Tile(
            T("待核对", "To review"),
            waiting.review,
            orders,
            f"{here}?tab=review",
            "amber" if waiting.review else "green",
            source=SOURCE,
            at=now,
        ),
        Tile(T("待结算", "To settle"), waiting.due, orders, f"{here}?tab=due", source=SOURCE, at=now),
        Tile(
            T("超时未结", "Overdue"),
            waiting.late,
            orders,
            f"{here}?tab={'review' if waiting.late_in_review else 'due'}",
            "red" if waiting.late else "",
            source=SOURCE,
            at=now,
        ),
    ]
    for currency in _currencies(found)[:1]:
        own = [shop for shop in found if shop.currency == currency]
        sums = (
            (T("当日收入", "Income of the day"), sum(shop.income_minor for shop in own)),
            (T("当日应收平台", "Receivable of the day"), sum(shop.receivable_minor for shop in own)),
            (T("当日毛利", "Margin of the day"), sum(shop.margin_minor for shop in own)),
        )
        tiles += [Tile(title, Money(minor, currency), source=SOURCE, at=now) for title, minor in sums]
    return tiles


def _signature(request: Request, shop: ShopDay, today: date) -> Action | None:
    """The button that signs a shop's day, asking once more with its sums; none where it cannot be signed."""
    if shop.closed_at or _why_not(shop, today) or not request.actor.may(Permission.DAY_CLOSE):
        return None
    sure = T(
        "{shop} {day}：毛利 {margin}，应收平台 {due}。签字后这一天不能再改。",
        "{shop}, {day}: margin {margin}, receivable {due}. Once signed, this day can never change.",
    ).format(
        shop=shop.shop,
        day=shop.day.isoformat(),
        margin=money_text(shop.margin_minor, shop.currency),
        due=money_text(shop.receivable_minor, shop.currency),
    )
    return Action(
        T("签字日结", "Sign"),
        reverse("settlement-close-day"),
        fields={"shop_id": shop.shop_id, "day": shop.day.isoformat()},
        icon="check",
        sure=sure,
    )


def _why_not(shop: ShopDay, today: date) -> T | None:
    """Why nobody can sign this day yet, or need not."""
    if shop.day >= today:
        return T("当天结束后才能日结", "The day is not over yet")
    if shop.unsettled:
        return T("还有 {n} 单未结算", "{n:# order is|# orders are} not settled").format(n=shop.unsettled)
    if not (shop.settlements or shop.refunds):
        return T("没有入账，无需签字", "Nothing was booked, nothing to sign")
    return None


def _trial_balance(found: Sequence[ShopDay], currency: str) -> tuple[list[tuple[T, int, int]], int, int]:
    """Per account what was debited and credited on balance over the shops, and the two totals."""
    totals: Counter[str] = Counter()
    for shop in found:
        if shop.currency == currency:
            totals.update(shop.totals)
    rows = [(ACCOUNTS[a], max(totals[a], 0), max(-totals[a], 0)) for a in Account if totals[a]]
    return rows, sum(debit for _, debit, _ in rows), sum(credit for _, _, credit in rows)


@page(
    "days/close/",
    name="settlement-close-day",
    clause="O4.1",
    permission=Permission.DAY_CLOSE,
    methods=("POST",),
)
def close_day(request: Request) -> HttpResponse:
    """Sign one shop's day."""
    item = read_form(request.POST, CloseDay).item
    outcomes: list[Outcome] = run_once(request, close_days, [item]) if item else [refused("not_found")]
    back = f"{reverse('settlement-days')}?day={item.day.isoformat()}" if item else "settlement-days"
    return answer_outcomes(request, outcomes, done=T("已签字日结", "The day is signed"), to=back)
