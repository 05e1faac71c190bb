"""《包裹清单》, the packing list in the parcel (O2.2): what is in it, who checked and who packed it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from shopkeeper.flows.fulfilment.warehouse.papers.marks import Mark, marks_drawn
from shopkeeper.foundation.documents.code128 import encode, grouped
from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.foundation.masking import waybill_name
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T, active_language

TEMPLATE = Path(__file__).with_name("packing_list.typ")
PaperSize = Literal["a4", "a5"]

WORDS = {
    "title": T("包裹清单", "Packing list"),
    "parcel": T("包裹号", "Parcel no."),
    "order": T("订单号", "Order no."),
    "shop": T("店铺", "Shop"),
    "buyer": T("收货人", "Receiver"),
    "packed": T("打包时间", "Packed"),
    "packer": T("打包员", "Packer"),
    "weight": T("重量", "Weight"),
    "courier": T("快递", "Courier"),
    "tracking": T("运单号", "Tracking no."),
    "marks": T("处理标记", "Handling marks"),
    "no_marks": T("无特殊标记", "None"),
    "goods": T("商品", "Goods"),
    "gifts": T("赠品", "Gifts"),
    "sku": T("商家编码", "SKU code"),
    "name": T("品名", "Name"),
    "spec": T("规格", "Spec"),
    "quantity": T("数量", "Qty"),
    "verdict": T("外观检验", "Inspection"),
    "total": T(
        "共 {lines} 种 {pieces} 件，其中赠品 {gifts} 件",
        "{lines:# kind|# kinds}, {pieces:# piece|# pieces}, {gifts:# of them a gift|# of them gifts}",
    ),
    "checked": T("检验结论", "Inspection verdict"),
    "checked_by": T("检验人 {name}", "Inspected by {name}"),
    "remark": T("买家留言", "Buyer's remark"),
    "thanks": T(
        "感谢惠顾。收货时请当面核对清单；如有短少、破损或不符，请保留外箱与本清单并联系店铺客服。",
        "Thank you for your order. Please check the goods against this list. If anything is missing, damaged "
        "or wrong, keep the box and this list and contact the shop's customer service.",
    ),
    "clause": T("规程 O2.2 · 包裹清单", "Procedure O2.2 · packing list"),
    "page": T("第 {page} 页 / 共 {pages} 页", "Page {page} of {pages}"),
}


@dataclass(frozen=True, slots=True)
class PackedLine:
    """One line of the parcel; `verdict` is the inspection's words, `passed` whether the piece may leave."""

    sku_code: str
    name: str
    spec: str
    quantity: int
    verdict: T
    passed: bool = True
    is_gift: bool = False


@dataclass(frozen=True, slots=True)
class PackingList:
    """What the paper shows. The receiver's name is masked here, whatever comes in."""

    parcel_no: str
    order_nos: tuple[str, ...]
    shop: str
    lines: tuple[PackedLine, ...]
    verdict: T
    passed: bool
    inspector: str
    packer: str
    packed_at: datetime
    weight_g: int | None
    courier: str
    tracking_no: str
    marks: tuple[Mark, ...] = ()
    receiver_name: str = ""
    buyer_remark: str = ""
    size: PaperSize = "a5"


def packing_list_pdf(paper: PackingList) -> bytes:
    """The packing list on A5 (or A4), in the active language."""
    return packing_lists_pdf([paper])


def packing_lists_pdf(papers: list[PackingList]) -> bytes:
    """Several parcels' lists in one PDF, each starting on its own page and counting its own pages."""
    words = {key: str(word) for key, word in WORDS.items()}
    return render_pdf(
        TEMPLATE,
        {"language": active_language(), "words": words, "papers": [_drawn(paper) for paper in papers]},
    )


def _drawn(paper: PackingList) -> dict[str, object]:
    gifts = sum(line.quantity for line in paper.lines if line.is_gift)
    total = WORDS["total"].format(
        lines=len(paper.lines), pieces=sum(line.quantity for line in paper.lines), gifts=gifts
    )
    tracking = paper.tracking_no
    facts = [
        ("order", "、".join(paper.order_nos) if active_language() == "zh" else ", ".join(paper.order_nos)),
        ("shop", paper.shop),
        ("buyer", waybill_name(paper.receiver_name)),
        ("courier", paper.courier),
        ("tracking", grouped(tracking)),
        ("weight", f"{paper.weight_g / 1000:.2f} kg" if paper.weight_g is not None else ""),
        ("packer", paper.packer),
        ("packed", paper.packed_at.astimezone(SHOP_ZONE).strftime("%Y-%m-%d %H:%M")),
    ]
    return {
        "size": paper.size,
        "parcel_no": paper.parcel_no,
        "barcode": encode(paper.parcel_no, room_mm=58, max_module_mm=0.375).drawing(),
        "facts": [[str(WORDS[name]), value] for name, value in facts],
        "lines": [_line(line) for line in paper.lines if not line.is_gift],
        "gifts": [_line(line) for line in paper.lines if line.is_gift],
        "total": str(total),
        "verdict": str(paper.verdict),
        "passed": paper.passed,
        "checked_by": str(WORDS["checked_by"].format(name=paper.inspector)),
        "marks": marks_drawn(paper.marks),
        "remark": paper.buyer_remark,
    }


def _line(line: PackedLine) -> dict[str, object]:
    return {
        "sku_code": line.sku_code,
        "name": line.name,
        "spec": line.spec,
        "quantity": line.quantity,
        "verdict": str(line.verdict),
        "passed": line.passed,
    }
