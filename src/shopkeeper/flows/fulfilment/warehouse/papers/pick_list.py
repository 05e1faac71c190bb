"""拣货单, the pick list of one wave (O2.1): bins in walking order, the lot first in, first out has chosen."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from shopkeeper.foundation.documents.code128 import encode
from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T, active_language

TEMPLATE = Path(__file__).with_name("pick_list.typ")

WORDS = {
    "title": T("拣货单", "Pick list"),
    "wave": T("波次", "Wave"),
    "warehouse": T("仓库", "Warehouse"),
    "picker": T("拣货人", "Picker"),
    "orders": T("订单", "Orders"),
    "lines": T("行数", "Lines"),
    "pieces": T("件数", "Pieces"),
    "totes": T("格数", "Totes"),
    "ship_by": T("最晚发货", "Ship by"),
    "printed": T("打印", "Printed"),
    "bin": T("货位", "Bin"),
    "goods": T("商品", "Goods"),
    "lot": T("批次 / 入库", "Lot / received"),
    "tote": T("分格", "To totes"),
    "quantity": T("数量", "Qty"),
    "picked": T("已拣", "Picked"),
    "total": T("合计", "Total"),
    "zone": T("库区", "Zone"),
    "how": T(
        "按货位顺序走一遍，取所列批次（先进先出）。商品、规格与标签逐件相符再放入格中；"
        "数量不足时不要换批次，请在拣货页面登记缺拣。",
        "Walk the bins in this order and take the lot named (first in, first out). Check goods and spec "
        "piece by piece before putting them in the tote. If there is too little, do not take another lot: "
        "report a short pick on the picking page.",
    ),
    "signed_picker": T("拣货人签名", "Picker's signature"),
    "started": T("开始时间", "Started"),
    "finished": T("完成时间", "Finished"),
    "checked": T("复核", "Checked by"),
    "clause": T("规程 O2.1 · 先进先出拣货", "Procedure O2.1 · first in, first out"),
    "page": T("第 {page} 页 / 共 {pages} 页", "Page {page} of {pages}"),
}


@dataclass(frozen=True, slots=True)
class ToteShare:
    """How many pieces of a line go into which tote slot."""

    slot: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PickLine:
    """One stop: a lot of one SKU in one bin."""

    bin: str
    sku_code: str
    name: str
    spec: str
    lot: str
    received_on: date | None
    quantity: int
    totes: tuple[ToteShare, ...] = ()


@dataclass(frozen=True, slots=True)
class PickList:
    """What the paper shows. Lines may come in any order; they are printed in bin order."""

    wave_no: str
    warehouse: str
    printed_at: datetime
    lines: tuple[PickLine, ...]
    orders: int
    picker: str = ""
    ship_by_at: datetime | None = None


def bin_order(bin_code: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key of a bin: A-2-10 comes after A-2-9."""
    parts = re.findall(r"\d+|\D+", bin_code.upper())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def pick_list_pdf(paper: PickList) -> bytes:
    """The pick list on A4, in the active language."""
    lines = sorted(paper.lines, key=lambda line: (bin_order(line.bin), line.received_on or date.min, line.lot))
    slots = {share.slot for line in lines for share in line.totes}
    data = {
        "language": active_language(),
        "words": {key: str(word) for key, word in WORDS.items()},
        "wave_no": paper.wave_no,
        "barcode": encode(paper.wave_no, room_mm=70, max_module_mm=0.375).drawing(),
        "facts": [
            [str(WORDS["warehouse"]), paper.warehouse],
            [str(WORDS["picker"]), paper.picker],
            [str(WORDS["ship_by"]), _moment(paper.ship_by_at)],
            [str(WORDS["printed"]), _moment(paper.printed_at)],
        ],
        "counts": [
            [str(WORDS["orders"]), paper.orders],
            [str(WORDS["lines"]), len(lines)],
            [str(WORDS["pieces"]), sum(line.quantity for line in lines)],
            [str(WORDS["totes"]), len(slots)],
        ],
        "zones": _zones(lines),
    }
    return render_pdf(TEMPLATE, data)


def _zones(lines: list[PickLine]) -> list[dict[str, Any]]:
    """Lines in bin order, cut where the aisle (the bin's first part) changes."""
    zones: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        zone = re.split(r"[-_/ ]", line.bin)[0]
        if not zones or zones[-1]["zone"] != zone:
            zones.append({"zone": zone, "pieces": 0, "lines": []})
        zones[-1]["pieces"] += line.quantity
        zones[-1]["lines"].append(
            {
                "number": number,
                "bin": line.bin,
                "sku_code": line.sku_code,
                "name": line.name,
                "spec": line.spec,
                "lot": line.lot,
                "received": line.received_on.isoformat() if line.received_on else "",
                "quantity": line.quantity,
                "totes": [[share.slot, share.quantity] for share in line.totes],
            }
        )
    return zones


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(SHOP_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""
