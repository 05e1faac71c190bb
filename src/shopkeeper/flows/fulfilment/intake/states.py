"""The states of an order, a check session and a background job. Exceptions are holds, never a state."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class OrderState(StrEnum):
    UNPAID = "unpaid"
    TO_CHECK = "to_check"  # 待审核
    RELEASED = "released"  # 已审核, 待配货
    PICKING = "picking"  # 配货中
    TO_PACK = "to_pack"  # 待验货打包
    PACKED = "packed"  # 待发货
    SHIPPED = "shipped"  # 已发货
    SIGNED = "signed"  # 已签收
    COMPLETED = "completed"  # 已完成
    RETURNED = "returned"  # 退货关闭: left, and all its money went back
    CANCELLED = "cancelled"  # 已取消


ORDER_FLOW = Transitions(
    table="intake_order",
    states=OrderState,
    allowed={
        OrderState.UNPAID: {OrderState.TO_CHECK, OrderState.CANCELLED},
        OrderState.TO_CHECK: {OrderState.RELEASED, OrderState.CANCELLED},
        # Back to the check: short at the shelf, a damaged piece with no other, a refund asked for.
        OrderState.RELEASED: {OrderState.PICKING, OrderState.TO_CHECK, OrderState.CANCELLED},
        OrderState.PICKING: {OrderState.TO_PACK, OrderState.TO_CHECK, OrderState.CANCELLED},
        OrderState.TO_PACK: {
            OrderState.PACKED,
            OrderState.PICKING,
            OrderState.TO_CHECK,
            OrderState.CANCELLED,
        },
        OrderState.PACKED: {OrderState.SHIPPED, OrderState.TO_CHECK, OrderState.CANCELLED},
        OrderState.SHIPPED: {
            OrderState.SIGNED,
            OrderState.COMPLETED,
            OrderState.RETURNED,
            OrderState.CANCELLED,
        },
        OrderState.SIGNED: {OrderState.COMPLETED, OrderState.RETURNED, OrderState.CANCELLED},
        OrderState.COMPLETED: set(),
        OrderState.RETURNED: set(),
        OrderState.CANCELLED: set(),
    },
)


class SessionState(StrEnum):
    OPEN = "open"
    SIGNED = "signed"


SESSION_FLOW = Transitions(
    table="intake_checksession",
    states=SessionState,
    allowed={SessionState.OPEN: {SessionState.SIGNED}, SessionState.SIGNED: set()},
)


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"  # by whoever began it: what was done stays, the rest was not begun


OVER = (JobState.DONE, JobState.FAILED, JobState.STOPPED)


class IntakeHealth(StrEnum):
    """How a shop's pulling does; no state of a table."""

    OK = "ok"
    LATE = "late"
    FAILING = "failing"
    OFF = "off"


JOB_FLOW = Transitions(
    table="intake_job",
    states=JobState,
    allowed={
        # A job whose worker was killed is begun again: running → running is no move and needs none.
        JobState.QUEUED: {JobState.RUNNING, JobState.FAILED, JobState.STOPPED},
        JobState.RUNNING: {JobState.DONE, JobState.FAILED, JobState.STOPPED},
        JobState.DONE: set(),
        JobState.FAILED: set(),
        JobState.STOPPED: set(),
    },
)
