"""面单, the waybill label of a parcel (O2.2): what a courier's sorter, scanner and rider read.

It shows no more of the buyer than GB/T 41833-2022 lets a label show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from shopkeeper.flows.fulfilment.warehouse.papers.marks import Mark, marks_drawn
from shopkeeper.foundation.documents.code128 import encode, grouped
from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.foundation.masking import waybill_address, waybill_name, waybill_phone
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T, active_language

TEMPLATE = Path(__file__).with_name("label.typ")
LabelSize = Literal["76x130", "100x150", "100x180"]
LABEL_SIZES: tuple[LabelSize, ...] = ("76x130", "100x150", "100x180")
MARGIN_MM = 2

WORDS = {
    "title": T("快递面单", "Waybill labels"),
    "printed": T("打印", "Printed"),
    "count": T("第{n}次打印", "Print no. {n}"),
    "hub": T("集包地", "Hub"),
    "to": T("收", "TO"),
    "from": T("寄", "FR"),
    "items": T("物品", "Contents"),
    "pieces": T("共 {n} 件", "{n:# pc|# pcs}"),
    "more": T("另有 {n} 种，详见包裹清单", "{n} more, see the packing list"),
    "order": T("订单尾号", "Order"),
    "parcel": T("包裹", "Parcel"),
    "weight": T("重量", "Weight"),
    "wave": T("波次", "Wave"),
    "slot": T("格", "Slot"),
    "inspected": T("已验视", "INSPECTED"),
    "signature": T("签收人 / 时间", "Received by / time"),
    "note": T("备注", "Note"),
    "stand_in": T("替代标签", "STAND-IN"),
    "original": T(
        "原面单由平台的打印组件打印，请贴原面单交运",
        "The platform's print component prints the original: it goes on the parcel",
    ),
}


@dataclass(frozen=True, slots=True)
class Party:
    """Receiver or sender. Plain or masked: the label masks what it prints, and a masked value stays masked.

    `region` is province, city and district; a sender's name is the shop's and is printed whole.
    """

    name: str
    phone: str
    region: str
    address: str


@dataclass(frozen=True, slots=True)
class LabelItem:
    sku_code: str
    name: str
    spec: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Label:
    """One parcel's label.

    `print_count` is 1 for the first print. `platform_print_data`: where the platform encrypts the receiver
    and issues the waybill itself, its own print data; such a label is passed through, and what we draw of it
    is a stand-in that says so.
    """

    size: LabelSize
    parcel_no: str
    courier: str
    product: str
    tracking_no: str
    routing_code: str
    hub: str
    receiver: Party
    sender: Party
    items: tuple[LabelItem, ...]
    order_no: str
    printed_at: datetime
    print_count: int = 1
    marks: tuple[Mark, ...] = ()
    wave_no: str = ""
    slot: str = ""
    weight_g: int | None = None
    note: str = ""
    platform_print_data: str = ""


@dataclass(frozen=True, slots=True)
class PassedThrough:
    """A label the platform's own print component has to print, from the platform's data, unread by us."""

    parcel_no: str
    tracking_no: str
    print_data: str


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """Labels ready to print: `pdf` with the drawn ones in the order given (None when none was), and the
    rest, which the platform's component prints."""

    pdf: bytes | None
    drawn: tuple[str, ...]
    passed_through: tuple[PassedThrough, ...]


def label_sheet(labels: Sequence[Label]) -> LabelSheet:
    """All labels of a print run, one page each at its own size. Raises BarcodeRefused for a number that has
    no Code 128 of readable width on its size."""
    ours = [label for label in labels if not label.platform_print_data]
    theirs = tuple(
        PassedThrough(label.parcel_no, label.tracking_no, label.platform_print_data)
        for label in labels
        if label.platform_print_data
    )
    pdf = label_pdf(*ours) if ours else None
    return LabelSheet(pdf, tuple(label.parcel_no for label in ours), theirs)


def label_pdf(*labels: Label) -> bytes:
    """Draw labels, one page each. Raises ValueError for one whose print belongs to the platform."""
    if any(label.platform_print_data for label in labels):
        raise ValueError("this label is printed by the platform's component")
    return _pdf([_drawn(label) for label in labels])


def stand_in_pdf(label: Label) -> bytes:
    """What a person is shown where the platform's component prints the original: numbers and contents to tell
    the parcel by, the masked receiver, no routing code, and the words that it is not the waybill label."""
    return _pdf([{**_drawn(label), "is_stand_in": True}])


def _pdf(drawn: list[dict[str, object]]) -> bytes:
    words = {key: str(word) for key, word in WORDS.items()}
    return render_pdf(TEMPLATE, {"language": active_language(), "words": words, "labels": drawn})


def _drawn(label: Label) -> dict[str, object]:
    width, height = (int(side) for side in label.size.split("x"))
    room = width - 2 * MARGIN_MM
    weight = f"{label.weight_g / 1000:.2f} kg" if label.weight_g is not None else ""
    return {
        "width": width,
        "height": height,
        "courier": label.courier,
        "product": label.product,
        "tracking": grouped(label.tracking_no),
        "barcode": encode(label.tracking_no, room_mm=room).drawing(),
        "parcel_barcode": encode(label.parcel_no, room_mm=room * 0.62, max_module_mm=0.375).drawing(),
        "parcel_no": label.parcel_no,
        "routing_code": label.routing_code,
        "hub": label.hub,
        "receiver": {**_party(label.receiver), "name": waybill_name(label.receiver.name)},
        "sender": _party(label.sender),
        "marks": marks_drawn(label.marks),
        "items": [[item.sku_code, item.name, item.spec, item.quantity] for item in label.items],
        "pieces": str(WORDS["pieces"].format(n=sum(item.quantity for item in label.items))),
        "order_tail": label.order_no[-6:],
        "printed": label.printed_at.astimezone(SHOP_ZONE).strftime("%Y-%m-%d %H:%M"),
        "print_count": label.print_count,
        "count": str(WORDS["count"].format(n=label.print_count)),
        "wave_no": label.wave_no,
        "slot": label.slot,
        "weight": weight,
        "note": label.note,
        "is_stand_in": False,
    }


def _party(party: Party) -> dict[str, str]:
    return {
        "name": party.name,
        "phone": waybill_phone(party.phone),
        "address": party.region + waybill_address(party.address),
    }
