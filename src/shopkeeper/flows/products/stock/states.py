"""The states of a restock reminder, and how one ends."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class ReminderState(StrEnum):
    OPEN = "open"  # 待补货
    RESTOCKED = "restocked"  # 已补货: what is free reached the threshold again
    CLOSED = "closed"  # 已关闭: a person decided against it, or the SKU is sold no more


REMINDER_FLOW = Transitions(
    table="stock_reminder",
    states=ReminderState,
    allowed={
        ReminderState.OPEN: {ReminderState.RESTOCKED, ReminderState.CLOSED},
        ReminderState.RESTOCKED: set(),
        ReminderState.CLOSED: set(),
    },
)
