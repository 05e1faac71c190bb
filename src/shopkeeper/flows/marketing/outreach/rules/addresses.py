"""Where somebody is written to, in the one form in which it is kept and looked for."""

import re

from shopkeeper.flows.marketing.outreach.states import OutreachChannel

# Plain atoms only: quoted names, comments and control characters are legal somewhere and usable nowhere.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,24}}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
LONGEST, LONGEST_NAME = 100, 64


def normal_address(channel: OutreachChannel | str, text: str) -> str:
    """An address as it is kept: small letters, a mobile number's eleven digits; empty where it is none.

    Landlines and virtual numbers that platforms lend for one order take no text messages of ours.
    """
    text = text.strip()
    if channel == OutreachChannel.EMAIL:
        text = text.lower()
        fits = len(text) <= LONGEST and len(text.partition("@")[0]) <= LONGEST_NAME
        return text if fits and text.isascii() and _EMAIL.fullmatch(text) else ""
    digits = re.sub(r"[\s()-]", "", text)
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)
    return digits if digits.isascii() and _MOBILE.fullmatch(digits) else ""
