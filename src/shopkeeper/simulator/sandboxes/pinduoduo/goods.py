"""The platform's methods for goods: pictures, specs, put up, change, read, quantities, up and down."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from shopkeeper.simulator.sandboxes.goods_checks import is_picture, price_fits, title_fits
from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.pinduoduo.errors import PddError, invalid, missing, refused
from shopkeeper.simulator.sandboxes.pinduoduo.reading import Params, whole
from shopkeeper.simulator.sandboxes.shelf import Shelf
from shopkeeper.simulator.sandboxes.store import Doc

PICTURE_BYTES = 1024 * 1024
MAX_PICTURES = 10
GOODS_PER_PAGE = 100
MAX_QUANTITY = 900_000_000
PARENT_SPECS = {3055: "款式", 1215: "颜色"}
TEMPLATE_ID = 80_001
_NEEDED = (
    *("goods_name", "goods_type", "cat_id", "country_id", "market_price", "cost_template_id", "shipment_limit_second"),
    *("sku_list", "carousel_gallery", "detail_gallery", "is_folt", "is_pre_sale", "is_refundable", "second_hand"),
)


class Goods:
    """The methods, each answering with the inside of its response. `picture_url` says where a picture is seen."""

    def __init__(self, shelf: Shelf, picture_url: Callable[[str], str]) -> None:
        self.shelf = shelf
        self.picture_url = picture_url
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "pdd.goods.image.upload": self.upload,
            "pdd.goods.spec.get": self.parent_specs,
            "pdd.goods.spec.id.get": self.spec_id,
            "pdd.goods.logistics.template.get": self.templates,
            "pdd.goods.add": self.add,
            "pdd.goods.information.update": self.update,
            "pdd.goods.detail.get": self.detail,
            "pdd.goods.list.get": self.listed,
            "pdd.goods.quantity.update": self.quantity,
            "pdd.goods.sale.status.set": self.sale_status,
        }

    # what goods are made of -------------------------------------------------------------------------------

    def upload(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """A picture in base64 (with or without its data header); its address comes back."""
        try:
            content = base64.b64decode(params.get("image", "").rpartition(",")[2], validate=True)
        except (binascii.Error, ValueError):
            raise invalid("image", "图片应为 base64") from None
        if not is_picture(content, PICTURE_BYTES):
            raise invalid("image", "图片应为 JPG 或 PNG，不超过 1M")
        return {"image_url": self.picture_url(self.shelf.keep_picture(content))}

    def parent_specs(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """The kinds of specs a category has."""
        cat_id = whole(params, "cat_id", None, 1, 10**11)
        found = [
            {"cat_id": cat_id, "parent_spec_id": number, "parent_spec_name": name}
            for number, name in PARENT_SPECS.items()
        ]
        return {"goods_spec_list": found}

    def spec_id(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """The number of a spec by its name; the same name again has the same number."""
        parent = whole(params, "parent_spec_id", None, 1, 10**11)
        name = params.get("spec_name", "")
        if parent not in PARENT_SPECS or not name:
            raise invalid("spec_name", "规格不正确")
        for key, doc in self.shelf.world.store.all("pdd_spec"):
            if doc == {"parent": parent, "name": name}:
                return {"parent_spec_id": parent, "spec_name": name, "spec_id": int(key)}
        number = 20_000_000 + self.shelf.world.number("pdd_spec")
        self.shelf.world.store.put("pdd_spec", str(number), {"parent": parent, "name": name})
        return {"parent_spec_id": parent, "spec_name": name, "spec_id": number}

    def templates(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """The mall's freight templates."""
        template = {"template_id": TEMPLATE_ID, "template_name": "全国包邮"}
        return {"logistics_template_list": [template], "total_count": 1}

    # put up and change ------------------------------------------------------------------------------------

    def add(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """New goods with their variants; they are on sale once taken."""
        item = self.shelf.put(mall["access_token"], self._form(params) | {"on_sale": True})
        return {"goods_id": item["item_no"], "goods_commit_id": self.shelf.world.number("pdd_commit")}

    def update(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Goods changed to what is said."""
        item = self._own(mall, params)
        self.shelf.put(mall["access_token"], self._form(params) | {"on_sale": item["on_sale"]}, item)
        return {"is_success": True, "goods_id": item["item_no"]}

    def _form(self, params: Params) -> Doc:
        for name in _NEEDED:
            if not params.get(name):
                raise missing(name)
        if not title_fits(params["goods_name"]):
            raise invalid("goods_name", "商品标题不能为空，最长 30 个汉字")
        whole(params, "cost_template_id", None, TEMPLATE_ID, TEMPLATE_ID)
        whole(params, "cat_id", None, 1, 10**11)
        skus = [self._sku(sku) for sku in _json_list(params, "sku_list")]
        if not skus or len({sku["spec_ids"] for sku in skus}) != len(skus):
            raise invalid("sku_list", "SKU 规格为空或重复")
        if whole(params, "market_price", None, 1, 10**12) <= max(sku["single_price"] for sku in skus):
            raise invalid("market_price", "参考价应大于单买价")
        return {
            "outer_id": params.get("out_goods_id", "")[:64],
            "title": params["goods_name"],
            "category": params["cat_id"],
            "text": params.get("goods_desc", ""),
            "pictures": self._pictures(_json_list(params, "carousel_gallery")),
            "skus": skus,
        }

    def _sku(self, sku: Any) -> Doc:
        try:
            group, single, quantity = int(sku["multi_price"]), int(sku["price"]), int(sku["quantity"])
            spec_ids = json.loads(sku["spec_id_list"])
            named = [(self.shelf.world.store.get("pdd_spec", str(number)) or {})["name"] for number in spec_ids]
        except (KeyError, TypeError, ValueError):
            raise invalid("sku_list", "SKU 字段不完整或规格不存在") from None
        if not price_fits(group) or single <= group:
            raise invalid("multi_price", "拼单价应大于 0 且低于单买价")
        if not 0 <= quantity <= MAX_QUANTITY:
            raise invalid("quantity", "库存应为 0 到 900000000 的整数")
        return {
            "outer_id": str(sku.get("out_sku_sn", ""))[:64],
            "barcode": "",
            "spec_ids": str(sku["spec_id_list"]),
            "spec": ",".join(named),
            "price": group,
            "single_price": single,
            "quantity": quantity,
            "orderable": bool(sku.get("is_onsale", 1)),
        }

    def _pictures(self, urls: list[Any]) -> list[Doc]:
        names = [str(url).rpartition("/")[2] for url in urls]
        if not 1 <= len(names) <= MAX_PICTURES or any(self.shelf.picture(name) is None for name in names):
            raise invalid("carousel_gallery", f"轮播图应为已上传的 1 到 {MAX_PICTURES} 张图片")
        return [{"name": name} for name in names]

    # reading ----------------------------------------------------------------------------------------------

    def _own(self, mall: Doc, params: Params) -> Doc:
        if not params.get("goods_id"):
            raise missing("goods_id")
        item = self.shelf.get(mall["access_token"], params["goods_id"])
        if item is None:
            raise refused("商品不存在")
        return item

    def detail(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Goods with everything their shop may see. Status: 1 on sale, 2 off, 3 sold out."""
        item = self._own(mall, params)
        skus = [
            {
                "sku_id": sku["sku_no"],
                "out_sku_sn": sku["outer_id"],
                "multi_price": self.shelf.price(item, sku),
                "price": sku["single_price"] + self.shelf.price(item, sku) - sku["price"],
                "quantity": sku["quantity"],
                "reserve_quantity": 0,
                "is_onsale": int(sku["orderable"]),
                "spec": [{"spec_name": sku["spec"]}],
            }
            for sku in item["skus"]
        ]
        is_sold_out = not any(sku["quantity"] for sku in item["skus"])
        return {
            "goods_id": item["item_no"],
            "outer_goods_id": item["outer_id"],
            "goods_name": item["title"],
            "cat_id": int(self.shelf.category(item)),
            "goods_desc": item["text"],
            "status": (3 if is_sold_out else 1) if item["on_sale"] else 2,
            "carousel_gallery_list": [self.picture_url(one["name"]) for one in item["pictures"]],
            "sku_list": skus,
        }

    def listed(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Goods of the mall, by merchant code or all, page by page from the first."""
        found = self.shelf.of(mall["access_token"])
        codes = [code for code in params.get("outer_goods_id", "").split(",") if code]
        found = [item for item in found if not codes or item["outer_id"] in codes]
        page = whole(params, "page", 1, 1, 10**6)
        size = whole(params, "page_size", GOODS_PER_PAGE, 1, GOODS_PER_PAGE)
        part = [
            {
                "goods_id": item["item_no"],
                "goods_name": item["title"],
                "is_onsale": int(item["on_sale"]),
                "goods_quantity": sum(sku["quantity"] for sku in item["skus"]),
                "sku_list": [
                    {
                        "sku_id": sku["sku_no"],
                        "outer_id": sku["outer_id"],
                        "outer_goods_id": item["outer_id"],
                        "sku_quantity": sku["quantity"],
                        "reserve_quantity": 0,
                        "spec": sku["spec"],
                        "is_sku_onsale": int(sku["orderable"]),
                    }
                    for sku in item["skus"]
                ],
            }
            for item in found[(page - 1) * size : page * size]
        ]
        return {"goods_list": part, "total_count": len(found)}

    # quantities, up and down ------------------------------------------------------------------------------

    def quantity(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """The quantity of one variant: update_type 1 sets, 2 adds."""
        item = self._own(mall, params)
        sku = self._variant(item, params)
        text = params.get("quantity", "")
        if not text.lstrip("-").isdecimal():
            raise invalid("quantity", "库存应为整数")
        wanted = int(text[:12]) + (sku["quantity"] if params.get("update_type") == "2" else 0)
        if not 0 <= wanted <= MAX_QUANTITY:
            raise invalid("quantity", "库存应为 0 到 900000000 的整数")
        self.shelf.set_quantity(item, sku, wanted)
        return {"is_success": True}

    @staticmethod
    def _variant(item: Doc, params: Params) -> Doc:
        for sku in item["skus"]:
            by_number = params.get("sku_id") == str(sku["sku_no"])
            if by_number or ("sku_id" not in params and params.get("outer_id") == sku["outer_id"]):
                found: Doc = sku
                return found
        raise PddError(50001, "业务服务错误", "SKU 不存在")

    def sale_status(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Up or down."""
        item = self._own(mall, params)
        self.shelf.set_on_sale(item, bool(whole(params, "is_onsale", None, 0, 1)))
        return {"is_success": True}


def _json_list(params: Params, name: str) -> list[Any]:
    try:
        value = json.loads(params[name])
    except ValueError:
        raise invalid(name, "应为 JSON 数组") from None
    if not isinstance(value, list):
        raise invalid(name, "应为 JSON 数组")
    return value
