"""What customers photograph when something is wrong: on a table, a little out of focus, as such pictures are."""

import math
from collections.abc import Callable
from functools import cache

from shopkeeper.simulator.drawings import craft, food, home, tea, wear
from shopkeeper.simulator.drawings.canvas import (
    SIDE,
    Canvas,
    Colour,
    box,
    darker,
    lighter,
    mixed,
    oval,
    smooth,
)

TABLE: Colour = (172, 138, 102)
CARD: Colour = (190, 150, 104)
CLAY: Colour = (150, 74, 48)


def _table(sheet: Canvas, wood: Colour = TABLE) -> None:
    """Boards, seen from above."""
    for board in range(5):
        top = board * 160
        shade = mixed(wood, (90, 60, 40), 0.06 + board % 3 * 0.05)
        sheet.fill(box(0, top, SIDE, top + 158), ((0, lighter(shade, 0.1)), (1, darker(shade, 0.08))), down=True)
        for grain in range(4):
            y = top + 24 + grain * 34
            wave = [(x, y + (5 if x % 400 else -6)) for x in range(0, SIDE + 1, 200)]
            sheet.stroke(smooth(wave, closed=False), 1.6, darker(shade, 0.13))


def broken_spout(sheet: Canvas) -> None:
    """A teapot whose spout has come off, the pieces before it."""
    _table(sheet)
    tea.teapot(sheet, CLAY, has_spout=False)
    sheet.fill(smooth([(214, 388), (176, 404), (168, 448), (186, 496), (214, 512), (210, 450)]), (206, 128, 92))
    sheet.fill(smooth([(206, 408), (188, 424), (186, 456), (200, 486), (204, 450)]), darker(CLAY, 0.5))
    for x, y, size in ((150, 660, 38), (226, 704, 26), (98, 724, 20), (300, 690, 14)):
        shard = [
            (x, y - size),
            (x + size, y - size * 0.3),
            (x + size * 0.5, y + size * 0.7),
            (x - size * 0.8, y + size * 0.3),
        ]
        sheet.fill([(px + 5, py + 7) for px, py in shard], darker(TABLE, 0.4))
        sheet.fill(shard, (206, 128, 92))
        sheet.fill([(px * 0.9 + x * 0.1, py * 0.8 + y * 0.2 - 3) for px, py in shard], CLAY)


def chipped_bowl(sheet: Canvas) -> None:
    """A lidded bowl with a crack from a chipped rim."""
    _table(sheet, (150, 146, 140))
    tea.gaiwan(sheet)
    sheet.fill([(520, 330), (560, 318), (590, 336), (566, 360), (540, 352)], (150, 146, 140))
    crack = [(552, 352), (528, 396), (540, 430), (500, 480), (506, 520), (470, 566)]
    sheet.stroke(crack, 4, (70, 62, 60))
    sheet.stroke([(528, 396), (500, 402), (486, 424)], 2.6, (70, 62, 60))


def crushed_parcel(sheet: Canvas) -> None:
    """A parcel with a corner pressed in and the tape torn."""
    _table(sheet, (128, 124, 120))
    sheet.shadow(420, 640, 320, 60, 0.7)
    front = [(120, 330), (560, 360), (552, 664), (300, 650), (210, 596), (128, 610)]
    side = [(560, 360), (700, 270), (690, 560), (552, 664)]
    lid = [(120, 330), (290, 226), (700, 270), (560, 360), (400, 352)]
    sheet.fill(front, ((0, darker(CARD, 0.08)), (0.6, lighter(CARD, 0.1)), (1, CARD)))
    sheet.fill(side, darker(CARD, 0.24))
    sheet.fill(lid, lighter(CARD, 0.2))
    sheet.fill([(300, 342), (352, 346), (348, 654), (306, 650)], (218, 200, 150))
    sheet.fill([(300, 342), (440, 238), (500, 246), (352, 346)], (228, 214, 170))
    for dent in (((128, 610), (200, 560), (190, 500), (132, 470)), ((132, 470), (196, 480), (240, 540), (210, 596))):
        sheet.fill(dent, darker(CARD, 0.34))
    for fold in (
        [(190, 500), (280, 470), (300, 420)],
        [(210, 596), (290, 560), (306, 500)],
        [(150, 340), (200, 400), (180, 440)],
    ):
        sheet.stroke(smooth(fold, closed=False), 5, darker(CARD, 0.3))
    sheet.fill(box(390, 420, 520, 560, corner=4), (240, 240, 236))
    for row in range(5):
        sheet.fill(box(404, 440 + row * 22, 506 - row % 3 * 18, 448 + row * 22), (150, 150, 150))


def loose_seam(sheet: Canvas) -> None:
    """A shirt with a seam that has come open."""
    _table(sheet, (206, 196, 180))
    wear.shirt(sheet, (52, 62, 92))
    gap = smooth([(540, 420), (556, 470), (552, 540), (536, 500)])
    sheet.fill(gap, (206, 196, 180))
    for y in (430, 452, 474, 496, 518):
        sheet.stroke(smooth([(534, y), (560, y + 12), (584, y + 4)], closed=False), 2.2, (220, 220, 224))


def _tagged(drawing: Callable[[Canvas], None], x: float, y: float) -> Callable[[Canvas], None]:
    """Goods as good as new on a cloth, their tag still on."""

    def draw(sheet: Canvas) -> None:
        _table(sheet, (206, 196, 180))
        drawing(sheet)
        sheet.stroke(smooth([(x, y), (x + 38, y + 40), (x + 50, y + 90)], closed=False), 2.4, (120, 120, 120))
        sheet.fill(box(x + 16, y + 90, x + 98, y + 220, corner=6), (250, 250, 248))
        sheet.fill(oval(x + 56, y + 106, 7, 7), (120, 120, 120))
        for row in range(4):
            sheet.fill(box(x + 32, y + 134 + row * 18, x + 82 - row % 2 * 14, y + 140 + row * 18), (130, 130, 134))
        sheet.fill(box(x + 32, y + 204, x + 82, y + 210), (170, 50, 44))

    return draw


def leaking_jar(sheet: Canvas) -> None:
    """A jar of honey that has run out over the table."""
    _table(sheet)
    amber: Colour = (206, 128, 26)
    sheet.fill(
        smooth([(120, 640), (250, 600), (420, 640), (640, 620), (720, 680), (560, 740), (300, 730), (150, 710)]), amber
    )
    food.honey(sheet)
    for x, low in ((250, 690), (430, 706), (520, 680)):
        sheet.fill(smooth([(x, 330), (x + 12, 520), (x + 10, low), (x - 8, low), (x - 10, 520)]), lighter(amber, 0.2))


def two_boxes(sheet: Canvas) -> None:
    """What was in the parcel: socks of two boxes instead of three."""
    _table(sheet, (128, 124, 120))
    wear.socks(sheet)


def two_prices(sheet: Canvas) -> None:
    """A telephone that shows the goods at a lower price than was paid."""
    _table(sheet)
    sheet.shadow(410, 430, 210, 330, 0.6)
    sheet.fill(box(210, 90, 590, 730, corner=40), (34, 34, 38))
    sheet.fill(box(228, 112, 572, 708, corner=24), (250, 250, 250))
    sheet.fill(box(228, 112, 572, 420), (232, 236, 228))
    for turn in range(5):
        sheet.fill(oval(400, 330 - turn * 26, 90 - turn * 12, 30), lighter((62, 104, 70), turn * 0.1))
    sheet.fill(box(252, 450, 420, 486, corner=4), (206, 54, 44))
    sheet.fill(box(436, 460, 520, 480, corner=4), (190, 190, 190))
    sheet.stroke([(432, 470), (524, 470)], 3, (120, 120, 120))
    for row in range(4):
        sheet.fill(box(252, 516 + row * 34, 540 - row % 3 * 60, 530 + row * 34, corner=4), (210, 210, 212))
    sheet.fill(box(252, 656, 548, 692, corner=18), (206, 54, 44))


def stale_nuts(sheet: Canvas) -> None:
    """An opened bag with dark kernels."""
    _table(sheet, (120, 132, 140))
    sheet.fill(smooth([(150, 200), (640, 170), (680, 620), (420, 690), (130, 640)]), (214, 186, 146))
    sheet.fill(smooth([(200, 250), (600, 226), (628, 560), (420, 620), (180, 580)]), (120, 92, 66))
    for number in range(44):
        spread = 6.2 * math.sqrt(number)
        x, y = 402 + spread * 4.6 * math.cos(number * 2.4), 424 + spread * 3.7 * math.sin(number * 2.4)
        tint = (96, 62, 40) if number % 3 else (52, 40, 36)
        sheet.fill(oval(x, y + 4, 30, 22, turn=number * 40), darker(tint, 0.4))
        sheet.fill(oval(x, y, 29, 21, turn=number * 40), lighter(tint, 0.12))


SHOTS: dict[str, Callable[[Canvas], None]] = {
    "broken_spout": broken_spout,
    "chipped_bowl": chipped_bowl,
    "crushed_parcel": crushed_parcel,
    "loose_seam": loose_seam,
    "tagged_shirt": _tagged(wear.shirt, 402, 210),
    "tagged_scarf": _tagged(wear.scarf, 560, 420),
    "tagged_fan": _tagged(craft.fan, 420, 500),
    "tagged_wok": _tagged(home.wok, 640, 400),
    "leaking_jar": leaking_jar,
    "two_boxes": two_boxes,
    "two_prices": two_prices,
    "stale_nuts": stale_nuts,
}


@cache
def photograph(name: str, *, blur: float = 0.8) -> bytes:
    """A customer's picture; JPEG bytes. With more blur it is one of those that show nothing."""
    sheet = Canvas(TABLE)
    SHOTS[name](sheet)
    return sheet.jpeg(blur=blur)
