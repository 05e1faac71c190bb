"""Posters of the demo's campaigns: the brand's colour, a round light, the goods. What they say is set beside them."""

import io
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shopkeeper.simulator.drawings.canvas import QUALITY
from shopkeeper.simulator.drawings.goods import main_picture

WIDTH, HEIGHT = 1_200, 600


def poster(code: str, brand: Sequence[str]) -> bytes:
    """A wide poster of a product of the catalogue on the first of the brand's colours, the second as its edge; JPEG."""
    ground, edge = brand[0], brand[1]
    sheet = Image.new("RGB", (WIDTH, HEIGHT), ground)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, HEIGHT - 26, WIDTH, HEIGHT), fill=edge)
    pen.ellipse((92, 180, 108, 196), fill=edge)
    for place, width in enumerate((420, 300, 210)):
        top = 220 + 74 * place
        pen.rounded_rectangle((92, top, 92 + width, top + (44 if place == 0 else 22)), radius=10, fill=edge)
    disc = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(disc).ellipse((632, 26, 1_168, 562), fill=255)
    sheet.paste(Image.new("RGB", sheet.size, "#ffffff"), (0, 0), disc.filter(ImageFilter.GaussianBlur(2)))
    with Image.open(io.BytesIO(main_picture(code))) as picture:
        goods = picture.convert("RGB").resize((420, 420), Image.Resampling.LANCZOS)
    part = (690, 84, 1_110, 504)
    sheet.paste(ImageChops.multiply(sheet.crop(part), goods), part)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
