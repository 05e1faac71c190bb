"""After-sale for auditors: money given back and booked, order by order; returned pieces counted. Nothing personal."""

from dataclasses import asdict

from shopkeeper.flows.service.aftersale.sql import audit as sql
from shopkeeper.foundation.actor import Actor


def refund_facts(viewer: Actor, *, after: int = 0, limit: int = 1_000) -> list[sql.RefundFactRow]:
    """Orders of which money went back, by id, after a given one; for viewers of all shops."""
    return sql.REFUND_FACTS.rows(after=after, limit=limit) if viewer.shops is None else []


def return_audit() -> dict[str, int]:
    """How many returns break each rule; all zero in a sound house."""
    row = sql.RETURN_AUDIT.first()
    assert row is not None
    return asdict(row)
