"""The materials and the gate of a shop's approved campaign, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.flows.marketing.launch.commands.write_examples import ExampleLine
from shopkeeper.flows.marketing.launch.models import Gate
from shopkeeper.flows.marketing.launch.states import MaterialKind
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.shared.clock import machine_now

DUE = machine_now() + timedelta(days=20)


@dataclass
class Launch:
    """A brief without a version, a text in review, an example cart; the gate of its campaign is open."""

    brief: int
    in_review: int
    example: int
    gate: int


def launch_of(campaign_id: int, sku_id: int) -> Launch:
    brief, in_review = (
        _run("write_brief", campaign_id=campaign_id, kind=MaterialKind.COPY, title=title, due_at=DUE)
        for title in ("待写文案", "首页文案")
    )
    _run("add_version", material_id=in_review, text="夏日清凉，好穿不贵")
    lines = (ExampleLine(sku_id, 2),)
    example = _run("save_examples", campaign_id=campaign_id, name="两件", lines=lines, expected_minor=10_000)
    _run("open_gates", campaign_id=campaign_id)
    return Launch(brief, in_review, example, Gate.objects.get(campaign_id=campaign_id).pk)


def _run(_command: str, /, **fields: Any) -> int:
    outcome = COMMANDS[_command].one(SYSTEM, COMMANDS[_command].item(**fields))
    assert outcome.ok, (_command, outcome)
    return outcome.id or 0


def _item(_command: str, /, **fields: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[_command].item(
        **{name: value(place) if callable(value) else value for name, value in fields.items()}
    )


def _campaign(place: Any) -> int:
    return place.campaigns.approved


def _in_review(place: Any) -> int:
    return place.launch.in_review


LAUNCH_ITEMS: dict[str, Callable[[Any], Any]] = {
    "add_version": _item("add_version", material_id=lambda p: p.launch.brief, text="到店就送"),
    "approve_materials": _item("approve_materials", material_id=_in_review),
    "drop_examples": _item("drop_examples", campaign_id=_campaign, example_id=lambda p: p.launch.example),
    "drop_materials": _item("drop_materials", material_id=lambda p: p.launch.brief, reason="不做了"),
    "override_gates": _item("override_gates", campaign_id=_campaign, reason="预售已备好"),
    "return_materials": _item("return_materials", material_id=_in_review, reason="标题太平"),
    "run_gates": _item("run_gates", campaign_id=_campaign),
    "save_examples": _item(
        "save_examples",
        campaign_id=_campaign,
        name="一件",
        lines=lambda p: (ExampleLine(p.sku.pk),),
        expected_minor=5_000,
    ),
    "set_brands": _item("set_brands", shop_id=lambda p: p.shop.pk, colours=("#e1251b",)),
    "use_materials": _item("use_materials", material_id=_in_review, channel="站内", place="首页焦点图"),
    "write_brief": _item("write_brief", campaign_id=_campaign, kind=MaterialKind.COPY, title="短信文案", due_at=DUE),
}
