"""All sandboxes in one process: four protocol ports and the control port over one world.

Both platforms and the pictures of their goods share one port, as do robots and text messages; the path says which is
meant.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from shopkeeper.simulator.sandboxes.control import Control
from shopkeeper.simulator.sandboxes.dingtalk import RobotSandbox
from shopkeeper.simulator.sandboxes.kuaidi100.service import CourierSandbox
from shopkeeper.simulator.sandboxes.mail import MailSandbox
from shopkeeper.simulator.sandboxes.outbox import Outbox
from shopkeeper.simulator.sandboxes.pinduoduo import gateway as pinduoduo
from shopkeeper.simulator.sandboxes.serving import Answer, Handler, Listener, Request
from shopkeeper.simulator.sandboxes.sms import PATH as SMS_PATH
from shopkeeper.simulator.sandboxes.sms import SmsSandbox
from shopkeeper.simulator.sandboxes.taobao.gateway import TaobaoSandbox
from shopkeeper.simulator.sandboxes.world import World

TICK_S = 0.5
PICTURES = "/img/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to start. Port 0 takes a free port."""

    host: str = "127.0.0.1"
    platform_port: int = 0
    courier_port: int = 0
    robot_port: int = 0
    mail_port: int = 0
    control_port: int = 0
    control_token: str = ""
    store: Path | None = None
    seed: int = 7


def _kept(world: World, handler: Handler) -> Handler:
    """The handler, with what it changed on disk before its answer leaves."""

    async def keeping(request: Request) -> Answer:
        try:
            return await handler(request)
        finally:
            world.store.flush()

    return keeping


def _platforms(taobao: TaobaoSandbox, other: pinduoduo.PinduoduoSandbox) -> Handler:
    """The port of both platforms."""

    async def handle(request: Request) -> Answer:
        if request.path == pinduoduo.PATH:
            return await other.handle(request)
        if request.path.startswith(PICTURES):
            content = taobao.shelf.picture(request.path.removeprefix(PICTURES))
            return Answer(content, content_type="image/jpeg") if content else Answer(b"", 404, "text/plain")
        return await taobao.handle(request)

    return handle


def _messaging(robot: RobotSandbox, sms: SmsSandbox) -> Handler:
    """The port of robots and text messages."""

    async def handle(request: Request) -> Answer:
        return await (sms if request.path == SMS_PATH else robot).handle(request)

    return handle


async def _tick(world: World, courier: CourierSandbox) -> None:
    """In a world that lives by machine time, scripted things happen by themselves."""
    while True:
        await asyncio.sleep(TICK_S)
        if world.store.get("meta", "clock") is None and courier.happen():
            world.store.flush()


def _say_if_failed(task: "asyncio.Task[None]") -> None:
    """A background task that ends by itself is a fault of the sandbox and must not pass unseen."""
    if not task.cancelled() and (error := task.exception()) is not None:
        sys.stderr.write(f"sandboxes: a background task failed: {error!r}\n")


@asynccontextmanager
async def started(wanted: Wanted) -> AsyncIterator[dict[str, str]]:
    """The sandboxes while the block runs; yields their addresses by name."""
    world = World.open(wanted.store, wanted.seed)
    outbox = Outbox(world)
    listeners: dict[str, tuple[Listener, int]] = {}

    def picture_url(name: str) -> str:
        return f"http://{wanted.host}:{listeners['platform'][0].port}{PICTURES}{name}"

    taobao = TaobaoSandbox(world, outbox, picture_url)
    other = pinduoduo.PinduoduoSandbox(world, outbox, picture_url)
    courier, robot = CourierSandbox(world, outbox), RobotSandbox(world)
    sms, mail = SmsSandbox(world, outbox), MailSandbox(world)
    control = Control(world, outbox, taobao, other, courier, robot, sms, mail, wanted.control_token)
    listeners |= {
        "platform": (Listener(_kept(world, _platforms(taobao, other))), wanted.platform_port),
        "courier": (Listener(_kept(world, courier.handle)), wanted.courier_port),
        "robot": (Listener(_kept(world, _messaging(robot, sms))), wanted.robot_port),
        "control": (Listener(_kept(world, control.handle)), wanted.control_port),
    }
    world.store.flush()
    tasks = [asyncio.create_task(outbox.run()), asyncio.create_task(_tick(world, courier))]
    for task in tasks:
        task.add_done_callback(_say_if_failed)
    try:
        for listener, port in listeners.values():
            await listener.open(wanted.host, port)
        await mail.open(wanted.host, wanted.mail_port)
        addresses = {name: f"http://{wanted.host}:{listener.port}" for name, (listener, _) in listeners.items()}
        yield {**addresses, "mail": f"smtp://{wanted.host}:{mail.port}"}
    finally:
        await mail.close()
        for listener, _ in listeners.values():
            await listener.close()
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
        world.store.close()


async def run_until_stopped(wanted: Wanted, ready: Callable[[dict[str, str]], None], with_parent: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; `with_parent`: also until standard input ends, as it does when the
    starter dies."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if with_parent:
        loop.add_reader(0, lambda: None if os.read(0, 4096) else stop.set())
    async with started(wanted) as addresses:
        ready(addresses)
        await stop.wait()
