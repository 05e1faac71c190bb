"""Statements of what a campaign needs beforehand: slots, own places, tasks."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


@dataclass(frozen=True, slots=True)
class SlotRow:
    """An application for a platform slot, locked."""

    id: int
    campaign_id: int
    shop_id: int
    state: str
    apply_by: datetime
    code: str


LOCK_SLOTS = Statement(
    """
    SELECT s.id, s.campaign_id, s.shop_id, s.state, s.apply_by, c.code
    FROM campaigns_slotapplication AS s JOIN campaigns_campaign AS c ON c.id = s.campaign_id
    WHERE s.id = ANY(%(slots)s::bigint[]) ORDER BY s.id FOR NO KEY UPDATE OF s""",
    row=SlotRow,
)

OPEN_SLOTS = Statement(
    """
    SELECT id FROM campaigns_slotapplication
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state IN ('to_apply', 'applied')
    ORDER BY id FOR NO KEY UPDATE""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class MadeSlotRow:
    id: int
    campaign_id: int
    place: str
    starts_at: datetime


ADD_SLOTS = Statement(
    """
    INSERT INTO campaigns_slotapplication (campaign_id, shop_id, place, starts_at, ends_at, apply_by,
                                           expected_cost_minor, state, state_at, reference, answer, made_at, made_by)
    SELECT campaign_id, shop_id, place, starts_at, ends_at, apply_by, expected_cost_minor, 'to_apply',
           %(now)s::timestamptz, '', '', %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(slots)s::json)
         AS g (campaign_id bigint, shop_id bigint, place text, starts_at timestamptz, ends_at timestamptz,
               apply_by timestamptz, expected_cost_minor bigint)
    ORDER BY campaign_id, place, starts_at
    ON CONFLICT (campaign_id, place, starts_at) DO NOTHING
    RETURNING id, campaign_id, place, starts_at""",
    row=MadeSlotRow,
)

NOTE_APPLIED: Statement[NoRow] = Statement("""
    UPDATE campaigns_slotapplication AS s SET applied_at = %(now)s::timestamptz, reference = g.reference
    FROM unnest(%(slots)s::bigint[], %(references)s::text[]) AS g (id, reference)
    WHERE s.id = g.id AND s.state = 'to_apply'""")

NOTE_ANSWERED: Statement[NoRow] = Statement("""
    UPDATE campaigns_slotapplication AS s
    SET answered_at = %(now)s::timestamptz, cost_minor = g.cost, answer = g.answer
    FROM unnest(%(slots)s::bigint[], %(costs)s::bigint[], %(answers)s::text[]) AS g (id, cost, answer)
    WHERE s.id = g.id AND s.state = 'applied'""")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task, locked."""

    id: int
    campaign_id: int
    shop_id: int
    state: str
    role: str
    owner_id: int | None
    title: str


_TASK = "SELECT id, campaign_id, shop_id, state, role, owner_id, title FROM campaigns_campaigntask"

LOCK_TASKS = Statement(f"{_TASK} WHERE id = ANY(%(tasks)s::bigint[]) ORDER BY id FOR NO KEY UPDATE", row=TaskRow)

OPEN_TASKS = Statement(
    f"{_TASK} WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state = 'open' ORDER BY id FOR NO KEY UPDATE",
    row=TaskRow,
)


@dataclass(frozen=True, slots=True)
class WaitingTaskRow:
    """An open task, locked, with its campaign's code and end."""

    id: int
    shop_id: int
    role: str
    title: str
    due_at: datetime
    code: str
    ends_at: datetime


WAITING_TASKS = Statement(
    """
    SELECT t.id, t.shop_id, t.role, t.title, t.due_at, c.code, c.ends_at
    FROM campaigns_campaigntask AS t JOIN campaigns_campaign AS c ON c.id = t.campaign_id
    WHERE t.campaign_id = ANY(%(campaigns)s::bigint[]) AND t.state = 'open' ORDER BY t.id FOR NO KEY UPDATE OF t""",
    row=WaitingTaskRow,
)


@dataclass(frozen=True, slots=True)
class MadeTaskRow:
    id: int
    campaign_id: int
    title: str


ADD_TASKS = Statement(
    """
    INSERT INTO campaigns_campaigntask (campaign_id, shop_id, title, role, owner_id, due_at, state, state_at, evidence,
                                        made_at, made_by)
    SELECT campaign_id, shop_id, title, role, owner_id, due_at, 'open', %(now)s::timestamptz, '',
           %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(tasks)s::json)
         AS g (campaign_id bigint, shop_id bigint, title text, role text, owner_id bigint, due_at timestamptz)
    ORDER BY campaign_id, title
    ON CONFLICT (campaign_id, title) DO NOTHING
    RETURNING id, campaign_id, title""",
    row=MadeTaskRow,
)

NOTE_DONE: Statement[NoRow] = Statement("""
    UPDATE campaigns_campaigntask AS t SET evidence = g.evidence, done_by = %(actor_id)s::bigint
    FROM unnest(%(tasks)s::bigint[], %(evidence)s::text[]) AS g (id, evidence)
    WHERE t.id = g.id AND t.state = 'open'""")


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int


ACTIVE_PEOPLE = Statement(
    "SELECT id FROM foundation_person WHERE id = ANY(%(people)s::bigint[]) AND is_active ORDER BY id", row=PersonRow
)


@dataclass(frozen=True, slots=True)
class OwnSlotRow:
    """A place of the own shop, locked so that two bookings of it are judged one after the other."""

    id: int
    shop_id: int
    name: str


LOCK_OWN_SLOTS = Statement(
    """
    SELECT id, shop_id, name FROM campaigns_ownslot
    WHERE id = ANY(%(slots)s::bigint[]) ORDER BY id FOR NO KEY UPDATE""",
    row=OwnSlotRow,
)

MAKE_OWN_SLOTS = Statement(
    """
    INSERT INTO campaigns_ownslot (shop_id, name)
    SELECT shop_id, name FROM unnest(%(shops)s::bigint[], %(names)s::text[]) AS g (shop_id, name)
    ORDER BY shop_id, name
    ON CONFLICT (shop_id, name) DO NOTHING
    RETURNING id, shop_id, name""",
    row=OwnSlotRow,
)

OWN_SLOTS_BY_NAME = Statement(
    """
    SELECT s.id, s.shop_id, s.name FROM campaigns_ownslot AS s
    JOIN unnest(%(shops)s::bigint[], %(names)s::text[]) AS g (shop_id, name)
      ON g.shop_id = s.shop_id AND g.name = s.name
    ORDER BY s.id""",
    row=OwnSlotRow,
)


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A place held; `code` of the campaign that holds it."""

    id: int
    slot_id: int
    campaign_id: int
    shop_id: int
    code: str
    starts_at: datetime
    ends_at: datetime
    is_released: bool


_BOOKING = """
    SELECT b.id, b.slot_id, b.campaign_id, c.shop_id, c.code, lower(b.during), upper(b.during),
           b.released_at IS NOT NULL
    FROM campaigns_slotbooking AS b JOIN campaigns_campaign AS c ON c.id = b.campaign_id"""

BOOKINGS = Statement(
    f"""{_BOOKING}
    WHERE b.slot_id = ANY(%(slots)s::bigint[]) AND b.released_at IS NULL AND upper(b.during) > %(since)s::timestamptz
    ORDER BY b.id""",
    row=BookingRow,
)

LOCK_BOOKINGS = Statement(
    f"{_BOOKING} WHERE b.id = ANY(%(bookings)s::bigint[]) ORDER BY b.id FOR NO KEY UPDATE OF b", row=BookingRow
)

BOOK = Statement(
    """
    INSERT INTO campaigns_slotbooking (slot_id, campaign_id, during, booked_at, booked_by)
    SELECT slot_id, campaign_id, tstzrange(starts_at, ends_at), %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(bookings)s::json)
         AS g (slot_id bigint, campaign_id bigint, starts_at timestamptz, ends_at timestamptz)
    ORDER BY slot_id, starts_at
    RETURNING id, slot_id, campaign_id, 0::bigint, ''::text, lower(during), upper(during), false""",
    row=BookingRow,
)

RELEASE = Statement(
    """
    UPDATE campaigns_slotbooking SET released_at = %(now)s::timestamptz
    WHERE released_at IS NULL
      AND (id = ANY(%(bookings)s::bigint[]) OR campaign_id = ANY(%(campaigns)s::bigint[]))
    RETURNING id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class CopiedTaskRow:
    """A task of a template, as another campaign would have it."""

    campaign_id: int
    title: str
    role: str
    due_at: datetime


TASKS_TO_COPY = Statement(
    """
    SELECT campaign_id, title, role, due_at FROM campaigns_campaigntask
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state <> 'dropped' ORDER BY campaign_id, due_at, id""",
    row=CopiedTaskRow,
)


@dataclass(frozen=True, slots=True)
class CopiedSlotRow:
    """A slot of a template that was not given up; the cost is what it came to, else what was expected."""

    campaign_id: int
    place: str
    starts_at: datetime
    ends_at: datetime
    apply_by: datetime
    cost_minor: int


SLOTS_TO_COPY = Statement(
    """
    SELECT campaign_id, place, starts_at, ends_at, apply_by, coalesce(cost_minor, expected_cost_minor)
    FROM campaigns_slotapplication
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state <> 'dropped' ORDER BY campaign_id, apply_by, id""",
    row=CopiedSlotRow,
)
