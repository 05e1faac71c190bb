"""The promotions that hold, ready for the engine. A published version never changes, so the book is kept by its ids."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.codec import Terms, promotion_of, read_terms
from shopkeeper.flows.marketing.promotions.rules.values import Promotion
from shopkeeper.flows.marketing.promotions.sql import rules as sql


@dataclass(frozen=True, slots=True)
class Known:
    """One version as it is used: its row's facts, its terms, the engine's promotion (its id is the rule's)."""

    version_id: int
    rule_id: int
    number: int
    shop_id: int | None
    code: str
    name: str
    terms: Terms
    promotion: Promotion


@dataclass(frozen=True, slots=True)
class House:
    """All that holds, and the book the engine prices from."""

    known: Mapping[int, Known]  # by rule
    book: RuleBook


def known_of(row: sql.VersionRow) -> Known:
    terms = read_terms(json.loads(row.terms))
    promotion = promotion_of(terms, row.rule_id, row.number, row.shop_id, row.starts_at, row.ends_at)
    return Known(row.id, row.rule_id, row.number, row.shop_id, row.code, row.name, terms, promotion)


def house_at(now: datetime) -> House:
    """What is published and not over; one statement, two where something new was published."""
    return house_of([row.id for row in sql.PUBLISHED.rows(now=now)])


def held_at(since: datetime, until: datetime, shop_ids: Sequence[int]) -> House:
    """What held at some moment of a span in these shops, even if it was paused or ended after `since`."""
    return house_of([row.id for row in sql.HELD_AT.rows(since=since, until=until, shops=sorted(shop_ids))])


def house_of(version_ids: Sequence[int]) -> House:
    place = connection.settings_dict
    return _house(f"{place['HOST']}/{place['NAME']}", tuple(version_ids))


@lru_cache(maxsize=16)
def _house(_database: str, version_ids: tuple[int, ...]) -> House:
    rows = sql.VERSIONS.rows(ids=list(version_ids)) if version_ids else []
    known = {row.rule_id: known_of(row) for row in rows}
    return House(known, RuleBook(k.promotion for k in known.values()))
