"""The courier's parcels: numbers issued, scripts that move them through business time, and what befell
them."""

import hashlib
import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

from shopkeeper.simulator.sandboxes.misbehaviour import chance
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import World, iso_moment, later

# Where a parcel can be moved to: two-level code and words.
MOVES: dict[str, tuple[str, str]] = {
    "picked": ("103", "【{origin}】快件已被揽收"),
    "transit": ("1002", "快件已离开【{origin}转运中心】，发往【{target}转运中心】"),
    "arrived": ("1001", "快件已到达【{target}转运中心】"),
    "delivering": ("5", "【{target}】派件员正在派件"),
    "signed": ("301", "您的快件已签收，感谢使用"),
    "locker": ("304", "快件已由驿站代签收"),
    "problem": ("2", "快件出现疑难，正在处理"),
    "delivery_failed": ("204", "派送异常，联系不上收件人"),
    "stranded": ("208", "快件滞留，正在联系处理"),
    "damaged": ("209", "快件外包装破损，待处理"),
    "refused": ("14", "收件人拒收"),
    "returning": ("6", "快件正在退回【{origin}】"),
    "returned": ("4", "退件已签收"),
}
_LAST = frozenset({"signed", "locker", "returned"})

# Hours after the start, and the move. A script that ends early leaves the parcel silent.
SCRIPTS: dict[str, list[tuple[float, str]]] = {
    "normal": [(3, "picked"), (9, "transit"), (30, "arrived"), (38, "delivering"), (44, "signed")],
    "quick": [(2, "picked"), (6, "transit"), (18, "arrived"), (22, "delivering"), (26, "signed")],
    "locker": [(3, "picked"), (9, "transit"), (28, "arrived"), (36, "delivering"), (40, "locker")],
    "stall": [(3, "picked"), (9, "transit")],
    "stall_then_go": [(3, "picked"), (9, "transit"), (69, "arrived"), (77, "delivering"), (82, "signed")],
    "late": [(12, "picked"), (40, "transit"), (80, "arrived"), (100, "delivering"), (120, "signed")],
    "refused": [
        (3, "picked"),
        (9, "transit"),
        (30, "arrived"),
        (38, "delivering"),
        (42, "refused"),
        (50, "returning"),
        (90, "returned"),
    ],
    "returning": [
        (3, "picked"),
        (9, "transit"),
        (30, "arrived"),
        (34, "delivery_failed"),
        (44, "returning"),
        (80, "returned"),
    ],
    "damaged": [(3, "picked"), (9, "transit"), (28, "damaged")],
    "silent": [],
}

# What follows an interception that the courier took on, in hours from then.
TURNED_ROUND: list[tuple[float, str]] = [(4, "returning"), (36, "returned")]
REDIRECTED: list[tuple[float, str]] = [(6, "transit"), (26, "delivering"), (30, "signed")]
NO_INTERCEPTION = frozenset({"ems", "youzhengguonei"})

# What each courier's numbers look like: prefix and how many digits follow.
NUMBERS: dict[str, tuple[str, int]] = {
    "shunfeng": ("SF", 13),
    "zhongtong": ("78", 12),
    "yuantong": ("YT", 13),
    "shentong": ("77", 13),
    "yunda": ("43", 13),
    "jtexpress": ("JT", 13),
    "jd": ("JDVA", 11),
    "debangkuaidi": ("DPK", 12),
    "ems": ("11", 11),
    "youzhengguonei": ("98", 11),
}


class Parcels:
    """All parcels, and a heap of what is due to happen to them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._due: list[tuple[str, str]] = []
        for number, parcel in world.store.all("parcel"):
            self._schedule(number, parcel)

    def get(self, number: str) -> Doc | None:
        """The parcel of a number, or None."""
        return self.world.store.get("parcel", number)

    def known(self, number: str, company: str) -> Doc:
        """The parcel of a number; one we did not issue becomes known here."""
        parcel = self.get(number)
        return parcel if parcel is not None else self._make(number, company, "", "发件地", "收件地")

    def issue(self, company: str, order_id: str, origin: str, target: str) -> Doc:
        """A number for an order id; the same order id again gets the same parcel."""
        key = f"{company}|{order_id}"
        issued = self.world.store.get("waybill", key)
        if issued is not None:
            parcel = self.get(issued["number"])
            assert parcel is not None
            return parcel
        number = self._free_number(company, order_id)
        self.world.store.put("waybill", key, {"number": number})
        return self._make(number, company, order_id, origin, target)

    def _free_number(self, company: str, order_id: str) -> str:
        """A number that follows from the order id, not from who asked first: the same seed, the same
        numbers."""
        prefix, digits = NUMBERS[company]
        for attempt in count():
            digest = hashlib.sha256(f"{self.world.seed}|{company}|{order_id}|{attempt}".encode()).digest()
            number = f"{prefix}{int.from_bytes(digest[:8], 'big') % 10**digits:0{digits}d}"
            if self.get(number) is None:
                return number
        raise AssertionError("unreachable: count() does not end")

    def _make(self, number: str, company: str, order_id: str, origin: str, target: str) -> Doc:
        parcel: Doc = {
            "number": number,
            "company": company,
            "order_id": order_id,
            "origin": origin,
            "target": target,
            "events": [],
            "at": "",
            "watch": "polling",
            "script": self._planned(number),
            "steps": None,
            "started_at": None,
            "subscription": None,
            "cancelled": False,
            "queried_at": None,
        }
        self.world.store.put("parcel", number, parcel)
        return parcel

    def _planned(self, number: str) -> str:
        mix: dict[str, float] = (self.world.store.get("meta", "mix") or {"mix": {"normal": 1.0}})["mix"]
        drawn = chance(self.world.seed, "script", number) * sum(mix.values())
        for name, weight in mix.items():
            drawn -= weight
            if drawn < 0:
                return name
        return next(iter(mix))

    def set_mix(self, mix: dict[str, float]) -> None:
        """With which weights parcels made from now on draw their scripts."""
        unknown = set(mix) - set(SCRIPTS)
        if unknown or not mix or min(mix.values()) < 0 or sum(mix.values()) <= 0:
            raise ValueError(f"a mix needs weights for scripts out of {sorted(SCRIPTS)}")
        self.world.store.put("meta", "mix", {"mix": mix})

    def set_script(self, parcel: Doc, script: str | list[tuple[float, str]]) -> None:
        """Give a parcel another script, by name or step by step; what has happened stays."""
        steps = SCRIPTS[script] if isinstance(script, str) else script
        if not all(move in MOVES for _, move in steps):
            raise ValueError(f"a script moves through {sorted(MOVES)}")
        parcel["script"] = script if isinstance(script, str) else "own"
        parcel["steps"] = None if parcel["started_at"] is None and isinstance(script, str) else [list(s) for s in steps]
        self.world.store.put("parcel", parcel["number"], parcel)
        self._schedule(parcel["number"], parcel)

    def intercept(self, parcel: Doc, *, redirect: bool, refuse: Callable[[str, str], Exception]) -> None:
        """The parcel turns round, or goes to another address; raises what `refuse` makes where it cannot."""
        if parcel["company"] in NO_INTERCEPTION:
            raise refuse("701", "该快递公司不支持拦截")
        reached = {level for event in parcel["events"] for level in (event["code"][:1], event["code"])}
        if parcel["watch"] == "shutdown" or "3" in reached:
            raise refuse("702", "快件已签收，不能拦截")
        if "5" in reached:
            raise refuse("703", "快件已在派送中，不能拦截")
        started = parcel["started_at"] or self.world.now().isoformat()
        so_far = max((self.world.now() - iso_moment(started)).total_seconds() / 3600, 0.0)
        way = REDIRECTED if redirect else TURNED_ROUND
        parcel["started_at"] = started
        parcel["script"], parcel["steps"] = "own", [[so_far + hours, move] for hours, move in way]
        self.world.store.put("parcel", parcel["number"], parcel)
        self._schedule(parcel["number"], parcel)

    def start(self, parcel: Doc) -> None:
        """The courier has the parcel: its script begins now."""
        if parcel["started_at"] is not None:
            return
        parcel["started_at"] = self.world.now().isoformat()
        if parcel["steps"] is None:
            parcel["steps"] = [list(step) for step in SCRIPTS[parcel["script"]]]
        self.world.store.put("parcel", parcel["number"], parcel)
        self._schedule(parcel["number"], parcel)

    def _schedule(self, number: str, parcel: Doc) -> None:
        due = self._next(parcel)
        if due is not None:
            heapq.heappush(self._due, (due.isoformat(), number))

    @staticmethod
    def _next(parcel: Doc) -> datetime | None:
        if parcel["started_at"] is None or not parcel["steps"] or parcel["cancelled"]:
            return None
        return later(iso_moment(parcel["started_at"]), parcel["steps"][0][0])

    def next_due(self) -> datetime | None:
        """When the next scripted thing happens."""
        while self._due:
            parcel = self.get(self._due[0][1])
            due = self._next(parcel) if parcel else None
            if due is not None and due.isoformat() == self._due[0][0]:
                return due
            heapq.heappop(self._due)
        return None

    def happen(self) -> list[Doc]:
        """Everything scripted up to now happens, in order of time; each parcel once per event."""
        moved = []
        while (due := self.next_due()) is not None and due <= self.world.now():
            _, number = heapq.heappop(self._due)
            parcel = self.get(number)
            assert parcel is not None
            _, move = parcel["steps"].pop(0)
            self._add(parcel, move, due, {})
            self._schedule(number, parcel)
            moved.append(_snapshot(parcel))
        return moved

    def move(self, parcel: Doc, move: str, at: datetime, words: dict[str, Any]) -> Doc:
        """By hand: something happens to a parcel now; its script ends unless `keep_script`."""
        if not words.get("keep_script"):
            parcel["steps"] = []
            parcel["started_at"] = parcel["started_at"] or at.isoformat()
        if move == "abort":
            parcel["watch"] = "abort"
        elif move in MOVES:
            self._add(parcel, move, at, words)
        elif move != "silent":
            raise ValueError(f"a parcel moves to one of {sorted(MOVES)}, silent or abort")
        self.world.store.put("parcel", parcel["number"], parcel)
        return _snapshot(parcel)

    def _add(self, parcel: Doc, move: str, at: datetime, words: dict[str, Any]) -> None:
        code, text = MOVES[move]
        place = parcel["target"] if move not in ("picked", "transit") else parcel["origin"]
        parcel["events"].append(
            {
                "at": at.isoformat(),
                "code": str(words.get("code", code)),
                "text": str(words.get("text", text.format(origin=parcel["origin"], target=parcel["target"]))),
                "place": str(words.get("place", place)),
            }
        )
        if move in _LAST:
            parcel["watch"] = "shutdown"
        self.world.store.put("parcel", parcel["number"], parcel)


def _snapshot(parcel: Doc) -> Doc:
    return {**parcel, "events": list(parcel["events"])}
