"""Permissions on products and SKUs."""

from enum import StrEnum


class Permission(StrEnum):
    SKU_IMPORT = "products.sku.import"
