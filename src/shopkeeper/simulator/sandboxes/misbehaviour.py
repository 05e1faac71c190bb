"""Switches that make a sandbox misbehave: for the next N occasions, or with a probability under the seed.

Whether an occasion is hit depends only on seed, switch, and what the occasion is about (its key and how often
that key came), never on the order in which parallel requests happen to arrive: the same seed, the same story.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from shopkeeper.simulator.sandboxes.store import Doc, Store

ANSWERS = frozenset({"slow", "down", "cut", "lost_answer", "half_json", "throttle", "server_error", "twice"})
PUSHES = frozenset({"twice", "out_of_order", "forged", "stale", "lost", "half_json"})
WHAT: dict[str, frozenset[str]] = {
    "platform": ANSWERS | {"wrong_totals"},
    "courier": ANSWERS,
    "robot": ANSWERS - {"twice"},
    "sms": ANSWERS - {"twice"},
    "mail": frozenset({"down", "cut", "lost_answer", "throttle", "server_error"}),
    "goods": frozenset({"wrong_category", "wrong_price", "listing_lost", "quantity_ignored"}),
    "messages": PUSHES,
    "pushes": PUSHES,
}


def chance(*parts: object) -> float:
    """A number in [0, 1) that depends on nothing but its arguments."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:7], "big") / float(1 << 56)


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with one occasion."""

    what: dict[str, Doc]

    def has(self, name: str) -> bool:
        """Whether this fault applies."""
        return name in self.what

    def number(self, name: str, field: str, default: int) -> int:
        """A setting of the switch behind a fault."""
        return int(self.what.get(name, {}).get(field, default))


class Misbehaviour:
    """All switches. Documents of kind `switch`, counts of kind `occasion`."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store = store
        self._seed = seed

    def set(self, switch_id: str, order: dict[str, Any]) -> Doc:
        """Add a switch from its order form; raises `ValueError` with what is wrong."""
        where, what = str(order.get("where", "")), str(order.get("what", ""))
        if where not in WHAT or what not in WHAT[where]:
            raise ValueError(f"unknown switch {where}/{what}; known: { {k: sorted(v) for k, v in WHAT.items()} }")
        if ("next" in order) == ("probability" in order):
            raise ValueError("say either next (how many occasions) or probability (0..1)")
        doc: Doc = {
            "id": switch_id,
            "where": where,
            "what": what,
            "method": str(order.get("method", "")),
            "key": str(order.get("key", "")),
            "left": int(order["next"]) if "next" in order else None,
            "probability": float(order.get("probability", 1.0)),
            "delay_ms": int(order.get("delay_ms", 500)),
            "by": int(order.get("by", -1)),
            "hits": 0,
        }
        self._store.put("switch", switch_id, doc)
        return doc

    def clear(self, switch_id: str | None = None) -> int:
        """Take back one switch or all of them; how many were taken."""
        ids = [key for key, _ in self._store.all("switch") if switch_id in (None, key)]
        for key in ids:
            self._store.drop("switch", key)
        return len(ids)

    def switches(self) -> list[Doc]:
        """Every switch with what is left of it and how often it hit."""
        return [doc for _, doc in self._store.all("switch")]

    def faults(self, where: str, method: str, key: str) -> Faults:
        """What is wrong with this occasion; counts it."""
        hit: dict[str, Doc] = {}
        for switch_id, doc in self._store.all("switch"):
            if doc["where"] != where or doc["method"] not in ("", method) or doc["what"] in hit:
                continue
            if doc.get("key") and doc["key"] != key:
                continue
            if doc["left"] is not None:
                if doc["left"] <= 0:
                    continue
                doc["left"] -= 1
            elif not self._lucky(switch_id, doc, f"{method}|{key}"):
                continue
            doc["hits"] += 1
            self._store.put("switch", switch_id, doc)
            hit[doc["what"]] = doc
        return Faults(hit)

    def _lucky(self, switch_id: str, doc: Doc, occasion: str) -> bool:
        name = f"{switch_id}|{occasion}"
        came = self._store.get("occasion", name) or {"n": 0}
        came["n"] += 1
        self._store.put("occasion", name, came)
        return chance(self._seed, switch_id, occasion, came["n"]) < float(doc["probability"])
