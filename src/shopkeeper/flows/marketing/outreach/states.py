"""The states of a mailing, of each recipient and of a customer's consent; and the words they are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class OutreachChannel(StrEnum):
    """How customers are written to."""

    EMAIL = "email"
    SMS = "sms"


class MailingState(StrEnum):
    DRAFT = "draft"  # 草稿
    IN_REVIEW = "in_review"  # 待审批
    APPROVED = "approved"  # 待发送: waits for its time
    SENDING = "sending"  # 发送中
    SENT = "sent"  # 已发完
    STOPPED = "stopped"  # 已停止: given up, or stopped while it was being sent


MAILING_FLOW = Transitions(
    table="outreach_mailing",
    states=MailingState,
    allowed={
        MailingState.DRAFT: {MailingState.IN_REVIEW, MailingState.STOPPED},
        MailingState.IN_REVIEW: {MailingState.APPROVED, MailingState.DRAFT, MailingState.STOPPED},
        MailingState.APPROVED: {MailingState.SENDING, MailingState.STOPPED},
        MailingState.SENDING: {MailingState.SENT, MailingState.STOPPED},
        MailingState.SENT: set(),
        MailingState.STOPPED: set(),
    },
)
ENDED = (MailingState.SENT, MailingState.STOPPED)


class RecipientState(StrEnum):
    QUEUED = "queued"  # 待发送
    ACCEPTED = "accepted"  # 已提交: the provider took it
    DELIVERED = "delivered"  # 已送达
    BOUNCED = "bounced"  # 未送达: the provider took it and could not deliver it
    FAILED = "failed"  # 发送失败: the provider refused it for good
    SKIPPED = "skipped"  # 未发送: for a coded reason


RECIPIENT_FLOW = Transitions(
    table="outreach_recipient",
    states=RecipientState,
    allowed={
        RecipientState.QUEUED: {RecipientState.ACCEPTED, RecipientState.FAILED, RecipientState.SKIPPED},
        RecipientState.ACCEPTED: {RecipientState.DELIVERED, RecipientState.BOUNCED},
        # Providers correct themselves: what was delivered at first may come back later.
        RecipientState.DELIVERED: {RecipientState.BOUNCED},
        RecipientState.BOUNCED: set(),
        RecipientState.FAILED: set(),
        # It was on its way to the provider when the mailing was stopped.
        RecipientState.SKIPPED: {RecipientState.ACCEPTED, RecipientState.FAILED},
    },
)
TAKEN = (RecipientState.ACCEPTED, RecipientState.DELIVERED, RecipientState.BOUNCED)


class NotSentReason(StrEnum):
    """Why somebody of the segment is not written to."""

    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"
    UNREACHABLE = "unreachable"  # what was sent there before came back
    CAPPED = "capped"  # had as many messages as the policy allows in its days
    DUPLICATE = "duplicate"  # the same address is written to already
    ERASED = "erased"
    STOPPED = "stopped"  # the mailing was stopped before their turn


class ConsentState(StrEnum):
    GIVEN = "given"  # 已同意
    WITHDRAWN = "withdrawn"  # 已退订


CONSENT_FLOW = Transitions(
    table="outreach_consent",
    states=ConsentState,
    allowed={
        ConsentState.GIVEN: {ConsentState.WITHDRAWN},
        # Only the customer's own new consent takes an opt-out back.
        ConsentState.WITHDRAWN: {ConsentState.GIVEN},
    },
)


class ConsentSource(StrEnum):
    """Where a customer said yes."""

    OWN_SHOP = "own_shop"  # signed up in our own shop
    MEMBERSHIP = "membership"  # joined the membership, box ticked
    SERVICE = "service"  # told customer service
    CARD = "card"  # the card in the parcel
    EVENT = "event"  # a fair, a shop window


class OptOutWay(StrEnum):
    """How a customer said no."""

    LINK = "link"  # the link in the mail
    REPLY = "reply"  # answered the message
    SERVICE = "service"  # told customer service
    COMPLAINT = "complaint"
