"""P4.1: a listed word may stand for one product, on a ground the law knows and with a proof that can be looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.publishing.commands.word_steps import words_in_force
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import category_of, platforms_of
from shopkeeper.flows.products.publishing.rules.folding import fold
from shopkeeper.flows.products.publishing.sql import words as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class GrantExemption:
    """`word` as listed or as written in the product; `proof` is the number or place of the evidence."""

    product_id: int
    word: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Literal["goal", "own_range", "usage", "grade", "mark", "award", "fact", "permit"]
    proof: Annotated[str, Field(max_length=200)]
    reason: Annotated[str, Field(max_length=300)]
    valid_until: date | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.product_id, fold(self.word)[:60]


@command(clause="P4.1", permission=Permission.EXEMPT, scope=EVERYWHERE)
def grant_exemptions(step: Step, items: Sequence[GrantExemption]) -> list[Outcome]:
    """Register exemptions. One that is there with the same proof is unchanged; a lapsed one is replaced.

    Refused: "not_found", "own_work" for a product one submitted oneself, "reason_needed", "proof_needed",
    "proof_expired", "word_not_listed", "exemption_known" where it stands with another proof.
    """
    today = day_of(step.now)
    products = product_facts([item.product_id for item in items])
    rows = {(r.product_id, r.folded): r for r in sql.LOCK_EXEMPTIONS.rows(products=sorted(products))}
    lapsed = {key: row for key, row in rows.items() if row.valid_until and row.valid_until < today}
    standing = {key: row for key, row in rows.items() if key not in lapsed}
    fresh: dict[tuple[int, str], GrantExemption] = {}
    codes = []
    for item in items:
        code = _wrong(step, item, products.get(item.product_id), today)
        known = standing.get(item.key)
        if not code and known is not None:
            code = "unchanged" if (known.kind, known.proof) == (item.kind, item.proof.strip()) else "exemption_known"
        elif not code and item.key in fresh:
            code = "unchanged" if fresh[item.key] == item else "exemption_known"
        elif not code:
            fresh[item.key] = item
        codes.append(code)
    sql.END_LAPSED.run(now=step.now, ids=[row.id for key, row in lapsed.items() if key in fresh])
    ids = {key: row.id for key, row in standing.items()} | _grant(step, fresh)
    return [_answer(item, code, ids) for item, code in zip(items, codes, strict=True)]


def _wrong(step: Step, item: GrantExemption, product: ProductFacts | None, today: date) -> str:
    if product is None:
        return "not_found"
    if step.actor.kind != "system" and product.submitted_by == step.actor.id:
        return "own_work"
    if not item.reason.strip():
        return "reason_needed"
    if len(item.proof.strip()) < 3:
        return "proof_needed"
    if item.valid_until and item.valid_until < today:
        return "proof_expired"
    hits = words_in_force().words.check(item.word, category_of(product), platforms_of(product))
    named = {fold(text) for hit in hits for text in (hit.term.text, item.word[hit.start : hit.end])}
    return "" if item.key[1] in named else "word_not_listed"


def _grant(step: Step, fresh: dict[tuple[int, str], GrantExemption]) -> dict[tuple[int, str], int]:
    if not fresh:
        return {}
    keys = sorted(fresh)
    rows = sql.GRANT.rows(
        now=step.now,
        actor_id=step.actor.id,
        products=[key[0] for key in keys],
        folded=[key[1] for key in keys],
        texts=[fresh[key].word.strip() for key in keys],
        kinds=[fresh[key].kind for key in keys],
        proofs=[fresh[key].proof.strip() for key in keys],
        reasons=[fresh[key].reason.strip() for key in keys],
        until=[fresh[key].valid_until for key in keys],
    )
    return {(row.product_id, row.folded): row.id for row in rows}


def _answer(item: GrantExemption, code: str, ids: dict[tuple[int, str], int]) -> Outcome:
    if not code:
        return done(ids[item.key])
    return unchanged(ids.get(item.key)) if code == "unchanged" else refused(code, word=item.word)
