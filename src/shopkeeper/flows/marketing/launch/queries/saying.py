"""What was found of a version, in words; codes shared with product pictures are worded there."""

from collections.abc import Iterable, Sequence
from typing import Any

from shopkeeper.flows.marketing.launch.words import FINDINGS, LOOK_FOR, PLACES
from shopkeeper.flows.products.listing.queries.saying import said as said_of_pictures
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.shared.words import COUNTING, T
from shopkeeper.web.labels import label_of


def said(finding: Finding, must_say: Sequence[str] = ()) -> tuple[T, T]:
    """Reason and remedy with their facts; `must_say` is what the brief wants brought out."""
    if finding.code not in FINDINGS:
        return said_of_pictures(finding)
    reason, remedy = FINDINGS[finding.code]
    if finding.code == "picture_text_not_checked" and must_say:
        zh_words, en_words = "".join(f"“{one}”" for one in must_say), ", ".join(f"“{one}”" for one in must_say)
        return reason, T(LOOK_FOR.zh.format(words=zh_words), LOOK_FOR.en.format(words=en_words))
    ground = label_of(finding.facts.get("ground", "–"), "Ground").text
    zh: dict[str, Any] = {"suggestion": "–", **finding.facts, "ground": ground.zh}
    en: dict[str, Any] = {"suggestion": "–", **finding.facts, "ground": ground.en}
    en["given"] = finding.facts.get("given_en", "–")
    zh["suggestion"], en["suggestion"] = zh["suggestion"] or "–", en["suggestion"] or "–"
    return (
        T(reason.zh.format(**zh), COUNTING.format(reason.en, **en)),
        T(remedy.zh.format(**zh), COUNTING.format(remedy.en, **en)),
    )


def told(findings: Iterable[Finding], must_say: Sequence[str] = ()) -> list[tuple[str, T, T, T]]:
    """Findings as a page shows them: tone, place, reason, remedy."""
    return [
        (
            "red" if one.level == "error" else "amber",
            PLACES.get(one.place, T(one.place, one.place)),
            *said(one, must_say),
        )
        for one in findings
    ]
