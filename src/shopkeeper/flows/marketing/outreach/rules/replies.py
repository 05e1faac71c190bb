"""What a customer answers to a text message: is it a no?"""

import re
from unicodedata import normalize

# 退订回T by custom; R and TD are as common. What is meant as a no must never be taken for anything else.
_NO = frozenset({"t", "td", "r", "n", "0", "tt", "stop", "unsubscribe", "quit", "no"})
_NO_WORDS = ("退订", "拒收", "取消", "不要再发", "别发", "不要发", "勿扰", "停止")


def says_no(text: str) -> bool:
    """Does the answer take the consent back?"""
    folded = re.sub(r"[\s.。,，!！“”\"'【】\[\]]", "", normalize("NFKC", text)).casefold()
    return folded.removeprefix("回复").removeprefix("回") in _NO or any(word in folded for word in _NO_WORDS)
