"""How the pages of this desk say things: fields side by side, what happened to a listing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shopkeeper.flows.products.publishing.queries.history import Happened
from shopkeeper.flows.products.publishing.queries.leaves import leaf_names
from shopkeeper.flows.products.publishing.queries.listings import CaseRow, ListingRecord
from shopkeeper.flows.products.publishing.rules.comparing import Compared
from shopkeeper.flows.products.publishing.states import MismatchEnding
from shopkeeper.flows.products.publishing.words import FIELDS, LABELS, VALUES, error_words, reason_words
from shopkeeper.shared.words import T
from shopkeeper.web.record import Happening
from shopkeeper.web.shown import money_text

Verdict = Literal["equal", "differs", "was", "explained"]
TOLD_AGAIN = T("按我们的内容重新发布", "The platform is told again")
WANTED: dict[str, T] = {
    "publish_products": T("选定上架", "Chosen for the shop"),
    "retry_listings": T("重试", "Tried again"),
    "relist_listings": T("重新上架", "Put back on sale"),
    "follow_products": T("商品有改动，重新告知平台", "The product changed: the platform is told"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One field with both values as people say them. Different values may be settled (`was`) or `explained`."""

    field: T | str
    sku: str
    ours: str
    theirs: str
    verdict: Verdict


def compared_rows(rows: Sequence[Compared], platform: str, currency: str, unequal: Verdict = "differs") -> list[Shown]:
    """Differences first; `unequal` is what different values come to by now."""
    ordered = sorted(rows, key=lambda row: row.is_equal)
    leaves = {leaf for row in rows if row.field == "category" for leaf in (row.ours, row.theirs) if leaf}
    names = leaf_names(platform, leaves) if leaves else {}
    return [
        Shown(
            FIELDS.get(row.field, row.field),
            row.sku,
            _value(row.field, row.ours, currency, names),
            _value(row.field, row.theirs, currency, names),
            "equal" if row.is_equal else unequal,
        )
        for row in ordered
    ]


def _value(field: str, value: str, currency: str, leaves: Mapping[str, str]) -> str:
    if field == "price" and value.lstrip("-").isdecimal():
        return money_text(int(value), currency)
    if field == "category" and value in leaves:
        return T("{name}（{no}）", "{name} ({no})").format(name=leaves[value], no=value).text()
    if field == "images":
        count, _, same = value.partition(":")
        return T("{n} 张，相同 {m} 张", "{n:# picture|# pictures}, {m} the same").format(n=count, m=same).text()
    return str(VALUES.get(value, value)) if value else "–"


def listing_timeline(found: ListingRecord, history: Sequence[Happened]) -> list[Happening]:
    """What happened to one listing, every time it happened, with its differences."""
    row, system, happenings = found.row, _system(), []
    if not any(one.what == "wanted" for one in history):
        happenings.append(Happening(row.wanted_at, WANTED["publish_products"], found.wanted_by or system))
    happenings += told_and_read(history, row.shop)
    for case in reversed(found.cases):
        fields = "、".join(dict.fromkeys(str(FIELDS.get(one.field, one.field)) for one in case.differences))
        happenings.append(
            Happening(case.opened_at, T("发现差异", "A difference was found"), system, fields, tone="red")
        )
        happenings += ending_of(case)
    return happenings


def told_and_read(history: Sequence[Happened], shop: str) -> list[Happening]:
    """What we told a shop, what it answered, and what was read back."""
    return [_happening(one, shop) for one in history]


def ending_of(case: CaseRow) -> list[Happening]:
    """How a difference came to its end, if it did."""
    if case.ended_at is None:
        return []
    label = LABELS[MismatchEnding][MismatchEnding(case.ending)]
    return [Happening(case.ended_at, label.text, case.ended_by or _system(), case.reason, tone=label.tone)]


def _happening(one: Happened, shop: str) -> Happening:
    who = one.who or _system()
    match one.what:
        case "wanted":
            return Happening(one.at, WANTED.get(one.command, TOLD_AGAIN), who)
        case "published":
            return Happening(one.at, T("平台已上架", "The platform has it on sale"), shop, "", "outside", "green")
        case "failed":
            refused = T("平台没有接受", "The platform did not accept it")
            return Happening(one.at, refused, shop, str(error_words(one.code)), "outside", "red")
        case "checked":
            differs = T("核验：{n} 处不一致", "Read back: {n:# field differs|# fields differ}")
            words = differs.format(n=one.differences) if one.differences else T("核验一致", "Read back: equal")
            return Happening(one.at, words, who, tone="red" if one.differences else "green")
        case "taking_down":
            return Happening(one.at, T("下架", "Taken off sale"), who, str(reason_words(one.why)))
        case "taken_down":
            return Happening(one.at, T("平台已下架", "The platform has it off sale"), shop, "", "outside")


def _system() -> str:
    return str(T("系统", "System"))
