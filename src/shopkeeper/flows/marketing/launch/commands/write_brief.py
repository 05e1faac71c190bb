"""M2.1: somebody asks for a poster, a film or a text: what it must show, how large, until when; or no longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.flows.marketing.launch.deadlines import MATERIAL, MATERIAL_REVIEW
from shopkeeper.flows.marketing.launch.events import MaterialBriefed, MaterialDropped
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.sql import materials as sql
from shopkeeper.flows.marketing.launch.states import MATERIAL_FLOW, MaterialKind, MaterialState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.states import Ending

OVER = (CampaignState.ENDED, CampaignState.REVIEWED, CampaignState.CANCELLED)
MOST_PIXELS_A_SIDE = 20_000
MOST_WORDS = 10
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class WriteBrief:
    """A material that a campaign needs. Pixels are for posters and films; `must_say` is what the offer is told with."""

    campaign_id: int
    kind: MaterialKind
    title: Annotated[str, Field(min_length=1, max_length=80)]
    due_at: datetime
    width: int = 0
    height: int = 0
    must_say: Annotated[tuple[Annotated[str, Field(max_length=60)], ...], Field(max_length=MOST_WORDS)] = ()
    channel: Annotated[str, Field(max_length=40)] = ""
    notes: Annotated[str, Field(max_length=1000)] = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(words.strip() for words in self.must_say if words.strip()))


@command(clause="M2.1", permission=Permission.MATERIAL_BRIEF, scope=ShopOf("campaigns_campaign", "campaign_id"))
def write_brief(step: Step, items: Sequence[WriteBrief]) -> list[Outcome]:
    """Ask for materials; done with the material's id, and due with design.

    Refused: "campaign_over", "brief_untitled", "brief_due_past", "brief_size" without pixels that can be,
    "material_twice" where the campaign has another one of this title. The same again: unchanged.
    """
    ids = sorted({item.campaign_id for item in items})
    campaigns = {row.id: row for row in sql.CAMPAIGNS.rows(ids=ids)}
    there = {(row.campaign_id, row.title): row for row in sql.OF_CAMPAIGNS.rows(campaigns=ids)}
    outcomes: list[Outcome] = []
    fit: dict[Place, WriteBrief] = {}
    for item in items:
        place = (item.campaign_id, item.title.strip())
        standing, twin = there.get(place), fit.get(place)
        code = _refusal(step, item, campaigns[item.campaign_id])
        if standing:
            same = _is_same(item, standing)
            outcomes.append(unchanged(standing.id) if same else refused("material_twice", standing.id))
        elif twin:
            outcomes.append(unchanged() if twin == item else refused("material_twice", item.campaign_id))
        elif code:
            outcomes.append(refused(code, item.campaign_id))
        else:
            fit[place] = item
            outcomes.append(done())
    made = _write(step, fit, campaigns)
    return [
        done(made[item.campaign_id, item.title.strip()]) if outcome.changed else outcome
        for item, outcome in zip(items, outcomes, strict=True)
    ]


def _refusal(step: Step, item: WriteBrief, campaign: sql.CampaignRow) -> str:
    if campaign.state in OVER:
        return "campaign_over"
    if not item.title.strip() or "\x00" in item.title + item.notes + item.channel:
        return "brief_untitled"
    if item.due_at <= step.now:
        return "brief_due_past"
    sides = (item.width, item.height)
    if any(not 0 <= side <= MOST_PIXELS_A_SIDE for side in sides):
        return "brief_size"
    return "brief_size" if item.kind is not MaterialKind.COPY and not all(sides) else ""


def _is_same(item: WriteBrief, row: sql.MaterialRow) -> bool:
    mine = (item.kind, item.width, item.height, list(item.words), item.channel.strip(), item.due_at)
    return mine == (row.kind, row.width, row.height, row.must_say, row.channel, row.due_at)


def _write(step: Step, fit: dict[Place, WriteBrief], campaigns: dict[int, sql.CampaignRow]) -> dict[Place, int]:
    if not fit:
        return {}
    rows = [
        {
            "campaign_id": item.campaign_id,
            "shop_id": campaigns[item.campaign_id].shop_id,
            "kind": item.kind,
            "title": title,
            "channel": item.channel.strip(),
            "width": item.width,
            "height": item.height,
            "must_say": item.words,
            "notes": item.notes.strip(),
            "due_at": item.due_at,
        }
        for (_, title), item in fit.items()
    ]
    made = {
        (row.campaign_id, row.title): row.id
        for row in sql.BRIEF.rows(briefs=as_json(rows), now=step.now, actor_id=step.actor.id)
    }
    shops = {place: campaigns[place[0]].shop_id for place in fit}
    arm(
        step,
        [Arm(MATERIAL, made[p], item.due_at, shop_id=shops[p], label=item.title.strip()) for p, item in fit.items()],
    )
    step.emit(*(MaterialBriefed(made[place], place[0], shops[place]) for place in fit))
    return made


@dataclass(frozen=True, slots=True)
class DropMaterial:
    material_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M2.1", permission=Permission.MATERIAL_BRIEF, scope=ShopOf("launch_material", "material_id"))
def drop_materials(step: Step, items: Sequence[DropMaterial]) -> list[Outcome]:
    """Materials that are no longer wanted. Refused: "reason_needed". Dropped already: unchanged."""
    rows = sql.held(item.material_id for item in items)
    outcomes, dropped = [], dict[int, str]()
    for item in items:
        row = rows[item.material_id]
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        elif row.state == MaterialState.DROPPED or row.id in dropped:
            outcomes.append(unchanged(row.id))
        else:
            dropped[row.id] = item.reason.strip()
            outcomes.append(done(row.id))
    for reason in sorted(set(dropped.values())):
        step.move(MATERIAL_FLOW, [id_ for id_ in dropped if dropped[id_] == reason], MaterialState.DROPPED, reason)
    for kind in (MATERIAL, MATERIAL_REVIEW):
        close(step, kind, sorted(dropped), Ending.CANCELLED)
    step.emit(*(MaterialDropped(id_, rows[id_].campaign_id, rows[id_].shop_id) for id_ in dropped))
    return outcomes
