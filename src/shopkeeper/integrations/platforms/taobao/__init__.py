"""Taobao and Tmall through their open platform (TOP): orders in, numbers and memos out, messages believed
or not."""

from shopkeeper.integrations.platforms.taobao.orders import TaobaoOrders
from shopkeeper.integrations.platforms.taobao.shipping import TaobaoShipBack

__all__ = ["TaobaoOrders", "TaobaoShipBack"]
