"""Permissions on products, their pictures and the category tree."""

from enum import StrEnum


class Permission(StrEnum):
    SKU_IMPORT = "products.sku.import"
    PRODUCT_VIEW = "products.product.view"
    PRODUCT_EDIT = "products.product.edit"
    PRODUCT_SUBMIT = "products.product.submit"
    PRODUCT_RETIRE = "products.product.retire"
    PRODUCT_REVIEW = "products.product.review"
    IMAGE_EDIT = "products.image.edit"
    CATEGORY_EDIT = "products.category.edit"
    PRICE_PUT = "products.price.put"
