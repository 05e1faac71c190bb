"""How values are shown: money, big numbers in 万/亿, moments, what is left of a deadline. Pure, by language."""

from datetime import date, datetime, timedelta

from shopkeeper.shared.clock import SHOP_ZONE, day_of
from shopkeeper.shared.money import HOME_CURRENCY, Money
from shopkeeper.shared.words import T, active_language

SIGNS = {"CNY": "¥", "BRL": "R$", "USD": "US$", "EUR": "€", "JPY": "JP¥"}
WEEKDAYS = ("周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu", "周五 Fri", "周六 Sat", "周日 Sun")
MINUTE, HOUR, DAY = 60, 3600, 86_400


def money_parts(money: Money) -> tuple[str, str]:
    """('¥', '1,234.50'); the sign of a negative amount stands before the currency's."""
    sign = SIGNS.get(money.currency, f"{money.currency} ")
    text = str(Money(abs(money.minor), money.currency))
    return (f"−{sign}" if money.minor < 0 else sign), text


def money_text(minor: int, currency: str = HOME_CURRENCY) -> str:
    """Minor units as one reads them in running text: ¥1,234.50."""
    return "".join(money_parts(Money(minor, currency)))


def big(value: float) -> str:
    """Numbers as people say them: 12.3万, 1.2亿 in Chinese; 123K, 12.3M in English."""
    steps = ((1e8, "亿"), (1e4, "万")) if active_language() == "zh" else ((1e9, "B"), (1e6, "M"), (1e4, "K"))
    for size, unit in steps:
        if abs(value) >= size:
            divisor = 1e3 if unit == "K" else size
            return f"{trimmed(value / divisor)}{unit}"
    return number(value)


def trimmed(value: float) -> str:
    """Three or four figures, no trailing zero."""
    places = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else trimmed(value)


def figure(value: float | None, is_rate: bool = False) -> str:
    """A figure of a table: a rate of 0..1 as per cent, nothing as a dash."""
    if value is None:
        return "–"
    return f"{value:.2%}" if is_rate else number(value)


def span(seconds: float) -> str:
    """The largest unit that says enough; hours keep their minutes below ten. Twin of lib/countdown.ts."""
    whole = abs(seconds)
    if whole < MINUTE:
        return T("{n} 秒", "{n}s").format(n=int(whole)).text()
    if whole < HOUR:
        return T("{n} 分钟", "{n} min").format(n=int(whole // MINUTE)).text()
    if whole < 2 * DAY:
        hours, minutes = int(whole // HOUR), int(whole % HOUR // MINUTE)
        if hours >= 10 or minutes == 0:
            return T("{n} 小时", "{n} h").format(n=hours).text()
        return T("{n} 小时 {m} 分", "{n} h {m} min").format(n=hours, m=minutes).text()
    return T("{n} 天", "{n} d").format(n=int(whole // DAY)).text()


def countdown(due_at: datetime, now: datetime) -> tuple[str, str]:
    """(text, tone): 剩 3 小时 / 已超 12 分钟; amber within the hour, red once over."""
    left = (due_at - now).total_seconds()
    if left < 0:
        return T("已超 {s}", "{s} over").format(s=span(left)).text(), "red"
    text = T("剩 {s}", "{s} left").format(s=span(left)).text()
    return text, "amber" if left <= HOUR else "calm"


def moment(at: datetime, now: datetime) -> str:
    """今天 14:02, 昨天 09:30, 11-20 18:00, 2025-11-20 18:00, in the shop's zone."""
    local, day, today = at.astimezone(SHOP_ZONE), day_of(at), day_of(now)
    if day == today:
        return T("今天 {t}", "today {t}").format(t=f"{local:%H:%M}").text()
    if day == today - timedelta(days=1):
        return T("昨天 {t}", "yesterday {t}").format(t=f"{local:%H:%M}").text()
    if day == today + timedelta(days=1):
        return T("明天 {t}", "tomorrow {t}").format(t=f"{local:%H:%M}").text()
    return f"{local:%m-%d %H:%M}" if day.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def exact(at: datetime) -> str:
    return f"{at.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M:%S}"


def weekday(day: date) -> str:
    zh, en = WEEKDAYS[day.weekday()].split(" ")
    return T(zh, en).text()
