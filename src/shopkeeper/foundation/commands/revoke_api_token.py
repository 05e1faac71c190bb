"""G6: a token ends at once, by its owner or by whoever manages people."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.happenings import ApiTokenRevoked
from shopkeeper.foundation.models import ApiToken
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class RevokeApiToken:
    token_id: int


@command(clause="G6", permission=Permission.TOKEN_MAKE, scope=EVERYWHERE)
def revoke_api_token(step: Step, items: Sequence[RevokeApiToken]) -> list[Outcome]:
    """End tokens. Somebody else's answer "not_found" unless the actor manages people; an ended one is unchanged."""
    wanted = sorted({item.token_id for item in items})
    tokens = {t.pk: t for t in ApiToken.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    manages = step.actor.may(Permission.PEOPLE_MANAGE)
    seen = {id_ for id_, token in tokens.items() if manages or token.person_id == step.actor.id}
    ending = {id_ for id_ in seen if tokens[id_].revoked_at is None}
    ApiToken.objects.filter(id__in=ending).update(revoked_at=machine_now())
    step.emit(*(ApiTokenRevoked(id_, tokens[id_].person_id) for id_ in sorted(ending)))
    outcomes = []
    for item in items:
        if item.token_id not in seen:
            outcomes.append(refused("not_found", item.token_id))
        else:
            outcomes.append(done(item.token_id) if item.token_id in ending else unchanged(item.token_id))
            ending.discard(item.token_id)
    return outcomes
