"""G6: a person lets a program act for them, with a token that holds no more than they do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.happenings import ApiTokenMade
from shopkeeper.foundation.models import ApiToken
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import Statement
from shopkeeper.foundation.tokens import token_hash, token_text
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class MakeApiToken:
    """`permissions` narrows the person's own; empty means all of them, now and later. Days of validity."""

    name: Annotated[str, Field(max_length=80)]
    permissions: tuple[str, ...] = ()
    days: Annotated[int, Field(ge=1, le=365)] = 90


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


NEW_IDS = Statement(
    "SELECT nextval('foundation_apitoken_id_seq') AS id FROM generate_series(1, %(count)s::int)", row=IdRow
)


@command(clause="G6", permission=Permission.TOKEN_MAKE, scope=EVERYWHERE)
def make_api_token(step: Step, items: Sequence[MakeApiToken]) -> list[Outcome]:
    """Make tokens of the actor's own. The text is not in the outcome, because outcomes are kept: read it with
    `tokens.fresh_token` (GET …/tokens/{id}/text) within ten minutes.

    Refused: "name_needed", "permission_not_held", "only_in_person" for programs and the system.
    """
    now = machine_now()
    codes = [_refusal(step, item) for item in items]
    ids = iter(NEW_IDS.rows(count=codes.count("")))
    made, outcomes = [], []
    for item, code in zip(items, codes, strict=True):
        if code:
            lacking = next((p for p in item.permissions if p not in step.actor.permissions), "")
            outcomes.append(refused(code, permission=lacking))
            continue
        token_id = next(ids).id
        made.append(
            ApiToken(
                id=token_id,
                person_id=step.actor.id,
                name=item.name.strip(),
                token_hash=token_hash(token_text(token_id)),
                permissions=list(item.permissions),
                made_at=now,
                expires_at=now + timedelta(days=item.days),
            )
        )
        step.emit(ApiTokenMade(token_id, step.actor.id))
        outcomes.append(done(token_id))
    ApiToken.objects.bulk_create(made)
    return outcomes


def _refusal(step: Step, item: MakeApiToken) -> str:
    if step.actor.kind != "person":
        return "only_in_person"
    if not item.name.strip():
        return "name_needed"
    return "" if set(item.permissions) <= step.actor.permissions else "permission_not_held"
