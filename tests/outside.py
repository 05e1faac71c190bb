"""Sandboxes and adapters for tests: one process a session, a shop and a day of its own for every test."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder, ShopAccess
from shopkeeper.flows.fulfilment.parcels.ports import Contact, WaybillRequest
from shopkeeper.integrations.couriers.kuaidi100 import Kuaidi100Access, Kuaidi100Courier
from shopkeeper.integrations.messaging.dingtalk import DingTalkAccess, DingTalkRobot
from shopkeeper.integrations.outside_http import OutsideHttp
from shopkeeper.integrations.platforms.pinduoduo import PinduoduoGoods, PinduoduoOrders, PinduoduoShipBack
from shopkeeper.integrations.platforms.pinduoduo.gateway import PddGateway
from shopkeeper.integrations.platforms.taobao import TaobaoOrders, TaobaoShipBack
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.platforms.taobao.goods import TaobaoGoods
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.running import ControlDoor, RunningSandboxes, running_sandboxes

BASE = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
_days = itertools.count()
RECEIVER = {
    "name": "王小二",
    "mobile": "13812345678",
    "state": "浙江省",
    "city": "杭州市",
    "district": "余杭区",
    "town": "五常街道",
    "address": "文一西路969号3幢401室",
}


def an_order(session: str, at: datetime, **other: Any) -> dict[str, Any]:
    """An order form for the control door: one line of two cups, paid."""
    line = {
        "num_iid": 1,
        "sku_id": "11",
        "outer_sku_id": "CUP-1",
        "title": "茶杯",
        "num": 2,
        "price": "39.90",
    }
    return {
        "session": session,
        "at": at.isoformat(),
        "buyer_nick": "买家甲",
        "receiver": RECEIVER,
        "lines": [line],
        "paid": True,
        **other,
    }


@dataclass
class Outside:
    """One test's own corner of the sandboxes."""

    sandboxes: RunningSandboxes
    control: ControlDoor
    shop: ShopAccess
    gateway: TopGateway
    orders: TaobaoOrders
    ship_back: TaobaoShipBack
    courier: Kuaidi100Courier
    now: datetime
    closing: list[Any] = field(default_factory=list)

    def clock(self, forward: timedelta) -> datetime:
        """Move business time on."""
        self.now += forward
        self.control.post("/clock", {"at": self.now.isoformat()})
        return self.now

    def place(self, count: int = 1, step_s: int = 1, **other: Any) -> list[str]:
        """Orders placed one after the other from now on; the clock ends after the last. Their numbers."""
        forms = [an_order(self.shop.session, self.now + timedelta(seconds=i * step_s), **other) for i in range(count)]
        placed = self.control.place(forms)
        self.clock(timedelta(seconds=count * step_s))
        return [str(order["tid"]) for order in placed]

    def pulled(self, since: datetime, until: datetime) -> list[ReceivedOrder]:
        """Everything a pull brings, in the order it comes."""
        return [order for page in self.orders.pull(self.shop, since, until) for order in page.orders]

    def shop_form(self, **other: str) -> dict[str, str]:
        """This shop's form for the control door."""
        return {
            "app_key": self.shop.app_key,
            "app_secret": self.shop.app_secret,
            "session": self.shop.session,
            **other,
        }

    def robot(self, token: str, secret: str = "SECtest") -> DingTalkRobot:
        """A robot of this test's own; it counts by the sandbox's clock."""
        self.control.post("/robots", {"access_token": token, "secret": secret})
        access = DingTalkAccess(token, secret, self.sandboxes.robot_url)
        robot = DingTalkRobot(access, now_s=lambda: self.now.timestamp())
        self.closing.append(robot)
        return robot


@pytest.fixture(scope="session")
def sandboxes() -> Iterator[RunningSandboxes]:
    """One sandboxes process for the session."""
    with running_sandboxes() as running:
        yield running


def courier_access(url: str) -> Kuaidi100Access:
    """The sandbox's default courier account."""
    return Kuaidi100Access(
        accounts.COURIER_CUSTOMER, accounts.COURIER_KEY, accounts.COURIER_SECRET, "salt-of-ours", url, url
    )


@pytest.fixture
def outside(sandboxes: RunningSandboxes) -> Iterator[Outside]:
    """A shop, a day, and adapters nobody else uses; no switch is left on."""
    day = next(_days)
    now = BASE + timedelta(days=40 * day)
    control = sandboxes.control
    control.behave()
    session, app_key = f"session-{day}", f"app{day}"
    control.post("/shops", {"session": session, "app_key": app_key, "app_secret": "its secret"})
    control.post("/clock", {"at": now.isoformat()})
    gateway = TopGateway(OutsideHttp(timeout_s=5))
    mine = Outside(
        sandboxes,
        control,
        ShopAccess(1, "taobao", sandboxes.platform_url, app_key, "its secret", session),
        gateway,
        TaobaoOrders(gateway, page_size=5),
        TaobaoShipBack(gateway),
        Kuaidi100Courier(courier_access(sandboxes.courier_url), OutsideHttp(timeout_s=5)),
        now,
    )
    yield mine
    control.behave()
    for thing in [gateway, mine.courier, *mine.closing]:
        thing.close()


@dataclass
class Mall:
    """The same test's corner of the second platform; time is `outside`'s."""

    outside: Outside
    shop: ShopAccess
    gateway: PddGateway
    orders: PinduoduoOrders
    ship_back: PinduoduoShipBack

    @property
    def control(self) -> ControlDoor:
        return self.outside.control

    def form(self, **other: str) -> dict[str, str]:
        """This mall's form for the control door."""
        named = {"platform": "pinduoduo", "app_key": self.shop.app_key, "app_secret": self.shop.app_secret}
        return {**named, "session": self.shop.session, **other}

    def place(self, count: int = 1, **other: Any) -> list[str]:
        """Orders placed a second after each other from now on. Their numbers."""
        seconds = [self.outside.now + timedelta(seconds=n) for n in range(count)]
        placed = self.control.place([an_order(self.shop.session, at, **other) for at in seconds])
        self.outside.clock(timedelta(seconds=count))
        return [order["tid"] for order in placed]

    def act(self, number: str, do: str, **how: Any) -> str:
        """A deed a minute later; the state the control door calls it."""
        self.outside.clock(timedelta(minutes=1))
        status: str = self.control.act(number, do, **how)["status"]
        return status

    def fetched(self, number: str) -> ReceivedOrder:
        """One order as the adapter reads it now."""
        return self.orders.fetch(self.shop, [number])[0]


@pytest.fixture
def mall(outside: Outside) -> Mall:
    """A shop on the second platform nobody else uses."""
    day = outside.shop.session
    shop = ShopAccess(3, "pinduoduo", outside.sandboxes.pinduoduo_url, f"client-{day}", "its secret", f"token-{day}")
    gateway = PddGateway(OutsideHttp(timeout_s=5))
    outside.closing.append(gateway)
    mine = Mall(outside, shop, gateway, PinduoduoOrders(gateway, page_size=5), PinduoduoShipBack(gateway))
    outside.control.post("/shops", mine.form())
    return mine


@dataclass
class Front:
    """One shop's goods on one platform, whichever it is."""

    outside: Outside
    shop: ShopAccess
    goods: TaobaoGoods | PinduoduoGoods

    @property
    def control(self) -> ControlDoor:
        return self.outside.control

    @property
    def session(self) -> str:
        return self.shop.session

    def order(self, sku: str, num: int, **other: Any) -> dict[str, Any]:
        """A shopper's order of some pieces of one variant; raises `ControlRefused` when the platform has them not."""
        form = an_order(self.session, self.outside.now, lines=[{"outer_sku_id": sku, "num": num}], **other)
        return self.control.place([form])[0]


@pytest.fixture(params=["taobao", "pinduoduo"])
def front(request: pytest.FixtureRequest, outside: Outside, mall: Mall) -> Iterator[Front]:
    """The same shop front on each platform."""
    if request.param == "taobao":
        goods: TaobaoGoods | PinduoduoGoods = TaobaoGoods(outside.gateway)
        yield Front(outside, outside.shop, goods)
    else:
        goods = PinduoduoGoods(mall.gateway)
        yield Front(outside, mall.shop, goods)
    goods.close()


class Inbox:
    """An address of ours that takes what is posted to it. `refuse` answers that many posts with 500 first."""

    def __init__(self) -> None:
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.refuse = 0
        inbox = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if inbox.refuse:
                    inbox.refuse -= 1
                    self.send_response(500)
                else:
                    inbox.posts.append((dict(self.headers.items()), body))
                    self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/in"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """Stop taking."""
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """An address of ours."""
    taking = Inbox()
    yield taking
    taking.close()


def a_waybill(order_ref: str, courier_code: str = "yuantong", **other: Any) -> WaybillRequest:
    """A request for one parcel from Yiwu to Hangzhou."""
    sender = Contact("仓库", "057912345678", "浙江省", "义乌市", "", "稠州北路1号")
    receiver = Contact("王**", "138****5678", "浙江省", "杭州市", "余杭区", "文****969号")
    return WaybillRequest(order_ref, courier_code, "acct", "acctkey", sender, receiver, **other)
