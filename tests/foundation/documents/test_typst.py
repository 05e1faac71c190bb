"""The Typst runner: data is data, and what is missing is said."""

from pathlib import Path

import pypdfium2
import pytest
from django.test import override_settings

from shopkeeper.foundation.documents import typst
from shopkeeper.foundation.documents.typst import DocumentBroken, FontsMissing, printable, render_pdf


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(typst, "PACKAGE", tmp_path)
    path = tmp_path / "paper.typ"
    path.write_text('#set text(font: "Noto Sans SC")\n#json(bytes(sys.inputs.data)).remark', encoding="utf-8")
    return path


MARKUP = '#set page(fill: red) *bold* $x^2$ #read("/etc/passwd") <script> = 标题'


def test_markup_in_data_is_printed_and_not_obeyed(template: Path) -> None:
    assert text_of(render_pdf(template, {"remark": MARKUP})).strip() == MARKUP


def test_what_cannot_be_printed_is_left_out() -> None:
    assert printable({"a": ["x\u202ey\x07z\ud800", 3]}) == {"a": ["xyz\ufffd", 3]}


def test_the_same_data_gives_the_same_paper(template: Path) -> None:
    assert text_of(render_pdf(template, {"remark": "一"})) == text_of(render_pdf(template, {"remark": "一"}))


def test_missing_fonts_are_said_with_the_remedy(template: Path, tmp_path: Path) -> None:
    with override_settings(SHOPKEEPER_FONT_DIR=tmp_path / "nowhere"), pytest.raises(FontsMissing) as missing:
        render_pdf(template, {"remark": ""})
    assert "make assets" in str(missing.value)
    assert "字体" in str(missing.value)


def test_a_broken_template_is_named_without_its_data(template: Path) -> None:
    template.write_text("#json(bytes(sys.inputs.data)).absent", encoding="utf-8")
    with pytest.raises(DocumentBroken, match=r"paper\.typ") as broken:
        render_pdf(template, {"remark": "13812341234"})
    assert "13812341234" not in str(broken.value)
