"""Port → adapter: which outside system answers each errand, and with whose credentials."""

import json
from collections.abc import Collection, Mapping
from functools import cache

from django.conf import settings

from shopkeeper.config import sabotage
from shopkeeper.flows.fulfilment.intake import performers as intake
from shopkeeper.flows.fulfilment.intake.ports import PlatformOrders, ShopAccess
from shopkeeper.flows.fulfilment.parcels import performers as parcels
from shopkeeper.flows.fulfilment.parcels.ports import ShipBack
from shopkeeper.flows.fulfilment.warehouse import performers as warehouse
from shopkeeper.foundation import business_time
from shopkeeper.foundation.errands import Performer
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import open_secret
from shopkeeper.integrations.couriers.kuaidi100 import Kuaidi100Access, Kuaidi100Courier
from shopkeeper.integrations.messaging.dingtalk import DingTalkAccess, DingTalkRobot
from shopkeeper.integrations.outside_http import OutsideHttp
from shopkeeper.integrations.platforms.taobao import TaobaoOrders, TaobaoShipBack
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.sop import performers as sop


@cache
def _top() -> TopGateway:
    return TopGateway(OutsideHttp())


@cache
def platforms() -> Mapping[str, PlatformOrders]:
    return sabotage.spoilt_platforms({"taobao": TaobaoOrders(_top())})


@cache
def ship_backs() -> Mapping[str, ShipBack]:
    return sabotage.spoilt_ship_backs({"taobao": TaobaoShipBack(_top())})


@cache
def courier() -> Kuaidi100Courier:
    url = settings.SHOPKEEPER_COURIER_URL  # a sandbox answers both kinds of call at one address
    access = Kuaidi100Access(
        customer=settings.SHOPKEEPER_COURIER_CUSTOMER,
        key=settings.SHOPKEEPER_COURIER_KEY,
        secret=settings.SHOPKEEPER_COURIER_SECRET,
        salt=settings.SHOPKEEPER_COURIER_SALT,
        **({"poll_url": url, "label_url": url} if url else {}),
    )
    return Kuaidi100Courier(access)


def shops(ids: Collection[int]) -> dict[int, ShopAccess]:
    """How shops are reached; credentials are opened here and nowhere else."""
    return {shop.pk: _access(shop) for shop in Shop.objects.filter(id__in=list(ids), is_active=True)}


def _access(shop: Shop) -> ShopAccess:
    secrets = json.loads(open_secret(bytes(shop.credentials_sealed))) if shop.credentials_sealed else {}
    return ShopAccess(
        shop_id=shop.pk,
        platform=shop.platform,
        base_url=shop.api_url,
        app_key=shop.app_key,
        app_secret=secrets.get("app_secret", ""),
        session=secrets.get("session", ""),
    )


def platform_of(shop_id: int) -> tuple[PlatformOrders, ShopAccess]:
    """A shop's platform and the access to it."""
    access = shops([shop_id])[shop_id]
    return platforms()[access.platform], access


@cache
def robot() -> DingTalkRobot | None:
    """The team's robot, where one is set up."""
    if not settings.SHOPKEEPER_ROBOT_URL:
        return None
    access = DingTalkAccess(
        settings.SHOPKEEPER_ROBOT_TOKEN, settings.SHOPKEEPER_ROBOT_SECRET, settings.SHOPKEEPER_ROBOT_URL
    )
    return DingTalkRobot(access, now_s=lambda: business_time.now().timestamp())


def performers() -> dict[str, Performer]:
    """Errand kind → who performs it."""
    gateways = parcels.Gateways(
        courier=courier(),
        accounts=lambda code: parcels.CourierAccount(f"MONTHLY-{code}"),
        ship_backs=ship_backs(),
        shops=shops,
        callback_url=f"{settings.SHOPKEEPER_PUBLIC_URL}/hooks/courier/",
    )
    return {
        "pull_orders": intake.pull_orders(platform_of),
        "fetch_order": intake.fetch_order(platform_of),
        "robot_message": sop.robot_message(robot),
        **warehouse.performers(platform_of),
        **parcels.performers(gateways),
    }
