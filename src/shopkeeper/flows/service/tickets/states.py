"""The states of a ticket, an order's change, an interception and an article; and what tickets are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class TicketState(StrEnum):
    OPEN = "open"  # 待分配
    ASSIGNED = "assigned"  # 处理中
    WAITING = "waiting"  # 待客户回复: the clock of the solution stands still
    RESOLVED = "resolved"  # 已解决
    CLOSED = "closed"  # 已关闭


UNFINISHED = (TicketState.OPEN, TicketState.ASSIGNED, TicketState.WAITING)
LOADING = (TicketState.ASSIGNED,)  # these weigh on their agent; who waits for a customer has a hand free

TICKET_FLOW = Transitions(
    table="tickets_ticket",
    states=TicketState,
    allowed={
        TicketState.OPEN: {TicketState.ASSIGNED, TicketState.CLOSED},
        # Back to open: its agent went away, or handed it to whoever is free.
        TicketState.ASSIGNED: {TicketState.OPEN, TicketState.WAITING, TicketState.RESOLVED, TicketState.CLOSED},
        TicketState.WAITING: {TicketState.OPEN, TicketState.ASSIGNED, TicketState.RESOLVED, TicketState.CLOSED},
        # Reopened: to the agent who knows it, or to whoever is free.
        TicketState.RESOLVED: {TicketState.CLOSED, TicketState.ASSIGNED, TicketState.OPEN},
        TicketState.CLOSED: {TicketState.ASSIGNED, TicketState.OPEN},
    },
)


class Channel(StrEnum):
    """Where a ticket came from."""

    CHAT = "chat"
    PHONE = "phone"
    FORM = "form"
    API = "api"
    PLATFORM = "platform"


class Stage(StrEnum):
    """Where in the sale the customer stands: read from the order's real state, never typed in."""

    PRE_SALE = "pre_sale"  # 售前
    IN_SALE = "in_sale"  # 售中
    AFTER_SALE = "after_sale"  # 售后


class TicketKind(StrEnum):
    """What the customer's problem is."""

    PRODUCT = "product"
    SIZE = "size"
    PRICE = "price"
    SHIPPING = "shipping"  # when does it leave
    LOGISTICS = "logistics"  # where is it
    ADDRESS_CHANGE = "address_change"
    CANCEL = "cancel"
    RETURN_EXCHANGE = "return_exchange"
    QUALITY = "quality"
    INVOICE = "invoice"
    COMPLAINT = "complaint"
    OTHER = "other"


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Presence(StrEnum):
    """Whether an agent takes new work; set by the agent, no state of the procedure."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


class Resolution(StrEnum):
    """How a ticket ended."""

    ANSWERED = "answered"
    ORDERED = "ordered"  # the inquiry became an order
    CHANGED = "changed"  # address changed, order cancelled
    INTERCEPTED = "intercepted"
    AFTER_SALE = "after_sale"  # goes on as an after-sale case
    NOT_POSSIBLE = "not_possible"
    NO_ANSWER = "no_answer"  # the customer is silent
    DUPLICATE = "duplicate"


class ChangeKind(StrEnum):
    """What a customer wants changed while the order is still with us."""

    ADDRESS = "address"
    CANCEL = "cancel"


class Way(StrEnum):
    """How an order may be helped where it really is."""

    BEFORE_RELEASE = "before_release"  # nobody has touched it
    FROM_WAREHOUSE = "from_warehouse"  # held, and called back from pick and pack
    INTERCEPTION = "interception"  # with the courier: it may be stopped
    TOO_LATE = "too_late"


class ChangeState(StrEnum):
    REQUESTED = "requested"  # held here, the platform is being told
    BY_HAND = "by_hand"  # the platform has no such door, or did not answer: a person does it there
    ACKNOWLEDGED = "acknowledged"  # the platform has it; the order is to show it
    DONE = "done"
    REFUSED = "refused"  # the platform would not
    WITHDRAWN = "withdrawn"


BUYER_MUST_APPLY = "buyer_must_apply"  # the platform's answer to closing a paid order without a refund asked for
CHANGE_UNDER_WAY = (ChangeState.REQUESTED, ChangeState.BY_HAND, ChangeState.ACKNOWLEDGED)

CHANGE_FLOW = Transitions(
    table="tickets_orderchange",
    states=ChangeState,
    allowed={
        ChangeState.REQUESTED: {
            ChangeState.BY_HAND,
            ChangeState.ACKNOWLEDGED,
            ChangeState.DONE,
            ChangeState.REFUSED,
            ChangeState.WITHDRAWN,
        },
        ChangeState.BY_HAND: {
            ChangeState.ACKNOWLEDGED,
            ChangeState.DONE,
            ChangeState.REFUSED,
            ChangeState.WITHDRAWN,
        },
        ChangeState.ACKNOWLEDGED: {ChangeState.DONE, ChangeState.REFUSED},
        ChangeState.DONE: set(),
        ChangeState.REFUSED: set(),
        ChangeState.WITHDRAWN: set(),
    },
)


class InterceptionKind(StrEnum):
    RETURN = "return"  # back to us
    REDIRECT = "redirect"  # on to another address


class InterceptionState(StrEnum):
    REQUESTED = "requested"  # the courier is being asked
    ACCEPTED = "accepted"  # the courier will try
    RETURNING = "returning"  # on its way back
    RECEIVED = "received"  # back in our warehouse
    REDIRECTED = "redirected"  # signed for at the new address
    REFUSED = "refused"  # the courier will not
    FAILED = "failed"  # tried, and it was delivered or lost all the same


INTERCEPTION_UNDER_WAY = (
    InterceptionState.REQUESTED,
    InterceptionState.ACCEPTED,
    InterceptionState.RETURNING,
)

INTERCEPTION_FLOW = Transitions(
    table="tickets_interception",
    states=InterceptionState,
    allowed={
        # Tracking may tell of the return before the courier's answer comes.
        InterceptionState.REQUESTED: {
            InterceptionState.ACCEPTED,
            InterceptionState.REFUSED,
            InterceptionState.RETURNING,
            InterceptionState.RECEIVED,
            InterceptionState.FAILED,
        },
        InterceptionState.ACCEPTED: {
            InterceptionState.RETURNING,
            InterceptionState.RECEIVED,
            InterceptionState.REDIRECTED,
            InterceptionState.FAILED,
        },
        InterceptionState.RETURNING: {InterceptionState.RECEIVED, InterceptionState.FAILED},
        InterceptionState.RECEIVED: set(),
        InterceptionState.REDIRECTED: set(),
        InterceptionState.REFUSED: set(),
        InterceptionState.FAILED: set(),
    },
)


class ArticleState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


ARTICLE_FLOW = Transitions(
    table="tickets_article",
    states=ArticleState,
    allowed={
        ArticleState.DRAFT: {ArticleState.PUBLISHED, ArticleState.RETIRED},
        ArticleState.PUBLISHED: {ArticleState.RETIRED},
        ArticleState.RETIRED: {ArticleState.PUBLISHED},
    },
)
