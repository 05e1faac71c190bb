"""What one wears: a scarf, a shirt, socks."""

from shopkeeper.simulator.drawings.canvas import (
    Canvas,
    Colour,
    box,
    darker,
    glazed,
    lighter,
    oval,
    smooth,
    turned,
)


def scarf(sheet: Canvas, silk: Colour = (104, 138, 140)) -> None:
    """A long silk scarf, hung in folds, with fringes."""
    sheet.shadow(400, 716, 220, 14, 0.35)
    sheet.fill(box(150, 96, 650, 116, corner=10), glazed((168, 128, 84), 0.4), down=True)
    sheet.fill([(214, 108), (590, 108), (586, 664), (216, 664)], darker(silk, 0.32))
    lanes = 9
    for lane in range(lanes):
        left, right = 220 + lane * 40, 264 + lane * 40
        sway = 14 if lane % 2 else -10
        edge = [(left, 104), (left + sway * 0.6, 300), (left - sway, 480), (left + sway * 0.4, 664)]
        back = [(right, 104), (right + sway * 0.6, 300), (right - sway, 480), (right + sway * 0.4, 664)]
        strip = [*smooth(edge, closed=False), *reversed(smooth(back, closed=False))]
        shade = (
            (0, darker(silk, 0.28)),
            (0.35, lighter(silk, 0.32 - lane % 3 * 0.06)),
            (0.7, silk),
            (1, darker(silk, 0.3)),
        )
        sheet.fill(strip, shade)
    for x, y in ((300, 250), (470, 210), (390, 400), (520, 470), (270, 520), (430, 590)):
        _blossom(sheet, x, y, lighter(silk, 0.62), darker(silk, 0.35))
    for y in (634, 650):
        sheet.stroke(
            smooth([(216, y), (320, y - 6), (420, y + 4), (520, y - 5), (586, y)], closed=False), 3, lighter(silk, 0.5)
        )
    for x in range(224, 584, 9):
        sheet.stroke([(x, 662), (x + (x % 5) - 2, 712 + x % 7)], 2.4, darker(silk, 0.12 + x % 3 * 0.08))


def _blossom(sheet: Canvas, x: float, y: float, petal: Colour, heart: Colour) -> None:
    branch = smooth([(x - 62, y + 46), (x - 24, y + 20), (x, y)], closed=False)
    sheet.stroke(branch, 3, heart)
    for n in range(5):
        sheet.fill(turned(oval(x, y - 17, 12, 16), x, y, n * 72), petal)
    sheet.fill(oval(x, y, 6, 6), heart)
    sheet.fill(oval(x - 36, y + 18, 13, 5, turn=-38), heart)


def shirt(sheet: Canvas, cotton: Colour = (238, 238, 236)) -> None:
    """A T-shirt, laid flat."""
    sheet.shadow(400, 690, 210, 18, 0.35)
    shape = [
        (318, 128), (226, 164), (104, 306), (196, 384), (250, 330), (246, 500), (240, 682), (400, 694), (560, 682),
        (554, 500), (550, 330), (604, 384), (696, 306), (574, 164), (482, 128), (440, 164), (400, 172), (360, 164),
    ]  # fmt: skip
    line = darker(cotton, 0.22)
    sheet.fill(
        shape, ((0, darker(cotton, 0.08)), (0.4, lighter(cotton, 0.5)), (0.75, cotton), (1, darker(cotton, 0.16)))
    )
    sheet.stroke([*shape, shape[0]], 3, line)
    collar = smooth([(318, 128), (352, 176), (400, 192), (448, 176), (482, 128)], closed=False)
    sheet.fill([*collar, (440, 134), (400, 140), (360, 134)], darker(cotton, 0.3))
    sheet.stroke(collar, 13, darker(cotton, 0.1))
    sheet.stroke(collar, 2, line)
    for seam in (((250, 330), (236, 250), (262, 176)), ((550, 330), (564, 250), (538, 176))):
        sheet.stroke(smooth(seam, closed=False), 2.4, line)
    for left, right in (((116, 318), (204, 392)), ((684, 318), (596, 392))):
        sheet.stroke([(left[0] + 8, left[1] - 18), (right[0] + 2, right[1] - 20)], 1.8, line)
    sheet.stroke([(242, 662), (400, 674), (558, 662)], 1.8, line)
    for fold in (
        ((300, 420), (330, 520), (316, 640)),
        ((486, 380), (470, 500), (492, 620)),
        ((270, 350), (300, 380), (318, 400)),
    ):
        sheet.stroke(smooth(fold, closed=False), 7, darker(cotton, 0.06))
    sheet.fill(box(386, 196, 414, 214, corner=3), darker(cotton, 0.5))


def socks(sheet: Canvas, wool: Colour = (58, 66, 92)) -> None:
    """Three pairs side by side, each in a shade of its own."""
    sheet.shadow(400, 676, 280, 22, 0.4)
    shades = (wool, lighter(wool, 0.35), darker(wool, 0.4), lighter(wool, 0.62))
    for number, shade in enumerate(shades):
        _sock(sheet, 128 + number * 138, 150 + number % 2 * 26, shade)


def _sock(sheet: Canvas, x: float, y: float, wool: Colour) -> None:
    shape = [
        (x, y), (x + 96, y), (x + 96, y + 250), (x + 104, y + 330), (x + 150, y + 392), (x + 176, y + 440),
        (x + 160, y + 486), (x + 110, y + 492), (x + 60, y + 440), (x + 6, y + 372), (x - 6, y + 310), (x, y + 220),
    ]  # fmt: skip
    outline = [(x, y), (x + 96, y), *smooth(shape, closed=True)[10:]]
    sheet.fill(outline, glazed(wool, 0.25))
    sheet.fill(box(x - 3, y - 6, x + 99, y + 64, corner=6), glazed(lighter(wool, 0.18), 0.25))
    for rib in range(8, 96, 11):
        sheet.stroke([(x + rib, y), (x + rib, y + 60)], 2.6, darker(wool, 0.2))
    heel = smooth([(x - 5, y + 310), (x + 44, y + 330), (x + 40, y + 396), (x + 14, y + 384)])
    sheet.fill(heel, lighter(wool, 0.28))
    toe = smooth([(x + 132, y + 376), (x + 170, y + 424), (x + 164, y + 480), (x + 118, y + 488), (x + 118, y + 430)])
    sheet.fill(toe, lighter(wool, 0.28))
    for row in (110, 140, 170):
        sheet.stroke([(x + 3, y + row), (x + 94, y + row)], 7, lighter(wool, 0.45))
