"""Words of the desk listing."""

from shopkeeper.shared.words import T

REFUSALS: dict[str, T] = {
    "sku_code_unreadable": T("商家编码为空或超过 60 个字符。", "The SKU code is empty or longer than 60 characters."),
}
