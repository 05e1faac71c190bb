"""A title against the platforms it is meant for: its length as they count, the core keyword, repeated words."""

import unicodedata
from collections.abc import Sequence

import rjieba

from shopkeeper.flows.products.listing.rules.findings import Facts, Finding
from shopkeeper.flows.products.listing.rules.platforms import RULES, known, title_bytes
from shopkeeper.flows.products.listing.rules.searching import folded


def check_title(title: str, core_keyword: str, platforms: Sequence[str], repeats_allowed: int) -> list[Finding]:
    """Everything about the title. `repeats_allowed`: how often one word may stand in it."""
    plain = title.strip()
    if not plain:
        return [Finding("title_missing", "title")]
    findings = [*_lengths(plain, platforms), *_keyword(plain, core_keyword)]
    for word, count in repeated_words(plain, repeats_allowed):
        findings.append(Finding("title_word_repeated", "title", {"word": word, "count": count}))
    return findings


def _lengths(title: str, platforms: Sequence[str]) -> list[Finding]:
    findings = []
    size, characters = title_bytes(title), len(title)
    for platform in known(list(platforms)):
        rules = RULES[platform]
        if size > rules.title_bytes:
            over = size - rules.title_bytes
            facts: Facts = {"platform": platform, "size": size, "limit": rules.title_bytes, "over": over}
            findings.append(Finding("title_too_long", "title", facts))
        elif rules.title_characters and characters > rules.title_characters:
            facts = {"platform": platform, "size": characters, "limit": rules.title_characters}
            findings.append(Finding("title_too_many_characters", "title", facts))
        if not rules.takes_emoji and (found := emoji_in(title)):
            findings.append(Finding("title_emoji", "title", {"platform": platform, "found": found}))
    return findings


def _keyword(title: str, core_keyword: str) -> list[Finding]:
    if not core_keyword.strip():
        return [Finding("core_keyword_missing", "core_keyword")]
    if folded(core_keyword) not in folded(title):
        return [Finding("core_keyword_not_in_title", "title", {"keyword": core_keyword.strip()})]
    return []


def emoji_in(text: str) -> str:
    """The pictographs in a text, which platforms refuse."""
    return "".join(letter for letter in text if unicodedata.category(letter) == "So" or ord(letter) >= 0x1F000)


def repeated_words(title: str, allowed: int) -> list[tuple[str, int]]:
    """Words of two characters or more that stand more often than allowed, in the order they begin."""
    counts: dict[str, int] = {}
    for word in map(str.lower, rjieba.cut(title)):
        if len(word.strip()) >= 2 and any(letter.isalnum() for letter in word):
            counts[word] = counts.get(word, 0) + 1
    return [(word, count) for word, count in counts.items() if count > allowed]
