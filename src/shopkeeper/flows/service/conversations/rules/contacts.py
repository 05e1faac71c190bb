"""How somebody can be reached: a telephone number or an e-mail address, recognised in what they typed."""

import re

_EMAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]{1,190}\.[a-z]{2,24}", re.IGNORECASE)
_SHORTEST_PHONE, _LONGEST_PHONE = 7, 15


def contact_of(text: str) -> tuple[str, str] | None:
    """("phone", digits) or ("email", address in small letters); None for anything else."""
    text = text.strip()
    if _EMAIL.fullmatch(text) and len(text) <= 100:
        return "email", text.lower()
    digits = re.sub(r"[\s()+-]", "", text)
    if digits.isdecimal() and digits.isascii() and _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE:
        return "phone", digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
    return None
