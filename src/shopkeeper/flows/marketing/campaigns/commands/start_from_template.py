"""M4.2: the next campaign starts from a template: its plan copied, every date as far from the new start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.campaign_tasks import AddTask, add_tasks
from shopkeeper.flows.marketing.campaigns.commands.slots import AddSlot, add_slots
from shopkeeper.flows.marketing.campaigns.commands.writing import (
    Key,
    Known,
    PlannedGoods,
    arm_plans,
    known_of,
    make_rows,
    put_goods,
    put_rules,
    put_segments,
)
from shopkeeper.flows.marketing.campaigns.events import CampaignChanged
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.campaigns import CampaignFacts, campaign_facts
from shopkeeper.flows.marketing.campaigns.rules.plans import shifted, time_refusal
from shopkeeper.flows.marketing.campaigns.sql import budget as budget_sql
from shopkeeper.flows.marketing.campaigns.sql import preparation as sql
from shopkeeper.flows.marketing.campaigns.states import CAMPAIGN_FLOW, CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.roles import Role


@dataclass(frozen=True, slots=True)
class StartFromTemplate:
    """A new campaign of the template's shop."""

    template_id: int
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    starts_at: datetime


@command(clause="M4.2", permission=Permission.CAMPAIGN_EDIT, scope=ShopOf("campaigns_campaign", "template_id"))
def start_from_template(step: Step, items: Sequence[StartFromTemplate]) -> list[Outcome]:
    """Start plans from templates. Goods no longer sold, segments retired and tasks due in the past stay out.

    Done with `facts`: left_out, how many of them. Refused: "not_template", "campaign_unnamed",
    "campaign_time_backwards", "campaign_too_long", "campaign_code_taken". Started from it already: unchanged.
    """
    templates = campaign_facts({item.template_id for item in items})
    verdicts = [_refusal(step, item, templates[item.template_id]) for item in items]
    fit: dict[Key, StartFromTemplate] = {}
    for item, code in zip(items, verdicts, strict=True):
        if not code:
            fit.setdefault(_key(item, templates), item)
    plans = [_plan(item, templates[item.template_id]) for item in fit.values()]
    rows, made = make_rows(step, plans) if plans else ({}, {})
    copies = {row.id: templates[fit[key].template_id] for key, row in made.items()}
    starts = {row.id: fit[key].starts_at for key, row in made.items()}
    left_out = _copy(step, copies, starts)
    step.move(CAMPAIGN_FLOW, list(copies), CampaignState.PLANNED)
    arm_plans(step, {row.id: (row.shop_id, row.code, row.starts_at) for row in made.values()})
    step.emit(*(CampaignChanged(row.id, row.shop_id) for row in made.values()))
    standing = campaign_facts({row.id for row in rows.values()})
    outcomes = []
    for item, code in zip(items, verdicts, strict=True):
        if code:
            outcomes.append(refused(code, item.template_id))
            continue
        row = rows[_key(item, templates)]
        fresh = made.pop(_key(item, templates), None)
        if fresh:
            outcomes.append(done(row.id, left_out=left_out[row.id]))
        elif standing[row.id].template_id == item.template_id:
            outcomes.append(unchanged(row.id))
        else:
            outcomes.append(refused("campaign_code_taken", row.id))
    return outcomes


def _key(item: StartFromTemplate, templates: Mapping[int, CampaignFacts]) -> Key:
    return templates[item.template_id].shop_id, item.code.strip()


def _refusal(step: Step, item: StartFromTemplate, template: CampaignFacts) -> str:
    if not template.is_template:
        return "not_template"
    if not item.code.strip() or not item.name.strip() or "\x00" in item.code + item.name:
        return "campaign_unnamed"
    return time_refusal(item.starts_at, _end(item, template), step.now)


def _end(item: StartFromTemplate, template: CampaignFacts) -> datetime:
    return item.starts_at + (template.ends_at - template.starts_at)


def _plan(item: StartFromTemplate, template: CampaignFacts) -> dict[str, Any]:
    copied = (
        "shop_id", "theme", "currency", "goal_sales_minor", "goal_new_customers", "expected_visitors",
        "expected_conversion_bp", "force", "audience", "materials", "risks",
    )  # fmt: skip
    return {
        **{name: getattr(template, name) for name in copied},
        "code": item.code.strip(),
        "name": item.name.strip(),
        "starts_at": item.starts_at,
        "ends_at": _end(item, template),
        "channels": list(template.channels),
        "origin": f"template:{template.id}",
        "template_id": template.id,
    }


def _copy(step: Step, copies: Mapping[int, CampaignFacts], starts: Mapping[int, datetime]) -> dict[int, int]:
    """Copy what belongs to the templates; how much had to stay out, by new campaign."""
    if not copies:
        return {}
    templates = list(copies.values())
    known = known_of(
        templates, [id_ for t in templates for id_ in t.rule_ids], [id_ for t in templates for id_ in t.segment_ids]
    )
    left_out = _copy_named(copies, known)
    _copy_budget(copies)
    tasks = sql.TASKS_TO_COPY.rows(campaigns=sorted({t.id for t in templates}))
    slots = sql.SLOTS_TO_COPY.rows(campaigns=sorted({t.id for t in templates}))
    new_tasks, new_slots = list[AddTask](), list[AddSlot]()
    for id_, template in copies.items():
        for task in (one for one in tasks if one.campaign_id == template.id):
            (due_at,) = shifted([task.due_at], template.starts_at, starts[id_])
            new_tasks.append(AddTask(id_, task.title, Role(task.role), due_at))
        for slot in (one for one in slots if one.campaign_id == template.id):
            moments = shifted([slot.starts_at, slot.ends_at, slot.apply_by], template.starts_at, starts[id_])
            new_slots.append(AddSlot(id_, slot.place, moments[0], moments[1], moments[2], slot.cost_minor))
    for outcome in (*add_tasks.within(step, new_tasks), *add_slots.within(step, new_slots)):
        if not outcome.ok and outcome.id:
            left_out[outcome.id] += 1
    return left_out


def _copy_named(copies: Mapping[int, CampaignFacts], known: Known) -> dict[int, int]:
    """Goods, rules and segments that are still there; how many are not."""
    goods = {
        id_: [PlannedGoods(g.sku_id, g.planned_quantity, g.price_minor) for g in t.goods if g.sku_id in known.skus]
        for id_, t in copies.items()
    }
    rules = {id_: [one for one in t.rule_ids if one in known.rules] for id_, t in copies.items()}
    segments = {id_: [one for one in t.segment_ids if one in known.segments] for id_, t in copies.items()}
    put_goods(goods)
    put_rules(rules)
    put_segments(segments)
    return {id_: len(t.goods) + len(t.segment_ids) - len(goods[id_]) - len(segments[id_]) for id_, t in copies.items()}


def _copy_budget(copies: Mapping[int, CampaignFacts]) -> None:
    items = budget_sql.ITEMS_OF.rows(campaigns=sorted({t.id for t in copies.values()}))
    said = [
        {
            "campaign_id": id_,
            "shop_id": template.shop_id,
            "kind": one.kind,
            "name": one.name,
            "planned_minor": one.planned_minor,
        }
        for id_, template in copies.items()
        for one in items
        if one.campaign_id == template.id
    ]
    budget_sql.PUT_ITEMS.rows(items=as_json(said))
