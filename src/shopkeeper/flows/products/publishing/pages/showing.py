"""How the pages of this desk say things: fields side by side, what happened to a listing."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.publishing.queries.listings import ListingRecord
from shopkeeper.flows.products.publishing.rules.comparing import Compared
from shopkeeper.flows.products.publishing.states import MismatchEnding
from shopkeeper.flows.products.publishing.words import FIELDS, LABELS, VALUES, reason_words
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.web.record import Happening


@dataclass(frozen=True, slots=True)
class Shown:
    """One field with both values as people say them."""

    field: T | str
    sku: str
    ours: str
    theirs: str
    is_equal: bool


def compared_rows(rows: Sequence[Compared], currency: str) -> list[Shown]:
    """Differences first."""
    ordered = sorted(rows, key=lambda row: row.is_equal)
    return [
        Shown(
            FIELDS.get(row.field, row.field),
            row.sku,
            _value(row.field, row.ours, currency),
            _value(row.field, row.theirs, currency),
            row.is_equal,
        )
        for row in ordered
    ]


def _value(field: str, value: str, currency: str) -> str:
    if field == "price" and value.lstrip("-").isdecimal():
        return f"{Money(int(value), currency)} {currency}"
    if field == "images":
        count, _, same = value.partition(":")
        return T("{n} 张，相同 {m} 张", "{n:# picture|# pictures}, {m} the same").format(n=count, m=same).text()
    return str(VALUES.get(value, value)) if value else "–"


def listing_timeline(found: ListingRecord) -> list[Happening]:
    """What happened to one listing."""
    row = found.row
    system = str(T("系统", "System"))
    happenings = [Happening(row.wanted_at, T("选定上架", "Chosen for the shop"), found.wanted_by or system)]
    if row.published_at:
        told = T("平台已上架", "The platform has it on sale")
        happenings.append(Happening(row.published_at, told, row.shop, row.item_no, "outside", "green"))
    if row.checked_at:
        equal = T("核验一致", "Read back: equal") if row.checked_equal else T("核验有差异", "Read back: differs")
        happenings.append(Happening(row.checked_at, equal, system, tone="green" if row.checked_equal else "red"))
    for case in found.cases:
        fields = "、".join(dict.fromkeys(str(FIELDS.get(one.field, one.field)) for one in case.differences))
        happenings.append(
            Happening(case.opened_at, T("发现差异", "A difference was found"), system, fields, tone="red")
        )
        if case.ended_at:
            label = LABELS[MismatchEnding][MismatchEnding(case.ending)]
            who = case.ended_by or system
            happenings.append(Happening(case.ended_at, label.text, who, case.reason, tone=label.tone))
    if row.reason:
        happenings.append(Happening(row.state_at, T("下架", "Taken off sale"), system, str(reason_words(row.reason))))
    return happenings
