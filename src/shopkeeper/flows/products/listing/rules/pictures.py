"""P2.2: a picture's own pixels: measured once, then held against each platform's limits. Values in, findings out.

Whatever the file is called, its content decides. Its size in pixels is read before anything is decoded, so a
picture made to burst is refused without being opened up. Measured on a copy of at most `WORKING_SIDE` pixels a
side, so that memory and time do not grow with the picture.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from shopkeeper.flows.products.listing.rules.findings import Facts, Finding
from shopkeeper.flows.products.listing.rules.platforms import MB, RULES, PictureLimits, known
from shopkeeper.flows.products.listing.states import ImageRole

MOST_PIXELS = 50_000_000
WORKING_SIDE = 1_600
SHARPNESS_SIDE = 800
RATIO_SLACK = 0.01
CORNER = 0.05  # of the shorter side
BORDER = 0.02
SUFFIXES = {"jpg": "jpeg", "jpeg": "jpeg", "jpe": "jpeg", "png": "png", "gif": "gif", "webp": "webp", "bmp": "bmp"}
KINDS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "BMP": "bmp"}
# What Pillow raises for broken content depends on the format and on where it breaks.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, OverflowError)
Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the policy wants of pictures; shares in percent."""

    sharpness: int
    white_level: int
    white_border: int
    subject_least: int
    text_most: int


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured. Shares are 0–1. `text_share` None: nobody looked for text. `trouble` empty: it opened."""

    kind: str = ""
    bytes: int = 0
    width: int = 0
    height: int = 0
    frames: int = 1
    mode: str = ""
    has_alpha: bool = False
    sharpness: float = 0.0
    white_border: float = 0.0
    white_corner: float = 0.0
    subject: float = 0.0
    text_share: float | None = None
    text: str = ""
    has_code: bool = False
    mislabelled: str = ""
    trouble: str = ""

    def plain(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def measures_of(plain: dict[str, Any]) -> Measures:
    """Stored measures again; what a later version measures besides keeps its default."""
    return Measures(**{name: value for name, value in plain.items() if name in Measures.__dataclass_fields__})


def measure(content: bytes, name: str, white_level: int) -> Measures:
    """Measure a picture. Never raises for a bad one: `trouble` says what kept it from being measured."""
    size = len(content)
    try:
        with Image.open(io.BytesIO(content)) as image:
            kind = KINDS.get(image.format or "", "")
            facts: dict[str, Any] = {"kind": kind, "bytes": size, "width": image.width, "height": image.height}
            if image.width * image.height > MOST_PIXELS:
                return Measures(**facts, trouble="picture_enormous")
            if not kind:
                return Measures(**facts, trouble="picture_kind_unknown")
            facts |= {
                "frames": int(getattr(image, "n_frames", 1)),
                "mode": image.mode,
                "has_alpha": "A" in image.mode or "transparency" in image.info,
                "mislabelled": _mislabelled(name, kind),
            }
            return Measures(**facts, **_look(_opened(image), white_level))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Measures(bytes=size, trouble="picture_enormous")
    except UnidentifiedImageError:
        return Measures(bytes=size, trouble="picture_kind_unknown")
    except _BROKEN:
        return Measures(bytes=size, trouble="picture_damaged")


def _mislabelled(name: str, kind: str) -> str:
    """The ending of a file's name where it claims another kind than the content is."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return ending if ending and SUFFIXES.get(ending, ending) != kind else ""


def _opened(image: Image.Image) -> Image.Image:
    """The whole first frame, decoded to the end, as colours on white, at working size."""
    image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
    image.load()
    if "A" in image.mode or "transparency" in image.info:
        over = image.convert("RGBA")
        flat = Image.new("RGBA", over.size, "white")
        flat.alpha_composite(over)
        plain = flat.convert("RGB")
    else:
        plain = image.convert("RGB")
    if max(plain.size) > WORKING_SIDE:
        plain.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    return plain


def _look(image: Image.Image, white_level: int) -> dict[str, Any]:
    pixels: Pixels = np.asarray(image)
    white: Mask = pixels.min(axis=2) >= white_level
    box = _subject_box(white)
    height, width = white.shape
    share = max((box[1] - box[0]) / height, (box[3] - box[2]) / width)
    return {
        "sharpness": round(_sharpness(image, box), 1),
        "white_border": round(_border_share(white), 4),
        "white_corner": round(_corner_share(white), 4),
        "subject": round(share, 4),
    }


def _border_share(white: Mask) -> float:
    """The share of white along the edge."""
    height, width = white.shape
    edge = max(1, round(min(height, width) * BORDER))
    if min(height, width) <= 2 * edge:
        return float(white.mean())
    inner = white[edge:-edge, edge:-edge]
    return float((white.sum() - inner.sum()) / (white.size - inner.size))


def _corner_share(white: Mask) -> float:
    """The share of white in the worst of the four corners: a logo usually sits in one."""
    side = max(1, round(min(white.shape) * CORNER))
    corners = (white[:side, :side], white[:side, -side:], white[-side:, :side], white[-side:, -side:])
    return min(float(corner.mean()) for corner in corners)


def _subject_box(white: Mask) -> tuple[int, int, int, int]:
    """The rows and columns between which everything not white lies; the whole picture where all is white."""
    rows, columns = np.flatnonzero(~white.all(axis=1)), np.flatnonzero(~white.all(axis=0))
    if not len(rows):
        return 0, 0, 0, 0
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _sharpness(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    """Variance of the Laplacian of the goods themselves; a blurred picture has few steep edges."""
    top, bottom, left, right = box
    if bottom - top < 3 or right - left < 3:
        return 0.0
    grey = image.crop((left, top, right, bottom)).convert("L")
    grey.thumbnail((SHARPNESS_SIDE, SHARPNESS_SIDE), Image.Resampling.BILINEAR)
    if min(grey.size) < 3:
        return 0.0
    g = np.asarray(grey, dtype=np.float32)
    laplacian = g[:-2, 1:-1] + g[2:, 1:-1] + g[1:-1, :-2] + g[1:-1, 2:] - 4 * g[1:-1, 1:-1]
    return float(laplacian.var())


def judge(measures: Measures, role: str, platforms: Sequence[str], thresholds: Thresholds) -> list[Finding]:
    """Every finding about one picture: measured value and limit in its facts, the platform where it is one's own."""
    if measures.trouble:
        megapixels = round(measures.width * measures.height / 1e6, 1)
        facts: Facts = {"megapixels": megapixels, "limit": MOST_PIXELS // 1_000_000}
        return [Finding(measures.trouble, "file", facts)]
    findings = _of_itself(measures, thresholds)
    limits = {platform: RULES[platform].pictures[role] for platform in known(list(platforms))}
    for platform, limit in limits.items():
        findings += _of_platform(measures, platform, limit)
    if any(limit.white for limit in limits.values()) or (role == ImageRole.MAIN and not limits):
        findings += _of_main(measures, thresholds)
    if measures.text_share is None:
        findings.append(Finding("picture_text_not_checked", "pixels", level="advice"))
    return findings


def _of_itself(measures: Measures, thresholds: Thresholds) -> list[Finding]:
    findings = []
    if measures.mislabelled:
        facts: Facts = {"name": measures.mislabelled, "kind": measures.kind}
        findings.append(Finding("picture_mislabelled", "file", facts))
    if measures.frames > 1:
        findings.append(Finding("picture_animated", "file", {"frames": measures.frames}))
    if measures.mode == "CMYK":
        findings.append(Finding("picture_cmyk", "file"))
    if measures.sharpness < thresholds.sharpness:
        facts = {"measured": measures.sharpness, "limit": thresholds.sharpness}
        findings.append(Finding("picture_blurred", "pixels", facts))
    if measures.has_code:
        findings.append(Finding("picture_has_code", "pixels"))
    return findings


def _of_platform(measures: Measures, platform: str, limit: PictureLimits) -> list[Finding]:
    """Kind, bytes, pixels and ratio as this platform wants them."""
    width, height = measures.width, measures.height
    size = f"{width} × {height}"
    checks = (
        (measures.kind not in limit.kinds, "picture_kind", measures.kind, "/".join(sorted(limit.kinds))),
        (measures.bytes > limit.most_bytes, "picture_bytes", _mb(measures.bytes), _mb(limit.most_bytes)),
        (min(width, height) < limit.least_side, "picture_small", size, f"{limit.least_side} × {limit.least_side}"),
        (width < limit.least_width, "picture_narrow", width, limit.least_width),
        (bool(limit.most_width) and width > limit.most_width, "picture_wide", width, limit.most_width),
        (bool(limit.most_height) and height > limit.most_height, "picture_tall", height, limit.most_height),
        (_off_ratio(width, height, limit.ratio), "picture_ratio", size, f"{limit.ratio:g}:1"),
    )
    return [
        Finding(code, "file", {"platform": platform, "measured": measured, "limit": wanted})
        for broken, code, measured, wanted in checks
        if broken
    ]


def _mb(size: int) -> str:
    return f"{size / MB:.1f} MB"


def _off_ratio(width: int, height: int, ratio: float) -> bool:
    return bool(ratio) and abs(width / height - ratio) > RATIO_SLACK * ratio


def _of_main(measures: Measures, thresholds: Thresholds) -> list[Finding]:
    """The main picture: on white to the edge, the goods large enough, nothing written on it."""
    findings = []
    border, corner = round(measures.white_border * 100, 1), round(measures.white_corner * 100, 1)
    if border < thresholds.white_border:
        findings.append(Finding("picture_not_white", "pixels", {"measured": border, "limit": thresholds.white_border}))
    elif corner < thresholds.white_border:
        findings.append(Finding("picture_corner", "pixels", {"measured": corner, "limit": thresholds.white_border}))
    subject = round(measures.subject * 100, 1)
    if subject < thresholds.subject_least:
        facts: Facts = {"measured": subject, "limit": thresholds.subject_least}
        findings.append(Finding("picture_subject_small", "pixels", facts))
    share = round((measures.text_share or 0) * 100, 1)
    if share > thresholds.text_most:
        findings.append(Finding("picture_has_text", "pixels", {"measured": share, "limit": thresholds.text_most}))
    return findings


def thumbnail(content: bytes, side: int = 160) -> bytes | None:
    """A small JPEG copy; None for what does not open or is too large to be opened."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            copy = _opened(image)
            copy.thumbnail((side, side), Image.Resampling.BILINEAR)
            target = io.BytesIO()
            copy.save(target, "JPEG", quality=80)
            return target.getvalue()
    except (*_BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
