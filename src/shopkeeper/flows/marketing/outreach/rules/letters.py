"""What a message says: variables filled in, who speaks and the way out added, and what it counts as.

Signature and way out are not part of what is written: they are added here, so that nothing goes out without them.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from shopkeeper.flows.marketing.outreach.states import OutreachChannel
from shopkeeper.shared.clock import SHOP_ZONE

VARIABLES = ("shop", "campaign", "starts", "ends")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
SMS_WAY_OUT = "拒收请回复R"
FIRST_SEGMENT, NEXT_SEGMENTS = 70, 67
MAIL_WAY_OUT = (
    "您收到这封邮件，是因为您同意接收{signature}的活动消息。不想再收到：{url}\n"
    "You receive this because you agreed to hear from {signature}. To stop: {url}"
)


def values_of(shop: str, campaign: str, starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    """What the variables of a text stand for."""
    return {
        "shop": shop,
        "campaign": campaign,
        "starts": f"{starts_at.astimezone(SHOP_ZONE):%m-%d %H:%M}",
        "ends": f"{ends_at.astimezone(SHOP_ZONE):%m-%d %H:%M}",
    }


def unknown_variables(text: str) -> list[str]:
    """Names in braces that nobody fills in, as they stand; a lone brace counts as one."""
    left = _VARIABLE.sub("", text)
    found = [name for name in _VARIABLE.findall(text) if name not in VARIABLES]
    return found + [brace for brace in "{}" if brace in left]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in."""
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), text)


def used_variables(text: str) -> list[str]:
    """The variables a text uses, once each, in order."""
    return list(dict.fromkeys(name for name in _VARIABLE.findall(text) if name in VARIABLES))


def sms_text(signature: str, text: str) -> str:
    """A text message as the customer reads it."""
    return f"【{signature}】{text} {SMS_WAY_OUT}"


def mail_text(signature: str, text: str, url: str) -> str:
    """A mail as the customer reads it."""
    return f"{text}\n\n--\n{MAIL_WAY_OUT.format(signature=signature, url=url)}\n"


def sms_segments(text: str) -> int:
    """How many messages a text is billed as: 70 characters, or 67 each where it is longer."""
    if len(text) <= FIRST_SEGMENT:
        return 1
    return -(-len(text) // NEXT_SEGMENTS)


def units_of(channel: OutreachChannel | str, signature: str, text: str) -> int:
    """What one message of a mailing, its text filled in, is paid as."""
    return sms_segments(sms_text(signature, text)) if channel == OutreachChannel.SMS else 1


def cost_minor(units: int, per_thousand_minor: int) -> int:
    """The cost of so many units, rounded up to the minor unit."""
    return -(-units * per_thousand_minor // 1_000)
