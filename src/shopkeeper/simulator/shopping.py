"""Shoppers' browsers in the shop's own pages: what they see is sent to the house's collector, as a script would."""

import httpx

from shopkeeper.simulator.stepping import Steps

AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
KINDS = ("exposure", "click", "view")


SEARCH = "s.taobao.com"


class Shopping:
    """Visits to the pages of shops whose collector's key is known."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._doors: dict[int, tuple[str, str]] = {}  # shop → key, origin of its pages
        self._sent = 0

    def learn(self, shop: int, key: str, origin: str) -> None:
        """A shop's pages carry the script with this key."""
        self._doors[shop] = (key, origin)

    def open_pages(self, shop: int, sku_id: int, visitors: list[str], origin: str = "") -> int:
        """Each visitor sees some goods, clicks and looks; how many of these events the house took."""
        key, own = self._doors[shop]
        now = int(self._steps.now.timestamp() * 1000)
        taken = 0
        with httpx.Client(
            timeout=60, trust_env=False, headers={"User-Agent": AGENT, "Origin": origin or own}
        ) as browser:
            for visitor in visitors:
                body = {"visitor": visitor, "session": f"{visitor}-1", "sent_at": now, "events": []}
                body["events"] = [self._event(kind, own, sku_id, now) for kind in KINDS]
                answer = browser.post(f"{self._steps.house.address}/c/{key}", json=body)
                taken += answer.json()["taken"] if answer.status_code == 202 else 0
        self._steps.settle()
        return taken

    def _event(self, kind: str, origin: str, sku_id: int, now: int) -> dict[str, object]:
        self._sent += 1
        page = {"page": f"{origin}/goods/{sku_id}", "referrer": f"https://{SEARCH}/search?q=1"}
        return {"event_id": f"event-{self._sent:08d}", "kind": kind, "at": now, "sku_id": sku_id, **page}
