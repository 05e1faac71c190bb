"""M2.1: where an approved version is used: channel, place, since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.launch.events import MaterialUsed
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.sql import materials as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

Place = tuple[int, int, str, str]  # material, version, channel, place


@dataclass(frozen=True, slots=True)
class UseMaterial:
    """The approved version stands in `place` of `channel`; without a moment, from now on."""

    material_id: int
    channel: Annotated[str, Field(min_length=1, max_length=40)]
    place: Annotated[str, Field(min_length=1, max_length=80)]
    used_from: datetime | None = None


@command(clause="M2.1", permission=Permission.MATERIAL_BRIEF, scope=ShopOf("launch_material", "material_id"))
def use_materials(step: Step, items: Sequence[UseMaterial]) -> list[Outcome]:
    """Note where approved versions are used. Done with the material's id; `facts`: number.

    Refused: "material_not_approved", "place_needed". The same version in the same place: unchanged.
    """
    ids = sorted({item.material_id for item in items})
    rows = sql.held(ids)
    there = {(row.material_id, row.number, row.channel, row.place) for row in sql.USES.rows(ids=ids)}
    outcomes: list[Outcome] = []
    fit: dict[Place, UseMaterial] = {}
    for item in items:
        row = rows[item.material_id]
        place = (row.id, row.approved, item.channel.strip(), item.place.strip())
        if not all(place[2:]) or "\x00" in item.channel + item.place:
            outcomes.append(refused("place_needed", row.id))
        elif not row.approved:
            outcomes.append(refused("material_not_approved", row.id))
        elif place in there or place in fit:
            outcomes.append(unchanged(row.id))
        else:
            fit[place] = item
            outcomes.append(done(row.id, number=row.approved))
    written = [
        {
            "material_id": id_,
            "number": number,
            "channel": channel,
            "place": place,
            "used_from": fit[id_, number, channel, place].used_from or step.now,
        }
        for id_, number, channel, place in fit
    ]
    if written:
        sql.USE.rows(uses=as_json(written), now=step.now, actor_id=step.actor.id)
    step.emit(
        *(
            MaterialUsed(id_, rows[id_].campaign_id, rows[id_].shop_id, number, channel)
            for id_, number, channel, _ in fit
        )
    )
    return outcomes
