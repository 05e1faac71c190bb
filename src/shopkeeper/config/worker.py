"""`shopkeeper worker`: the pulse (sweeper, readers), hands for errands, and the jobs of seconds to minutes."""

import asyncio
import contextlib
import signal
import threading
import time
from typing import Any

from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from shopkeeper.config.pulse import HANDS, perform_for_ever, react_for_ever
from shopkeeper.foundation.business_time import is_simulated

LAST_ERRAND_S = 8.0  # what is being said outside may be finished; leases bring back what was not


def main() -> int:
    """Run until told to stop. In a simulated installation the clock's door does the pulse's work instead."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    loops = [react_for_ever, *[perform_for_ever] * HANDS]
    threads = [threading.Thread(target=loop, args=(stop.is_set,), name=loop.__name__, daemon=True) for loop in loops]
    if not is_simulated():
        for thread in threads:
            thread.start()
    asyncio.run(_work(stop))
    give_up_at = time.monotonic() + LAST_ERRAND_S
    for thread in threads:
        if thread.is_alive():
            thread.join(timeout=max(give_up_at - time.monotonic(), 0))
    return 0


async def _work(stop: threading.Event) -> None:
    """Work jobs; a lost database ends procrastinate's loop, so it is begun again."""
    while not stop.is_set():
        runner = asyncio.create_task(_jobs())
        while not stop.is_set() and not runner.done():
            await asyncio.sleep(0.2)
        runner.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):  # said in procrastinate's own log
            await runner
        if not stop.is_set():
            await asyncio.sleep(1)


async def _jobs() -> None:
    connector: Any = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3)
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await working.run_worker_async(
                concurrency=2,
                install_signal_handlers=False,
                shutdown_graceful_timeout=5,
                delete_jobs="successful",
            )
