"""What was found of a version, in words; codes shared with product pictures are worded there."""

from collections.abc import Iterable
from typing import Any

from shopkeeper.flows.marketing.launch.words import FINDINGS, PLACES
from shopkeeper.flows.products.listing.queries.saying import said as said_of_pictures
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.shared.words import COUNTING, T
from shopkeeper.web.labels import label_of


def said(finding: Finding) -> tuple[T, T]:
    """Reason and remedy with their facts."""
    if finding.code not in FINDINGS:
        return said_of_pictures(finding)
    reason, remedy = FINDINGS[finding.code]
    ground = label_of(finding.facts.get("ground", "–"), "Ground").text
    zh: dict[str, Any] = {"suggestion": "–", **finding.facts, "ground": ground.zh}
    en: dict[str, Any] = {"suggestion": "–", **finding.facts, "ground": ground.en}
    en["given"] = finding.facts.get("given_en", "–")
    zh["suggestion"], en["suggestion"] = zh["suggestion"] or "–", en["suggestion"] or "–"
    return (
        T(reason.zh.format(**zh), COUNTING.format(reason.en, **en)),
        T(remedy.zh.format(**zh), COUNTING.format(remedy.en, **en)),
    )


def told(findings: Iterable[Finding]) -> list[tuple[str, T, T, T]]:
    """Findings as a page shows them: tone, place, reason, remedy."""
    return [
        ("red" if one.level == "error" else "amber", PLACES.get(one.place, T(one.place, one.place)), *said(one))
        for one in findings
    ]
