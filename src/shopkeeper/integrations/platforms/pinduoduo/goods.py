"""Goods of Pinduoduo shops: put up, read back, quantities, up and down.

The price we are given is the group price, which is what buyers pay; the platform wants a higher one for buying alone
and a still higher reference.
"""

import base64
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
from shopkeeper.integrations.platforms.goods_texts import check_currency, spec_of, told
from shopkeeper.integrations.platforms.pictures import PictureHashes
from shopkeeper.integrations.platforms.pinduoduo.gateway import PddGateway
from shopkeeper.integrations.platforms.quantities import in_batches, set_each
from shopkeeper.integrations.texts import MAX_MINOR, clean_text

MAX_PICTURES = 10
SINGLE_ABOVE_MINOR = 100
SHIPMENT_LIMIT_S = 48 * 3600
TEXT_SIGNS = 500
ON_SALE = (1, 3)  # 3 is sold out: still standing in the shop
# A word in the platform's refusal -> the port's word for it; the first that is found counts.
_REFUSALS = (
    ("商品不存在", "no_item"),
    ("goods_name", "bad_title"),
    ("标题", "bad_title"),
    ("cat_id", "bad_category"),
    ("类目", "bad_category"),
    ("image", "bad_image"),
    ("gallery", "bad_image"),
    ("图", "bad_image"),
    ("price", "bad_price"),
    ("价", "bad_price"),
)


class PinduoduoGoods:
    """`PlatformGoods` for Pinduoduo."""

    def __init__(
        self, gateway: PddGateway | None = None, pictures: PictureHashes | None = None, parallel: int = 6
    ) -> None:
        self._gateway = gateway or PddGateway()
        self._pictures = pictures or PictureHashes()
        self._parallel = parallel

    def close(self) -> None:
        """Let go of the connections."""
        self._gateway.close()
        self._pictures.close()

    def publish(self, shop: ShopAccess, draft: GoodsDraft) -> Published:
        """See the port. Pictures the goods already show are not sent again."""
        check_currency(draft)
        if not draft.skus or not draft.images:
            raise OutsideError("permanent", "bad_image" if draft.skus else "bad_code", draft.outer_code)
        known = self._known(shop, draft.outer_code)
        urls = self._picture_urls(shop, draft.images[:MAX_PICTURES], self._shown(shop, known))
        wanted = self._form(shop, draft, urls)
        if known is None:
            item_no = str(self._told(shop, "pdd.goods.add", wanted).get("goods_id", ""))
        else:
            item_no = known
            self._told(shop, "pdd.goods.information.update", wanted | {"goods_id": item_no}, again=True)
            self.put_up(shop, item_no)
        detail = self._detail(shop, item_no)
        if detail is None:
            raise OutsideError("permanent", "no_item", f"{item_no}: taken, and then not there")
        facts = self._facts(detail)
        return Published(facts.item_no, {sku.outer_code: sku.sku_no for sku in facts.skus}, facts.is_on_sale)

    def _known(self, shop: ShopAccess, outer_code: str) -> str | None:
        """The number of the shop's goods with this code."""
        asked = {"outer_goods_id": outer_code, "page": "1", "page_size": "10"}
        found = self._told(shop, "pdd.goods.list.get", asked, again=True).get("goods_list") or []
        return str(found[0]["goods_id"]) if found else None

    def _shown(self, shop: ShopAccess, item_no: str | None) -> dict[str, str]:
        """Addresses of the pictures the goods show, by hash."""
        detail = self._detail(shop, item_no) if item_no else None
        urls = [str(url) for url in (detail or {}).get("carousel_gallery_list") or []]
        return {self._pictures.of(url): url for url in urls}

    def _picture_urls(self, shop: ShopAccess, images: Sequence[GoodsImage], shown: dict[str, str]) -> list[str]:
        urls = []
        for image in images:
            url = shown.get(image.sha256)
            if url is None:
                content = base64.b64encode(image.content).decode()
                form = {"image": f"data:{image.content_type};base64,{content}"}
                url = str(self._told(shop, "pdd.goods.image.upload", form, again=True).get("image_url", ""))
                self._pictures.learn(url, image.sha256)
            urls.append(url)
        return urls

    def _form(self, shop: ShopAccess, draft: GoodsDraft, urls: list[str]) -> dict[str, str]:
        specs = self._told(shop, "pdd.goods.spec.get", {"cat_id": draft.category_leaf}, again=True)
        templates = self._told(shop, "pdd.goods.logistics.template.get", {"page": "1"}, again=True)
        try:
            parent = str(specs["goods_spec_list"][0]["parent_spec_id"])
            template = str(templates["logistics_template_list"][0]["template_id"])
        except (KeyError, IndexError, TypeError):
            raise OutsideError("permanent", "no_template", "the shop has no freight template, or no specs") from None
        skus = [
            {
                "multi_price": sku.price_minor,
                "price": sku.price_minor + SINGLE_ABOVE_MINOR,
                "quantity": sku.quantity,
                "out_sku_sn": sku.outer_code,
                "spec_id_list": json.dumps([self._spec_id(shop, parent, spec_of(sku.spec))]),
                "is_onsale": 1,
                "limit_quantity": 999,
                "weight": 0,
                "thumb_url": urls[0],
                "sku_properties": [],
            }
            for sku in draft.skus
        ]
        pictures = json.dumps(urls)
        reference = max(sku.price_minor for sku in draft.skus) + 2 * SINGLE_ABOVE_MINOR
        return {
            "goods_name": draft.title,
            "goods_desc": "；".join(told(draft))[:TEXT_SIGNS],
            "goods_type": "1",
            "cat_id": draft.category_leaf,
            "country_id": "0",
            "market_price": str(reference),
            "cost_template_id": template,
            "shipment_limit_second": str(SHIPMENT_LIMIT_S),
            "out_goods_id": draft.outer_code,
            "carousel_gallery": pictures,
            "detail_gallery": pictures,
            "sku_list": json.dumps(skus, ensure_ascii=False),
            "is_folt": "false",
            "is_pre_sale": "false",
            "is_refundable": "true",
            "second_hand": "false",
        }

    def _spec_id(self, shop: ShopAccess, parent: str, name: str) -> int:
        form = {"parent_spec_id": parent, "spec_name": name}
        found = self._told(shop, "pdd.goods.spec.id.get", form, again=True)
        try:
            return int(found["spec_id"])
        except (KeyError, TypeError, ValueError):
            raise OutsideError("transient", "bad_answer", "no spec number in the answer") from None

    def _told(self, shop: ShopAccess, method: str, form: dict[str, str], again: bool = False) -> dict[str, Any]:
        """The inside of an answer; `again`: harmless to ask a few times while it fails."""
        try:
            if again:
                return retrying(lambda: self._gateway.call(shop, method, **form))[0]
            return self._gateway.call(shop, method, **form)[0]
        except OutsideError as error:
            raise _named(error) from None

    def _detail(self, shop: ShopAccess, item_no: str) -> dict[str, Any] | None:
        try:
            return self._told(shop, "pdd.goods.detail.get", {"goods_id": item_no}, again=True)
        except OutsideError as error:
            if error.code == "no_item":
                return None
            raise

    def read_back(self, shop: ShopAccess, item_nos: Sequence[str]) -> dict[str, ListingFacts]:
        """See the port. One call for each, a few at once."""
        if not item_nos:
            return {}
        with ThreadPoolExecutor(min(self._parallel, len(item_nos))) as threads:
            details = list(threads.map(lambda number: self._detail(shop, number), item_nos))
        facts = [self._facts(detail) for detail in details if detail is not None]
        return {one.item_no: one for one in facts}

    def _facts(self, detail: dict[str, Any]) -> ListingFacts:
        try:
            return ListingFacts(
                item_no=str(detail["goods_id"]),
                outer_code=clean_text(detail.get("outer_goods_id"), 64),
                is_on_sale=detail["status"] in ON_SALE,
                category_leaf=str(detail["cat_id"]),
                title=clean_text(detail["goods_name"], 500),
                currency="CNY",
                images=tuple(self._pictures.of(str(url)) for url in detail.get("carousel_gallery_list") or []),
                skus=tuple(
                    SkuFacts(
                        sku_no=str(sku["sku_id"]),
                        outer_code=clean_text(sku.get("out_sku_sn"), 64),
                        price_minor=_fen(sku["multi_price"]),
                        quantity=int(sku["quantity"]),
                        can_be_ordered=sku.get("is_onsale", 1) == 1,
                    )
                    for sku in detail.get("sku_list") or []
                ),
            )
        except (KeyError, TypeError, ValueError):
            raise OutsideError("permanent", "unreadable_item", str(detail.get("goods_id", ""))[:40]) from None

    def take_down(self, shop: ShopAccess, item_no: str) -> None:
        """See the port."""
        self._told(shop, "pdd.goods.sale.status.set", {"goods_id": item_no, "is_onsale": "0"}, again=True)

    def put_up(self, shop: ShopAccess, item_no: str) -> None:
        """See the port."""
        self._told(shop, "pdd.goods.sale.status.set", {"goods_id": item_no, "is_onsale": "1"}, again=True)

    def set_quantities(self, shop: ShopAccess, wishes: Sequence[QuantityWish]) -> list[QuantityAnswer]:
        """See the port: one variant in a call, a few at once."""

        def ask(some: Sequence[QuantityWish]) -> None:
            wish = some[0]
            form = {"goods_id": wish.item_no, "quantity": str(wish.quantity), "update_type": "1"}
            form |= {"sku_id": wish.sku_no} if wish.sku_no else {"outer_id": wish.outer_code}
            self._told(shop, "pdd.goods.quantity.update", form, again=True)

        return set_each(wishes, in_batches(wishes, 1), ask, self._parallel)


def _fen(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_MINOR:
        raise ValueError("not an amount in fen")
    return value


def _named(error: OutsideError) -> OutsideError:
    """The platform's refusal in the port's words: its codes are few, so its words tell."""
    if error.kind != "permanent":
        return error
    for word, code in _REFUSALS:
        if word in error.message:
            return OutsideError("permanent", code, error.message)
    return error
