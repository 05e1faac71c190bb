"""S1.1: a shop's customers may speak to us from now on: the widget has its secret, the platform's chat is read."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.conversations.events import ChannelsOpened, WidgetSecretRenewed
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.sql import replies as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.personal import seal_secret
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

PULL = "pull_chat"
SECRET_BYTES = 32
_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,200}(:\d{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenChannels:
    """`origins` are the pages that may show the widget,, scheme and host only."""

    shop_id: int
    origins: tuple[Annotated[str, Field(max_length=220)], ...] = ()


@command(clause="S1.1", permission=Permission.CHANNEL_OPEN, scope=InShop())
def open_channels(step: Step, items: Sequence[OpenChannels]) -> list[Outcome]:
    """Open a shop's channels; one that is open takes the new origins, its secret and cursor stay.

    Refused: "origin_unreadable".
    """
    wrong = {item.shop_id: origin for item in items for origin in item.origins if not _ORIGIN.fullmatch(origin)}
    good = {item.shop_id: " ".join(sorted(set(item.origins))) for item in items if item.shop_id not in wrong}
    opened: set[int] = set()
    changed: set[int] = set()
    if good:
        sealed = [seal_secret(secrets.token_urlsafe(SECRET_BYTES)) for _ in good]
        rows = sql.OPEN_CHANNELS.rows(now=step.now, shops=list(good), secrets=sealed, origins=list(good.values()))
        opened = {row.shop_id for row in rows}
        others = [shop_id for shop_id in good if shop_id not in opened]
        rows = sql.SET_ORIGINS.rows(shops=others, origins=[good[shop_id] for shop_id in others])
        changed = {row.shop_id for row in rows}
    step.errand(*(Errand(PULL, shop_id, step.now, shop_id) for shop_id in sorted(opened)))
    step.emit(*(ChannelsOpened(shop_id) for shop_id in sorted(opened)))
    outcomes = []
    for item in items:
        if item.shop_id in wrong:
            outcomes.append(refused("origin_unreadable", item.shop_id, origin=wrong[item.shop_id]))
        else:
            outcomes.append((done if item.shop_id in opened | changed else unchanged)(item.shop_id))
    return outcomes


@dataclass(frozen=True, slots=True)
class RenewSecret:
    """`version` is that of the secret at hand, so that two who renew at once do it once."""

    shop_id: int
    version: int


@command(clause="S1.1", permission=Permission.CHANNEL_OPEN, scope=InShop())
def renew_widget_secrets(step: Step, items: Sequence[RenewSecret]) -> list[Outcome]:
    """Give the widget another secret; identities signed with the old one are no longer believed.

    Refused: "renewed_meanwhile", "channel_not_open".
    """
    versions = {item.shop_id: item.version for item in items}
    sealed = [seal_secret(secrets.token_urlsafe(SECRET_BYTES)) for _ in versions]
    rows = sql.RENEW_SECRETS.rows(shops=list(versions), versions=list(versions.values()), secrets=sealed)
    renewed = {row.shop_id for row in rows}
    known = {row.shop_id for row in sql.CURSORS.rows(shops=list(versions))}
    step.emit(*(WidgetSecretRenewed(shop_id) for shop_id in sorted(renewed)))
    return [
        done(item.shop_id)
        if item.shop_id in renewed
        else refused("renewed_meanwhile" if item.shop_id in known else "channel_not_open", item.shop_id)
        for item in items
    ]
