"""Kitchen and house: a knife, a wok, chopsticks, a lamp."""

from shopkeeper.simulator.drawings.canvas import (
    Canvas,
    Colour,
    Outline,
    Point,
    body,
    box,
    darker,
    glazed,
    lighter,
    oval,
    smooth,
    turned,
)

STEEL: Colour = (176, 182, 190)


def knife(sheet: Canvas, wood: Colour = (112, 70, 46)) -> None:
    """A kitchen knife of patterned steel on its slant."""
    sheet.shadow(410, 560, 300, 18, 0.35)

    def leaning(points: Outline) -> list[Point]:
        return turned(points, 400, 400, -24)

    blade = smooth([(70, 416), (110, 362), (200, 330), (330, 322), (480, 324), (484, 330)], closed=False)
    edge = [(484, 470), (330, 472), (180, 460), (70, 416)]
    shape = leaning([*blade, *edge])
    sheet.fill(shape, ((0, lighter(STEEL, 0.5)), (0.5, STEEL), (1, lighter(STEEL, 0.25))))
    for row in range(7):
        y = 348 + row * 16
        wave = [(120 + row * 6 + n * 52, y + (9 if n % 2 else -8)) for n in range(7)]
        sheet.stroke(leaning(smooth(wave, closed=False)), 2.2, darker(STEEL, 0.14 + row % 2 * 0.1))
    bright = [(484, 444), (484, 470), (330, 472), (180, 460), (74, 418), (190, 440), (330, 450)]
    sheet.fill(leaning(bright), lighter(STEEL, 0.75))
    sheet.fill(leaning(box(482, 322, 514, 400, corner=4)), glazed(lighter(STEEL, 0.2), 0.5))
    grip = smooth([(512, 326), (600, 332), (700, 322), (744, 346), (742, 396), (690, 404), (600, 392), (512, 400)])
    sheet.fill(leaning(grip), ((0, lighter(wood, 0.22)), (0.5, wood), (1, darker(wood, 0.3))))
    for x in (556, 626, 696):
        sheet.fill(leaning(oval(x, 362, 10, 10)), lighter(STEEL, 0.4))
    for shift in (0, 14, 28):
        grain = [(530, 344 + shift), (610, 350 + shift), (720, 342 + shift)]
        sheet.stroke(leaning(smooth(grain, closed=False)), 1.8, darker(wood, 0.35))


def wok(sheet: Canvas, iron: Colour = (70, 72, 78)) -> None:
    """A hammered iron wok with a wooden handle."""
    sheet.shadow(360, 640, 250, 30)
    sheet.fill(turned(box(590, 372, 740, 408, corner=16), 590, 390, -16), glazed((150, 102, 64), 0.4))
    sheet.fill(turned(box(560, 376, 610, 404, corner=4), 590, 390, -16), darker(iron, 0.2))
    bowl = body(340, [(392, 258), (430, 250), (520, 204), (600, 118), (632, 40)])
    sheet.fill(bowl, glazed(iron, 0.32))
    sheet.fill(oval(340, 392, 258, 82), darker(iron, 0.3))
    sheet.fill(oval(340, 398, 244, 72), ((0, darker(iron, 0.35)), (0.55, iron), (0.8, lighter(iron, 0.3)), (1, iron)))
    for ring in range(5):
        for n in range(10 + ring * 5):
            angle = n * 360 / (10 + ring * 5) + ring * 9
            spot = turned([(340 + 38 + ring * 42, 402)], 340, 402, angle)[0]
            place = (340 + (spot[0] - 340), 402 + (spot[1] - 402) * 0.29)
            sheet.fill(oval(*place, 9, 4), lighter(iron, 0.10 + n % 3 * 0.07))
    ear = smooth([(84, 400), (40, 380), (26, 408), (48, 432), (96, 430)], closed=False)
    sheet.stroke([(x + 16, y) for x, y in ear], 16, darker(iron, 0.1))
    for x, y in ((150, 470), (220, 520), (300, 560), (400, 556), (470, 516), (530, 468)):
        sheet.fill(oval(x, y, 13, 8, turn=-20), lighter(iron, 0.12))


def chopsticks(sheet: Canvas, wood: Colour = (104, 60, 40)) -> None:
    """A lacquered box of chopsticks, a pair laid across it."""
    gold: Colour = (206, 166, 92)
    sheet.shadow(400, 650, 310, 26)
    sheet.fill(box(110, 240, 690, 630, corner=14), ((0, (136, 40, 36)), (1, (100, 28, 28))), down=True)
    sheet.fill(box(136, 264, 664, 606, corner=8), ((0, (226, 206, 160)), (1, (242, 226, 186))), down=True)
    for n in range(10):
        y = 288 + n * 31
        sheet.fill([(160, y + 3), (640, y + 8), (640, y + 16), (160, y + 23)], darker((226, 206, 160), 0.2))
        stick = [(156, y), (644, y + 5), (644, y + 12), (156, y + 20)]
        sheet.fill(stick, ((0, lighter(wood, 0.28)), (0.4, wood), (1, darker(wood, 0.25))), down=True)
        sheet.fill([(196, y + 1), (232, y + 1), (232, y + 19), (196, y + 19)], gold)
    for shift in (0, 30):
        top = [(120, 190 + shift), (680, 150 + shift), (680, 158 + shift), (120, 210 + shift)]
        sheet.fill(turned(top, 400, 180, 4), ((0, lighter(wood, 0.35)), (0.5, wood), (1, darker(wood, 0.2))), down=True)
        cap = [(120, 190 + shift), (160, 187 + shift), (160, 206 + shift), (120, 210 + shift)]
        sheet.fill(turned(cap, 400, 180, 4), lighter(gold, 0.1))


def lamp(sheet: Canvas, bamboo: Colour = (196, 156, 100)) -> None:
    """A bedside lamp of woven bamboo, lit."""
    light: Colour = (255, 236, 190)
    sheet.shadow(400, 690, 190, 24)
    sheet.fill(body(400, [(640, 60), (660, 120), (676, 150), (690, 152)]), glazed(darker(bamboo, 0.3), 0.4))
    sheet.fill(box(386, 500, 414, 650, corner=6), glazed(darker(bamboo, 0.25), 0.4))
    shade = body(400, [(130, 96), (160, 138), (260, 208), (380, 232), (470, 208), (520, 160)])
    sheet.fill(
        shade, ((0, darker(bamboo, 0.1)), (0.3, light), (0.5, (255, 246, 220)), (0.7, light), (1, darker(bamboo, 0.16)))
    )
    ribs = 13
    for n in range(ribs):
        share = -1 + 2 * n / (ribs - 1)
        rib = [
            (400 + share * width, height)
            for height, width in ((130, 96), (160, 138), (260, 208), (380, 232), (470, 208), (520, 160))
        ]
        sheet.stroke(smooth(rib, closed=False), 5, darker(bamboo, 0.06 + abs(share) * 0.22))
    for height, width in (
        (146, 120),
        (196, 166),
        (246, 200),
        (296, 219),
        (346, 229),
        (396, 231),
        (446, 217),
        (496, 184),
    ):
        band = [
            (400 - width, height),
            (400 - width / 2, height + 13),
            (400, height + 17),
            (400 + width / 2, height + 13),
            (400 + width, height),
        ]
        sheet.stroke(smooth(band, closed=False), 3.6, darker(bamboo, 0.16))
    for height, width in ((130, 98), (520, 164)):
        around = oval(400, height, width, 17)
        sheet.stroke([*around, around[0]], 9, darker(bamboo, 0.28))
