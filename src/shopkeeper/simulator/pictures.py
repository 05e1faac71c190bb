"""Pictures of goods, drawn: on white, one subject, nothing that could be read as writing. JPEG bytes."""

import colorsys
import io

from PIL import Image, ImageDraw

SIDE = 800


def drawn(number: int, *, side: int = SIDE, ground: str = "white") -> bytes:
    """A bowl in a colour of its own with a pattern of diamonds; the same number always draws the same picture."""
    hue = number * 37 % 360 / 360
    body, pattern = (_colour(hue, value) for value in (0.45, 0.75))
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(picture)
    lean = 10 + number % 4 * 10
    pen.polygon([(110, 190), (690, 190), (600 - lean, 650), (200 + lean, 650)], fill=body)
    for down in range(250, 650, 80):
        for across in range(240 + lean, 580 - lean, 56):
            diamond = [(across, down), (across + 14, down + 18), (across, down + 36), (across - 14, down + 18)]
            pen.polygon(diamond, fill=pattern)
    if side != SIDE:
        picture = picture.resize((side, side))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _colour(hue: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.55, value)
    return int(red * 255), int(green * 255), int(blue * 255)
