"""The platform's methods for goods: put up, change, pictures, read, quantities, up and down."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from shopkeeper.simulator.sandboxes.goods_checks import is_picture, price_fits, title_fits
from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.shelf import Shelf
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.errors import TopError, invalid, missing
from shopkeeper.simulator.sandboxes.world import china_text

Params = dict[str, str]
Files = dict[str, bytes]
PICTURE_BYTES = 3 * 1024 * 1024
MAX_PICTURES = 5
SKUS_PER_CALL = 20
ITEMS_PER_CALL = 20
MAX_QUANTITY = 900_000_000
_NEEDED = ("num", "price", "type", "stuff_status", "title", "desc", "location.state", "location.city", "cid")


def no_item() -> TopError:
    """The shop has no such item."""
    return TopError(15, "Remote service error", "isv.item-not-exist:invalid-numIid-or-iid", "商品不存在")


def fen(text: str, name: str) -> int:
    """An amount in yuan as whole fen."""
    try:
        cents = Decimal(text) * 100
    except InvalidOperation:
        raise invalid(name, f"{name} 不是金额") from None
    if not cents.is_finite() or cents != cents.to_integral_value() or not price_fits(int(cents)):
        raise invalid(name, f"{name} 应大于 0，最多两位小数")
    return int(cents)


def _quantity(text: str, name: str) -> int:
    if not text.lstrip("-").isdecimal() or not 0 <= int(text[:12]) <= MAX_QUANTITY:
        raise invalid(name, "数量应为 0 到 900000000 的整数")
    return int(text)


class Items:
    """The methods, each answering with the inside of its response. `picture_url` says where a picture is seen."""

    def __init__(self, shelf: Shelf, picture_url: Callable[[str], str]) -> None:
        self.shelf = shelf
        self.picture_url = picture_url
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "taobao.item.seller.get": self.seller_get,
            "taobao.items.seller.list.get": self.seller_list,
            "taobao.items.custom.get": self.custom_get,
            "taobao.item.img.delete": self.img_delete,
            "taobao.skus.quantity.update": self.quantities,
            "taobao.item.update.listing": self.listing,
            "taobao.item.update.delisting": self.delisting,
        }
        self.with_files: dict[str, Callable[[Doc, Params, Files], Doc]] = {
            "taobao.item.add": self.add,
            "taobao.item.update": self.update,
            "taobao.item.img.upload": self.img_upload,
        }

    # put up and change ------------------------------------------------------------------------------------

    def add(self, shop: Doc, params: Params, files: Files) -> Doc:
        """A new item with its variants and, if given, its main picture."""
        for name in _NEEDED:
            if not params.get(name):
                raise missing(name)
        item = self.shelf.put(shop["session"], self._form(params) | {"pictures": self._main_picture(files)})
        return self._made(item, "created")

    def update(self, shop: Doc, params: Params, files: Files) -> Doc:
        """An item changed to what is said; pictures stay."""
        item = self._item(shop, params)
        self.shelf.put(shop["session"], self._form(params), item)
        return self._made(item, "modified")

    def _made(self, item: Doc, when: str) -> Doc:
        return {"item": {"num_iid": item["item_no"], "iid": str(item["item_no"]), when: item["modified"]}}

    def _form(self, params: Params) -> Doc:
        if not title_fits(params.get("title", "")):
            raise invalid("title", "宝贝标题不能为空，最长 60 字节")
        if not params.get("cid", "").isdecimal() or int(params["cid"]) == 0:
            raise invalid("cid", "类目不正确")
        if not 5 < len(params.get("desc", "")) < 25_000:
            raise invalid("desc", "宝贝描述应为 5 到 25000 字")
        skus = self._skus(params)
        prices = [sku["price"] for sku in skus]
        if not min(prices) <= fen(params["price"], "price") <= max(prices):
            raise invalid("price", "商品价格应在 SKU 价格之间")
        if _quantity(params["num"], "num") != sum(sku["quantity"] for sku in skus):
            raise invalid("num", "商品数量应等于 SKU 数量之和")
        return {
            "outer_id": params.get("outer_id", "")[:64],
            "title": params["title"],
            "category": params["cid"],
            "text": params["desc"],
            "on_sale": params.get("approve_status", "onsale") == "onsale",
            "skus": skus,
        }

    @staticmethod
    def _skus(params: Params) -> list[Doc]:
        """The variants out of the parallel lists; a property with a negative value is named by the shop."""
        cpv = [part.split(":", 2) for part in params.get("input_custom_cpv", "").split(";") if part]
        if any(len(part) != 3 for part in cpv):
            raise invalid("input_custom_cpv", "应为 pid:vid:名称")
        names = {f"{pid}:{vid}": name for pid, vid, name in cpv}
        columns = [params.get(f"sku_{name}", "").split(",") for name in ("properties", "quantities", "prices")]
        codes = params.get("sku_outer_ids", "").split(",")
        barcodes = params.get("sku_barcode", "").split(",")
        if len({len(column) for column in (*columns, codes)}) != 1 or not all(columns[0]):
            raise invalid("sku_properties", "sku_properties、sku_quantities、sku_prices、sku_outer_ids 应一一对应")
        if len(set(columns[0])) != len(columns[0]):
            raise invalid("sku_properties", "SKU 属性重复")
        return [
            {
                "outer_id": codes[n],
                "barcode": barcodes[n] if n < len(barcodes) else "",
                "properties": one,
                "spec": names.get(one, one),
                "quantity": _quantity(columns[1][n], "sku_quantities"),
                "price": fen(columns[2][n], "sku_prices"),
            }
            for n, one in enumerate(columns[0])
        ]

    # pictures ---------------------------------------------------------------------------------------------

    def _main_picture(self, files: Files) -> list[Doc]:
        return [self._kept(files["image"], 0)] if "image" in files else []

    def _kept(self, content: bytes, position: int) -> Doc:
        if not is_picture(content, PICTURE_BYTES):
            raise invalid("image", "图片应为 JPG、PNG 或 GIF，不超过 3M")
        name = self.shelf.keep_picture(content)
        return {"id": self.shelf.world.number("taobao_picture"), "name": name, "position": position}

    def img_upload(self, shop: Doc, params: Params, files: Files) -> Doc:
        """A picture at a position; the one that was there goes."""
        item = self._item(shop, params)
        position = params.get("position", "")
        if "image" not in files:
            raise missing("image")
        if not position.isdecimal() or int(position) >= MAX_PICTURES:
            raise invalid("position", f"position 应为 0 到 {MAX_PICTURES - 1}")
        kept = self._kept(files["image"], int(position))
        others = [one for one in item["pictures"] if one["position"] != int(position)]
        item["pictures"] = sorted([*others, kept], key=lambda one: int(one["position"]))
        self.shelf.save(item)
        return {"item_img": self._picture(kept) | {"created": item["modified"]}}

    def img_delete(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """A picture goes."""
        item = self._item(shop, params)
        left = [one for one in item["pictures"] if str(one["id"]) != params.get("id")]
        if len(left) == len(item["pictures"]):
            raise invalid("id", "图片不存在")
        item["pictures"] = left
        self.shelf.save(item)
        return {"item_img": {"id": int(params["id"])}}

    def _picture(self, one: Doc) -> Doc:
        return {"id": one["id"], "url": self.picture_url(one["name"]), "position": one["position"]}

    # reading ----------------------------------------------------------------------------------------------

    def _item(self, shop: Doc, params: Params) -> Doc:
        if "num_iid" not in params:
            raise missing("num_iid")
        item = self.shelf.get(shop["session"], params["num_iid"])
        if item is None:
            raise no_item()
        return item

    def _view(self, item: Doc, fields: str) -> Doc:
        names = {name.strip().partition(".")[0] for name in fields.split(",") if name.strip()}
        if not names:
            raise missing("fields")
        skus = [
            {
                "sku_id": sku["sku_no"],
                "outer_id": sku["outer_id"],
                "barcode": sku["barcode"],
                "properties": sku["properties"],
                "properties_name": f"{sku['properties']}:颜色分类:{sku['spec']}",
                "price": f"{self.shelf.price(item, sku) / 100:.2f}",
                "quantity": sku["quantity"],
                "status": "normal" if sku["orderable"] else "delete",
            }
            for sku in item["skus"]
        ]
        view = {
            "num_iid": item["item_no"],
            "outer_id": item["outer_id"],
            "title": item["title"],
            "cid": int(self.shelf.category(item)),
            "approve_status": "onsale" if item["on_sale"] else "instock",
            "num": sum(sku["quantity"] for sku in item["skus"]),
            "price": min((sku["price"] for sku in skus), key=Decimal, default="0.00"),
            "desc": item["text"],
            "modified": item["modified"],
            "item_imgs": {"item_img": [self._picture(one) for one in item["pictures"]]},
            "skus": {"sku": skus},
        }
        return {name: value for name, value in view.items() if name in names}

    def seller_get(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """One item as its seller sees it."""
        return {"item": self._view(self._item(shop, params), params.get("fields", ""))}

    def seller_list(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Up to twenty items; those unknown are left out."""
        numbers = [part for part in params.get("num_iids", "").split(",") if part]
        if not 1 <= len(numbers) <= ITEMS_PER_CALL:
            raise invalid("num_iids", f"num_iids 应为 1 到 {ITEMS_PER_CALL} 个")
        found = [item for number in numbers if (item := self.shelf.get(shop["session"], number)) is not None]
        return {"items": {"item": [self._view(item, params.get("fields", "")) for item in found]}} if found else {}

    def custom_get(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Items of a merchant code."""
        if not params.get("outer_id"):
            raise missing("outer_id")
        item = self.shelf.find(shop["session"], params["outer_id"])
        return {"items": {"item": [self._view(item, params.get("fields", ""))]}} if item else {}

    # quantities, up and down ------------------------------------------------------------------------------

    def quantities(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Quantities of up to twenty variants of one item, all or none: type 1 sets, type 2 adds."""
        item = self._item(shop, params)
        pairs = [part.partition(":") for part in params.get("skuid_quantities", "").split(";") if part]
        if not 1 <= len(pairs) <= SKUS_PER_CALL:
            raise invalid("skuid_quantities", f"一次最多修改 {SKUS_PER_CALL} 个 SKU")
        by_no = {str(sku["sku_no"]): sku for sku in item["skus"]}
        wanted = []
        for number, _, text in pairs:
            if number not in by_no:
                raise TopError(15, "Remote service error", "isv.sku-not-exist:invalid-skuId", f"SKU {number} 不存在")
            base = by_no[number]["quantity"] if params.get("type") == "2" else 0
            if not text.lstrip("-").isdecimal():
                raise invalid("skuid_quantities", "数量应为整数")
            wanted.append((by_no[number], _quantity(str(base + int(text[:12])), "skuid_quantities")))
        for sku, quantity in wanted:
            self.shelf.set_quantity(item, sku, quantity)
        return {"item": {"num_iid": item["item_no"], "modified": china_text(self.shelf.world.now())}}

    def listing(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Up; an item without any pieces cannot be."""
        item = self._item(shop, params)
        if _quantity(params.get("num", ""), "num") == 0:
            raise invalid("num", "库存为 0 的商品不能上架")
        self.shelf.set_on_sale(item, True)
        return self._made(item, "modified")

    def delisting(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Down."""
        item = self._item(shop, params)
        self.shelf.set_on_sale(item, False)
        return self._made(item, "modified")
