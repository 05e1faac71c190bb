"""PDF through Typst. Templates are code of ours; data reaches them as JSON and is never read as markup."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

PACKAGE = Path(__file__).resolve().parents[2]
FAMILY = "Noto Sans SC"

# Control characters break text, and direction overrides make a printed remark read as something else.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


class FontsMissing(RuntimeError):
    """No Chinese font where the documents look for it; the message says what to do."""


class DocumentBroken(RuntimeError):
    """A template could not be typeset: a fault of ours, never of the data's wording."""


def font_directory() -> Path:
    """Where the fonts are: the setting SHOPKEEPER_FONT_DIR, by default what the assets builder left there."""
    return Path(settings.SHOPKEEPER_FONT_DIR)


@lru_cache(maxsize=4)
def _fonts(directory: Path) -> typst.Fonts:
    paths = [directory] if directory.is_dir() else []
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    if FAMILY not in found.families():
        raise FontsMissing(
            f"No {FAMILY} font in {directory}. Run `make assets`, or set SHOPKEEPER_FONT_DIR to a folder "
            f"with its TTF files. / {directory} 中没有 {FAMILY} 字体：请运行 make assets，"
            "或用 SHOPKEEPER_FONT_DIR 指定 TTF 字体所在的文件夹。"
        )
    return found


def printable(value: Any) -> Any:
    """The same data with nothing in it that cannot be printed; text only loses invisible characters."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", _UNPRINTABLE.sub("", value))
    if isinstance(value, Mapping):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


def render_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Typeset one template with JSON-able data and return the PDF; safe to call from several threads.

    The template reads `json(bytes(sys.inputs.data))`. Raises FontsMissing or DocumentBroken.
    """
    inputs = {"data": json.dumps(printable(data), ensure_ascii=False)}
    compiler = typst.Compiler(root=PACKAGE, font_paths=_fonts(font_directory()), ignore_system_fonts=True)
    try:
        pdf = compiler.compile(template, format="pdf", sys_inputs=inputs, pdf_tags=False)
    except typst.TypstError as error:
        raise DocumentBroken(f"{template.name}: {error.message}") from None
    if not isinstance(pdf, bytes):
        raise DocumentBroken(f"{template.name}: no single PDF came out")
    return pdf
