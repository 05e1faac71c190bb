"""The clocks of tickets (assigned, answered, solved, closed), of changes and of interceptions."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind, HeldBy
from shopkeeper.sop.roles import Role

TICKETS_AGENT = HeldBy("tickets_ticket", "agent_id", through="tickets_agent")

TICKET_REPLY = DeadlineKind(
    "ticket_reply",
    clause="S1.1",
    subject="ticket",
    role=Role.CUSTOMER_SERVICE,
    title=T("首次回复工单", "First reply to a ticket"),
    action=T("回复", "Reply"),
    url="/tickets/{id}/",
    held_by=TICKETS_AGENT,
)
TICKET_ASSIGN = DeadlineKind(
    "ticket_assign",
    clause="S1.2",
    subject="ticket",
    role=Role.CUSTOMER_SERVICE,
    title=T("工单待分派", "Ticket to assign"),
    action=T("领取", "Take"),
    url="/tickets/{id}/",
)
ASSIGN_AGAIN = DeadlineKind(
    "ticket_assign_again",
    clause="S1.2",
    subject="ticket",
    on_due="assign_tickets",
    title=T("再次自动派单", "Assign once more"),
)
TICKET_RESOLVE = DeadlineKind(
    "ticket_resolve",
    clause="S1.2",
    subject="ticket",
    role=Role.CUSTOMER_SERVICE,
    title=T("解决工单", "Resolve a ticket"),
    action=T("处理", "Handle"),
    url="/tickets/{id}/",
    held_by=TICKETS_AGENT,
    waits_for=T("先首次回复客户（另有一项）", "the first reply comes first (a line of its own)"),
)
TICKET_CLOSE = DeadlineKind(
    "ticket_close",
    clause="S1.2",
    subject="ticket",
    on_due="close_tickets",
    title=T("已解决工单自动关闭", "Close a resolved ticket"),
)
ORDER_CHANGE = DeadlineKind(
    "order_change",
    clause="S2.2",
    subject="change",
    role=Role.CUSTOMER_SERVICE,
    title=T("改地址、取消订单", "Change or cancel an order"),
    action=T("办理", "Carry out"),
    url="/tickets/changes/{id}/",
    waits_for=T("等买家或平台，之后自动办完", "waits for the buyer or the platform; it then ends by itself"),
)
INTERCEPTION_ANSWER = DeadlineKind(
    "interception_answer",
    clause="S2.2",
    subject="interception",
    role=Role.CUSTOMER_SERVICE,
    title=T("快递答复拦截", "The courier answers an interception"),
    action=T("催问", "Ask"),
    url="/tickets/interceptions/{id}/",
)
INTERCEPTION_END = DeadlineKind(
    "interception_end",
    clause="S2.2",
    subject="interception",
    role=Role.CUSTOMER_SERVICE,
    title=T("拦截件退回", "An intercepted parcel comes back"),
    action=T("跟进", "Follow up"),
    url="/tickets/interceptions/{id}/",
    waits_for=T("等快递送回或送到，物流到了自动完成", "waits for the courier; tracking ends it by itself"),
)
