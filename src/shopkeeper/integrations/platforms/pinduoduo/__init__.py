"""Pinduoduo through its open platform: orders in, numbers, notes and goods out, messages believed or not."""

from shopkeeper.integrations.platforms.pinduoduo.goods import PinduoduoGoods
from shopkeeper.integrations.platforms.pinduoduo.orders import PinduoduoOrders
from shopkeeper.integrations.platforms.pinduoduo.shipping import PinduoduoShipBack

__all__ = ["PinduoduoGoods", "PinduoduoOrders", "PinduoduoShipBack"]
