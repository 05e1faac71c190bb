"""What happens to the lake and to what was cleaned out of it. Ids and codes; a visitor or buyer is a keyed hash."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class RowsSetAside(Event):
    """A row counts no longer; `key` names the order, or shop, day and visitor."""

    set_aside_id: int
    shop_id: int
    subject: str
    key: str
    rule: str


@dataclass(frozen=True, slots=True)
class SetAsideConfirmed(Event):
    """A person looked and agrees."""

    set_aside_id: int
    shop_id: int
    subject: str
    key: str
    rule: str


@dataclass(frozen=True, slots=True)
class RowsPutBack(Event):
    """A row counts again."""

    set_aside_id: int
    shop_id: int
    subject: str
    key: str
    rule: str


@dataclass(frozen=True, slots=True)
class SourceListed(Event):
    """A buyer or visitor is known to be one of us."""

    source_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class SourceUnlisted(Event):
    source_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class LakeRebuilt(Event):
    """Everything in the lake was written anew from the facts."""

    files: int
    rows: int
    reason: str
