"""Permissions on stock."""

from enum import StrEnum


class Permission(StrEnum):
    STOCK_VIEW = "products.stock.view"
    STOCK_PROMISE = "products.stock.promise"
    STOCK_MOVE = "products.stock.move"
    STOCK_RECEIVE = "products.stock.receive"
    STOCK_ADJUST = "products.stock.adjust"
    BIN_KEEP = "products.stock.keep_bins"
    LOT_MOVE = "products.stock.move_lots"
    RESTOCK_VIEW = "products.restock.view"
    RESTOCK_REMIND = "products.restock.remind"
    RESTOCK_HANDLE = "products.restock.handle"
    THRESHOLD_SET = "products.restock.set_threshold"
