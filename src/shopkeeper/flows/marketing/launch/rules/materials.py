"""M2.1: a version held against its brief: file, pixels, colours, words. Values in, findings out.

Errors keep a version from being approved; advice needs a reason from whoever approves it all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.marketing.launch.rules.colours import Shade, brand_share
from shopkeeper.flows.marketing.launch.rules.copy import missing_words, price_claims, unlike_rules
from shopkeeper.flows.marketing.launch.rules.films import Film
from shopkeeper.flows.marketing.launch.states import MaterialKind
from shopkeeper.flows.marketing.promotions.rules.promises import Given
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.rules.pictures import RATIO_SLACK, Measures
from shopkeeper.flows.products.publishing.rules.word_list import WordList
from shopkeeper.flows.products.publishing.states import Severity

KB = 1_024


@dataclass(frozen=True, slots=True)
class Brief:
    """What a version is held against. Pixels 0: any. `brand` are #rrggbb."""

    kind: str
    width: int
    height: int
    must_say: tuple[str, ...]
    brand: tuple[str, ...]
    given: Given
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What the policy wants of materials."""

    poster_kb: int
    video_seconds: int
    colour_distance: int
    colour_share: int
    sharpness: int


def judge_poster(
    measures: Measures, shades: Sequence[Shade], brief: Brief, limits: Limits, words: WordList
) -> list[Finding]:
    """A poster: does it open, is it what it is called, large enough, in the brand's colours, what stands on it."""
    if measures.trouble:
        return [Finding(measures.trouble, "file", {"megapixels": 0, "limit": 50})]
    findings = _of_file(measures, limits)
    findings += _of_pixels(measures.width, measures.height, brief)
    findings += _of_colours(shades, brief, limits)
    if measures.text_share is None:
        findings.append(Finding("picture_text_not_checked", "file", level="advice"))
        return findings
    findings += judge_words(measures.text, brief, words, place="picture_text")
    return findings


def judge_film(film: Film, size: int, brief: Brief, limits: Limits) -> list[Finding]:
    """A short film: does it open, its pixels, its length. What is said in it a person has to hear."""
    if film.trouble:
        return [Finding(film.trouble, "file")]
    findings = _of_pixels(film.width, film.height, brief)
    if film.seconds > limits.video_seconds:
        facts: dict[str, Any] = {"measured": film.seconds, "limit": limits.video_seconds}
        findings.append(Finding("film_long", "file", facts))
    if brief.must_say:
        told = "、".join(brief.must_say)
        findings.append(Finding("film_words_by_ear", "file", {"words": told}, level="advice"))
    return findings


def judge_words(text: str, brief: Brief, words: WordList, place: str = "text") -> list[Finding]:
    """A text: listed words, price claims, offers unlike the campaign's rules, and the offer it has to bring out."""
    findings, forbidden = [], []
    for hit in words.check(text, "", brief.platforms):
        blocks = hit.term.severity == Severity.BLOCK
        forbidden += [(hit.start, hit.end)] if blocks else []
        facts: dict[str, Any] = {"start": hit.start, "end": hit.end, "written": text[hit.start : hit.end],
                                 "ground": hit.term.ground, "suggestion": hit.term.suggestion}  # fmt: skip
        findings.append(Finding("listed_word", place, facts, "error" if blocks else "advice"))
    for claim in price_claims(text):
        if any(start < claim.end and claim.start < end for start, end in forbidden):
            continue  # said already, with its ground
        facts = {"start": claim.start, "end": claim.end, "written": claim.written}
        findings.append(Finding(claim.code, place, facts, "error" if claim.code == "claim_lowest" else "advice"))
    for claim in unlike_rules(text, brief.given):
        facts = {"start": claim.start, "end": claim.end, "written": claim.written, **_told(brief.given)}
        findings.append(Finding("claim_unlike_rules", place, facts))
    findings += [Finding("offer_not_said", place, {"words": one}) for one in missing_words(text, brief.must_say)]
    return findings


def _told(given: Given) -> dict[str, str]:
    """What the campaign gives, in both languages."""
    return {
        "given": "；".join(one.text("zh") for one in given.said) or "–",
        "given_en": "; ".join(one.text("en") for one in given.said) or "–",
    }


def _of_file(measures: Measures, limits: Limits) -> list[Finding]:
    findings = []
    if measures.mislabelled:
        facts: dict[str, Any] = {"name": measures.mislabelled, "kind": measures.kind}
        findings.append(Finding("picture_mislabelled", "file", facts))
    if measures.mode == "CMYK":
        findings.append(Finding("picture_cmyk", "file"))
    if measures.bytes > limits.poster_kb * KB:
        facts = {"measured": round(measures.bytes / KB), "limit": limits.poster_kb}
        findings.append(Finding("material_heavy", "file", facts))
    if measures.sharpness < limits.sharpness:
        facts = {"measured": measures.sharpness, "limit": limits.sharpness}
        findings.append(Finding("picture_blurred", "pixels", facts, level="advice"))
    return findings


def _of_pixels(width: int, height: int, brief: Brief) -> list[Finding]:
    """At least the pixels of the brief, in its ratio."""
    facts: dict[str, Any] = {"measured": f"{width} × {height}", "limit": f"{brief.width} × {brief.height}"}
    if width < brief.width or height < brief.height:
        return [Finding("material_small", "pixels", facts)]
    if brief.width and brief.height:
        wanted = brief.width / brief.height
        if abs(width / height - wanted) > RATIO_SLACK * wanted:
            return [Finding("material_ratio", "pixels", facts)]
    return []


def _of_colours(shades: Sequence[Shade], brief: Brief, limits: Limits) -> list[Finding]:
    if not brief.brand:
        return [Finding("brand_not_set", "colours", level="advice")]
    share, least = brand_share(shades, brief.brand, limits.colour_distance)
    if round(share * 100) >= limits.colour_share:
        return []
    facts: dict[str, Any] = {"measured": round(share * 100), "limit": limits.colour_share, "distance": least,
                             "most": limits.colour_distance}  # fmt: skip
    return [Finding("off_brand", "colours", facts)]


def kind_fits(kind: str, file_kind: str) -> bool:
    """Is a file of this content a poster, or a film?"""
    wanted = {MaterialKind.POSTER: {"png", "jpeg"}, MaterialKind.VIDEO: {"mp4"}}
    return file_kind in wanted.get(MaterialKind(kind), set())
