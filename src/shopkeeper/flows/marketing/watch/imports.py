"""M3.1: hours of traffic read from a pasted table or a platform's export: each line figures, or a named problem."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import BinaryIO

from shopkeeper.flows.marketing.watch.commands.record_traffic import RecordTraffic
from shopkeeper.flows.marketing.watch.rules.reading import HourWrong, read_day, read_hour
from shopkeeper.flows.marketing.watch.rules.traffic import rate_bp
from shopkeeper.flows.marketing.watch.states import TrafficSource
from shopkeeper.flows.products.research.rules.figures import FigureWrong, basis_points, whole
from shopkeeper.foundation.documents.tables import SheetOfText
from shopkeeper.foundation.files import FileKind
from shopkeeper.shared.words import T

MOST_ROWS = 2_000
PROBLEMS_KEPT = 100
RATE_TOLERANCE_BP = 1  # 0.01 percentage points
# Our columns and the headings they may have.
COLUMNS: dict[str, tuple[str, ...]] = {
    "hour": ("小时", "时段", "时间", "统计时段", "统计小时", "统计时间", "hour", "time"),
    "day": ("日期", "统计日期", "date", "day"),
    "exposures": ("曝光", "曝光量", "展现", "展现量", "曝光次数", "exposures", "impressions"),
    "clicks": ("点击", "点击量", "点击次数", "clicks"),
    "visitors": ("访客", "访客数", "商品访客数", "UV", "uv", "visitors"),
    "click_rate": ("点击率", "CTR", "ctr", "click rate"),
}


@dataclass(frozen=True, slots=True)
class HourRead:
    """One line as it was understood."""

    hour: datetime
    visitors: int
    exposures: int | None
    clicks: int | None


@dataclass(slots=True)
class ReadTraffic:
    """What a table holds: good lines, what could not be read, and rates that do not fit their parts."""

    heading: list[str]
    lines: list[HourRead] = field(default_factory=list)
    problems: list[T] = field(default_factory=list)
    doubts: list[T] = field(default_factory=list)
    rejected: int = 0


def read_pasted(text: str, day: date, zone: tzinfo) -> ReadTraffic:
    """A table pasted from a spreadsheet or console, its first line the headings. Raises TableRefused."""
    return read_table(io.BytesIO(text.encode()), FileKind.CSV, day, zone)


def read_table(stream: BinaryIO, kind: FileKind, day: date, zone: tzinfo) -> ReadTraffic:
    """Read an export; hours without a day of their own are of `day`. Raises TableRefused for no table of ours."""
    table = SheetOfText(stream, kind, most_rows=MOST_ROWS)
    bound = table.bind(COLUMNS, needed=("hour", "visitors"))
    found = ReadTraffic(table.heading)
    for number, cells in table:
        _read(number, {name: cells[place] for name, place in bound.items()}, found, day, zone)
    return found


def _read(number: int, texts: Mapping[str, str], found: ReadTraffic, day: date, zone: tzinfo) -> None:
    try:
        on = read_day(texts["day"]) if texts.get("day") else day
        hour = read_hour(texts["hour"], on, zone)
        visitors, exposures, clicks = (whole(texts.get(name, "")) for name in ("visitors", "exposures", "clicks"))
        said = basis_points(texts.get("click_rate", ""))
    except HourWrong as error:
        wrong = str(error)[:40]
        _reject(found, number, f"读不懂时间“{wrong}”", f"no hour: “{wrong}”")
        return
    except FigureWrong as error:
        wrong = str(error)[:40]
        _reject(found, number, f"读不懂数字“{wrong}”", f"no figure: “{wrong}”")
        return
    if visitors is None:
        _reject(found, number, "没有访客数", "no visitors")
        return
    if min(visitors, exposures or 0, clicks or 0) < 0:
        _reject(found, number, "数字不能为负", "a figure below nothing")
        return
    counted = rate_bp(clicks, exposures)
    if said is not None and counted is not None and abs(said - counted) > RATE_TOLERANCE_BP:
        written, worked_out = f"{said / 100:.2f}%", f"{counted / 100:.2f}%"
        found.doubts.append(
            T(
                f"第 {number} 行：点击率写的是 {written}，按点击 ÷ 曝光应为 {worked_out}",
                f"Line {number}: says {written}, clicks ÷ exposures is {worked_out}",
            )
        )
    found.lines.append(HourRead(hour, visitors, exposures, clicks))


def _reject(found: ReadTraffic, number: int, zh: str, en: str) -> None:
    found.rejected += 1
    if len(found.problems) < PROBLEMS_KEPT:
        found.problems.append(T(f"第 {number} 行：{zh}", f"Line {number}: {en}"))


def as_items(
    lines: Sequence[HourRead], shop_id: int, campaign_id: int | None, source: TrafficSource, digest: str, reason: str
) -> list[RecordTraffic]:
    """The command's items for hours that were read."""
    return [
        RecordTraffic(
            shop_id,
            line.hour,
            line.visitors,
            line.exposures,
            line.clicks,
            campaign_id,
            source,
            reason,
            digest,
        )
        for line in lines
    ]
