"""Files of prices: XLSX and CSV as people keep them, every row answered for, nothing guessed."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import xlsxwriter

from shopkeeper.flows.products.pricing.imports import run_prices_import, template_sheet
from shopkeeper.flows.products.pricing.models import Plan
from shopkeeper.foundation.files import FileKind, kept_files
from shopkeeper.shared.errors import BusinessError
from tests import factories as make
from tests.flows.products.pricing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P3.2")]
HEADINGS = ("商家编码", "店铺", "划线价", "售价", "会员价", "生效时间", "原因")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def kept(content: bytes) -> str:
    return kept_files().keep(io.BytesIO(content), "p", {FileKind.CSV, FileKind.XLSX}).digest


def workbook(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> str:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for at, row in enumerate((headings, *rows)):
        sheet.write_row(at, 0, row)
    book.close()
    return kept(target.getvalue())


def run(digest: str, *, dry: bool = True, **scope: Any) -> list[tuple[int, str]]:
    answers = run_prices_import(stage.specialist(**scope), digest, reason="批量调价", is_dry_run=dry)
    return [(answer.line, answer.outcome.code) for answer in answers]


def test_every_row_is_answered_for_and_nothing_is_written_in_a_dry_run() -> None:
    sku, other, shop = make.make_sku(), make.make_sku(), make.make_shop()
    digest = workbook(
        (sku.code, "", 5_000 / 100, 48.5, "", "", ""),
        (other.code, shop.code, "", "￥49", 45, "2026-06-18 00:00", "618"),
        (sku.code, shop.name, "", 48.123, "", "", ""),
        (sku.code, "没有的店", "", 48, "", "", ""),
        (sku.code, shop.name, "", 48, "", "明天", ""),
        (sku.code, shop.name, "", "", "", "", ""),
        ("", "", "", "", "", "", ""),
        ("NOPE", "", "", 48, "", "", ""),
    )
    expected = [
        (2, "done"), (3, "done"), (4, "price_three_decimals"), (5, "shop_unknown"), (6, "time_unreadable"),
        (7, "price_unreadable"), (9, "sku_unknown"),
    ]  # fmt: skip
    assert run(digest) == expected
    assert not Plan.objects.exists()
    assert run(digest, dry=False) == expected
    first, second = Plan.objects.order_by("id")
    assert (first.sale_minor, first.list_minor, first.shop_id, first.reason) == (4_850, 5_000, None, "批量调价")
    assert (second.sale_minor, second.member_minor, second.shop_id, second.reason) == (4_900, 4_500, shop.pk, "618")
    assert second.valid_from == datetime(2026, 6, 17, 16, 0, tzinfo=UTC)
    assert [code for _, code in run(digest, dry=False)][:2] == ["unchanged", "unchanged"]
    assert Plan.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_in_either_encoding_with_other_peoples_headings(encoding: str) -> None:
    sku = make.make_sku()
    assert run(kept(f"编码,一口价,备注\n{sku.code},48.00,常规\n".encode(encoding))) == [(2, "done")]


def test_rows_of_other_peoples_shops_do_not_get_in() -> None:
    sku, own, foreign = make.make_sku(), make.make_shop(), make.make_shop()
    digest = workbook((sku.code, own.code, "", 48), (sku.code, foreign.code, "", 48), (sku.code, "", "", 48))
    assert run(digest, shops=[own]) == [(2, "done"), (3, "shop_unknown"), (4, "not_all_shops")]


def test_a_file_that_cannot_be_read_says_why() -> None:
    for digest, code in (
        (workbook(("A", 1), headings=("商家编码", "数量")), "prices_file_unreadable"),
        (workbook(*[("A", "", "", 1)] * 5_001), "table_too_long"),
        (kept(b"a,b\n1,2\n"), "prices_file_unreadable"),
        (kept('商家编码,售价,原因\nA,1,"促销\nB,2,\n'.encode()), "table_row_unreadable"),
    ):
        with pytest.raises(BusinessError) as refusal:
            run(digest)
        assert refusal.value.code == code


def test_a_sheet_that_ends_in_emptiness_is_not_walked_through() -> None:
    sku = make.make_sku()
    empty: list[tuple[Any, ...]] = [()] * 1_500
    assert run(workbook((sku.code, "", "", 48), *empty, (sku.code, "", "", 47))) == [(2, "done")]


def test_the_template_can_be_filled_in() -> None:
    target = io.BytesIO()
    template_sheet(target)
    assert run(kept(target.getvalue())) == []
