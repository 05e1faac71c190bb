"""Messages go out for every deed, misbehave as told, are tried again, and outlive a kill."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from shopkeeper.simulator.sandboxes.misbehaviour import chance
from shopkeeper.simulator.sandboxes.running import RunningSandboxes, running_sandboxes
from tests.outside import Inbox, Outside


def topics(inbox: Inbox) -> list[str]:
    return [json.loads(body)["topic"].rpartition("_")[2] for _, body in inbox.posts]


def listening(outside: Outside, inbox: Inbox) -> None:
    outside.control.post("/shops", outside.shop_form(message_url=inbox.url))


def test_every_deed_is_told_in_order(outside: Outside, inbox: Inbox) -> None:
    listening(outside, inbox)
    (number,) = outside.place(paid=False)
    for do in ("pay", "hold", "release", "address", "refund", "refund_withdraw", "refund", "refund_agree"):
        outside.control.act(number, do, receiver={"town": "新街道"})
    outside.control.act(outside.place(paid=False, quiet=True)[0], "cancel")
    assert outside.control.settle()
    assert topics(inbox) == [
        "TradeCreate", "TradeBuyerPay", "TradeChanged", "TradeChanged", "TradeLogisticsAddressChanged",
        "RefundCreated", "RefundClosed", "RefundCreated", "TradeClose", "TradeClose",
    ]  # fmt: skip
    content = json.loads(json.loads(inbox.posts[0][1])["content"])
    assert (str(content["tid"]), "receiver" in content) == (number, False)


def test_told_twice_late_or_never(outside: Outside, inbox: Inbox) -> None:
    listening(outside, inbox)
    outside.control.misbehave("messages", "twice", next=1, method="taobao_trade_TradeCreate")
    outside.control.misbehave("messages", "out_of_order", next=1, method="taobao_trade_TradeBuyerPay")
    outside.control.misbehave("messages", "lost", next=1, method="taobao_trade_TradeMemoModified")
    (number,) = outside.place()
    outside.control.act(number, "refund")
    outside.control.act(number, "memo", memo="x")
    assert outside.control.settle()
    assert topics(inbox) == ["TradeCreate", "TradeCreate", "RefundCreated", "TradeBuyerPay"]
    hits = {switch["what"]: switch["hits"] for switch in outside.control.get("/misbehave")["switches"]}
    assert hits == {"twice": 1, "out_of_order": 1, "lost": 1}


def test_a_door_that_fails_is_tried_again(outside: Outside, inbox: Inbox) -> None:
    listening(outside, inbox)
    inbox.refuse = 2
    outside.place()
    assert outside.control.settle()
    assert topics(inbox) == ["TradeCreate", "TradeBuyerPay"]


def test_nobody_listening_is_given_up_and_known(outside: Outside) -> None:
    outside.control.post("/limits", {"push_attempts": 1})
    outside.control.post("/shops", outside.shop_form(message_url="http://127.0.0.1:9/"))
    (number,) = outside.place()
    assert outside.control.settle()
    outside.control.post("/limits", {"push_attempts": 4})
    rows = [row for row in outside.control.ledger("messages_out") if row["identity"].endswith(number)]
    assert [row["outcome"] for row in rows] == ["unreached", "unreached"]


def test_the_store_outlives_a_kill(tmp_path: Path, inbox: Inbox) -> None:
    store = tmp_path / "sandboxes.sqlite"
    first = RunningSandboxes(store, seed=11)
    first.control.post("/shops", {"message_url": inbox.url})
    at = "2026-11-11T00:00:00+00:00"
    first.control.post("/clock", {"at": at})
    first.control.misbehave("messages", "lost", next=5, method="taobao_trade_TradeClose")
    inbox.refuse = 1
    placed = first.control.place([{**_form(), "at": at}])
    first.kill()
    with running_sandboxes(store, seed=99) as second:
        assert second.control.order(placed[0]["tid"]) == placed[0]
        assert second.control.get("/clock")["at"] == at
        assert [s["left"] for s in second.control.get("/misbehave")["switches"]] == [5]
        assert second.control.settle()
        assert set(topics(inbox)) == {"TradeCreate", "TradeBuyerPay"}
        (next_one,) = second.control.place([_form()])
        assert next_one["tid"] == placed[0]["tid"] + 1000


def _form() -> dict[str, object]:
    return {
        "lines": [{"num_iid": 1, "outer_sku_id": "A", "title": "a", "num": 1, "price": "10.00"}],
        "paid": True,
    }


def test_the_same_seed_the_same_numbers(tmp_path: Path) -> None:
    def story(seed: int) -> list[dict[str, Any]]:
        with running_sandboxes(seed=seed) as running:
            control = running.control
            control.post("/clock", {"at": "2026-11-11T00:00:00+00:00"})
            control.misbehave("platform", "down", probability=0.5)
            return control.place([_form() for _ in range(3)])

    assert story(3) == story(3)
    assert story(3) != story(4)


def test_chance_is_even() -> None:
    drawn = [chance(7, "switch", n) for n in range(2000)]
    assert all(0 <= value < 1 for value in drawn)
    assert 0.45 < sum(value < 0.5 for value in drawn) / 2000 < 0.55


def test_it_serves_more_than_two_hundred_a_second(outside: Outside) -> None:
    numbers = outside.place(20)
    rates = []
    for _ in range(5):  # the best of five: the machine has other things to do
        start = time.monotonic()
        outside.orders.fetch(outside.shop, numbers)
        rates.append(len(numbers) / (time.monotonic() - start))
    assert max(rates) > 200


def test_a_taken_port_is_one_clear_line(outside: Outside, tmp_path: Path) -> None:
    port = outside.sandboxes.ports["platform"]
    command = [sys.executable, "-m", "shopkeeper.simulator.sandboxes"]
    for arguments in (["--platform-port", str(port)], ["--store", str(tmp_path / "no" / "such" / "folder")]):
        ended = subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")},
            check=False,
        )
        assert ended.returncode == 1
        assert ended.stderr.startswith("sandboxes: cannot listen or use the store:")
        assert ended.stderr.count("\n") == 1


def test_it_ends_with_the_one_who_started_it() -> None:
    running = RunningSandboxes()
    assert running.process.stdin is not None
    running.process.stdin.close()
    assert running.process.wait(timeout=10) == 0
    running.stop()
