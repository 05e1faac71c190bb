"""G1: the compliance board: per clause and role how often it was due, done on time, late, missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse

from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.sop.clauses import CLAUSES, Clause
from shopkeeper.sop.pages.clauses import owners_of
from shopkeeper.sop.permissions import Permission
from shopkeeper.sop.queries.compliance import ClauseCounts, clause_counts, role_counts
from shopkeeper.sop.queries.work import work_counts
from shopkeeper.sop.roles import ROLE_WORDS, Role
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.pages import MenuEntry, Request, page

RANGES = (("1", T("24 小时", "24 hours")), ("7", T("7 天", "7 days")), ("30", T("30 天", "30 days")))
FLOWS = {
    "P": T("商品管理", "Products"),
    "O": T("订单履约", "Fulfilment"),
    "S": T("客户服务", "Service"),
    "M": T("营销推广", "Marketing"),
    "D": T("数据分析", "Analytics"),
    "G": T("贯穿全程", "Throughout"),
}


@dataclass(frozen=True, slots=True)
class BoardRow:
    clause: Clause
    owners: str
    counts: ClauseCounts | None

    @property
    def on_time_percent(self) -> int | None:
        """Share of ended duties that were done in time; None where nothing was due."""
        if self.counts is None:
            return None
        ended = self.counts.on_time + self.counts.late + self.counts.missed
        return round(100 * self.counts.on_time / ended) if ended else None


@page(
    "compliance/",
    name="sop-board",
    clause="G1",
    permission=Permission.COMPLIANCE_VIEW,
    menu=MenuEntry(T("合规看板", "Compliance"), section="procedure", order=1),
)
def board(request: Request) -> HttpResponse:
    days = request.GET.get("days", "7")
    days = days if days in dict(RANGES) else "7"
    role = request.GET.get("role", "")
    role = role if role in set(Role) else ""
    now = business_time.now()
    counts = clause_counts(request.actor, now - timedelta(days=int(days)), now + timedelta(seconds=1), role)
    return render_board(
        request,
        "sop/board.html",
        title=T("合规看板", "Compliance board"),
        clause="G1",
        live="sop",
        tiles=_tiles(request, counts, now),
        flows=_flows(counts),
        ranges=RANGES,
        days=days,
        role=role,
        roles=[(r, ROLE_WORDS[r]) for r in Role],
        by_role=[
            (ROLE_WORDS.get(r.role, r.role), r)
            for r in role_counts(request.actor, now - timedelta(days=int(days)), now + timedelta(seconds=1))
        ],
    )


def _tiles(request: Request, counts: dict[str, ClauseCounts], now: datetime) -> list[Tile]:
    on_time = sum(row.on_time for row in counts.values())
    late = sum(row.late for row in counts.values())
    missed = sum(row.missed for row in counts.values())
    ended = on_time + late + missed
    mine = work_counts(request.actor, now)
    source = T("规程台账", "The procedure's own record")
    overdue = sum(row.overdue + row.watches_overdue for row in counts.values())
    return [
        Tile(
            T("准时完成", "Done on time"),
            f"{round(100 * on_time / ended)}%" if ended else "–",
            note=T("{n} 项已结束", "{n} ended").format(n=ended),
            tone="green" if ended and on_time / ended >= 0.95 else "amber" if ended else "",
            source=source,
            at=now,
        ),
        Tile(T("迟到完成", "Done late"), late, tone="amber" if late else "", source=source, at=now),
        Tile(T("错过", "Missed"), missed, tone="red" if missed else "", source=source, at=now),
        Tile(T("现在逾期", "Overdue now"), overdue, tone="red" if overdue else "green", source=source, at=now),
        Tile(T("被拒绝的操作", "Refused actions"), sum(r.refused for r in counts.values()), source=source, at=now),
        Tile(T("我的待办", "My work"), mine.open, url="/", tone="red" if mine.overdue else "", source=source, at=now),
    ]


def _flows(counts: dict[str, ClauseCounts]) -> list[tuple[T, list[BoardRow]]]:
    flows = [
        (
            name,
            [
                BoardRow(clause, owners_of(clause), counts.get(clause.id))
                for clause in CLAUSES.values()
                if clause.id.startswith(letter)
            ],
        )
        for letter, name in FLOWS.items()
    ]  # fmt: skip
    # Flows with most clauses at work come first; else the order of the procedure.
    return sorted(flows, key=lambda flow: -sum(row.counts is not None for row in flow[1]))
