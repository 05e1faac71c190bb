"""A provider in memory, and a clock that stands where the test puts it."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from shopkeeper.flows.marketing.outreach.performers import Gateways, performers
from shopkeeper.flows.marketing.outreach.ports import Letter, MessageSender, OutsideError
from shopkeeper.flows.marketing.outreach.states import OutreachChannel
from shopkeeper.foundation import business_time
from shopkeeper.foundation.errands import perform_due
from shopkeeper.sop.sweeper import sweep


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


@dataclass
class Post:
    """Takes every message; per address it can be told to refuse, and to lose an answer."""

    taken: list[Letter] = field(default_factory=list)
    refusals: dict[str, OutsideError] = field(default_factory=dict)
    loses: set[str] = field(default_factory=set)

    def send(self, letter: Letter) -> str:
        if letter.address in self.refusals:
            raise self.refusals[letter.address]
        self.taken.append(letter)
        if letter.address in self.loses:
            self.loses.discard(letter.address)
            raise OutsideError("transient", "timeout")
        return f"out-{letter.key}"

    def sent_before(self, letter: Letter, on: datetime) -> str | None:
        return next((f"out-{one.key}" for one in self.taken if one.key == letter.key), None)


def work(post: MessageSender | None) -> None:
    """Sweep and perform until nothing is due at this moment."""
    acting = performers(Gateways(lambda channel: post if isinstance(channel, OutreachChannel) else None))
    for _ in range(20):
        swept = sweep()
        if not perform_due(acting) and not swept:
            return
    raise AssertionError("it does not come to rest")
