"""What a line is: fit to keep, in which language, and whether it waits for a person."""

import re
import unicodedata

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Said to close a matter: nobody waits for an answer to these.
_CLOSING_WORDS = """
谢谢 谢谢你 谢谢您 谢谢啦 谢了 多谢 感谢 好的谢谢 好的谢谢你 好的感谢 好 好的 好滴 好哒 好嘞 好吧 嗯 嗯嗯 哦 哦哦
行 行的 可以 收到 明白 明白了 知道了 了解 了解了 没事了 没问题 不用了 再见 拜拜 辛苦了
thanks thankyou thx ok okay gotit great bye goodbye
"""
_CLOSING = frozenset(_CLOSING_WORDS.split())


def fit(text: str, longest: int) -> str:
    """Text as it is kept: composed, without signs nobody sees or that turn the reading, at most so long."""
    clean = _UNSEEN.sub("", unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n"))
    return clean.encode("utf-8", "ignore").decode("utf-8").strip()[:longest]


def needs_person(text: str, has_picture: bool = False) -> bool:
    """Whether a customer's line waits for a person: not thanks, not a plain "ok", not signs and faces alone."""
    if has_picture:
        return True
    letters = "".join(c for c in text.lower() if unicodedata.category(c)[0] in "LN")
    return bool(letters) and letters not in _CLOSING


def language_of(text: str, before: str = "zh") -> str:
    """Chinese where there is any Chinese, English where there are words of Latin letters, else as before."""
    if _HAN.search(text):
        return "zh"
    return "en" if _LATIN.search(text) else before
