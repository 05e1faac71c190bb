"""A platform's shelf: what each shop sells there, in which quantity, and what buyers see of it.

Orders take their pieces from the shelf: more than there are, or of goods off sale, cannot be ordered. Goods a shop
never listed are ordered as they come, so that a shop without listings lives, too. Prices in fen.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import NotPossible, SoldOut, World, china_text, iso_moment

WRONG_PRICE_BY = -100
LOST_AFTER = timedelta(minutes=1)  # an item is taken, shown, and then quietly gone


@dataclass(frozen=True, slots=True)
class Names:
    """The platform a shelf stands at, and where its numbers begin."""

    platform: str
    first_item: int
    first_sku: int


class Shelf:
    """The goods of all shops of one platform. Documents of kind `<platform>_item`."""

    def __init__(self, world: World, names: Names) -> None:
        self.world = world
        self.names = names
        self._kind = f"{names.platform}_item"
        self._by_sku: dict[tuple[str, str], int] = {}
        for _, item in world.store.all(self._kind):
            self._index(item)

    def _index(self, item: Doc) -> None:
        for sku in item["skus"]:
            self._by_sku[item["session"], sku["outer_id"]] = item["item_no"]
            self._by_sku[item["session"], str(sku["sku_no"])] = item["item_no"]

    def get(self, session: str, item_no: object) -> Doc | None:
        """The shop's item of a number, or None; what the platform lost is not there."""
        item = self.world.store.get(self._kind, str(item_no))
        return item if item is not None and item["session"] == session and not self._is_lost(item) else None

    def _is_lost(self, item: Doc) -> bool:
        return item["lost_at"] is not None and self.world.now() >= iso_moment(item["lost_at"])

    def find(self, session: str, outer_id: str) -> Doc | None:
        """The shop's item of a merchant code, or None."""
        found = [item for item in self.of(session) if item["outer_id"] == outer_id]
        return found[-1] if found else None

    def of(self, session: str) -> list[Doc]:
        """All items of a shop that the platform knows."""
        mine = [item for _, item in self.world.store.all(self._kind) if item["session"] == session]
        return [item for item in mine if not self._is_lost(item)]

    def faults(self, outer_id: str) -> Faults:
        """What goes wrong with goods this time; switches may name the platform (`method`) and the code (`key`)."""
        return self.world.misbehaviour.faults("goods", self.names.platform, outer_id)

    def put(self, session: str, form: Doc, item: Doc | None = None) -> Doc:
        """A new item, or an old one changed: variants keep their numbers by their merchant code."""
        made = item is None
        old = {sku["outer_id"]: sku for sku in item["skus"]} if item else {}
        item = item or {"item_no": self._next("item", self.names.first_item), "session": session, "pictures": []}
        item |= {name: form[name] for name in ("outer_id", "title", "category", "text", "on_sale")}
        item["pictures"] = form.get("pictures", item["pictures"])
        item["skus"] = [
            {
                "sku_no": old[sku["outer_id"]]["sku_no"] if sku["outer_id"] in old else self._next_sku(),
                "orderable": True,
                **sku,
            }
            for sku in form["skus"]
        ]
        self._lead_astray(item)
        self.world.note("item", f"{self.names.platform}|{session}|{item['outer_id']}|{item['item_no']}", made=made)
        self.save(item)
        return item

    def _lead_astray(self, item: Doc) -> None:
        """Whatever was wrong before is mended by putting the goods up again, unless it goes wrong again."""
        faults = self.faults(item["outer_id"])
        item["astray"] = {}
        item["lost_at"] = (self.world.now() + LOST_AFTER).isoformat() if faults.has("listing_lost") else None
        if faults.has("wrong_category"):
            item["astray"]["category"] = _another(item["category"])
        if faults.has("wrong_price"):
            item["astray"]["price_by"] = _price_by(faults)

    def _next(self, series: str, first: int) -> int:
        return first + self.world.number(f"{self.names.platform}_{series}")

    def _next_sku(self) -> int:
        return self._next("sku", self.names.first_sku)

    def save(self, item: Doc) -> None:
        """Keep a changed item."""
        item["modified"] = china_text(self.world.now())
        self.world.store.put(self._kind, str(item["item_no"]), item)
        self._index(item)

    def set_quantity(self, item: Doc, sku: Doc, quantity: int) -> None:
        """The shop says how many pieces there are; counted in the ledger, kind `quantity`."""
        ignored = self.faults(sku["outer_id"]).has("quantity_ignored")
        self.world.note(
            "quantity", f"{self.names.platform}|{item['session']}|{sku['outer_id']}", last=quantity, ignored=ignored
        )
        if not ignored:
            sku["quantity"] = quantity
            self.save(item)

    def set_on_sale(self, item: Doc, on_sale: bool) -> None:
        """Up or down."""
        item["on_sale"] = on_sale
        self.save(item)

    @staticmethod
    def category(item: Doc) -> str:
        """The category buyers find the item in."""
        return str(item["astray"].get("category", item["category"]))

    @staticmethod
    def price(item: Doc, sku: Doc) -> int:
        """The price buyers see, in fen."""
        return int(sku["price"]) + int(item["astray"].get("price_by", 0))

    # pictures ---------------------------------------------------------------------------------------------

    def keep_picture(self, content: bytes) -> str:
        """Keep a picture byte for byte; its name."""
        name = hashlib.sha256(content).hexdigest()[:40]
        self.world.store.put("picture", name, {"content": base64.b64encode(content).decode()})
        return name

    def picture(self, name: str) -> bytes | None:
        """A picture's bytes."""
        doc = self.world.store.get("picture", name)
        return base64.b64decode(doc["content"]) if doc else None

    # orders -----------------------------------------------------------------------------------------------

    def filled(self, session: str, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The lines of a cart with the numbers, names and prices of the goods on the shelf; raises `SoldOut`."""
        wanted: Counter[str] = Counter()
        full = []
        for line in lines:
            found = self._on_shelf(session, line)
            if found is None:
                full.append(line)
                continue
            item, sku = found
            wanted[sku["outer_id"]] += int(line["num"])
            if not (item["on_sale"] and sku["orderable"]) or wanted[sku["outer_id"]] > sku["quantity"]:
                raise SoldOut(f"{sku['outer_id']}: {sku['quantity']} on the shelf, on sale: {item['on_sale']}")
            shown = {"title": item["title"], "sku_properties_name": sku["spec"], "outer_iid": item["outer_id"]}
            shown["price"] = f"{self.price(item, sku) / 100:.2f}"
            numbers = {"num_iid": item["item_no"], "sku_id": str(sku["sku_no"]), "outer_sku_id": sku["outer_id"]}
            full.append({**shown, **line, **numbers})
        return full

    def _on_shelf(self, session: str, line: dict[str, Any]) -> tuple[Doc, Doc] | None:
        """The goods a line means: by the variant's number, else by its merchant code."""
        for key in (str(line.get("sku_id", "")), str(line.get("outer_sku_id", ""))):
            item = self.get(session, self._by_sku.get((session, key), ""))
            for sku in item["skus"] if item else []:
                if key in (str(sku["sku_no"]), sku["outer_id"]):
                    return item or {}, sku
        return None

    def take(self, session: str, order_no: object, lines: Sequence[dict[str, Any]]) -> None:
        """An order's pieces leave the shelf."""
        taken: dict[str, int] = {}
        for line in lines:
            found = self._on_shelf(session, line)
            if found is not None:
                item, sku = found
                sku["quantity"] -= int(line["num"])
                taken[sku["outer_id"]] = taken.get(sku["outer_id"], 0) + int(line["num"])
                self.save(item)
        if taken:
            self.world.store.put("taken", str(order_no), {"session": session, "pieces": taken})

    def give_back(self, order_no: object) -> None:
        """An order came to nothing before it was paid: its pieces lie on the shelf again."""
        taken = self.world.store.get("taken", str(order_no))
        if taken is None:
            return
        self.world.store.drop("taken", str(order_no))
        for outer_id, pieces in taken["pieces"].items():
            found = self._on_shelf(taken["session"], {"outer_sku_id": outer_id})
            if found is not None:
                item, sku = found
                sku["quantity"] += pieces
                self.save(item)

    # the platform's own people ----------------------------------------------------------------------------

    def act(self, session: str, deed: dict[str, Any]) -> Doc:
        """What the platform does to an item behind the shop's back: {"outer_id", "do", …}."""
        item = self._newest(session, str(deed["outer_id"]))
        do, astray = deed.get("do"), item["astray"]
        if do == "wrong_category":
            astray["category"] = str(deed.get("category", _another(item["category"])))
        elif do == "wrong_price":
            astray["price_by"] = int(deed.get("by", WRONG_PRICE_BY))
        elif do == "listing_lost":
            item["lost_at"] = self.world.now().isoformat()
        elif do == "take_down":
            item["on_sale"] = False
        elif do == "block_sku":
            _sku(item, deed)["orderable"] = False
        elif do == "quantity":
            _sku(item, deed)["quantity"] = int(deed["quantity"])
        elif do == "mend":
            item["astray"], item["lost_at"] = {}, None
        else:
            raise ValueError("known: wrong_category, wrong_price, listing_lost, take_down, block_sku, quantity, mend")
        self.save(item)
        return self.view(item)

    def _newest(self, session: str, outer_id: str) -> Doc:
        """The newest item of a code, lost ones included."""
        mine = [item for _, item in self.world.store.all(self._kind) if item["session"] == session]
        found = [item for item in mine if item["outer_id"] == outer_id]
        if not found:
            raise NotPossible(f"no item {outer_id!r} in this shop")
        return max(found, key=lambda item: int(item["item_no"]))

    def view(self, item: Doc) -> Doc:
        """An item for the control door: as kept, and as shown."""
        shown = {"category": self.category(item), "prices": {s["outer_id"]: self.price(item, s) for s in item["skus"]}}
        return {**item, "platform": self.names.platform, "shown": shown}


def _sku(item: Doc, deed: dict[str, Any]) -> Doc:
    for sku in item["skus"]:
        if sku["outer_id"] == deed["sku"]:
            found: Doc = sku
            return found
    raise KeyError(f"sku {deed['sku']}")


def _another(category: str) -> str:
    return str(int(category) + 1)


def _price_by(faults: Faults) -> int:
    by = faults.number("wrong_price", "by", WRONG_PRICE_BY)
    return by if by != -1 else WRONG_PRICE_BY  # -1 is what a switch says that was not told how far
