"""Code 128 as bar widths, sized for thermal printers; drawing is the template's business (paper.typ)."""

from dataclasses import dataclass
from itertools import groupby

from barcode.charsets import code128 as charset
from barcode.codex import Code128

DOT_MM = 0.125  # one dot of a 203 dpi head: bars that are whole dots come out sharp
MIN_MODULE_MM = 0.25
MAX_MODULE_MM = 0.5
MIN_HEIGHT_MM = 10.0
QUIET_MODULES = 10
LONGEST = 48


class BarcodeRefused(ValueError):
    """The text cannot be a Code 128 of this width: empty, too long, or with characters it has no bars for."""


@dataclass(frozen=True, slots=True)
class Bars:
    """One encoded text: widths in modules, bar and space in turn, beginning and ending with a bar."""

    text: str
    widths: tuple[int, ...]
    module_mm: float

    @property
    def modules(self) -> int:
        """Width without the quiet zones."""
        return sum(self.widths)

    @property
    def width_mm(self) -> float:
        """Width on paper with a quiet zone of ten modules on each side."""
        return (self.modules + 2 * QUIET_MODULES) * self.module_mm

    def drawing(self) -> dict[str, object]:
        """What `barcode()` in paper.typ draws: every bar as [left, width] in mm, quiet zone included."""
        bars, at = [], QUIET_MODULES
        for position, width in enumerate(self.widths):
            if position % 2 == 0:
                bars.append([round(at * self.module_mm, 4), round(width * self.module_mm, 4)])
            at += width
        return {"text": self.text, "bars": bars, "width": round(self.width_mm, 4)}


def encode(text: str, room_mm: float, max_module_mm: float = MAX_MODULE_MM) -> Bars:
    """Encode a text with the widest module of whole printer dots that fits `room_mm`, quiet zones included.

    Raises BarcodeRefused when even the smallest readable module (0.25 mm) does not fit.
    """
    if not 1 <= len(text) <= LONGEST or any(character not in charset.ALL for character in text):
        raise BarcodeRefused(f"no Code 128 for a text of {len(text)} characters")
    if not text.isascii():
        raise BarcodeRefused("Code 128 has bars for ASCII only")
    pattern = Code128(text).build()[0]
    widths = tuple(len(list(run)) for _, run in groupby(pattern))
    modules = sum(widths) + 2 * QUIET_MODULES
    dots = min(int(room_mm / DOT_MM / modules + 1e-9), round(max_module_mm / DOT_MM))
    if dots * DOT_MM < MIN_MODULE_MM:
        raise BarcodeRefused(f"{len(text)} characters need {modules * MIN_MODULE_MM:.1f} mm, have {room_mm} mm")
    return Bars(text, widths, dots * DOT_MM)


def grouped(text: str, size: int = 4) -> str:
    """The human-readable line: letters first, then digits in groups, as couriers print it; else as it is."""
    digits = text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if not digits.isdigit():
        return text
    head = text[: len(text) - len(digits)]
    groups = [digits[i : i + size] for i in range(0, len(digits), size)]
    return " ".join([head, *groups] if head else groups)
