"""P2.2: what inspecting an 800 × 800 picture takes, without and (with the extra installed) with reading text off it."""

import io
import random
import time
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.products.listing.rules.overlay import can_read, with_overlay
from shopkeeper.flows.products.listing.rules.pictures import Thresholds, judge, measure

SIDE = 800
PICTURES = 60
READ = 8
PROMISED_S = 0.2
PROMISED_READING_S = 1.5
PLATFORMS = ("taobao", "tmall", "jd", "pinduoduo", "douyin")
LIMITS = Thresholds(sharpness=60, white_level=250, white_border=98, subject_least=30, text_most=1)


def _picture(seed: int) -> bytes:
    """Something patterned on white, as a shop's main picture is."""
    chance = random.Random(seed)  # noqa: S311
    image = Image.new("RGB", (SIDE, SIDE), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 120, 680, 680), fill=(60, 90, 160))
    for _ in range(400):
        x, y = chance.uniform(120, 670), chance.uniform(120, 670)
        draw.rectangle((x, y, x + 9, y + 9), fill=(chance.randrange(256), chance.randrange(256), 90))
    content = io.BytesIO()
    image.save(content, "JPEG", quality=92)
    return content.getvalue()


def measure_all(look: Callable[[bytes], object], pictures: Sequence[bytes]) -> float:
    """Seconds per picture, one after the other in one thread."""
    look(pictures[0])
    began = time.perf_counter()
    for content in pictures:
        look(content)
    return (time.perf_counter() - began) / len(pictures)


def measures() -> Sequence[Measured]:
    """Each beside what was promised."""
    pictures = [_picture(seed) for seed in range(PICTURES)]
    seconds = measure_all(lambda c: judge(measure(c, "a.jpg", 250), "main", PLATFORMS, LIMITS), pictures)
    found = [_figure("picture inspected", seconds, PROMISED_S)]
    if can_read():
        reading = measure_all(lambda c: with_overlay(measure(c, "a.jpg", 250), c), pictures[:READ])
        found.append(_figure("picture inspected, text read", reading, PROMISED_READING_S))
    return found


def _figure(name: str, seconds: float, promised: float) -> Measured:
    return Measured(name, seconds * 1_000, "ms", promised * 1_000, "promised", seconds <= promised)
