"""Goods of Taobao/Tmall shops: put up, read back, quantities, up and down."""

from collections.abc import Iterator, Sequence
from typing import Any

from shopkeeper.flows.products.publishing.ports import (
    GoodsDraft,
    GoodsImage,
    ListingFacts,
    OutsideError,
    Published,
    QuantityAnswer,
    QuantityWish,
    ShopAccess,
    SkuFacts,
)
from shopkeeper.integrations.outside_http import retrying
from shopkeeper.integrations.platforms.goods_texts import as_html, check_currency, spec_of
from shopkeeper.integrations.platforms.pictures import PictureHashes
from shopkeeper.integrations.platforms.quantities import in_batches, set_each
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.texts import clean_text, minor_from_yuan

SKUS_PER_CALL = 20
ITEMS_PER_CALL = 20
MAX_PICTURES = 5
COLOUR = "1627207"  # the property every category lets shops name freely
FIELDS = "num_iid,outer_id,title,cid,approve_status,num,item_imgs,skus"
# The parameter the platform complains of -> the port's word for it.
_PLACES = {
    "title": "bad_title",
    "cid": "bad_category",
    "price": "bad_price",
    "sku_prices": "bad_price",
    "image": "bad_image",
}
_NO_ITEM = ("isv.item-not-exist", "isv.item-is-delete")
_IN_NAMES = str.maketrans({":": "：", ";": "；", ",": "，"})  # signs that part the platform's lists


class TaobaoGoods:
    """`PlatformGoods` for Taobao and Tmall. `location` is where goods are said to lie."""

    def __init__(
        self,
        gateway: TopGateway | None = None,
        pictures: PictureHashes | None = None,
        location: tuple[str, str] = ("浙江", "杭州"),
        parallel: int = 4,
    ) -> None:
        self._gateway = gateway or TopGateway()
        self._pictures = pictures or PictureHashes()
        self._location = location
        self._parallel = parallel

    def close(self) -> None:
        """Let go of the connections."""
        self._gateway.close()
        self._pictures.close()

    def publish(self, shop: ShopAccess, draft: GoodsDraft) -> Published:
        """See the port. Pictures follow the item one by one; only those that differ are sent."""
        check_currency(draft)
        if not draft.skus or any("," in sku.outer_code for sku in draft.skus):
            raise OutsideError("permanent", "bad_code", f"{draft.outer_code}: no variants, or a comma in a code")
        known = self._known(shop, draft.outer_code)
        wanted = self._item_form(draft)
        try:
            if known is None:
                files = {"image": draft.images[0].content} if draft.images else None
                inside, _ = self._gateway.send(shop, "taobao.item.add", wanted, files)
                item_no = str(inside["item"]["num_iid"])
            else:
                item_no = str(known["num_iid"])
                changed = wanted | {"num_iid": item_no}
                retrying(lambda: self._gateway.send(shop, "taobao.item.update", changed))
            self._put_pictures(shop, item_no, draft.images[:MAX_PICTURES])
        except OutsideError as error:
            raise _named(error) from None
        except (KeyError, TypeError):
            raise OutsideError("transient", "bad_answer", "no item number in the answer") from None
        item = self._item(shop, item_no)
        numbers = {str(sku["outer_id"]): str(sku["sku_id"]) for sku in _listed(item, "skus", "sku")}
        return Published(item_no, numbers, item.get("approve_status") == "onsale")

    def _item_form(self, draft: GoodsDraft) -> dict[str, str]:
        properties = [f"{COLOUR}:-{n}" for n in range(1, len(draft.skus) + 1)]
        names = [spec_of(sku.spec).translate(_IN_NAMES) for sku in draft.skus]
        return {
            "num": str(sum(sku.quantity for sku in draft.skus)),
            "price": _yuan(min(sku.price_minor for sku in draft.skus)),
            "type": "fixed",
            "stuff_status": "new",
            "title": draft.title,
            "desc": as_html(draft),
            "sell_point": "；".join(draft.selling_points)[:150],
            "location.state": self._location[0],
            "location.city": self._location[1],
            "cid": draft.category_leaf,
            "approve_status": "onsale",
            "sub_stock": "1",
            "freight_payer": "seller",
            "outer_id": draft.outer_code,
            "sku_properties": ",".join(properties),
            "sku_quantities": ",".join(str(sku.quantity) for sku in draft.skus),
            "sku_prices": ",".join(_yuan(sku.price_minor) for sku in draft.skus),
            "sku_outer_ids": ",".join(sku.outer_code for sku in draft.skus),
            "sku_barcode": ",".join(sku.barcode.translate(_IN_NAMES) for sku in draft.skus),
            "input_custom_cpv": ";".join(f"{one}:{name}" for one, name in zip(properties, names, strict=True)),
        }

    def _put_pictures(self, shop: ShopAccess, item_no: str, images: Sequence[GoodsImage]) -> None:
        shown = _listed(self._item(shop, item_no), "item_imgs", "item_img")
        by_place = {int(one["position"]): one for one in shown}
        for place, image in enumerate(images):
            if place in by_place and self._pictures.of(str(by_place[place]["url"])) == image.sha256:
                continue
            asked = {"num_iid": item_no, "position": str(place), "is_major": "true" if place == 0 else "false"}
            inside, _ = self._gateway.send(shop, "taobao.item.img.upload", asked, {"image": image.content})
            if isinstance(inside.get("item_img"), dict) and inside["item_img"].get("url"):
                self._pictures.learn(str(inside["item_img"]["url"]), image.sha256)
        for place, one in by_place.items():
            if place >= len(images):
                self._gateway.call(shop, "taobao.item.img.delete", num_iid=item_no, id=str(one["id"]))

    def _known(self, shop: ShopAccess, outer_code: str) -> dict[str, Any] | None:
        asked = {"outer_id": outer_code, "fields": "num_iid,outer_id"}
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.items.custom.get", **asked))
        found = _listed(inside, "items", "item")
        return found[0] if found else None

    def _item(self, shop: ShopAccess, item_no: str) -> dict[str, Any]:
        """The item whole; one that the platform has just taken and does not know is lost: permanent `no_item`."""
        try:
            inside, _ = retrying(
                lambda: self._gateway.call(shop, "taobao.item.seller.get", num_iid=item_no, fields=FIELDS)
            )
        except OutsideError as error:
            raise _named(error) from None
        item = inside.get("item")
        if not isinstance(item, dict):
            raise OutsideError("transient", "bad_answer", "no item in the answer")
        return item

    def read_back(self, shop: ShopAccess, item_nos: Sequence[str]) -> dict[str, ListingFacts]:
        """See the port."""
        found: dict[str, ListingFacts] = {}
        for at in range(0, len(item_nos), ITEMS_PER_CALL):
            for item in self._some(shop, item_nos[at : at + ITEMS_PER_CALL]):
                facts = self._facts(item)
                found[facts.item_no] = facts
        return found

    def _some(self, shop: ShopAccess, item_nos: Sequence[str]) -> Iterator[dict[str, Any]]:
        asked = {"num_iids": ",".join(item_nos), "fields": FIELDS}
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.items.seller.list.get", **asked))
        yield from _listed(inside, "items", "item")

    def _facts(self, item: dict[str, Any]) -> ListingFacts:
        pictures = sorted(_listed(item, "item_imgs", "item_img"), key=lambda one: int(one.get("position", 0)))
        try:
            return ListingFacts(
                item_no=str(item["num_iid"]),
                outer_code=clean_text(item.get("outer_id"), 64),
                is_on_sale=item["approve_status"] == "onsale",
                category_leaf=str(item["cid"]),
                title=clean_text(item["title"], 500),
                currency="CNY",
                images=tuple(self._pictures.of(str(one["url"])) for one in pictures),
                skus=tuple(
                    SkuFacts(
                        sku_no=str(sku["sku_id"]),
                        outer_code=clean_text(sku.get("outer_id"), 64),
                        price_minor=minor_from_yuan(sku["price"]),
                        quantity=int(sku["quantity"]),
                        can_be_ordered=sku.get("status", "normal") == "normal",
                    )
                    for sku in _listed(item, "skus", "sku")
                ),
            )
        except (KeyError, TypeError, ValueError):
            raise OutsideError("permanent", "unreadable_item", str(item.get("num_iid", ""))[:40]) from None

    def take_down(self, shop: ShopAccess, item_no: str) -> None:
        """See the port."""
        self._told(shop, "taobao.item.update.delisting", num_iid=item_no)

    def put_up(self, shop: ShopAccess, item_no: str) -> None:
        """See the port. Without any pieces the platform will not: permanent `no_stock`."""
        item = self._item(shop, item_no)
        if item.get("approve_status") == "onsale":
            return
        self._told(shop, "taobao.item.update.listing", num_iid=item_no, num=str(item.get("num", 0)))

    def _told(self, shop: ShopAccess, method: str, **params: str) -> None:
        try:
            retrying(lambda: self._gateway.call(shop, method, **params))
        except OutsideError as error:
            raise _named(error) from None

    def set_quantities(self, shop: ShopAccess, wishes: Sequence[QuantityWish]) -> list[QuantityAnswer]:
        """See the port: twenty variants of one item in a call, all or none."""

        def ask(some: Sequence[QuantityWish]) -> None:
            pairs = ";".join(f"{wish.sku_no}:{wish.quantity}" for wish in some)
            self._told(shop, "taobao.skus.quantity.update", num_iid=some[0].item_no, skuid_quantities=pairs, type="1")

        return set_each(wishes, in_batches(wishes, SKUS_PER_CALL), ask, self._parallel)


def _yuan(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}" if minor >= 0 else f"-{_yuan(-minor)}"


def _listed(inside: dict[str, Any], plural: str, singular: str) -> list[dict[str, Any]]:
    """A list in the platform's wrapping; nothing is an empty one, a wrong form a transient `OutsideError`."""
    if not inside.get(plural):
        return []
    found = inside[plural].get(singular, []) if isinstance(inside[plural], dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise OutsideError("transient", "bad_answer", f"{plural} without its form")
    return found


def _named(error: OutsideError) -> OutsideError:
    """The platform's refusal in the port's words."""
    if error.kind != "permanent":
        return error
    if error.code.startswith(_NO_ITEM):
        return OutsideError("permanent", "no_item", error.message)
    place = error.code.removeprefix("isv.invalid-parameter:").removeprefix("isv.missing-parameter:")
    if place == "num":
        return OutsideError("permanent", "no_stock", error.message)
    return OutsideError("permanent", _PLACES.get(place, error.code), error.message)
