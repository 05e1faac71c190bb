"""M2.1: the colours a picture is made of, and how far they are from the brand's. Distances are ΔE (CIE 1976)."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

WORKING_SIDE = 200
DOMINANT = 8
HEX = re.compile(r"#[0-9a-f]{6}")
Floats = NDArray[np.float64]
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])  # D65
_EDGE = 6 / 29


@dataclass(frozen=True, slots=True)
class Shade:
    """One of a picture's dominant colours: #rrggbb, its share of the area (0–1)."""

    colour: str
    share: float


def read_colour(text: str) -> str:
    """#rrggbb in lower case; empty where the text is no colour."""
    plain = text.strip().lower()
    plain = plain if plain.startswith("#") else f"#{plain}"
    return plain if HEX.fullmatch(plain) else ""


def dominant(content: bytes) -> tuple[Shade, ...]:
    """The colours that a picture known to open is made of, the largest share first."""
    with Image.open(io.BytesIO(content)) as image:
        image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
        small = image.convert("RGB")
        small.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    reduced = small.quantize(DOMINANT, Image.Quantize.MEDIANCUT, kmeans=1)
    palette = reduced.getpalette() or []
    counted = sorted(((count, index) for count, index in _counts(reduced)), key=lambda one: (-one[0], one[1]))
    total = small.width * small.height
    return tuple(
        Shade("#{:02x}{:02x}{:02x}".format(*palette[3 * index : 3 * index + 3]), round(count / total, 4))
        for count, index in counted
    )


def _counts(reduced: Image.Image) -> list[tuple[int, int]]:
    numbers, counts = np.unique(np.asarray(reduced), return_counts=True)
    return [(int(count), int(number)) for number, count in zip(numbers, counts, strict=True)]


def lab(colour: str) -> Floats:
    """A colour in CIE L*a*b* under daylight."""
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    scaled = _TO_XYZ @ linear / _WHITE
    f = np.where(scaled > _EDGE**3, np.cbrt(scaled), scaled / (3 * _EDGE**2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str) -> float:
    """ΔE between two colours: about 2 can just be seen, 25 is another shade, 100 black against white."""
    return float(np.linalg.norm(lab(one) - lab(other)))


def nearest(colour: str, brand: Sequence[str]) -> float:
    """How far a colour is from the closest of the brand's."""
    return min(distance(colour, own) for own in brand)


def brand_share(shades: Sequence[Shade], brand: Sequence[str], most: int) -> tuple[float, float]:
    """The share of a picture within `most` ΔE of a brand colour (0–1), and the least distance of any of its colours."""
    if not shades or not brand:
        return 0.0, 0.0
    distances = [nearest(shade.colour, brand) for shade in shades]
    inside = sum(shade.share for shade, far in zip(shades, distances, strict=True) if far <= most)
    return min(1.0, round(inside, 4)), round(min(distances), 1)
