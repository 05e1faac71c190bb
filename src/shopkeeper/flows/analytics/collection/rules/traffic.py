"""What a page may send us: a batch of events, read strictly. What is not understood is refused, with the place.

No query of an address is kept, no referrer but its host, no user agent: an event says what was looked at and which
class of traffic led there, and nobody's name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from shopkeeper.flows.analytics.collection.rules.channels import channel_of
from shopkeeper.flows.analytics.collection.states import TrafficKind, TrafficMark

EVENTS_MOST = 200
LONGEST_PAGE = 200
LONGEST_STAY_MS = 6 * 3600 * 1000
OLDEST_MS = 48 * 3600 * 1000  # a page that was offline may bring events that old; older ones count as just now
MOST_ID = 2**63 - 1
_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")
_KINDS = frozenset(map(str, TrafficKind))
BOT_AGENT = re.compile(
    r"bot\b|bot/|spider|crawl|slurp|headless|phantomjs|selenium|puppeteer|playwright|python-requests|curl/|wget|"
    r"scrapy|go-http-client|java/|okhttp|httpclient|^$",
    re.IGNORECASE,
)


class BatchWrong(ValueError):
    """A batch that is not taken; `code` says why, `place` which event of it."""

    def __init__(self, code: str, place: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.place = place


@dataclass(frozen=True, slots=True)
class Sent:
    """Around a batch: whose page, when it came (ms since 1970), what the browser called itself."""

    shop_id: int
    received_ms: int
    agent: str
    trusts_clock: bool = False  # simulated installations: the sender's clock is business time


Named = Callable[[str], str]  # a visitor's own number through a keyed hash


def events_of(body: Any, sent: Sent, named: Named) -> list[dict[str, Any]]:
    """The events of a batch as they are kept. Raises BatchWrong, and then nothing of the batch is."""
    if not isinstance(body, dict):
        raise BatchWrong("batch_not_object")
    events = body.get("events")
    if not isinstance(events, list) or not events:
        raise BatchWrong("events_missing")
    if len(events) > EVENTS_MOST:
        raise BatchWrong("events_too_many")
    visitor, session = _id(body, "visitor"), _id(body, "session")
    sent_ms = body.get("sent_at")
    if not _is_moment(sent_ms):
        raise BatchWrong("sent_at_wrong")
    now_ms = sent_ms if sent.trusts_clock else sent.received_ms
    shared = {
        "shop": sent.shop_id,
        "v": named(f"{sent.shop_id}:{visitor}"),
        "s": named(f"{sent.shop_id}:{visitor}:{session}"),
        "m": str(TrafficMark.BOT_AGENT) if BOT_AGENT.search(sent.agent) else "",
    }
    return [_event(event, place, shared, now_ms - sent_ms, now_ms) for place, event in enumerate(events)]


def _event(event: Any, place: int, shared: Mapping[str, Any], offset_ms: int, now_ms: int) -> dict[str, Any]:
    """One event; its time is the page's, put right by how far the page's clock is off."""
    if not isinstance(event, dict):
        raise BatchWrong("event_not_object", place)
    kind, at = event.get("kind"), event.get("at")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise BatchWrong("kind_unknown", place)
    if not _is_moment(at):
        raise BatchWrong("at_wrong", place)
    moment = at + offset_ms
    if moment > now_ms or moment < now_ms - OLDEST_MS:
        moment = now_ms
    page, medium = _page(event.get("page"), place)
    return {
        "id": _id(event, "event_id", place),
        **shared,
        "kind": kind,
        "at": moment,
        "ch": str(channel_of(_host(event.get("referrer"), place), medium, _own_host(event.get("page")))),
        "p": page,
        "sku": _number(event, "sku_id", MOST_ID, place),
        "stay": _number(event, "stay_ms", LONGEST_STAY_MS, place),
    }


def _id(holder: Mapping[str, Any], name: str, place: int | None = None) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BatchWrong(f"{name}_wrong", place)
    return value


def _number(event: Mapping[str, Any], name: str, most: int, place: int) -> int | None:
    value = event.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BatchWrong(f"{name}_wrong", place)
    return value


def _is_moment(value: Any) -> TypeGuard[int]:
    """Milliseconds since 1970, between 2000 and 2100."""
    return isinstance(value, int) and not isinstance(value, bool) and 946_684_800_000 <= value < 4_102_444_800_000


def _page(value: Any, place: int) -> tuple[str, str]:
    """The path of a page and its utm medium; whatever else its query holds is nobody's business."""
    if not isinstance(value, str) or len(value) > 4_000:
        raise BatchWrong("page_wrong", place)
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise BatchWrong("page_wrong", place) from error
    medium = re.search(r"(?:^|&)utm_medium=([A-Za-z0-9_-]{1,30})", parts.query)
    return _nobodys(parts.path or "/")[:LONGEST_PAGE], medium[1] if medium else ""


def _nobodys(path: str) -> str:
    """A phone or account number, or a mail address, in the address of a page is not kept either."""
    parts = ("*" if "@" in part or "%40" in part else part for part in path.split("/"))
    return re.sub(r"\d{11,}", "*", "/".join(parts))


def _own_host(page: Any) -> str:
    return urlsplit(page).hostname or "" if isinstance(page, str) else ""


def _host(value: Any, place: int) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > 4_000:
        raise BatchWrong("referrer_wrong", place)
    try:
        return (urlsplit(value).hostname or "")[:100]
    except ValueError as error:
        raise BatchWrong("referrer_wrong", place) from error
