"""Permissions on stock."""

from enum import StrEnum


class Permission(StrEnum):
    STOCK_VIEW = "products.stock.view"
    STOCK_PROMISE = "products.stock.promise"
    STOCK_MOVE = "products.stock.move"
    STOCK_RECEIVE = "products.stock.receive"
