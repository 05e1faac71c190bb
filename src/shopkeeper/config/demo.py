"""The demo company's furniture: places, people, goods, stock, owners of clauses, and keys for programs.

Done through commands where there are commands. A second run finds everything there and changes nothing.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shopkeeper.config.demo_goods import furnish_goods
from shopkeeper.flows.fulfilment.intake.commands.start_shop import StartShop, start_shop
from shopkeeper.flows.fulfilment.intake.models import PullCursor
from shopkeeper.flows.products.listing.models import Product, Sku
from shopkeeper.flows.products.listing.rules.searching import search_fields
from shopkeeper.flows.products.stock.commands.receive_stock import ReceiveStock, receive_stock
from shopkeeper.flows.products.stock.models import Bin
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ApiToken, Person, PersonRole, Shop, Warehouse
from shopkeeper.foundation.personal import seal_secret
from shopkeeper.foundation.tokens import token_hash
from shopkeeper.simulator import catalogue
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.sop.clauses import CLAUSES
from shopkeeper.sop.commands.set_clause_owner import SetClauseOwner, set_clause_owner
from shopkeeper.sop.models import ClauseOwner

Progress = Callable[[int, int | None], None]
SIMULATED_START = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)  # a Monday, 8:00 in the shops
RACKS = "ABCD"
# Where a platform's sandbox listens (the variable that says it), and our account there.
PLATFORMS = {
    "taobao": ("SHOPKEEPER_SANDBOX_PLATFORM_URL", accounts.APP_KEY, accounts.APP_SECRET),
    "pinduoduo": (
        "SHOPKEEPER_SANDBOX_PINDUODUO_URL",
        accounts.PINDUODUO_CLIENT_ID,
        accounts.PINDUODUO_CLIENT_SECRET,
    ),
}
TOKEN_NAME = "demo"  # noqa: S105 (a label, not a secret)


def start_moment() -> datetime:
    """When the simulated business begins: SHOPKEEPER_SIM_START, else a fixed Monday morning."""
    given = os.environ.get("SHOPKEEPER_SIM_START", "")
    return datetime.fromisoformat(given) if given else SIMULATED_START


def tokens_path() -> Path:
    return Path(settings.SHOPKEEPER_VAR) / "demo" / "tokens.json"


def seed(progress: Progress) -> dict[str, str]:
    """Furnish the demo company; returns the staff's API tokens by user name (also kept in var/demo, mode 0600)."""
    simulated = business_time.is_simulated()
    if simulated:
        business_time.set_simulated(start_moment() - timedelta(days=3))
    with transaction.atomic():
        depots = _depots()
        shops = _shops(depots)
        progress(1, 6)
        skus = _skus()
        furnish_goods()
        progress(2, 6)
        people = _people(shops, depots)
        progress(3, 6)
    _receive(skus, depots, "A", share=2)
    if simulated:
        business_time.set_simulated(start_moment() - timedelta(days=1))
    _receive(skus, depots, "B", share=1)
    progress(4, 6)
    if simulated:
        business_time.set_simulated(start_moment())
    _owners(shops.values(), people)
    progress(5, 6)
    tokens = _tokens(people)
    _open_shops(shops.values())
    progress(6, 6)
    return tokens


def _depots() -> dict[str, Warehouse]:
    found = {}
    for depot in catalogue.DEPOTS:
        words = {
            "name": depot.name,
            "sender_name": depot.sender_name,
            "sender_phone": depot.sender_phone,
            "sender_address": depot.sender_address,
        }
        warehouse, _ = Warehouse.objects.get_or_create(code=depot.code, defaults=words)
        codes = [f"{rack}-{row:02d}-{level:02d}" for rack in RACKS for row in range(1, 6) for level in (1, 2)]
        Bin.objects.bulk_create(
            [Bin(warehouse=warehouse, code=code, path_order=n) for n, code in enumerate(codes, start=1)],
            ignore_conflicts=True,
        )
        quarantine = {"path_order": 999, "is_quarantine": True}
        Bin.objects.get_or_create(warehouse=warehouse, code="Q-01-01", defaults=quarantine)
        found[depot.code] = warehouse
    return found


def _shops(depots: dict[str, Warehouse]) -> dict[str, Shop]:
    found = {}
    for front in catalogue.SHOPFRONTS:
        variable, app_key, app_secret = PLATFORMS[front.platform]
        api_url = os.environ.get(variable, "")
        shop = Shop.objects.filter(code=front.code).first()
        if shop is None:
            secret = json.dumps({"app_secret": app_secret, "session": front.session})
            shop = Shop.objects.create(
                code=front.code,
                name=front.name,
                platform=front.platform,
                app_key=app_key,
                credentials_sealed=seal_secret(secret),
                default_warehouse=depots[front.warehouse],
                api_url=api_url,
            )
        elif api_url and shop.api_url != api_url:
            Shop.objects.filter(id=shop.pk).update(api_url=api_url)
        found[front.code] = shop
    return found


def _skus() -> dict[str, Sku]:
    Product.objects.bulk_create(
        [
            Product(code=code, title=goods.title, category=goods.category, search_text=text, search_grams=pieces)
            for code, goods in {goods.product: goods for goods in catalogue.GOODS}.items()
            for text, pieces in [search_fields(goods.title, code)]
        ],
        ignore_conflicts=True,
    )
    products = {product.code: product for product in Product.objects.all()}
    Sku.objects.bulk_create(
        [
            Sku(
                product=products[goods.product],
                code=goods.code,
                barcode=goods.barcode,
                name=goods.title,
                spec=goods.spec,
                weight_g=goods.weight_g,
                cost_minor=goods.cost_minor,
                price_minor=goods.price_minor,
                floor_minor=goods.floor_minor,
                is_fragile=goods.is_fragile,
                is_unbendable=goods.is_unbendable,
                search_text=text,
                search_grams=pieces,
            )
            for goods in catalogue.GOODS
            for text, pieces in [search_fields(goods.title, goods.spec, goods.code, goods.barcode)]
        ],
        ignore_conflicts=True,
    )
    return {sku.code: sku for sku in Sku.objects.filter(code__in=catalogue.BY_CODE)}


def _people(shops: dict[str, Shop], depots: dict[str, Warehouse]) -> dict[str, Person]:
    found = {}
    for colleague in catalogue.PEOPLE:
        scope = {"all_shops": not colleague.shops, "all_warehouses": not colleague.depots}
        person, made = Person.objects.get_or_create(
            username=colleague.username, defaults={"name": colleague.name, **scope}
        )
        if made:
            person.set_unusable_password()
            person.save(update_fields=["password"])
            PersonRole.objects.create(person=person, role=colleague.role)
            for code in colleague.shops:
                person.shops.create(shop=shops[code])
            for code in colleague.depots:
                person.warehouses.create(warehouse=depots[code])
        found[colleague.username] = person
    return found


def _receive(skus: dict[str, Sku], depots: dict[str, Warehouse], lot: str, *, share: int) -> None:
    """One delivery to each warehouse; the first is twice the second. Scarce goods come once."""
    items = []
    for code, warehouse in depots.items():
        bins = list(
            Bin.objects.filter(warehouse=warehouse, is_quarantine=False)
            .order_by("path_order")
            .values_list("code", flat=True)
        )
        for place, goods in enumerate(catalogue.GOODS):
            pieces = goods.pieces * share // 3 if goods.pieces >= 100 else goods.pieces * (share - 1)
            if pieces:
                where = bins[(place + (0 if lot == "A" else 7)) % len(bins)]
                sku = skus[goods.code]
                items.append(
                    ReceiveStock(sku.pk, warehouse.pk, where, f"{code}-{lot}-{goods.code}", pieces, "期初到货")
                )
    refused = [outcome for outcome in receive_stock(SYSTEM, items) if not outcome.ok]
    if refused:
        raise RuntimeError(f"the demo's stock was not received: {refused[0]}")


def _owners(shops: Iterable[Shop], people: dict[str, Person]) -> None:
    """Every clause has a named owner and a deputy in every shop; the system's own are the supervisor's."""
    by_role: dict[str, list[Person]] = {}
    for colleague in catalogue.PEOPLE:
        by_role.setdefault(colleague.role, []).append(people[colleague.username])
    supervisor, manager = people["supervisor"], people["manager"]
    have = set(ClauseOwner.objects.values_list("clause", "shop_id"))
    items = []
    for shop in shops:
        for clause in CLAUSES.values():
            if (clause.id, shop.pk) in have:
                continue
            able = by_role[clause.owners[0]] if clause.owners else [supervisor]
            deputy = able[1] if len(able) > 1 else (supervisor if able[0] != supervisor else manager)
            items.append(SetClauseOwner(clause.id, shop.pk, able[0].pk, deputy.pk))
    set_clause_owner(SYSTEM, items)


def _tokens(people: dict[str, Person]) -> dict[str, str]:
    """One token for each colleague. The database keeps hashes only, so a lost file means new tokens."""
    path = tokens_path()
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    hashes = ApiToken.objects.filter(name=TOKEN_NAME, revoked_at=None).values_list("token_hash", flat=True)
    known = {bytes(row) for row in hashes}
    tokens = {}
    for username, person in people.items():
        token = kept.get(username, "")
        if token_hash(token) not in known:
            token = secrets.token_urlsafe(32)
            ApiToken.objects.create(
                person=person, name=TOKEN_NAME, token_hash=token_hash(token), made_at=business_time.now()
            )
        tokens[username] = token
    if tokens != kept:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(tokens, file)
        fresh.rename(path)
    return tokens


def _open_shops(shops: Iterable[Shop]) -> None:
    started = set(PullCursor.objects.values_list("shop_id", flat=True))
    start_shop(SYSTEM, [StartShop(shop.pk) for shop in shops if shop.pk not in started])
