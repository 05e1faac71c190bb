"""Which drawing shows which goods, by product code; another tint where a product comes in several."""

from collections.abc import Callable
from functools import cache, partial

from shopkeeper.simulator.drawings import craft, food, home, tea, wear
from shopkeeper.simulator.drawings.canvas import Canvas, Colour

Drawing = Callable[[Canvas], None]
CELADON: Colour = (158, 192, 170)

DRAWINGS: dict[str, Drawing] = {
    "CUP": tea.gaiwan,
    "POT": tea.teapot,
    "TEA": tea.gift_box,
    "GRN": tea.tins,
    "SLK": wear.scarf,
    "FAN": craft.fan,
    "PNT": craft.print_,
    "TEE": wear.shirt,
    "SOX": wear.socks,
    "KNF": home.knife,
    "WOK": home.wok,
    "CHP": home.chopsticks,
    "RIC": food.rice_sack,
    "HNY": food.honey,
    "NUT": food.walnuts,
    "DAT": food.dates,
    "INK": craft.ink,
    "BRU": craft.brushes,
    "PAP": craft.paper,
    "LMP": home.lamp,
}
# The same goods once more in another colour: the second picture of a product, and goods that are only planned.
SECOND: dict[str, Drawing] = {
    "CUP": partial(tea.gaiwan, pattern=(164, 62, 50)),
    "POT": partial(tea.teapot, clay=(196, 158, 98)),
    "TEA": partial(tea.tins, colour=(122, 62, 44)),
    "SLK": partial(wear.scarf, silk=(168, 62, 62)),
    "FAN": partial(craft.fan, bloom=(238, 236, 240), silk=(206, 224, 214)),
    "TEE": partial(wear.shirt, cotton=(52, 62, 92)),
    "SOX": partial(wear.socks, wool=(186, 128, 128)),
    "HNY": partial(food.honey, amber=(232, 176, 70)),
}
PLANNED: dict[str, Drawing] = {
    "celadon": partial(tea.gaiwan, glaze=CELADON, pattern=None),
    "pitcher": tea.pitcher,
    "shawl": partial(wear.scarf, silk=(196, 150, 168)),
    "tin": partial(tea.tins, colour=(150, 110, 52)),
    "jar": partial(food.honey, amber=(196, 96, 40)),
}


@cache
def main_picture(code: str) -> bytes:
    """The first picture of a product of the catalogue; JPEG bytes, 800 by 800."""
    return drawn_by(DRAWINGS[code])


@cache
def second_picture(code: str) -> bytes | None:
    """Another picture of a product, where it comes in several colours."""
    return drawn_by(SECOND[code]) if code in SECOND else None


@cache
def planned_picture(name: str) -> bytes:
    """A picture of goods that are not sold yet."""
    return drawn_by(PLANNED[name])


def drawn_by(drawing: Drawing, ground: Colour = (255, 255, 255), *, blur: float = 0.0) -> bytes:
    """What a drawing looks like on a ground."""
    sheet = Canvas(ground)
    drawing(sheet)
    return sheet.jpeg(blur=blur)
