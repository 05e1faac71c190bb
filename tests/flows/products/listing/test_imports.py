"""Tables in and out: what is edited comes in, nothing else; what is hostile stays out, cheaply."""

import csv
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from shopkeeper.flows.products.listing.commands.import_products import (
    ImportProducts,
    NoteImport,
    import_products,
    note_imports,
)
from shopkeeper.flows.products.listing.documents import products_csv, write_products
from shopkeeper.flows.products.listing.imports import run_import
from shopkeeper.flows.products.listing.models import Product, ProductImport, ProductVersion, Sku
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.profiles import ImportRefused
from shopkeeper.flows.products.listing.profiles.sheet import COLUMNS, entries
from shopkeeper.flows.products.listing.profiles.table import read_table
from shopkeeper.flows.products.listing.queries.importing import products_with_skus
from shopkeeper.flows.products.listing.states import ImportState
from shopkeeper.flows.products.listing.tasks import run
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import TABLES, FileRefused, kept_files
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.1")]
HEADING = [
    "商品编码",
    "标题",
    "核心词",
    "卖点（每行一条）",
    "类目（一级/二级/三级）",
    "平台",
    "商家编码",
    "规格（颜色：白色；尺码：L）",
    "成本（元）",
    "售价（元）",
]


def table(path: Path, *rows: list[str], heading: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([heading or HEADING, *rows])
    return path


def tee(
    code: str, sku: str, spec: str = "颜色：白色", title: str = stage.TITLE, cost: str = "20.00", price: str = "59.9"
) -> list[str]:
    return [code, title, "T恤", "不起球\n不变形", "服装/男装/T恤", "淘宝、京东", sku, spec, cost, price]


def take(path: Path, dry_run: bool = False):
    return run_import(path, SYSTEM, dry_run=dry_run, progress=lambda count: None)


def failures(digest: str) -> list[list[str]]:
    return CalamineWorkbook.from_path(kept_files().path(digest)).get_sheet_by_index(0).to_python()[1:]


def exported(path: Path) -> Path:
    with path.open("wb") as stream:
        write_products(stream, products_with_skus(list(Product.objects.order_by("id").values_list("id", flat=True))))
    return path


def test_a_table_becomes_products_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    stage.make_leaf()
    rows = [tee("A", "A-W"), tee("A", "A-B", "颜色：黑色"), tee("B", "B-W")]
    path = table(tmp_path / "p.csv", *rows)
    assert take(path).numbers() | {"to_mend": 0} == {
        "read": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 0, "to_mend": 0,
    }  # fmt: skip
    assert Sku.objects.get(code="A-B").spec == "黑色"
    product = Product.objects.get(code="A")
    assert (product.selling_points, product.platforms) == (["不起球", "不变形"], ["taobao", "jd"])
    assert take(path).counts["unchanged"] == 2
    assert ProductVersion.objects.count() == 2


def test_a_dry_run_tells_everything_and_changes_nothing(tmp_path: Path) -> None:
    stage.make_leaf(platforms=())
    make.make_sku(code="TAKEN")
    before = (Product.objects.count(), Sku.objects.count())
    path = table(
        tmp_path / "p.csv",
        tee("A", "A-W", title="棉" * 40),
        tee("B", "TAKEN"),
        tee("C", "C-W", cost="12.345"),
        [*tee("D", "D-W")[:4], "没有/这个/类目", "淘宝", "D-W", "白", "1", "1"],
    )
    imported = take(path, dry_run=True)
    assert imported.numbers() == {
        "read": 4, "created": 1, "updated": 0, "unchanged": 0, "rejected": 3, "to_mend": 1,
    }  # fmt: skip
    assert (Product.objects.count(), Sku.objects.count()) == before
    told = {(row[2], row[5]) for row in failures(imported.failures)}
    assert {
        ("A", "title_too_long"), ("A", "category_not_mapped"), ("B", "sku_code_taken"), ("C", "import_amount"),
        ("D", "category_unknown"), ("D", "import_pairs"),
    } <= told  # fmt: skip


def test_export_edit_import_changes_exactly_what_was_edited(tmp_path: Path) -> None:
    stage.make_leaf(platforms=("taobao", "jd"))
    take(table(tmp_path / "p.csv", tee("A", "A-W"), tee("A", "A-B", "颜色：黑色"), tee("B", "B-W")))
    before = {p.code: p for p in Product.objects.all()}
    assert take(exported(tmp_path / "again.xlsx")).counts["unchanged"] == 2
    sheet = CalamineWorkbook.from_path(exported(tmp_path / "e.xlsx")).get_sheet_by_index(0).to_python()
    heading = [str(cell) for cell in sheet[0]]
    sheet[1][heading.index("标题")] = "改过标题的T恤"
    sheet[2][heading.index("标题")] = "改过标题的T恤"
    sheet[2][heading.index("成本（元）")] = 21.5
    edited = table(tmp_path / "e.csv", *[[str(cell) for cell in row] for row in sheet[1:]], heading=heading)
    assert take(edited).numbers()["updated"] == 1
    product = Product.objects.get(code="A")
    assert (product.title, product.core_keyword, product.version) == ("改过标题的T恤", "T恤", 2)
    assert product.attributes == before["A"].attributes
    assert (Sku.objects.get(code="A-W").cost_minor, Sku.objects.get(code="A-B").cost_minor) == (2_000, 2_150)
    assert Product.objects.get(code="B").version == 1
    assert take(edited).counts["rejected"] == 0  # the same again is what stands


def test_a_table_edited_on_an_old_version_loses_nothing(tmp_path: Path) -> None:
    stage.make_leaf()
    take(table(tmp_path / "p.csv", tee("A", "A-W")))
    old = exported(tmp_path / "old.xlsx")
    Product.objects.filter(code="A").update(version=2, content_version=2, title="别人改的T恤")
    imported = take(old)
    assert imported.counts["rejected"] == 1
    assert failures(imported.failures)[0][5] == "stale_version"
    assert Product.objects.get(code="A").title == "别人改的T恤"


def test_the_export_is_no_formula_and_comes_back_as_it_was(tmp_path: Path) -> None:
    title = "=cmd|' /C calc'!A0"
    stage.make_draft("A", title=title, selling_points=("+1", "@SUM(A1)"))
    path = exported(tmp_path / "e.xlsx")
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    content = b"".join(products_csv(products_with_skus([Product.objects.get().pk])))
    assert f"'{title}".encode() in content
    (tmp_path / "e.csv").write_bytes(content)
    for name in ("e.xlsx", "e.csv"):
        assert take(tmp_path / name).counts["unchanged"] == 1, name


def test_a_workbook_with_formulas_and_merged_cells_is_read_by_its_values(tmp_path: Path) -> None:
    stage.make_leaf()
    book = xlsxwriter.Workbook(str(tmp_path / "f.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADING)
    for line, sku in enumerate(("A-W", "A-B"), start=1):
        for column, cell in enumerate(tee("A", sku, f"颜色：{sku}")):
            if line == 1 or column > 5:
                sheet.write_string(line, column, cell)
    for column in range(6):
        sheet.merge_range(1, column, 2, column, tee("A", "A-W")[column])
    sheet.write_formula(1, 8, "=10+10", None, 20)
    book.close()
    assert take(tmp_path / "f.xlsx").counts["created"] == 1
    assert set(Sku.objects.values_list("code", "cost_minor")) == {("A-W", 2_000), ("A-B", 2_000)}


def workbook(path: Path, cells: str) -> Path:
    """A workbook whose one sheet holds this XML."""
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write(0, 0, "x")
    book.close()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    whole = parts["xl/worksheets/sheet1.xml"].decode()
    head, tail = whole.split("<sheetData>")[0], whole.split("</sheetData>")[1]
    parts["xl/worksheets/sheet1.xml"] = f"{head}<sheetData>{cells}</sheetData>{tail}".encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_one_cell_in_the_last_row_and_column_is_refused_before_it_is_laid_out(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = workbook(tmp_path / "far.xlsx", far)
    tracemalloc.start()
    with pytest.raises(ImportRefused) as refusal:
        list(read_table(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refusal.value.code == "import_too_large"
    assert peak < 20_000_000


def test_a_million_empty_rows_are_passed_over(tmp_path: Path) -> None:
    head = "".join(
        f'<c r="{chr(65 + n)}1" t="inlineStr"><is><t>{h}</t></is></c>' for n, h in enumerate(("商品编码", "商家编码"))
    )
    empty = '<row><c s="0"/></row>' * 1_000_000
    path = workbook(tmp_path / "empty.xlsx", f'<row r="1">{head}</row>{empty}')
    with pytest.raises(ImportRefused) as refusal:
        list(entries(read_table(path)))
    assert refusal.value.code == "import_no_rows"


def test_a_zip_bomb_is_not_even_kept(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bomb.xlsx", f'<row r="1"><c r="A1"><v>{"0" * 60_000_000}</v></c></row>')
    with path.open("rb") as stream, pytest.raises(FileRefused) as refusal:
        kept_files().keep(stream, "bomb.xlsx", TABLES)
    assert refusal.value.code == "file_unsafe"


def test_what_is_no_product_table_is_refused(tmp_path: Path) -> None:
    for rows, code in (([["a", "b"]], "import_not_products"), ([["商品编码", "商家编码"]], "import_no_rows")):
        path = table(tmp_path / "x.csv", heading=rows[0])
        with pytest.raises(ImportRefused) as refusal:
            take(path)
        assert refusal.value.code == code
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04nothing")
    with pytest.raises(ImportRefused):
        take(broken)


def test_rows_that_cannot_be_read_are_named_one_by_one(tmp_path: Path) -> None:
    heading = ["商品编码", "商家编码", "标题", "重量（克）", "停售", "平台", "无理由类别", "条码"]
    path = table(
        tmp_path / "p.csv",
        ["", "X", "没有编码", "", "", "", "", ""],
        ["A", "A1", "好T恤", "很重", "也许", "亚马逊", "适用、定作", "1"],
        ["A", "A2", "别的标题", "", "", "", "", ""],
        ["B", "", "没有商家编码", "5", "", "", "", ""],
        heading=heading,
    )
    imported = take(path)
    assert imported.counts["rejected"] == 3
    assert [(row[1], row[5]) for row in failures(imported.failures)] == [
        (2, "product_code_unreadable"), (3, "platform_unknown"), (3, "no_reason_unknown"),
        (3, "import_whole_number"), (3, "import_yes_or_no"), (4, "import_rows_disagree"), (5, "sku_code_unreadable"),
    ]  # fmt: skip


def test_gbk_and_tabs_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes("商品编码\t商家编码\t标题\t条码\nA\tA1\t纯棉T恤\t6901234567892\t\n".encode("gb18030"))
    assert take(path).counts["created"] == 1
    assert Sku.objects.get(code="A1").barcode == "6901234567892"


def test_the_heading_is_the_templates() -> None:
    assert str(COLUMNS[0].title) == "商品编码"


def test_an_import_runs_in_the_background_and_its_result_waits(tmp_path: Path) -> None:
    stage.make_leaf()
    person = make.make_person("product_specialist")
    with table(tmp_path / "p.csv", tee("A", "A-W"), tee("B", "B W")).open("rb") as stream:
        kept = kept_files().keep(stream, "商品.csv", TABLES)
    actor = make.actor_with(Permission.PRODUCT_EDIT)
    outcome = import_products.one(actor, ImportProducts(kept.digest, "商品.csv", False))
    ProductImport.objects.update(asked_by=person.pk)
    run(outcome.id)
    job = ProductImport.objects.get()
    assert (job.state, job.done_count, job.result["created"], job.result["rejected"]) == ("done", 2, 1, 1)
    assert failures(job.failures_digest)
    run(outcome.id)
    assert note_imports.one(SYSTEM, NoteImport(job.pk, 1)).code == "import_ended"
    assert note_imports.one(SYSTEM, NoteImport(0, 1, ImportState.DONE)).code == "not_found"
    assert import_products.one(actor, ImportProducts("0" * 64)).code == "file_missing"
    with pytest.raises(NotAllowed):
        import_products.one(make.actor_with(Permission.PRODUCT_VIEW), ImportProducts(kept.digest))


def test_an_import_that_cannot_run_says_why(tmp_path: Path) -> None:
    with table(tmp_path / "p.csv", heading=["a", "b"]).open("rb") as stream:
        kept = kept_files().keep(stream, "别的.csv", TABLES)
    outcome = import_products.one(SYSTEM, ImportProducts(kept.digest, "别的.csv"))
    run(outcome.id)
    job = ProductImport.objects.get()
    assert (job.state, job.result["error"]) == ("failed", "import_not_products")
