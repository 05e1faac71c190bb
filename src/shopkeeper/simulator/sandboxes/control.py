"""The control door: the simulator's hands in the outside world. Its own port, a token, never part of a
protocol.

POST bodies and answers are JSON; a refusal is 400 or 409 with {"error": words}. Routes: see `ROUTES` at the
end.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from shopkeeper.simulator.sandboxes.dingtalk import RobotSandbox
from shopkeeper.simulator.sandboxes.kuaidi100.service import CourierSandbox
from shopkeeper.simulator.sandboxes.mail import MailSandbox
from shopkeeper.simulator.sandboxes.outbox import Outbox
from shopkeeper.simulator.sandboxes.pinduoduo.gateway import PinduoduoSandbox
from shopkeeper.simulator.sandboxes.pinduoduo.shopper import Shopper as PinduoduoShopper
from shopkeeper.simulator.sandboxes.pinduoduo.shopper import common_view
from shopkeeper.simulator.sandboxes.serving import Answer, Request, json_answer
from shopkeeper.simulator.sandboxes.shelf import Shelf
from shopkeeper.simulator.sandboxes.sms import SmsSandbox
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.chat import default_session
from shopkeeper.simulator.sandboxes.taobao.gateway import TaobaoSandbox
from shopkeeper.simulator.sandboxes.taobao.shopper import Shopper
from shopkeeper.simulator.sandboxes.world import NotPossible, SoldOut, World, iso_moment

Form = dict[str, Any]


class Control:
    """The routes. Every one answers with a JSON object."""

    def __init__(
        self,
        world: World,
        outbox: Outbox,
        platform: TaobaoSandbox,
        other: PinduoduoSandbox,
        courier: CourierSandbox,
        robot: RobotSandbox,
        sms: SmsSandbox,
        mail: MailSandbox,
        token: str,
    ) -> None:
        self.world = world
        self.outbox = outbox
        self.platform = platform
        self.other = other
        self.shopper = Shopper(platform)
        self.other_shopper = PinduoduoShopper(other)
        self.courier = courier
        self.robot = robot
        self.sms = sms
        self.mail = mail
        self._token = token

    async def handle(self, request: Request) -> Answer:
        """One order from the simulator."""
        if not hmac.compare_digest(request.headers.get("x-control-token", "").encode(), self._token.encode()):
            return json_answer({"error": "wrong or missing X-Control-Token"}, 403)
        route = ROUTES.get((request.method, request.path))
        if route is None:
            return json_answer({"error": f"no such route; known: {[f'{m} {p}' for m, p in ROUTES]}"}, 404)
        try:
            form = request.query if request.method == "GET" else request.json()
            if not isinstance(form, dict):
                raise ValueError("the body is not a JSON object")
            return json_answer(await route(self, form))
        except NotPossible as refusal:
            return json_answer({"error": str(refusal)}, 409)
        except KeyError as error:
            return json_answer({"error": f"missing or unknown: {error}"}, 400)
        except (ValueError, TypeError, ArithmeticError) as error:
            return json_answer({"error": str(error)}, 400)

    async def clock(self, form: Form) -> Doc:
        """Where business time is and when the next scripted thing is due."""
        due = self.courier.parcels.next_due()
        return {
            "at": self.world.now().isoformat(),
            "set": self.world.store.get("meta", "clock") is not None,
            "next_at": due.isoformat() if due else None,
        }

    async def set_clock(self, form: Form) -> Doc:
        """Move business time on; what is scripted until then happens, each at its own time. With `at` null
        business time is machine time again."""
        if form["at"] is None:
            self.world.store.drop("meta", "clock")
            return await self.clock({})
        self.world.set_clock(iso_moment(form["at"]))
        happened = self.courier.happen()
        return {**await self.clock({}), "happened": happened}

    async def shops(self, form: Form) -> Doc:
        """Open or change a shop; of `platform` pinduoduo a mall, whose `session` is its token."""
        platform = form.get("platform", "taobao")
        if platform not in ("taobao", "pinduoduo"):
            raise ValueError(f"no platform {platform!r}; known: taobao, pinduoduo")
        return self.platform.open_shop(form) if platform == "taobao" else self.other.open_mall(form)

    async def robots(self, form: Form) -> Doc:
        """Open or change a robot."""
        return dict(self.robot.open_robot(form))

    async def sms_account(self, form: Form) -> Doc:
        """Change the account of text messages: `callback` (reports and answers go there), `signatures`, `templates`."""
        return self.sms.set_account(form)

    async def sms_numbers(self, form: Form) -> Doc:
        """What becomes of messages to a number: {"phone", "fate": arrives, off, gone or illegal}."""
        return self.sms.set_fate(form)

    async def sms_answers(self, form: Form) -> Doc:
        """Somebody answers their last text message: {"phone", "text"}."""
        return self.sms.answer(form)

    async def mailboxes(self, form: Form) -> Doc:
        """A mailbox dies, or lives again: {"address", "dead"}."""
        return self.mail.set_mailbox(form)

    async def courier_account(self, form: Form) -> Doc:
        """Change the courier account's customer, key or secret."""
        account = self.courier.account()
        account = account | {name: str(form[name]) for name in account if name in form}
        self.world.store.put("meta", "courier_account", account)
        return account

    async def limits(self, form: Form) -> Doc:
        """Change limits by name; all of them come back."""
        return dict(self.world.set_limits(form))

    async def misbehave(self, form: Form) -> Doc:
        """Set one switch."""
        return self.world.misbehaviour.set(f"{self.world.number('switch'):06d}", form)

    async def behave(self, form: Form) -> Doc:
        """Take back one switch (`id`) or all."""
        return {"cleared": self.world.misbehaviour.clear(form.get("id"))}

    async def switches(self, form: Form) -> Doc:
        """All switches with their hits."""
        return {"switches": self.world.misbehaviour.switches()}

    async def place_orders(self, form: Form) -> Doc:
        """Shoppers place orders, each at the platform of its `session`. What is not on the shelf is not sold: such
        orders come back under `refused`, with their place in the form and the platform's words."""
        placed, refused = [], []
        for place, order in enumerate(form["orders"]):
            is_other = self.other.mall(str(order.get("session", ""))) is not None
            try:
                placed.append(self.other_shopper.place(order) if is_other else self.shopper.place(order))
            except SoldOut as refusal:
                refused.append({"order": place, "error": str(refusal)})
        return {"orders": placed, "refused": refused}

    async def act(self, form: Form) -> Doc:
        """Shoppers (or the platform) act on orders; each action succeeds or says why not, alone."""
        return {"results": [self._act(action) for action in form["actions"]]}

    def _act(self, action: Form) -> Doc:
        is_other = self.other.orders.get(action["tid"]) is not None
        return self.other_shopper.act(action) if is_other else self.shopper.act(action)

    async def write_chats(self, form: Form) -> Doc:
        """Shoppers write to their shop: {"lines": [{"from", "text", "nick"?, "tid"?, "at"?, "session"?, "quiet"?}]}."""
        chat = self.platform.chat
        return {"lines": [chat.write(self._chat_shop(line), line) for line in form["lines"]]}

    async def chats(self, form: Form) -> Doc:
        """What shoppers were shown by a shop (`session`), in order."""
        return {"lines": self.platform.chat.heard(default_session(form))}

    async def written_chats(self, form: Form) -> Doc:
        """What shoppers wrote to their shops, in order: of one shop (`session`), or of all."""
        lines = [line for _, line in self.world.store.all("chat_line")]
        return {"lines": [line for line in lines if form.get("session") in (None, line["session"])]}

    async def refunds(self, form: Form) -> Doc:
        """Refunds as the platform keeps them: of one order (`tid`), or all."""
        found = [refund for _, refund in self.world.store.all("refund")]
        return {"refunds": [refund for refund in found if form.get("tid") in (None, str(refund["tid"]))]}

    async def block_chats(self, form: Form) -> Doc:
        """A shopper (`from`) no longer takes the shop's lines, or does again (`blocked` false)."""
        return self.platform.chat.block(form)

    def _chat_shop(self, form: Form) -> Doc:
        shop = self.platform.shop(default_session(form))
        if shop is None:
            raise KeyError(f"shop {form.get('session')}")
        return shop

    async def orders(self, form: Form) -> Doc:
        """Orders as the platforms keep them, plain: one by `tid`, or all (of `session`, of `status`)."""
        found = [trade for _, trade in self.world.store.all("trade")]
        found += [common_view(order) for _, order in self.world.store.all("pdd_order")]
        for name in ("tid", "session", "status"):
            if name in form:
                found = [trade for trade in found if str(trade[name]) == form[name]]
        return {"orders": found}

    def _shelf(self, session: str) -> Shelf:
        return self.other.shelf if self.other.mall(session) is not None else self.platform.shelf

    async def listings(self, form: Form) -> Doc:
        """What a shop (`session`) has on the shelf, as kept and as shown; one by `outer_id`, or all."""
        shelf = self._shelf(form["session"])
        found = [item for item in shelf.of(form["session"]) if form.get("outer_id") in (None, item["outer_id"])]
        return {"listings": [shelf.view(item) for item in found]}

    async def listing_acts(self, form: Form) -> Doc:
        """The platform does something to goods behind the shop's back: {"session", "outer_id", "do", …}."""
        return {"listings": [self._shelf(deed["session"]).act(deed["session"], deed) for deed in form["actions"]]}

    async def courier_mix(self, form: Form) -> Doc:
        """With which weights new parcels draw their scripts."""
        self.courier.parcels.set_mix({str(k): float(v) for k, v in form["mix"].items()})
        return {"mix": form["mix"]}

    async def courier_script(self, form: Form) -> Doc:
        """Give one parcel another script."""
        parcel = self._parcel(form)
        script = form["script"]
        steps = script if isinstance(script, str) else [(float(h), str(m)) for h, m in script]
        self.courier.parcels.set_script(parcel, steps)
        return parcel

    async def courier_moves(self, form: Form) -> Doc:
        """Things happen to parcels now (or at `at`), and are pushed."""
        moved = []
        for move in form["moves"]:
            at = iso_moment(move["at"]) if "at" in move else self.world.now()
            parcel = self.courier.parcels.move(self._parcel(move), str(move["to"]), at, move)
            if move["to"] != "silent":
                self.courier.pushes.tell(parcel)
            moved.append(parcel)
        return {"parcels": moved}

    async def courier_callback(self, form: Form) -> Doc:
        """The house has moved: every subscription is pushed to `url` from now on."""
        moved = 0
        for number, parcel in self.world.store.all("parcel"):
            if parcel["subscription"] is not None:
                parcel["subscription"]["callbackurl"] = str(form["url"])
                self.world.store.put("parcel", number, parcel)
                moved += 1
        return {"moved": moved}

    async def courier_parcels(self, form: Form) -> Doc:
        """Parcels as the courier knows them: one by `number` or `order_id`, or all."""
        if form:
            return {"parcels": [self._parcel(form)]}
        return {"parcels": [parcel for _, parcel in self.world.store.all("parcel")]}

    def _parcel(self, form: Form) -> Doc:
        for _, parcel in self.world.store.all("parcel"):
            if parcel["number"] == form.get("number") or parcel["order_id"] == form.get("order_id", object()):
                return parcel
        raise KeyError(f"parcel {form.get('number') or form.get('order_id')}")

    async def ledger(self, form: Form) -> Doc:
        """What was received and sent, how often; of one `kind` or all."""
        return {"ledger": self.world.ledger(form.get("kind"))}

    async def settle(self, form: Form) -> Doc:
        """Wait until everything to be sent has been sent; `sent` counts all that ever was."""
        settled = await self.outbox.settle(float(form.get("timeout_s", 10)))
        last = self.world.store.get("series", "delivery") or {"last": 0}
        return {"settled": settled, "pending": self.outbox.pending(), "sent": int(last["last"])}


Route = Callable[[Control, Form], Awaitable[Doc]]
ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/_control/clock"): Control.clock,
    ("POST", "/_control/clock"): Control.set_clock,
    ("POST", "/_control/shops"): Control.shops,
    ("POST", "/_control/robots"): Control.robots,
    ("POST", "/_control/sms/account"): Control.sms_account,
    ("POST", "/_control/sms/numbers"): Control.sms_numbers,
    ("POST", "/_control/sms/answers"): Control.sms_answers,
    ("POST", "/_control/mail/mailboxes"): Control.mailboxes,
    ("POST", "/_control/limits"): Control.limits,
    ("GET", "/_control/misbehave"): Control.switches,
    ("POST", "/_control/misbehave"): Control.misbehave,
    ("POST", "/_control/behave"): Control.behave,
    ("GET", "/_control/platform/orders"): Control.orders,
    ("POST", "/_control/platform/orders"): Control.place_orders,
    ("POST", "/_control/platform/actions"): Control.act,
    ("GET", "/_control/platform/chats/written"): Control.written_chats,
    ("GET", "/_control/platform/refunds"): Control.refunds,
    ("GET", "/_control/platform/listings"): Control.listings,
    ("POST", "/_control/platform/listings/actions"): Control.listing_acts,
    ("GET", "/_control/platform/chats"): Control.chats,
    ("POST", "/_control/platform/chats"): Control.write_chats,
    ("POST", "/_control/platform/chats/block"): Control.block_chats,
    ("POST", "/_control/courier/account"): Control.courier_account,
    ("POST", "/_control/courier/mix"): Control.courier_mix,
    ("POST", "/_control/courier/script"): Control.courier_script,
    ("POST", "/_control/courier/moves"): Control.courier_moves,
    ("POST", "/_control/courier/callback"): Control.courier_callback,
    ("GET", "/_control/courier/parcels"): Control.courier_parcels,
    ("GET", "/_control/ledger"): Control.ledger,
    ("POST", "/_control/settle"): Control.settle,
}
