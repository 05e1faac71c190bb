"""A shop's findings and decisions, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shopkeeper.flows.analytics.decisions.models import Decision, DecisionTask, Finding
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.clock import machine_now

TODAY = machine_now()
SOON = TODAY + timedelta(days=2)
FIRST, LAST = date(2026, 5, 25), date(2026, 5, 31)


@dataclass
class Decided:
    finding: int
    under_way: int
    measured: int
    task: int


def decided_of(shop: Shop) -> Decided:
    """A finding that waits, a decision under way with a task, and one whose effect is known."""
    waiting, *others = (
        Finding.objects.create(
            shop=shop, metric="paid_amount", unit="money", first_day=FIRST - timedelta(days=n), last_day=LAST, value=8,
            words="少了", state=state, state_at=TODAY, found_at=TODAY, found_by=1, due_at=SOON,
        )
        for n, state in enumerate(("open", "decided", "decided"))
    )  # fmt: skip
    made = [
        Decision.objects.create(
            finding=finding, shop=shop, what="做", reason="因", expected=9, expected_words="果", measure_on=LAST,
            measure_at=TODAY, after_first_day=FIRST, after_last_day=FIRST, state=state, state_at=TODAY,
            decided_at=TODAY, decided_by=2, before=8,
            **({"effect": "reached", "measured_at": TODAY, "after": 9} if state == "measured" else {}),
        )
        for finding, state in zip(others, ("under_way", "measured"), strict=True)
    ]  # fmt: skip
    task = DecisionTask.objects.create(
        decision=made[0], shop=shop, owner="warehouse", what="抽检", due_at=SOON, state_at=TODAY, opened_at=TODAY,
        opened_by=2,
    )  # fmt: skip
    return Decided(waiting.pk, made[0].pk, made[1].pk, task.pk)


def _item(_command: str, /, **fields: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[_command].item(
        **{name: value(place) if callable(value) else value for name, value in fields.items()}
    )


def _finding(place: Any) -> int:
    return place.decided.finding


def _task(place: Any) -> int:
    return place.decided.task


DECISION_ITEMS: dict[str, Callable[[Any], Any]] = {
    "add_decision_tasks": _item(
        "add_decision_tasks", decision_id=lambda p: p.decided.under_way, owner="warehouse", what="复检", due_at=SOON
    ),
    "conclude_decisions": _item(
        "conclude_decisions", decision_id=lambda p: p.decided.measured, conclusion="worked", words="有效"
    ),
    "decide_findings": _item(
        "decide_findings",
        finding_id=_finding,
        what="做",
        reason="因",
        expected_words="果",
        expected=9,
        measure_on=SOON.date() + timedelta(days=60),
    ),
    "dismiss_findings": _item("dismiss_findings", finding_id=_finding, reason="不急"),
    "drop_decision_tasks": _item("drop_decision_tasks", task_id=_task, note="不做了"),
    "finish_decision_tasks": _item("finish_decision_tasks", task_id=_task, note="做好了"),
    "record_findings": _item(
        "record_findings",
        shop_id=lambda p: p.shop.pk,
        metric="paid_amount",
        first_day=FIRST,
        last_day=LAST,
        words="又少了",
        value=7,
    ),
}
