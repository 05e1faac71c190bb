"""What a tracking number looks like, courier by courier (O3.1). Patterns are data, the courier decides which."""

import re
import unicodedata

# Courier code -> pattern of a whole number, upper case, without blanks.
NUMBER_PATTERNS: dict[str, str] = {
    "shunfeng": r"SF\d{12,15}|\d{12}",
    "jd": r"JD[A-Z]{0,2}\d{11,15}(-\d+-\d+-?)?",
    "yuantong": r"YT\d{13}|[A-Z]\d{9,12}|8\d{17}",
    "zhongtong": r"7[3-9]\d{12}|ZT\d{10,13}",
    "shentong": r"77\d{13}|(33|44|55|66|77|88|99)\d{11}|STO\d{10}",
    "yunda": r"(31|43|46|48)\d{13}|[345]\d{12}",
    "jtexpress": r"JT\d{13}",
    "ems": r"(1[0-3]|50|51|95|97)\d{11}|E[A-Z]\d{9}C[NS]",
    "youzhengguonei": r"9[689]\d{11}",
    "debangkuaidi": r"DPK\d{12,13}|[5789]\d{9}",
}
LONGEST = 40


def tidy_number(text: str) -> str:
    """A number as it is kept: full-width made plain, no blanks, upper case. `' yt 123 '` → `YT123`."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def number_fits(courier: str, number: str) -> bool:
    """Whether a tidy number can be one of this courier's; an unknown courier has none."""
    pattern = NUMBER_PATTERNS.get(courier)
    return pattern is not None and len(number) <= LONGEST and re.fullmatch(pattern, number, re.ASCII) is not None


def couriers_of(number: str) -> list[str]:
    """The couriers a number may belong to; more than one means: ask."""
    return [courier for courier in NUMBER_PATTERNS if number_fits(courier, number)]
