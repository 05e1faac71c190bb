"""S2.2: what a refusal says of a new receiver, put at the fields it speaks of."""

from typing import Any

from shopkeeper.shared.outcomes import Outcome
from shopkeeper.web.form_reading import MISTAKES, WHOLE, FormState
from shopkeeper.web.labels import outcome_text

FIELD_OF = {"bad_phone": "phone", "district_needed": "district"}
ASKED = {"name", "phone", "address"}


def mark_refusal(state: FormState[Any], refusal: Outcome) -> None:
    """A refusal at its own field; above the form where it speaks of no single one, or nothing was filled in at all."""
    missing = refusal.facts.get("missing", [])
    if field := FIELD_OF.get(refusal.code):
        state.errors[field] = outcome_text(refusal)
    elif missing and not ASKED.issubset(missing):
        state.errors |= {name: str(MISTAKES["missing"]) for name in missing}
    else:
        state.errors[WHOLE] = outcome_text(refusal)
