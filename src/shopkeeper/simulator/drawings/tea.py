"""Tea things and tea: a lidded bowl, a teapot, a pitcher, tins and a gift box."""

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

PORCELAIN: Colour = (238, 240, 240)
COBALT: Colour = (40, 74, 140)


def gaiwan(sheet: Canvas, glaze: Colour = PORCELAIN, pattern: Colour | None = COBALT) -> None:
    """Saucer, bowl and lid; painted with scrolling flowers where a pattern is given."""
    sheet.shadow(405, 668, 270, 34)
    saucer = body(400, [(606, 262), (622, 250), (650, 150), (662, 118), (672, 116)])
    sheet.fill(saucer, glazed(glaze))
    sheet.fill(oval(400, 606, 262, 34), glazed(lighter(glaze, 0.4), 0.2))
    sheet.fill(oval(400, 610, 150, 18), darker(glaze, 0.18))
    bowl = body(400, [(318, 214), (330, 206), (420, 186), (520, 132), (580, 88), (600, 82), (618, 84)])
    sheet.fill(bowl, glazed(glaze))
    if pattern:
        _scrolls(sheet, pattern)
    sheet.fill(oval(400, 318, 214, 26), glazed(darker(glaze, 0.08), 0.3))
    lid = body(400, [(208, 30), (222, 60), (262, 150), (300, 188), (318, 192)])
    sheet.fill(lid, glazed(glaze))
    if pattern:
        for across in (-104, -52, 0, 52, 104):
            _flower(sheet, 400 + across, 274 + across * across / 900, 17, pattern)
        sheet.stroke(smooth([(214, 308), (300, 326), (400, 331), (500, 326), (586, 308)], closed=False), 4, pattern)
    knob = body(400, [(168, 46), (178, 52), (196, 36), (212, 32)])
    sheet.fill(knob, glazed(glaze))
    sheet.fill(oval(400, 168, 46, 10), glazed(lighter(glaze, 0.5), 0.3))
    sheet.glow(318, 420, 14, 64, 0.75)


def _scrolls(sheet: Canvas, pattern: Colour) -> None:
    for y, half in ((344, 200), (356, 198)):
        curve = [(400 - half, y - 6), (400 - half / 2, y + 12), (400, y + 17), (400 + half / 2, y + 12)]
        sheet.stroke(smooth([*curve, (400 + half, y - 6)], closed=False), 3.5, pattern)
    for x, y, size in ((400, 448, 40), (292, 428, 30), (508, 428, 30), (346, 500, 18), (454, 500, 18)):
        _flower(sheet, x, y, size, pattern)
    for side in (-1, 1):
        vine = [(400 + side * 40, 470), (400 + side * 76, 482), (400 + side * 108, 458), (400 + side * 140, 452)]
        sheet.stroke(smooth(vine, closed=False), 4, pattern)
        for x, y in ((62, 486), (88, 470), (160, 404), (66, 420)):
            sheet.fill(oval(400 + side * x, y, 14, 6, turn=side * 35), pattern)


def _flower(sheet: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    for petal in range(6):
        angle = petal * math.pi / 3
        middle = (x + size * 0.58 * math.cos(angle), y + size * 0.58 * math.sin(angle))
        sheet.fill(oval(*middle, size * 0.46, size * 0.28, turn=math.degrees(angle)), lighter(colour, 0.12))
    sheet.fill(oval(x, y, size * 0.3, size * 0.3), darker(colour, 0.25))


def teapot(sheet: Canvas, clay: Colour = (150, 74, 48), *, has_spout: bool = True) -> None:
    """A round pot of clay: spout to the left, handle to the right."""
    sheet.shadow(400, 640, 260, 34)
    handle = smooth([(556, 330), (640, 310), (704, 366), (700, 452), (640, 520), (566, 536)], closed=False)
    sheet.stroke(handle, 34, darker(clay, 0.3))
    sheet.stroke([(x - 5, y - 6) for x, y in handle], 20, lighter(clay, 0.12))
    if has_spout:
        spout = [(270, 420), (196, 372), (150, 300), (112, 286), (104, 306), (138, 404), (206, 500), (282, 534)]
        sheet.fill(smooth(spout), glazed(darker(clay, 0.08), 0.35))
        sheet.fill(oval(110, 294, 12, 9, turn=30), darker(clay, 0.6))
    pot = body(400, [(296, 92), (312, 120), (372, 196), (452, 226), (540, 200), (606, 128), (626, 116), (640, 118)])
    sheet.fill(pot, glazed(clay, 0.4))
    sheet.fill(oval(400, 300, 108, 16), darker(clay, 0.4))
    lid = body(400, [(252, 26), (262, 48), (282, 94), (298, 106)])
    sheet.fill(lid, glazed(clay, 0.45))
    sheet.fill(body(400, [(206, 20), (220, 30), (240, 26), (254, 20)]), glazed(clay, 0.55))
    sheet.stroke(
        smooth([(230, 380), (310, 398), (400, 403), (490, 398), (570, 380)], closed=False), 4, darker(clay, 0.3)
    )
    sheet.glow(318, 420, 22, 60, 0.35)
    sheet.fill(oval(446, 488, 26, 26), darker(clay, 0.22))
    sheet.fill(oval(446, 488, 18, 18), lighter(clay, 0.06))


def pitcher(sheet: Canvas, glaze: Colour = (168, 200, 186)) -> None:
    """A pouring pitcher with a handle."""
    sheet.shadow(405, 662, 200, 30)
    handle = smooth([(560, 330), (660, 316), (682, 420), (620, 520), (548, 536)], closed=False)
    sheet.stroke(handle, 28, darker(glaze, 0.25))
    sheet.stroke([(x - 4, y - 4) for x, y in handle], 15, lighter(glaze, 0.25))
    lip = smooth([(240, 268), (164, 226), (150, 244), (206, 340), (260, 380)])
    sheet.fill(lip, glazed(glaze, 0.4))
    cup = body(400, [(250, 176), (262, 168), (400, 190), (520, 186), (610, 132), (640, 112), (656, 114)])
    sheet.fill(cup, glazed(glaze))
    sheet.fill(oval(400, 250, 176, 30), darker(glaze, 0.25))
    sheet.fill(oval(396, 258, 158, 22), darker(glaze, 0.42))
    for x, y in ((300, 420), (352, 500), (430, 440), (490, 520), (400, 570)):
        crack = [(x, y), (x + 20, y + 26), (x + 12, y + 52), (x + 40, y + 74)]
        sheet.stroke(crack, 1.6, darker(glaze, 0.2))
    sheet.glow(306, 420, 15, 80, 0.6)


def gift_box(sheet: Canvas, lacquer: Colour = (150, 40, 36)) -> None:
    """A gift box with two tins before it."""
    gold: Colour = (206, 166, 92)
    sheet.shadow(400, 664, 310, 30)
    sheet.fill(box(120, 190, 680, 640, corner=14), [(0, lighter(lacquer, 0.16)), (1, darker(lacquer, 0.25))], down=True)
    for inset in (16, 24):
        edge = box(120 + inset, 190 + inset, 680 - inset, 640 - inset, corner=10)
        sheet.stroke([*edge, edge[0]], 2.5, gold)
    sheet.fill(box(346, 190, 454, 640), [(0, darker(gold, 0.15)), (0.4, lighter(gold, 0.35)), (1, darker(gold, 0.2))])
    sheet.fill(oval(400, 330, 74, 74), lacquer)
    sheet.stroke([*oval(400, 330, 74, 74), (474, 330)], 4, gold)
    for number in range(3):
        leaf = turned(_leaf(400, 346, 62), 400, 346, (number - 1) * 42)
        sheet.fill(leaf, lighter(gold, 0.2))
    for x in (248, 552):
        tin(sheet, x, 646, 84, 190, darker(lacquer, 0.35), gold)


def tins(sheet: Canvas, colour: Colour = (62, 104, 70)) -> None:
    """A tall tin, a small heap of leaves before it."""
    sheet.shadow(400, 664, 260, 30)
    tin(sheet, 380, 640, 148, 440, colour, (222, 206, 158))
    for number in range(46):
        x, y = 380 + (number * 37 % 260), 668 - (number * 23 % 62) * (1 - abs(number * 37 % 260 - 130) / 150)
        piece = turned(_leaf(x, y + 12, 34), x, y, number * 47 % 180)
        sheet.fill(piece, darker(colour, 0.1 + number % 4 * 0.1))


def tin(sheet: Canvas, x: float, foot: float, half: float, tall: float, colour: Colour, gold: Colour) -> None:
    """A round tin with its lid and a plain label."""
    top, curve = foot - tall, half * 0.16
    side = [(x - half, top), (x - half, foot - curve), *_under(x, foot - curve, half, curve), (x + half, top)]
    sheet.fill(side, glazed(colour, 0.45))
    lid = top + tall * 0.2
    rim = [(x - half, lid), *_under(x, lid, half, curve), (x + half, lid)]
    sheet.stroke(rim, 4, darker(colour, 0.5))
    label = [(x - half, top + tall * 0.36), *_under(x, top + tall * 0.36, half, curve)]
    low = [*_under(x, top + tall * 0.74, half, curve), (x + half, top + tall * 0.74)]
    sheet.fill([*label, *reversed(low)], glazed(gold, 0.5))
    middle = top + tall * 0.58 + curve
    for number in range(3):
        leaf = turned(_leaf(x, middle + half * 0.3, half * 0.62), x, middle + half * 0.2, (number - 1) * 44)
        sheet.fill(leaf, darker(colour, 0.05))
    sheet.fill(oval(x, top, half, curve), glazed(lighter(colour, 0.25), 0.3))


def _under(x: float, y: float, half: float, curve: float) -> list[tuple[float, float]]:
    """The lower half of an ellipse, from left to right."""
    return [(x - half * math.cos(a), y + curve * math.sin(a)) for a in [i * math.pi / 24 for i in range(25)]]


def _leaf(x: float, foot: float, tall: float) -> list[tuple[float, float]]:
    """A pointed leaf that stands on its stalk."""
    half = tall * 0.24
    return smooth([(x, foot), (x - half, foot - tall * 0.45), (x, foot - tall), (x + half, foot - tall * 0.45)])
