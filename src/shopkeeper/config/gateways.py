"""Port → adapter: which outside system answers each errand, and with whose credentials."""

import json
from collections.abc import Collection, Mapping
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

from shopkeeper.config import sabotage
from shopkeeper.flows.analytics.reports import performers as reports
from shopkeeper.flows.fulfilment.intake import performers as intake
from shopkeeper.flows.fulfilment.intake.ports import PlatformOrders, ShopAccess
from shopkeeper.flows.fulfilment.parcels import performers as parcels
from shopkeeper.flows.fulfilment.parcels.ports import ShipBack
from shopkeeper.flows.fulfilment.warehouse import performers as warehouse
from shopkeeper.flows.marketing.launch import performers as launch
from shopkeeper.flows.marketing.outreach import performers as outreach
from shopkeeper.flows.marketing.outreach.ports import MessageSender
from shopkeeper.flows.marketing.outreach.states import OutreachChannel
from shopkeeper.flows.products.listing import performers as listing
from shopkeeper.flows.products.publishing import performers as publishing
from shopkeeper.flows.products.publishing.ports import PlatformGoods
from shopkeeper.flows.service.aftersale import performers as aftersale
from shopkeeper.flows.service.aftersale.ports import PlatformRefunds
from shopkeeper.flows.service.conversations import performers as conversations
from shopkeeper.flows.service.conversations.ports import PlatformChat
from shopkeeper.flows.service.tickets import performers as tickets
from shopkeeper.flows.service.tickets.ports import PlatformOrderChanges
from shopkeeper.foundation import business_time
from shopkeeper.foundation.errands import Performer
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import open_secret
from shopkeeper.integrations.couriers.kuaidi100 import Kuaidi100Access, Kuaidi100Courier
from shopkeeper.integrations.messaging.dingtalk import DingTalkAccess, DingTalkRobot
from shopkeeper.integrations.messaging.sms import SMS_URL, SmsAccess, SmsSender
from shopkeeper.integrations.messaging.smtp import SmtpAccess, SmtpSender
from shopkeeper.integrations.outside_http import OutsideHttp
from shopkeeper.integrations.platforms.own_orders import OrdersBesideOwn, ShipBackBesideOwn
from shopkeeper.integrations.platforms.pictures import PictureHashes
from shopkeeper.integrations.platforms.pinduoduo import PinduoduoGoods, PinduoduoOrders, PinduoduoShipBack
from shopkeeper.integrations.platforms.pinduoduo.gateway import PddGateway
from shopkeeper.integrations.platforms.taobao import TaobaoOrders, TaobaoShipBack
from shopkeeper.integrations.platforms.taobao.chat import TaobaoChat
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.platforms.taobao.goods import TaobaoGoods
from shopkeeper.integrations.platforms.taobao.order_changes import TaobaoOrderChanges
from shopkeeper.integrations.platforms.taobao.refunds import TaobaoRefunds
from shopkeeper.sop import performers as sop


@cache
def _top() -> TopGateway:
    return TopGateway(OutsideHttp())


@cache
def _pdd() -> PddGateway:
    return PddGateway(OutsideHttp())


@cache
def platforms() -> Mapping[str, PlatformOrders]:
    own = sabotage.spoilt_platforms({"taobao": TaobaoOrders(_top()), "pinduoduo": PinduoduoOrders(_pdd())})
    return {name: OrdersBesideOwn(adapter) for name, adapter in own.items()}


@cache
def ship_backs() -> Mapping[str, ShipBack]:
    own = sabotage.spoilt_ship_backs({"taobao": TaobaoShipBack(_top()), "pinduoduo": PinduoduoShipBack(_pdd())})
    return {name: ShipBackBesideOwn(adapter) for name, adapter in own.items()}


@cache
def refunds() -> Mapping[str, PlatformRefunds]:
    return {"taobao": TaobaoRefunds(_top())}


@cache
def goods() -> Mapping[str, PlatformGoods]:
    pictures = PictureHashes(OutsideHttp())
    own: Mapping[str, PlatformGoods] = {
        "taobao": TaobaoGoods(_top(), pictures),
        "pinduoduo": PinduoduoGoods(_pdd(), pictures),
    }
    return sabotage.spoilt_goods(own)


@cache
def chats() -> Mapping[str, PlatformChat]:
    return {"taobao": TaobaoChat(_top())}


def chat_of(shop_id: int) -> tuple[PlatformChat, ShopAccess] | None:
    """A shop's platform chat and the access to it; None where its platform has none."""
    access = shops([shop_id]).get(shop_id)
    chat = chats().get(access.platform) if access else None
    return (chat, access) if chat and access else None


@cache
def order_changes() -> Mapping[str, PlatformOrderChanges]:
    return {"taobao": TaobaoOrderChanges(_top())}


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


@cache
def text_messages() -> SmsSender:
    """The provider of text messages; without an account its pushes are believed by nobody."""
    access = SmsAccess(
        settings.SHOPKEEPER_SMS_KEY_ID,
        settings.SHOPKEEPER_SMS_SECRET,
        settings.SHOPKEEPER_SMS_PUSH_KEY,
        settings.SHOPKEEPER_SMS_URL or SMS_URL,
    )
    return SmsSender(access, now=business_time.now)


@cache
def message_sender(channel: OutreachChannel) -> MessageSender | None:
    """Who carries a channel's messages, where somebody is set up."""
    if channel is OutreachChannel.SMS:
        return text_messages() if settings.SHOPKEEPER_SMS_KEY_ID else None
    server = urlsplit(settings.SHOPKEEPER_SMTP_URL)
    if not server.hostname:
        return None
    return SmtpSender(
        SmtpAccess(
            server.hostname,
            server.port or 587,
            settings.SHOPKEEPER_SMTP_SENDER,
            settings.SHOPKEEPER_SMTP_USER,
            settings.SHOPKEEPER_SMTP_PASSWORD,
            tls=server.scheme == "smtps",
        )
    )


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
        **reports.performers(robot),
        **listing.performers(),
        **publishing.performers(publishing.Gateways(goods(), shops)),
        **warehouse.performers(platform_of),
        **parcels.performers(gateways),
        **tickets.performers(tickets.Gateways(order_changes(), shops, courier())),
        **aftersale.performers(aftersale.Gateways(refunds(), shops)),
        **conversations.performers(conversations.Gateways(chats(), shops)),
        **launch.performers(),
        **outreach.performers(outreach.Gateways(message_sender)),
    }
