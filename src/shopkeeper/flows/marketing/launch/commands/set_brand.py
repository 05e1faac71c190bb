"""M2.1: a shop's brand colours, which posters are held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.launch.events import BrandSet
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.rules.colours import read_colour
from shopkeeper.flows.marketing.launch.sql import materials as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

MOST_COLOURS = 8


@dataclass(frozen=True, slots=True)
class SetBrand:
    """Colours as #rrggbb; none: posters are not held against any."""

    shop_id: int
    colours: Annotated[tuple[Annotated[str, Field(max_length=20)], ...], Field(max_length=50)]


@command(clause="M2.1", permission=Permission.BRAND_SET, scope=InShop())
def set_brands(step: Step, items: Sequence[SetBrand]) -> list[Outcome]:
    """Set brand colours. Refused: "colour_unknown", "colours_too_many". The same as before: unchanged."""
    shops = sorted({item.shop_id for item in items})
    there = {row.shop_id: row.colours for row in sql.BRANDS.rows(shops=shops)}
    outcomes: list[Outcome] = []
    fit: dict[int, list[str]] = {}
    for item in items:
        read = [read_colour(text) for text in item.colours]
        colours = list(dict.fromkeys(read))
        if not all(read):
            outcomes.append(refused("colour_unknown", item.shop_id, colour=item.colours[read.index("")]))
        elif len(colours) > MOST_COLOURS:
            outcomes.append(refused("colours_too_many", item.shop_id, limit=MOST_COLOURS))
        elif fit.get(item.shop_id, there.get(item.shop_id)) == colours:
            outcomes.append(unchanged(item.shop_id))
        else:
            fit[item.shop_id] = colours
            outcomes.append(done(item.shop_id))
    rows = [{"shop_id": shop_id, "colours": colours} for shop_id, colours in fit.items()]
    if rows:
        sql.SET_BRANDS.run(brands=as_json(rows), now=step.now, actor_id=step.actor.id)
    step.emit(*(BrandSet(shop_id, colours) for shop_id, colours in fit.items()))
    return outcomes
