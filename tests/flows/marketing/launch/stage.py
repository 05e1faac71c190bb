"""An approved campaign with goods, rules, coupons and materials, and the people who prepare it."""

import hashlib
import io
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from PIL import Image

from shopkeeper.flows.marketing.campaigns.models import Campaign, CampaignGoods, CampaignRule
from shopkeeper.flows.marketing.launch.commands.add_version import AddVersion, add_version
from shopkeeper.flows.marketing.launch.commands.decide_materials import ApproveMaterial, approve_materials
from shopkeeper.flows.marketing.launch.commands.open_gates import OpenGate, open_gates
from shopkeeper.flows.marketing.launch.commands.run_gate import RunGate, run_gates
from shopkeeper.flows.marketing.launch.commands.write_brief import WriteBrief, write_brief
from shopkeeper.flows.marketing.launch.commands.write_examples import ExampleLine, SaveExample, save_examples
from shopkeeper.flows.marketing.launch.models import Gate, GateCheck, Material
from shopkeeper.flows.marketing.launch.performers import performers
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.states import MaterialKind
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.publishing.models import Listing
from shopkeeper.foundation import errands
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.files import FileKind, kept_files
from shopkeeper.foundation.models import Shop
from tests import factories as make
from tests.flows.marketing.promotions import stage as promotions

NOON = make.NOON
START = NOON + timedelta(days=5)
END = START + timedelta(days=3)
at = promotions.at
ended = promotions.ended


def planner(**scope: Any) -> Actor:
    """The campaign specialist: briefs, reviews, writes examples, tests."""
    return make.actor_with(
        Permission.MATERIAL_VIEW,
        Permission.MATERIAL_BRIEF,
        Permission.MATERIAL_APPROVE,
        Permission.BRAND_SET,
        Permission.GATE_VIEW,
        Permission.GATE_RUN,
        Permission.GATE_EXAMPLE,
        **scope,
    )


def designer(**scope: Any) -> Actor:
    return make.actor_with(Permission.MATERIAL_VIEW, Permission.MATERIAL_MAKE, **scope)


def manager(**scope: Any) -> Actor:
    return make.actor_with(Permission.GATE_VIEW, Permission.GATE_OVERRIDE, **scope)


def campaign(shop: Shop, code: str = "618", state: str = "approved", **fields: Any) -> Campaign:
    defaults: dict[str, Any] = {
        "name": f"{code} 大促", "starts_at": START, "ends_at": END, "expected_visitors": 100, "submitted_at": NOON,
        "submitted_by": 1, "decided_at": NOON, "decided_by": 2, "ended_at": NOON if state == "ended" else None,
        "launched_at": NOON if state in ("ended", "live") else None,
    }  # fmt: skip
    return Campaign.objects.create(
        shop=shop,
        code=code,
        state=state,
        state_at=NOON,
        made_at=NOON,
        made_by=1,
        saved_at=NOON,
        saved_by=1,
        **{**defaults, **fields},
    )


def goods(one: Campaign, sku: Sku, price_minor: int = 5_000, planned: int = 10, *, listed: bool = True) -> None:
    CampaignGoods.objects.create(campaign=one, sku=sku, planned_quantity=planned, price_minor=price_minor)
    if listed:
        Listing.objects.create(
            product_id=sku.product_id, shop=one.shop, state="on_sale", state_at=NOON, wanted_at=NOON, wanted_by=1,
            item_no=f"T{sku.pk}",
        )  # fmt: skip


def ruled(one: Campaign, rule_id: int) -> int:
    CampaignRule.objects.create(campaign=one, rule_id=rule_id)
    return rule_id


def prepared(shop: Shop | None = None, **fields: Any) -> Campaign:
    """A campaign that lacks nothing: 满 300 减 50 with coupons, a listed SKU in stock, a material, two examples."""
    shop = shop or make.make_shop()
    one = campaign(shop, **fields)
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    goods(one, sku)
    rule_id = ruled(one, promotions.published(shop, one.code, needs_coupon=True))
    promotions.batch(rule_id, total=50, claim_to=END, valid_to=END)
    approved(one)
    for count, expected in ((6, 25_000), (5, 25_000)):
        example(one, sku, count, expected, rule_ids=(rule_id,))
    return one


def example(one: Campaign, sku: Sku, quantity: int, expected: int, name: str = "", **fields: Any) -> int:
    item = SaveExample(one.pk, name or f"{quantity} 件", (ExampleLine(sku.pk, quantity),), expected, **fields)
    outcome = save_examples.one(planner(), item)
    assert outcome.ok, outcome
    return outcome.id or 0


def briefed(one: Campaign, kind: str = "copy", title: str = "首页文案", **fields: Any) -> int:
    size = {} if kind == "copy" else {"width": 400, "height": 400}
    said = {"due_at": NOON + timedelta(days=2), **size, **fields}
    outcome = write_brief.one(planner(), WriteBrief(one.pk, MaterialKind(kind), title, **said))
    assert outcome.changed, outcome
    return outcome.id or 0


def approved(one: Campaign, title: str = "首页文案", text: str = "夏日清凉，好穿不贵") -> int:
    material_id = briefed(one, title=title)
    assert add_version.one(designer(), AddVersion(material_id, text=text)).changed
    assert approve_materials.one(planner(), ApproveMaterial(material_id)).changed
    return material_id


def picture(colour: str = "#e1251b", side: int = 500, kind: str = "PNG") -> str:
    """A kept picture of one colour with something in it; its digest."""
    image = Image.effect_noise((side, side), 60).convert("RGB")
    image.paste(colour, (0, 0, side, side * 3 // 4))
    target = io.BytesIO()
    image.save(target, kind)
    target.seek(0)
    return kept_files().keep(target, "海报.png", {FileKind.PNG, FileKind.JPEG}).digest


def no_such_file() -> str:
    return hashlib.sha256(b"nothing").hexdigest()


def perform() -> int:
    """Everything this desk has to do after commit."""
    return errands.perform_due(performers())


def opened(one: Campaign) -> Gate:
    open_gates.one(SYSTEM, OpenGate(one.pk))
    return Gate.objects.get(campaign=one)


def tested(one: Campaign) -> Gate:
    """The campaign's gate after a run."""
    opened(one)
    assert run_gates.one(planner(), RunGate(one.pk)).changed
    assert perform() == 1
    return Gate.objects.get(campaign=one)


def verdicts(gate: Gate) -> dict[str, str]:
    return dict(
        GateCheck.objects.filter(run__gate=gate, run__number=gate.runs).values_list("key", "verdict").order_by("key")
    )


def state_of(material_id: int) -> str:
    return Material.objects.get(id=material_id).state


def told() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT type FROM foundation_event WHERE type LIKE 'launch.%' ORDER BY id")
        return [type_.removeprefix("launch.") for (type_,) in cursor.fetchall()]


def due(kind: str) -> list[tuple[int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id, due_at FROM sop_deadline WHERE kind = %s ORDER BY due_at", [kind])
        return cursor.fetchall()
