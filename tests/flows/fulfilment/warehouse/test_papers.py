"""The warehouse's papers as they come out of the printer: size, words, bars, and whose data is on them."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from shopkeeper.flows.fulfilment.warehouse.papers import (
    LABEL_SIZES,
    MARK_WORDS,
    Label,
    LabelItem,
    LabelSize,
    Mark,
    PackedLine,
    PackingList,
    Party,
    PickLine,
    PickList,
    ToteShare,
    label_pdf,
    label_sheet,
    packing_list_pdf,
    packing_lists_pdf,
    pick_list_pdf,
    stand_in_pdf,
)
from shopkeeper.flows.fulfilment.warehouse.papers.label import WORDS as LABEL_WORDS
from shopkeeper.flows.fulfilment.warehouse.papers.packing_list import WORDS as PACKING_WORDS
from shopkeeper.flows.fulfilment.warehouse.papers.pick_list import WORDS as PICK_WORDS
from shopkeeper.flows.fulfilment.warehouse.papers.pick_list import bin_order
from shopkeeper.shared.words import Language, T, speaking

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
MARKUP = "#set page(fill: red) *请包好* $x^2$"
LONG = "秋冬加厚保暖送礼男女同款超长标题" * 12
THERMAL = 203 / 72  # pixels a point of a 203 dpi head
SOUND = T("完好", "Sound")


def label(size: LabelSize = "76x130", **other: Any) -> Label:
    made = Label(
        size=size,
        parcel_no="P-2611230042",
        courier="中通快递",
        product="标准快递",
        tracking_no="73512345678901",
        routing_code="021-A12-03",
        hub="上海浦东集包",
        receiver=Party("张三丰", "13812341234", "上海市浦东新区", "张江镇博云路2号浦软大厦3幢1502室"),
        sender=Party("掌柜茶生活旗舰店", "0571-88887777", "浙江省杭州市余杭区", "仓前街道文一西路969号1号仓"),
        items=(
            LabelItem("TEA-LJ-250", "明前龙井", "250g", 1),
            LabelItem("MUG-BLU-350", "青花手绘马克杯", "靛蓝", 2),
        ),
        order_no="TB2026112300014821",
        printed_at=NOW,
        marks=(Mark.FRAGILE, Mark.DO_NOT_BEND),
        wave_no="W-20261123-02",
        slot="08",
        weight_g=1280,
    )
    return replace(made, **other)


def packing_list(**other: Any) -> PackingList:
    made = PackingList(
        parcel_no="P-2611230042",
        order_nos=("TB2026112300014821",),
        shop="掌柜茶生活旗舰店",
        lines=(
            PackedLine("TEA-LJ-250", "明前龙井礼盒", "250g", 1, SOUND),
            PackedLine("MUG-BLU-350", "青花手绘马克杯", "靛蓝", 2, T("破损，已换一件", "Damaged, replaced")),
            PackedLine("GIFT-CARD", "手写贺卡", "", 1, SOUND, is_gift=True),
        ),
        verdict=T("合格，准予发出", "Passed, may leave"),
        passed=True,
        inspector="王检",
        packer="赵包",
        packed_at=NOW,
        weight_g=1280,
        courier="中通快递",
        tracking_no="73512345678901",
        marks=(Mark.FRAGILE, Mark.DO_NOT_BEND),
        receiver_name="张三丰",
        buyer_remark=MARKUP,
    )
    return replace(made, **other)


def pick_list(lines: int = 3) -> PickList:
    return PickList(
        wave_no="W-20261123-02",
        warehouse="杭州一号仓",
        printed_at=NOW,
        lines=tuple(
            PickLine(
                f"A-01-{number}",
                f"SKU-{number}",
                f"青花手绘马克杯{number}",
                "靛蓝;350ml",
                f"L2610-{number}",
                date(2026, 10, 1) + timedelta(days=number % 20),
                2,
                (ToteShare("03", 1), ToteShare("11", 1)),
            )
            for number in range(lines, 0, -1)
        ),
        orders=2,
        picker="李仓",
        ship_by_at=NOW,
    )


def pages(pdf: bytes) -> list[Any]:
    return list(pypdfium2.PdfDocument(pdf))


def text_of(pdf: bytes) -> str:
    """The text without soft breaks and line ends, to look words up in."""
    parts = [page.get_textpage().get_text_bounded() for page in pages(pdf)]
    return "".join(parts).replace("\u200b", "").replace("\r", "").replace("\n", "")


def printed(page: Any, scale: float = THERMAL) -> Image.Image:
    picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return picture


def bars_in(page: Any) -> set[str]:
    """What a decoder reads from the page as a one-bit 203 dpi head prints it."""
    picture = printed(page).point(lambda shade: 255 if shade > 128 else 0)
    return {found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code128)}


def millimetres(page: Any) -> tuple[float, float]:
    width, height = page.get_size()
    return round(width / 72 * 25.4, 2), round(height / 72 * 25.4, 2)


@pytest.mark.clause("O2.2")
@pytest.mark.parametrize("size", LABEL_SIZES)
@pytest.mark.parametrize("number", ["73512345678901", "SF1234567890123", "JDVA12345678901-1-1-"])
def test_a_labels_bars_are_read_back_and_its_size_is_right(size: LabelSize, number: str) -> None:
    (page,) = pages(label_pdf(label(size, tracking_no=number)))
    assert bars_in(page) == {number, "P-2611230042"}
    width, height = size.split("x")
    assert millimetres(page) == (float(width), float(height))


@pytest.mark.clause("O2.2")
@pytest.mark.parametrize("size", LABEL_SIZES)
def test_a_label_shows_what_couriers_need_and_hides_the_buyer(size: LabelSize) -> None:
    text = text_of(label_pdf(label(size, print_count=3)))
    for shown in (
        *("中通快递", "标准快递", "021-A12-03", "上海浦东集包", "7351 2345 6789 01", "014821", "08"),
        *("易碎", "FRAGILE", "勿折", "DO NOT BEND", "TEA-LJ-250", "×2", "1.28 kg", "第3次打印"),
        *("2026-11-23 14:05", "张**", "138******34", "浦软大厦3幢****", "掌柜茶生活旗舰店", "已验视"),
    ):
        assert shown.replace(" ", "") in text.replace(" ", ""), shown
    for hidden in ("张三丰", "13812341234", "1234123", "1502", "88887777"):
        assert hidden not in text


@pytest.mark.clause("O2.2")
def test_a_label_speaks_english_too_but_its_marks_always_speak_both() -> None:
    with speaking("en"):
        text = text_of(label_pdf(label()))
    assert "Printed" in text
    assert "Print no. 1" in text
    assert "易碎" in text
    assert "FRAGILE" in text
    assert "打印" not in text


def ink_outside_the_frame(page: Any, margin_mm: float = 1.7) -> bool:
    picture = printed(page, 4)
    margin = round(margin_mm / 25.4 * 72 * 4)
    frame = picture.crop((margin, margin, picture.width - margin, picture.height - margin))
    outside = picture.copy()
    outside.paste(255, (margin, margin, margin + frame.width, margin + frame.height))
    return bool(outside.getextrema()[0] < 200)


@pytest.mark.parametrize("size", LABEL_SIZES)
def test_no_wording_leaves_the_label_moves_its_bars_or_makes_a_second_page(size: LabelSize) -> None:
    worst = label(
        size,
        courier=LONG,
        product=LONG,
        routing_code="021-A12-03-" + "X" * 40,
        hub=LONG,
        receiver=Party("古丽巴哈尔·买买提江", "18877771111-1234", "新疆维吾尔自治区乌鲁木齐市天山区", LONG),
        sender=Party(LONG, "0571-88887777", "浙江省杭州市余杭区", LONG),
        items=(LabelItem("CODE" * 30, LONG, LONG, 99_999),) * 40,
        marks=tuple(Mark),
        note=MARKUP * 10,
        print_count=99,
        weight_g=1_234_567,
    )
    found = pages(label_pdf(worst))
    assert len(found) == 1
    assert bars_in(found[0]) == {"73512345678901", "P-2611230042"}
    assert not ink_outside_the_frame(found[0])


def test_a_print_run_is_one_document_and_fast() -> None:
    run = [label(LABEL_SIZES[n % 3], tracking_no=f"735123456{n:05d}", parcel_no=f"P-{n:06d}") for n in range(100)]
    label_pdf(label())
    began = time.perf_counter()
    found = pages(label_pdf(*run))
    assert time.perf_counter() - began < 5
    assert len(found) == 100
    assert bars_in(found[57]) == {"73512345600057", "P-000057"}
    assert millimetres(found[1]) == (100.0, 150.0)


@pytest.mark.clause("O2.2")
def test_a_platforms_own_print_data_is_passed_through_and_never_drawn() -> None:
    theirs = label(parcel_no="P-2", platform_print_data='{"encryptedData":"AES:abc"}')
    sheet = label_sheet([label(), theirs])
    assert sheet.drawn == ("P-2611230042",)
    assert [(one.parcel_no, one.print_data) for one in sheet.passed_through] == [("P-2", theirs.platform_print_data)]
    assert sheet.pdf is not None
    assert "AES" not in text_of(sheet.pdf)
    assert label_sheet([theirs]).pdf is None
    with pytest.raises(ValueError, match="platform"):
        label_pdf(theirs)


@pytest.mark.clause("O2.2")
@pytest.mark.parametrize("size", ["76x130", "100x150", "100x180"])
def test_a_stand_in_says_what_it_is_and_shows_no_more_than_a_label(size: LabelSize) -> None:
    theirs = label(size, platform_print_data='{"encryptedData":"AES:abc"}')
    (page,) = pages(stand_in_pdf(theirs))
    assert bars_in(page) == {theirs.tracking_no, theirs.parcel_no}
    said = text_of(stand_in_pdf(theirs))
    assert "替代标签" in said
    assert "打印组件" in said
    assert theirs.parcel_no in said
    assert theirs.routing_code not in said
    assert theirs.receiver.phone not in said
    assert "AES" not in said


@pytest.mark.clause("O2.2")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_packing_list_shows_every_field_the_procedure_names(language: Language) -> None:
    with speaking(language):
        text = text_of(packing_list_pdf(packing_list())).replace(" ", "")
        words = {key: str(PACKING_WORDS[key]) for key in ("title", "gifts", "checked", "packer", "weight")}
        verdicts = [str(packing_list().verdict), *(str(line.verdict) for line in packing_list().lines)]
    for shown in (
        *(
            "TB2026112300014821",
            "P-2611230042",
            "TEA-LJ-250",
            "明前龙井礼盒",
            "250g",
            "手写贺卡",
            "王检",
            "赵包",
        ),
        *("1.28kg", "中通快递", "73512345678901", "易碎", "DONOTBEND", "张**", "掌柜茶生活旗舰店"),
        *words.values(),
        *verdicts,
        MARKUP,
    ):
        assert shown.replace(" ", "") in text, shown
    assert "张三丰" not in text


def test_packing_lists_are_a5_or_a4_each_counting_its_own_pages() -> None:
    many = packing_list(size="a4", parcel_no="P-2", lines=packing_list().lines * 20, marks=tuple(Mark))
    found = pages(packing_lists_pdf([packing_list(), many]))
    assert [millimetres(page) for page in (found[0], found[-1])] == [(148.0, 210.0), (210.0, 297.0)]
    texts = [page.get_textpage().get_text_bounded() for page in found]
    assert "第 1 页 / 共 1 页" in texts[0]
    assert f"第 {len(found) - 1} 页 / 共 {len(found) - 1} 页" in texts[-1]
    assert "P-2611230042" in bars_in(found[0])


@pytest.mark.clause("O2.1")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pick_list_shows_where_what_which_lot_and_how_many(language: Language) -> None:
    with speaking(language):
        pdf = pick_list_pdf(pick_list())
        words = [str(PICK_WORDS[key]) for key in ("title", "wave", "bin", "lot", "clause", "total")]
    text = text_of(pdf).replace(" ", "")
    for shown in (
        *(
            "W-20261123-02",
            "杭州一号仓",
            "李仓",
            "A-01-1",
            "SKU-3",
            "青花手绘马克杯2",
            "靛蓝;350ml",
            "L2610-1",
        ),
        *("2026-10-04", "03", "11", "O2.1"),
        *words,
    ):
        assert shown.replace(" ", "") in text, shown
    (page,) = pages(pdf)
    assert millimetres(page) == (210.0, 297.0)
    assert bars_in(page) == {"W-20261123-02"}


@pytest.mark.clause("O2.1")
def test_a_pick_list_is_walked_in_bin_order_over_all_its_pages() -> None:
    found = pages(pick_list_pdf(pick_list(90)))
    texts = [page.get_textpage().get_text_bounded() for page in found]
    bins = [word for text in texts for word in text.split() if word.startswith("A-01-")]
    assert bins == [f"A-01-{number}" for number in range(1, 91)]
    assert all(f"第 {n} 页 / 共 {len(found)} 页" in text for n, text in enumerate(texts, start=1))
    assert "180" in texts[-1]


def test_bins_are_walked_as_people_count() -> None:
    assert sorted(["A-2-10", "B-1", "A-10-1", "A-2-9", "a-2-9b"], key=bin_order) == [
        "A-2-9",
        "a-2-9b",
        "A-2-10",
        "A-10-1",
        "B-1",
    ]


def test_long_names_and_codes_stay_in_their_cells() -> None:
    line = PickLine("Z-" + "9" * 30, "CODE" * 20, LONG, LONG, "LOT" * 15, None, 99_999, (ToteShare("9" * 8, 7),) * 9)
    for pdf in (
        pick_list_pdf(replace(pick_list(), lines=(line,) * 3)),
        packing_list_pdf(packing_list(lines=(PackedLine("CODE" * 30, LONG, LONG, 9, T(LONG, LONG)),) * 2)),
    ):
        assert all(not ink_outside_the_frame(page, 5) for page in pages(pdf))


def test_every_mark_has_its_words_and_its_icon() -> None:
    assert set(MARK_WORDS) == set(Mark)
    assert len(pages(label_pdf(*(label(marks=(mark,)) for mark in Mark)))) == len(Mark)
    assert LABEL_WORDS["count"].format(n=2).text("zh") == "第2次打印"


def test_a_courier_without_a_named_product_is_not_followed_by_an_empty_box() -> None:
    plain, named = label(product="", courier="ZTO"), label(product="标准快递", courier="ZTO")

    def strokes(made: Label) -> int:
        """Drawn paths of the page: the box around the product is one of them."""
        page = pages(label_pdf(made))[0]
        return sum(1 for one in page.get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH)

    assert strokes(plain) == strokes(named) - 1
