"""Crafts and the scholar's desk: a fan, a print, ink, brushes, paper."""

import math

from shopkeeper.simulator.drawings.canvas import (
    Canvas,
    Colour,
    body,
    box,
    darker,
    glazed,
    lighter,
    oval,
    smooth,
    turned,
)

BAMBOO: Colour = (190, 150, 96)
RED: Colour = (178, 44, 40)


def fan(sheet: Canvas, silk: Colour = (238, 230, 212), bloom: Colour = (206, 104, 128)) -> None:
    """A round silk fan painted with a lotus, a tassel at its handle."""
    sheet.shadow(410, 700, 120, 12, 0.35)
    sheet.fill(box(390, 480, 410, 690, corner=9), glazed(BAMBOO, 0.4))
    sheet.fill(oval(400, 300, 232, 232), darker(BAMBOO, 0.1))
    sheet.fill(oval(400, 300, 221, 221), ((0, darker(silk, 0.06)), (0.4, lighter(silk, 0.55)), (1, darker(silk, 0.1))))
    leaf: Colour = (88, 128, 98)
    for x, y, across, down in ((330, 420, 108, 34), (470, 440, 92, 28), (280, 372, 56, 18)):
        sheet.fill(oval(x, y, across, down), ((0, lighter(leaf, 0.25)), (1, darker(leaf, 0.15))))
        for n in range(-3, 4):
            sheet.stroke(
                [(x, y), (x + across * 0.85 * math.sin(n * 0.45), y + down * 0.8 * math.cos(n * 0.45))],
                1.4,
                lighter(leaf, 0.4),
            )
    sheet.stroke(smooth([(404, 424), (412, 350), (398, 280)], closed=False), 5, darker(leaf, 0.05))
    _lotus(sheet, 396, 262, bloom)
    sheet.stroke(smooth([(300, 376), (286, 310), (292, 262)], closed=False), 4, darker(leaf, 0.05))
    sheet.fill(
        smooth([(292, 262), (274, 236), (292, 204), (310, 236)]), ((0, lighter(bloom, 0.5)), (1, bloom)), down=True
    )
    sheet.stroke([*oval(400, 300, 226, 226), (626, 300)], 9, darker(BAMBOO, 0.2))
    sheet.fill(box(380, 508, 420, 530, corner=6), darker(BAMBOO, 0.35))
    sheet.stroke(smooth([(400, 690), (430, 704), (446, 720)], closed=False), 3, RED)
    for n in range(9):
        sheet.stroke([(446 + n, 716), (434 + n * 4, 762)], 2, darker(RED, n % 3 * 0.12))


def _lotus(sheet: Canvas, x: float, y: float, bloom: Colour) -> None:
    for angle, tall in ((-64, 84), (64, 84), (-38, 98), (38, 98), (-15, 106), (15, 106), (0, 92)):
        petal = smooth([(x, y + 26), (x - 27, y - tall * 0.35), (x, y - tall), (x + 27, y - tall * 0.35)])
        shade = ((0, bloom), (0.7, lighter(bloom, 0.55)), (1, lighter(bloom, 0.8)))
        sheet.fill(turned(petal, x, y + 26, angle), shade, down=True)
    sheet.fill(oval(x, y + 20, 26, 10), (226, 190, 92))


def print_(sheet: Canvas, ground: Colour = (244, 232, 206)) -> None:
    """A New Year print on a scroll: a carp among waves and lotus."""
    sheet.shadow(400, 716, 250, 14, 0.4)
    sheet.fill(box(176, 110, 624, 690), ((0, (186, 60, 48)), (1, (150, 40, 36))), down=True)
    sheet.fill(box(206, 150, 594, 650), ((0, lighter(ground, 0.2)), (1, darker(ground, 0.06))), down=True)
    for y in (98, 690):
        sheet.fill(box(150, y - 4, 650, y + 22, corner=10), glazed((120, 74, 46), 0.45))
    blue: Colour = (60, 106, 150)
    for row in range(4):
        for n in range(7):
            x, y = 232 + n * 56 + row % 2 * 28, 560 + row * 24
            for size in (26, 18, 10):
                ring = [(x + size * math.cos(a), y - size * math.sin(a)) for a in [i * math.pi / 10 for i in range(11)]]
                if x + size < 592:
                    sheet.stroke(ring, 3, lighter(blue, (26 - size) / 40))
    carp = smooth(
        [
            (262, 432),
            (330, 352),
            (440, 344),
            (510, 398),
            (560, 348),
            (574, 402),
            (560, 470),
            (508, 430),
            (432, 478),
            (330, 486),
        ]
    )
    sheet.fill(carp, ((0, (226, 98, 50)), (0.5, (240, 150, 70)), (1, (204, 70, 44))))
    sheet.fill(smooth([(360, 350), (420, 296), (470, 352)]), (204, 70, 44))
    for row in range(4):
        for n in range(6):
            x, y = 350 + n * 26 + row % 2 * 13, 376 + row * 25
            scale = [
                (x + 12 * math.cos(a), y + 12 * math.sin(a)) for a in [i * math.pi / 8 - math.pi / 2 for i in range(9)]
            ]
            sheet.stroke(scale, 2.4, (168, 50, 34))
    sheet.fill(oval(300, 412, 13, 13), (252, 246, 232))
    sheet.fill(oval(298, 412, 6, 6), (30, 26, 30))
    _lotus(sheet, 306, 260, (206, 90, 118))
    _lotus(sheet, 480, 250, (222, 126, 140))
    for x in (306, 480):
        sheet.fill(oval(x, 300, 70, 15), (92, 138, 96))


def ink(sheet: Canvas, soot: Colour = (44, 42, 50)) -> None:
    """Two sticks of ink with gilded landscapes, in an open box."""
    gold: Colour = (214, 176, 96)
    sheet.shadow(400, 664, 300, 26)
    sheet.fill(box(120, 210, 680, 640, corner=16), ((0, (120, 54, 44)), (1, (86, 36, 32))), down=True)
    sheet.fill(box(150, 240, 650, 610, corner=8), ((0, (224, 196, 132)), (1, (240, 216, 160))), down=True)
    for x in (230, 430):
        sheet.fill(box(x + 6, 284, x + 148, 582, corner=8), (190, 158, 98))
        sheet.fill(box(x, 274, x + 140, 572, corner=8), glazed(soot, 0.28))
        edge = box(x + 10, 284, x + 130, 562, corner=5)
        sheet.stroke([*edge, edge[0]], 2.4, gold)
        for n, (peak, tall) in enumerate(((36, 74), (72, 112), (106, 66))):
            hill = smooth(
                [(x + peak - 26, 470), (x + peak - 8, 470 - tall * 0.8), (x + peak, 470 - tall), (x + peak + 24, 470)],
                closed=False,
            )
            sheet.stroke(hill, 3.4, lighter(gold, n * 0.12))
        for y in (490, 508, 526):
            sheet.stroke(
                smooth([(x + 20, y), (x + 46, y - 7), (x + 76, y + 3), (x + 120, y - 4)], closed=False), 2.6, gold
            )
        sheet.fill(oval(x + 104, 326, 15, 15), lighter(gold, 0.2))


def brushes(sheet: Canvas, handle: Colour = (150, 104, 62)) -> None:
    """Three brushes of three sizes, side by side."""
    sheet.shadow(410, 690, 210, 16, 0.4)
    for x, half, top in ((250, 17, 96), (400, 22, 70), (552, 27, 96)):
        lean = (x - 400) / 26
        stick = box(x - half * 0.62, top, x + half * 0.62, 500, corner=7)
        sheet.fill(turned(stick, x, 500, lean), glazed(handle, 0.45))
        for y in (top + 26, top + 40):
            ring = box(x - half * 0.66, y, x + half * 0.66, y + 7)
            sheet.fill(turned(ring, x, 500, lean), glazed((210, 176, 112), 0.5))
        collar = body(x, [(478, half * 0.66), (500, half * 0.98), (526, half * 1.06)])
        sheet.fill(turned(collar, x, 500, lean), glazed((66, 46, 40), 0.4))
        hair = body(x, [(524, half * 1.02), (570, half * 1.35), (624, half * 0.98), (664, half * 0.34), (686, 1)])
        sheet.fill(turned(hair, x, 500, lean), ((0, (222, 206, 176)), (0.4, (250, 244, 230)), (1, (190, 168, 132))))
        tip = body(x, [(628, half * 0.92), (664, half * 0.34), (686, 1)])
        sheet.fill(turned(tip, x, 500, lean), ((0, (120, 92, 70)), (1, (70, 50, 42))))
        sheet.stroke(turned([(x, top), (x, top - 22)], x, 500, lean), 4, RED)


def paper(sheet: Canvas, rice: Colour = (246, 242, 230)) -> None:
    """A stack of rice paper, a roll of it before, tied with a ribbon."""
    sheet.shadow(400, 652, 310, 30)
    for n in range(12):
        y = 600 - n * 15
        lean = (n * 7 % 5 - 2) * 2
        quad = [(130 + lean, y), (520 + lean, y + 42), (680 + lean, y - 52), (300 + lean, y - 88)]
        sheet.fill([(x, py + 12) for x, py in quad], darker(rice, 0.22))
        sheet.fill(quad, ((0, darker(rice, 0.05)), (0.5, lighter(rice, 0.5)), (1, darker(rice, 0.04))))
    ribbon = [(306, 458), (360, 464), (520, 372), (470, 366)]
    sheet.fill(ribbon, ((0, darker(RED, 0.1)), (1, lighter(RED, 0.1))))
    sheet.fill([(306, 458), (360, 464), (364, 636), (310, 628)], darker(RED, 0.2))
    tube = [(190, 300), (560, 236), (572, 300), (204, 366)]
    sheet.fill(tube, ((0, darker(rice, 0.1)), (0.3, lighter(rice, 0.6)), (1, darker(rice, 0.24))), down=True)
    sheet.fill(oval(197, 333, 22, 34, turn=-10), darker(rice, 0.14))
    for size in (15, 9, 4):
        around = oval(197, 333, size, size * 1.55, turn=-10)
        sheet.stroke([*around, around[0]], 2, darker(rice, 0.4))
    sheet.fill([(352, 270), (386, 264), (398, 332), (364, 338)], RED)
