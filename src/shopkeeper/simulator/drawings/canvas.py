"""A sheet to draw on: smooth outlines, shaded fills, round bodies, soft shadows. 800 units a side, drawn twice as fine.

Colours are (red, green, blue); a fill is one colour or stops of a gradient, downwards or across.
"""

import colorsys
import io
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 800
FINE = 2
QUALITY = 90
Colour = tuple[int, int, int]
Point = tuple[float, float]
Outline = Sequence[Point]
Stops = Sequence[tuple[float, Colour]]
WHITE: Colour = (255, 255, 255)
SHADE: Colour = (150, 150, 158)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """One colour with a share of another."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def lighter(colour: Colour, share: float = 0.35) -> Colour:
    return mixed(colour, WHITE, share)


def darker(colour: Colour, share: float = 0.35) -> Colour:
    return mixed(colour, (20, 16, 24), share)


def hue(degrees: float, fullness: float = 0.5, value: float = 0.7) -> Colour:
    """A colour by its place on the wheel."""
    red, green, blue = colorsys.hsv_to_rgb(degrees % 360 / 360, fullness, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def smooth(points: Outline, *, closed: bool = True, pieces: int = 10) -> list[Point]:
    """A curve through the points (Catmull–Rom)."""
    n = len(points)
    found: list[Point] = []
    for i in range(n if closed else n - 1):
        around = [points[k % n] if closed else points[min(max(k, 0), n - 1)] for k in range(i - 1, i + 3)]
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = around
        for step in range(pieces):
            t = step / pieces
            a, b, c = -t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3
            d = -(t**2) + t**3
            found.append(((a * x0 + b * x1 + c * x2 + d * x3) / 2, (a * y0 + b * y1 + c * y2 + d * y3) / 2))
    if not closed:
        found.append(points[-1])
    return found


def oval(x: float, y: float, across: float, down: float, *, turn: float = 0.0) -> list[Point]:
    """An ellipse by its middle and half axes; `turn` in degrees."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    around = [(across * math.cos(a), down * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 72, endpoint=False)]
    return [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in around]


def box(left: float, top: float, right: float, bottom: float, *, corner: float = 0.0) -> list[Point]:
    """A rectangle, its corners rounded."""
    found: list[Point] = []
    for x, y, start in ((right, top, -90), (right, bottom, 0), (left, bottom, 90), (left, top, 180)):
        middle_x = x - corner if x == right else x + corner
        middle_y = y + corner if y == top else y - corner
        for degrees in range(start, start + 91, 15):
            angle = math.radians(degrees)
            found.append((middle_x + corner * math.cos(angle), middle_y + corner * math.sin(angle)))
    return found


def turned(points: Outline, x: float, y: float, degrees: float) -> list[Point]:
    """Points turned about a middle."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(x + (px - x) * cos - (py - y) * sin, y + (px - x) * sin + (py - y) * cos) for px, py in points]


def body(x: float, profile: Sequence[Point]) -> list[Point]:
    """What turns on a wheel: half widths by height (height, half width), from the top down."""
    right = smooth([(x + width, height) for height, width in profile], closed=False)
    return [*right, *((2 * x - px, py) for px, py in reversed(right))]


def glazed(colour: Colour, shine: float = 0.5) -> Stops:
    """How light falls on a round body, from the left across."""
    return (
        (0.0, darker(colour, 0.30)),
        (0.16, colour),
        (0.30, lighter(colour, shine)),
        (0.44, lighter(colour, shine * 0.25)),
        (0.78, darker(colour, 0.12)),
        (1.0, darker(colour, 0.45)),
    )


class Canvas:
    """One picture while it is drawn."""

    def __init__(self, ground: Colour = WHITE) -> None:
        self._image = Image.new("RGB", (SIDE * FINE, SIDE * FINE), ground)
        self._shade = SHADE if ground == WHITE else darker(ground, 0.55)

    def fill(self, outline: Outline, paint: Colour | Stops, *, down: bool = False) -> None:
        """Fill an outline; gradients run across, or `down`."""
        points = [(x * FINE, y * FINE) for x, y in outline]
        left, top = (max(math.floor(min(p[i] for p in points)), 0) for i in (0, 1))
        right, bottom = (min(math.ceil(max(p[i] for p in points)) + 1, SIDE * FINE) for i in (0, 1))
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in points], fill=255)
        self._image.paste(_sheet(paint, mask.size, down=down), (left, top), mask)

    def stroke(self, points: Outline, width: float, colour: Colour) -> None:
        """A line with round ends."""
        pen = ImageDraw.Draw(self._image)
        fine = [(x * FINE, y * FINE) for x, y in points]
        pen.line(fine, fill=colour, width=max(round(width * FINE), 1), joint="curve")
        half = width * FINE / 2
        for x, y in (fine[0], fine[-1]):
            pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    def shadow(self, x: float, y: float, across: float, down: float, strength: float = 0.55) -> None:
        """A soft shadow on the ground."""
        self._image.paste(self._shade, (0, 0), _soft(x, y, across, down, strength))

    def glow(self, x: float, y: float, across: float, down: float, strength: float = 0.5) -> None:
        """A soft light on what is drawn already."""
        self._image.paste(WHITE, (0, 0), _soft(x, y, across, down, strength))

    def jpeg(self, *, blur: float = 0.0) -> bytes:
        """The picture as it is sent."""
        picture = self._image.reduce(FINE)
        if blur:
            picture = picture.filter(ImageFilter.GaussianBlur(blur))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=QUALITY)
        return out.getvalue()


def _sheet(paint: Colour | Stops, size: tuple[int, int], *, down: bool) -> Image.Image:
    if isinstance(paint[0], int):
        return Image.new("RGB", size, tuple(paint))  # type: ignore[arg-type]  # told apart by its first value
    places = [stop[0] for stop in paint]  # type: ignore[index]
    along = np.linspace(0, 1, size[1] if down else size[0])
    bands = [np.interp(along, places, [stop[1][band] for stop in paint]) for band in range(3)]  # type: ignore[index]
    ramp = np.stack(bands, axis=1).round().astype(np.uint8)
    strip = Image.fromarray(ramp[:, None, :] if down else ramp[None, :, :])
    return strip.resize(size, Image.Resampling.NEAREST)


@lru_cache(maxsize=64)
def _soft(x: float, y: float, across: float, down: float, strength: float) -> Image.Image:
    coarse = 4
    small = Image.new("L", (SIDE // coarse, SIDE // coarse))
    place = [(x - across) / coarse, (y - down) / coarse, (x + across) / coarse, (y + down) / coarse]
    ImageDraw.Draw(small).ellipse(place, fill=round(255 * strength))
    blurred = small.filter(ImageFilter.GaussianBlur(max(min(across, down) / coarse * 0.45, 2.0)))
    return blurred.resize((SIDE * FINE, SIDE * FINE), Image.Resampling.BILINEAR)
