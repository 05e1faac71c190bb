"""What one eats: rice, honey, walnuts, dates."""

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


def rice_sack(sheet: Canvas, band: Colour = (176, 60, 48)) -> None:
    """A vacuum-packed block of rice with ears on its band."""
    cloth: Colour = (236, 228, 206)
    gold: Colour = (204, 160, 70)
    sheet.shadow(400, 684, 240, 30)
    sack = smooth(
        [
            (214, 190),
            (400, 180),
            (586, 190),
            (604, 300),
            (596, 560),
            (600, 668),
            (400, 684),
            (200, 668),
            (204, 560),
            (196, 300),
        ]
    )
    sheet.fill(sack, glazed(cloth, 0.5))
    seal = [(206, 140), (594, 140), (588, 200), (212, 200)]
    sheet.fill(seal, [(0, lighter(cloth, 0.3)), (1, darker(cloth, 0.18))], down=True)
    for rib in range(214, 590, 13):
        sheet.stroke([(rib, 146), (rib, 194)], 1.6, darker(cloth, 0.16))
    sheet.fill([(199, 330), (601, 330), (598, 560), (202, 560)], glazed(band, 0.3))
    sheet.fill(oval(400, 445, 92, 92), lighter(cloth, 0.5))
    for side in (-1, 1):
        stalk = smooth([(400 + side * 6, 524), (400 + side * 16, 440), (400 + side * 44, 380)], closed=False)
        sheet.stroke(stalk, 4, darker(gold, 0.2))
        for n, (x, y) in enumerate(stalk[4::2]):
            for lean in (-1, 1):
                sheet.fill(oval(x + lean * 9, y - 4, 5.5, 13, turn=lean * 28 + side * 12), lighter(gold, n % 2 * 0.2))
    for number in range(30):
        x, y = 190 + number * 53 % 420, 690 + number * 17 % 24
        sheet.fill(oval(x, y, 9, 4, turn=number * 31 % 180), darker((246, 242, 230), 0.04 + number % 3 * 0.07))


def honey(sheet: Canvas, amber: Colour = (214, 138, 30)) -> None:
    """A jar of honey with a cloth on its lid and a dipper beside."""
    sheet.shadow(390, 676, 230, 30)
    stick = turned(box(602, 250, 622, 560, corner=8), 612, 560, 14)
    sheet.fill(stick, glazed((190, 142, 88), 0.4))
    for n in range(6):
        sheet.fill(
            turned(oval(612, 560 + n * 17, 36 - abs(n - 2.5) * 5, 9), 612, 560, 14), glazed((178, 128, 76), 0.35)
        )
    jar = body(370, [(252, 134), (276, 150), (316, 196), (420, 204), (600, 204), (648, 190), (668, 160)])
    sheet.fill(jar, glazed((226, 222, 206), 0.7))
    inside = body(370, [(300, 176), (330, 188), (600, 190), (640, 176), (656, 150)])
    sheet.fill(inside, glazed(amber, 0.55))
    sheet.fill(oval(370, 302, 174, 22), lighter(amber, 0.35))
    lid = body(370, [(176, 134), (190, 150), (262, 150), (276, 142)])
    sheet.fill(lid, glazed((186, 54, 44), 0.35))
    for across in range(-130, 131, 26):
        for down in (196, 222, 248):
            sheet.fill(oval(370 + across, down, 5, 5), (244, 232, 214))
    sheet.fill(oval(370, 178, 134, 18), glazed(lighter((186, 54, 44), 0.15), 0.3))
    sheet.fill(box(250, 400, 490, 560, corner=18), glazed((248, 240, 220), 0.4))
    for row, shift in ((448, 0), (480, 21), (512, 0)):
        for column in range(4):
            x = 308 + column * 42 + shift - 10
            cell = [
                (x + 20 * math.cos(a), row + 20 * math.sin(a)) for a in [math.radians(60 * k + 30) for k in range(6)]
            ]
            sheet.fill(cell, lighter(amber, 0.1 + column * 0.1))
            sheet.stroke([*cell, cell[0]], 3, darker(amber, 0.25))
    sheet.glow(240, 440, 14, 120, 0.6)


def walnuts(sheet: Canvas, shell: Colour = (190, 146, 96)) -> None:
    """A heap of walnuts, one open."""
    sheet.shadow(400, 640, 310, 40)
    heap = (
        (250, 440),
        (392, 408),
        (536, 440),
        (320, 330),
        (470, 326),
        (396, 234),
        (180, 556),
        (322, 560),
        (468, 564),
        (616, 552),
    )
    for number, (x, y) in enumerate(heap):
        _walnut(sheet, x, y + 30, lighter(shell, number % 3 * 0.09), number * 23)
    sheet.fill(oval(400, 650, 100, 72), glazed(darker(shell, 0.05), 0.4))
    sheet.fill(oval(400, 648, 84, 58), darker(shell, 0.3))
    for side in (-1, 1):
        for bend in range(3):
            lobe = oval(400 + side * (30 + bend * 12), 626 + bend * 22, 32 - bend * 5, 19, turn=side * 30)
            sheet.fill(lobe, glazed((226, 190, 136), 0.35))
    sheet.stroke([(400, 600), (400, 700)], 5, darker(shell, 0.35))


def _walnut(sheet: Canvas, x: float, y: float, shell: Colour, lean: float) -> None:
    sheet.fill(oval(x, y, 88, 78, turn=lean), glazed(shell, 0.35))
    seam = [(x - 4, y - 77), (x + 12, y - 30), (x + 8, y + 30), (x, y + 77)]
    sheet.stroke(turned(smooth(seam, closed=False), x, y, lean % 50 - 25), 6, darker(shell, 0.32))
    for number in range(9):
        a = math.radians(number * 40 + lean)
        px, py = x + 50 * math.cos(a), y + 44 * math.sin(a)
        wrinkle = [(px - 14, py - 8), (px, py + 5), (px + 15, py - 5)]
        sheet.stroke(smooth(wrinkle, closed=False), 3.4, darker(shell, 0.2))


def dates(sheet: Canvas, skin: Colour = (140, 44, 34)) -> None:
    """Dried dates in a shallow basket."""
    straw: Colour = (206, 170, 112)
    sheet.shadow(400, 650, 310, 36)
    basket = body(400, [(450, 322), (500, 318), (590, 270), (640, 200), (652, 196)])
    sheet.fill(basket, glazed(straw, 0.4))
    for row in range(5):
        low = 490 + row * 34
        half = 316 - row * row * 7.5
        for n in range(14):
            x = 400 - half + (n + 0.5 * (row % 2)) * half * 2 / 14
            sheet.stroke([(x, low), (x + half / 9, low + 10)], 6, darker(straw, 0.2 + (n + row) % 2 * 0.14))
    sheet.fill(oval(400, 450, 322, 84), darker(straw, 0.3))
    for number in range(40):
        ring = number / 40
        x = 400 + (1 - ring) * 262 * math.cos(number * 2.4)
        y = 444 + (1 - ring) * 58 * math.sin(number * 2.4) - ring * 150
        _date(sheet, x, y, lighter(skin, number * 7 % 5 * 0.05), number * 53 % 180)


def _date(sheet: Canvas, x: float, y: float, skin: Colour, lean: float) -> None:
    sheet.fill(oval(x, y + 4, 52, 36, turn=lean), darker(skin, 0.45))
    sheet.fill(oval(x, y, 51, 35, turn=lean), glazed(skin, 0.35))
    for shift in (-11, 4, 16):
        fold = [(x - 34, y + shift), (x, y + shift - 8), (x + 34, y + shift + 2)]
        sheet.stroke(turned(smooth(fold, closed=False), x, y, lean), 2.6, darker(skin, 0.32))
    sheet.glow(x - 14, y - 12, 9, 5, 0.4)
