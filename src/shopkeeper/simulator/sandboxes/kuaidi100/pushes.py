"""What the courier service tells about a parcel: the same view for a query and for a push."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from shopkeeper.simulator.sandboxes.outbox import Delivery, Outbox
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import World, china_text, iso_moment

_WORDS = {
    "0": "在途",
    "1": "揽收",
    "2": "疑难",
    "3": "签收",
    "4": "退签",
    "5": "派件",
    "6": "退回",
    "14": "拒签",
}


def md5_upper(text: str) -> str:
    """The service's signature over a text."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def level_one(code: str) -> str:
    """The first level of a two-level code."""
    return code if code in _WORDS else code[:1]


def result_view(parcel: Doc) -> dict[str, Any]:
    """Where a parcel stands, newest event first."""
    events = parcel["events"]
    data = [
        {
            "time": china_text(iso_moment(event["at"])),
            "ftime": china_text(iso_moment(event["at"])),
            "context": event["text"],
            "areaName": event["place"],
            "status": _WORDS.get(level_one(event["code"]), ""),
            "statusCode": event["code"],
        }
        for event in reversed(events)
    ]
    code = events[-1]["code"] if events else "0"
    return {
        "message": "ok",
        "nu": parcel["number"],
        "com": parcel["company"],
        "state": level_one(code),
        "ischeck": "1" if parcel["watch"] == "shutdown" else "0",
        "status": "200",
        "condition": "F00",
        "data": data,
    }


class Pushes:
    """Puts pushes into the outbox, faults included."""

    def __init__(self, world: World, outbox: Outbox) -> None:
        self.world = world
        self.outbox = outbox

    def tell(self, parcel: Doc) -> None:
        """Push where a parcel stands, if someone subscribed."""
        if parcel["subscription"] is None:
            return
        key = f"{parcel['number']}|{len(parcel['events'])}|{parcel['watch']}"
        faults = self.world.misbehaviour.faults("pushes", parcel["watch"], key)
        if faults.has("forged"):
            refused = {
                **parcel,
                "events": [*parcel["events"], {**_any_event(parcel, self.world), "code": "14"}],
            }
            self._post(refused, f"{key}|forged", salt="not the salt")
        if faults.has("half_json"):
            self._post(parcel, f"{key}|half_json", cut=True)
        if faults.has("lost"):
            self.world.note("pushes_out", f"{key}|lost", outcome="lost", attempts=0)
        else:
            for _ in range(2 if faults.has("twice") else 1):
                self._post(parcel, key, after_next=faults.has("out_of_order"))
        if faults.has("stale"):
            self._post({**parcel, "events": parcel["events"][:-1], "watch": "polling"}, f"{key}|stale")

    def _post(self, parcel: Doc, subject: str, salt: str = "", cut: bool = False, after_next: bool = False) -> None:
        subscription = parcel["subscription"]
        param = json.dumps(
            {
                "status": parcel["watch"],
                "billstatus": "check" if parcel["watch"] == "shutdown" else "got",
                "message": "3天查询无记录" if parcel["watch"] == "abort" else "",
                "autoCheck": "0",
                "comOld": "",
                "comNew": "",
                "lastResult": result_view(parcel),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        param = param[: len(param) // 2] if cut else param
        body = urlencode({"param": param, "sign": md5_upper(param + (salt or subscription["salt"]))})
        headers = {"content-type": "application/x-www-form-urlencoded"}
        self.outbox.put(Delivery("pushes", subject, subscription["callbackurl"], body, headers), after_next)


def _any_event(parcel: Doc, world: World) -> Doc:
    return parcel["events"][-1] if parcel["events"] else {"at": world.now().isoformat(), "text": "", "place": ""}
