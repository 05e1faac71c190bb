"""Personal data as it is shown to those who need not know it. Pure: text in, masked text out.

Every function is idempotent and never lets a value through whole; what a platform already masked stays so.
"""

import re

STARS = "****"
_COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳司马上官诸葛夏侯东方皇甫尉迟公孙慕容令狐长孙宇文司徒司空独孤南宫轩辕端木百里东郭呼延拓跋赫连澹台"
        "公冶宗政濮阳淳于单于太叔申屠仲孙钟离闾丘西门第五万俟闻人鲜于",
    )
)
_MASKED_NAME = re.compile(r"[^*]{0,2}\*+[^*]?")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MOBILE = re.compile(r"(?:\+?86[- ]?)?(1[\d*]{10})")
_VIRTUAL = re.compile(r"\$?1\d{10}(?:#\d{1,6}#|\$#\d{1,6}#|[-,转]\d{2,6})")
_LANDLINE = re.compile(r"(0\d{2,3})[- ]?([\d*]{7,8})(?:[-转]\d{1,6})?")
_REGION = re.compile(
    r"^((?:[^\s\d*]{2,8}?(?:省|自治区|特别行政区))?\s*(?:[^\s\d*]{2,10}?(?:市|自治州|地区|盟))?\s*"
    r"(?:[^\s\d*]{1,10}?(?:区|县|旗|市))?)\s*"
)
# Where a home begins: unit, floor, room, or a dashed run such as 5-2-301.
_HOME = re.compile(
    r"[A-Za-z\d一二三四五六七八九十甲乙丙丁东西南北]{1,4}单元"
    r"|[\d一二三四五六七八九十]{1,3}(?:层|F(?![A-Za-z])|楼(?!盘|宇|下|上))"
    r"|[A-Za-z]?\d{1,5}[A-Za-z]?(?:室|户|房间|房|号房)"
    r"|(?<=\d)(?:\s*[-－–—#]\s*[A-Za-z]?\d+)+"
    r"|(?<=[栋幢座])[\s-]*[A-Za-z]?\d{2,5}"
    r"|(?<=号楼)[\s-]*[A-Za-z]?\d{2,5}"
    r"|(?<![\d\-－–—])[A-Za-z]?\d{3,5}$"
)


def mask_name(name: str) -> str:
    """`张三丰` → `张**`, `欧阳娜娜` → `欧阳**`, `John Smith` → `J***`; at least one character is hidden."""
    name = name.strip()
    if not name:
        return ""
    if _MASKED_NAME.fullmatch(name):
        return name
    if len(name) == 1:
        return "*"
    if not _HAN.match(name):
        return f"{name[0]}***"
    kept = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:kept] + "*" * min(len(name) - kept, 3)


def mask_phone(phone: str) -> str:
    """`13812341234` → `138****1234`, `0755-12341234` → `0755-****1234`; virtual numbers stay as they are."""
    phone = phone.strip()
    if not phone or _VIRTUAL.fullmatch(phone):
        return phone
    if mobile := _MOBILE.fullmatch(phone):
        digits = mobile[1]
        return digits if digits.count("*") >= 4 else f"{digits[:3]}{STARS}{digits[-4:]}"
    if landline := _LANDLINE.fullmatch(phone):
        return f"{landline[1]}-{STARS}{landline[2][-4:]}"
    if phone.startswith(STARS):
        return STARS + phone.lstrip("*")[-2:]
    return STARS + phone[-2:].lstrip("*") if len(phone) >= 6 else STARS


def mask_address(detail: str, region: str = "") -> str:
    """Province, city and district stay, then the first six characters (never more than half), then `****`.

    Where spaces stand between the parts, the house number and what follows it is hidden at once. Without `region` the
    leading province, city and district are found in the text itself.
    """
    detail = detail.strip()
    if not region:
        head = _REGION.match(detail)
        region = head[1] if head else ""
        detail = detail[len(region) :].strip()
    if not detail:
        return region
    if detail.endswith(STARS):
        return region + detail
    kept = detail[: min(6, len(detail) // 2)]
    if re.search(r"\s", kept):
        kept = re.split(r"\d", kept, maxsplit=1)[0].rstrip()
    return region + kept + STARS


def mask_email(email: str) -> str:
    """`lihua@example.com` → `l****@example.com`."""
    email = email.strip()
    local, at, domain = email.rpartition("@")
    if not at:
        return STARS if email else ""
    if local.endswith(STARS) and len(local) <= 5:
        return email
    return f"{local[:1]}{STARS}@{domain}"


def mask_identity(number: str) -> str:
    """An identity number keeps its first and last character."""
    number = number.strip()
    if len(number) <= 2:
        return "*" * len(number)
    return number[0] + "*" * (len(number) - 2) + number[-1]


def mask_account(account: str) -> str:
    """A buyer's nickname or account on a platform: first character and stars."""
    account = account.strip()
    return account if not account or _MASKED_NAME.fullmatch(account) else f"{account[0]}***"


def waybill_name(name: str) -> str:
    """A name on a waybill (GB/T 41833-2022): at least one character hidden."""
    return mask_name(name)


def waybill_phone(phone: str) -> str:
    """A number on a waybill (GB/T 41833-2022): at least six digits hidden, `138******34`.

    Virtual numbers identify nobody and stay. A number the platform masked less strictly is masked further.
    """
    phone = phone.strip()
    if not phone or _VIRTUAL.fullmatch(phone):
        return phone
    if mobile := _MOBILE.fullmatch(phone):
        return f"{mobile[1][:3]}{'*' * 6}{mobile[1][-2:]}"
    if landline := _LANDLINE.fullmatch(phone):
        return f"{landline[1]}-{'*' * 6}{landline[2][-2:]}"
    return "*" * 6 + phone[-1:] if len(phone) > 6 else "*" * 6


def waybill_address(address: str) -> str:
    """An address on a waybill (GB/T 41833-2022): road and building stay, unit, floor and room are hidden."""
    address = re.sub(r"\s+", " ", address.strip())
    home = _HOME.search(address)
    return address if not home else address[: home.start()].rstrip(" -－–—#") + STARS
