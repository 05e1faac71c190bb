"""Receivers as the platform shows them: starred, with a token that stands for the same receiver in the same
shop.

Stars keep length and structure (road, number, building), so that an address can still be judged complete.
"""

import hashlib
import hmac
from base64 import b64encode

from shopkeeper.simulator.sandboxes.store import Doc

_KEPT = frozenset("省市区县旗州盟镇乡村组屯街道路巷弄里号幢栋座楼层单元室园苑城厦场店站门东西南北中-—#、，, ")


def mask_name(name: str) -> str:
    """The first sign stays."""
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """Three in front and four behind stay where it is long enough."""
    if len(phone) < 8:
        return phone[:1] + "*" * max(0, len(phone) - 1)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def mask_address(address: str) -> str:
    """The first sign and the words of structure stay."""
    return address[:1] + "".join(sign if sign in _KEPT else "*" for sign in address[1:])


def receiver_token(session: str, receiver: Doc) -> str:
    """The oaid: equal for the same shop and the same receiver, telling nothing of either."""
    plain = "|".join(str(receiver.get(part, "")) for part in ("name", "mobile", "state", "city", "district", "address"))
    digest = hmac.new(session.encode(), plain.encode(), hashlib.sha256).digest()
    return "1" + b64encode(digest, altchars=b"-_").decode().rstrip("=")


def virtual_number(token: str) -> str:
    """The privacy number that stands in for the receiver's phone."""
    digest = hashlib.sha256(token.encode()).digest()
    line = int.from_bytes(digest[:4], "big") % 10**9
    extension = int.from_bytes(digest[4:6], "big") % 10**4
    return f"18{line:09d}-{extension:04d}"
