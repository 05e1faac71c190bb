"""Two shops in two warehouses, each with work in every state, and one item per command naming its rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import CheckSession, Job
from shopkeeper.flows.fulfilment.parcels.models import Parcel, ParcelCase
from shopkeeper.flows.fulfilment.settlement.models import FollowUp
from shopkeeper.flows.fulfilment.warehouse.models import PickLine, Wave, WaveOrder
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.pricing.models import Plan
from shopkeeper.flows.products.publishing.models import Listing as ShopListing
from shopkeeper.flows.products.publishing.models import ListingSku, Mismatch, Review
from shopkeeper.flows.products.stock.models import Lot, Reminder
from shopkeeper.flows.service.aftersale.commands.add_evidence import SealedShot
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, Evidence, ReturnParcel
from shopkeeper.flows.service.aftersale.models import Refund as GoingBack
from shopkeeper.flows.service.aftersale.states import Shot, Solution
from shopkeeper.flows.service.conversations.models import Conversation, Message
from shopkeeper.flows.service.tickets.models import Interception, OrderChange
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.files import FileKind
from shopkeeper.foundation.models import ApiToken, Person, Shop, Warehouse
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.access.campaign_rows import Campaigns, campaigns_of
from tests.access.collection_rows import Collection, collection_of
from tests.access.decision_rows import Decided, decided_of
from tests.access.feedback_rows import Ratings, ratings_of
from tests.access.lake_rows import Cleaned, cleaned_of
from tests.access.launch_rows import Launch, launch_of
from tests.access.outreach_rows import Outreach, outreach_of
from tests.access.promotion_rows import Promotions, promotions_of
from tests.access.report_rows import Reports, reports_of
from tests.access.review_rows import Reviews, reviews_of
from tests.access.watch_rows import Watched, watched_of


@dataclass
class Place:
    """One shop with its warehouse and one row of everything."""

    shop: Shop
    warehouse: Warehouse
    sku: Sku
    waiting_order: int
    held_order: int
    picking_order: int
    session: CheckSession
    wave: Wave
    wave_order: WaveOrder
    pick_line: PickLine
    parcel: Parcel
    case: ParcelCase
    follow_up: FollowUp
    deadline: Deadline
    lot: Lot
    reminder: Reminder
    price_plan: Plan
    person: Person
    token: ApiToken
    job: Job
    sold: Mismatch
    review: Review
    talk: Conversation
    reply: Message
    ticket: int
    article: int
    change: OrderChange
    interception: Interception
    after_sale: AfterSaleCase
    evidence: Evidence
    going_back: GoingBack
    coming_back: ReturnParcel
    ratings: Ratings
    promotions: Promotions
    outreach: Outreach
    decided: Decided
    watched: Watched
    reviews: Reviews
    campaigns: Campaigns
    launch: Launch
    collection: Collection
    cleaned: Cleaned
    reports: Reports


def build() -> Place:
    """Make a place through the commands the product uses itself."""
    warehouse = make.make_warehouse()
    shop = make.make_shop(warehouse)
    sku = make.make_sku()
    make.stock_up(sku, warehouse, 50)
    picking = make.make_released_order(shop, make.received_line(sku))
    run("release_waves", warehouse_id=warehouse.pk, order_ids=(picking,))
    waiting = make.make_order(shop, make.received_line(sku))
    held = make.make_order(shop, make.received_line(sku), buyer_remark="请尽快")
    parcel = Parcel.objects.get(order_id=picking)
    person = make.make_person("order_specialist", shops=[shop])
    now = datetime(2026, 6, 1, tzinfo=UTC)
    talk = a_talk(shop)
    after_sale = an_after_sale(waiting)
    ticket_id = run("open_tickets", shop_id=shop.pk, channel="api", external_ref="A-1", text="想退货").id
    return Place(
        shop=shop,
        warehouse=warehouse,
        sku=sku,
        waiting_order=waiting,
        held_order=held,
        picking_order=picking,
        session=make.open_session(shop),
        wave=Wave.objects.get(warehouse=warehouse),
        wave_order=WaveOrder.objects.get(order_id=picking),
        pick_line=PickLine.objects.filter(order_id=picking).first(),
        parcel=parcel,
        case=a_case(parcel, shop, now),
        follow_up=FollowUp.objects.create(
            order_id=picking, shop=shop, state="open", state_at=now, opened_at=now, due_at=now
        ),
        deadline=Deadline.objects.get(kind="decide_holds", subject_id=held),
        lot=Lot.objects.get(sku=sku),
        reminder=a_reminder(sku, now),
        price_plan=a_price_plan(sku, shop, now),
        person=person,
        job=Job.objects.create(
            kind="import", state="running", state_at=now, shop=shop, wish={}, asked_by=person.pk, asked_at=now
        ),
        token=ApiToken.objects.create(person=person, name="t", token_hash=f"{person.pk}".encode(), made_at=now),
        sold=a_difference(shop, sku, now),
        review=a_review(sku, person, now),
        talk=talk,
        reply=Message.objects.get(conversation=talk, sender="bot"),
        ticket=ticket_id,
        article=run("write_articles", code=f"size-{shop.pk}", title="尺码", body="按身高选", shop_id=shop.pk).id,
        change=a_change(picking, shop, now),
        interception=an_interception(parcel, picking, shop, now),
        after_sale=after_sale,
        evidence=Evidence.objects.get(case=after_sale),
        going_back=GoingBack.objects.get(case=after_sale),
        coming_back=ReturnParcel.objects.create(
            case=after_sale, shop=shop, warehouse=warehouse, state="awaited", state_at=now, made_at=now
        ),
        ratings=ratings_of(shop, ticket_id),
        **marketing_of(shop, sku.pk),
        **analytics_of(shop, waiting),
    )  # fmt: skip


def marketing_of(shop: Shop, sku_id: int) -> dict[str, Any]:
    """What marketing has of a shop."""
    campaigns = campaigns_of(shop, sku_id)
    return {
        "promotions": promotions_of(shop),
        "outreach": outreach_of(shop),
        "watched": watched_of(shop, sku_id),
        "reviews": reviews_of(shop),
        "campaigns": campaigns,
        "launch": launch_of(campaigns.approved, sku_id),
    }


def analytics_of(shop: Shop, order_id: int) -> dict[str, Any]:
    """What analytics has of a shop."""
    return {
        "decided": decided_of(shop),
        "collection": collection_of(shop),
        "cleaned": cleaned_of(shop, order_id),
        "reports": reports_of(shop),
    }


def a_reminder(sku: Sku, now: datetime) -> Reminder:
    """Too few pieces are left."""
    return Reminder.objects.create(
        sku=sku,
        state_at=now,
        opened_at=now,
        due_at=now,
        threshold=60,
        free=47,
        demand=0,
        suggested=13,
        arrive_by=date(2026, 6, 8),
    )


def a_price_plan(sku: Sku, shop: Shop, now: datetime) -> Plan:
    """A price below its target, waiting for a manager."""
    return Plan.objects.create(
        sku=sku,
        shop=shop,
        currency="CNY",
        cost_minor=2_000,
        sale_minor=2_300,
        lowest_minor=2_300,
        worst_minor=2_300,
        margin_basis_points=1_304,
        target_basis_points=2_000,
        valid_from=now,
        state_at=now,
        proposed_at=now,
        proposed_by=0,
        reason="清仓",
    )


def a_change(order_id: int, shop: Shop, now: datetime) -> OrderChange:
    """A customer wants the order cancelled."""
    return OrderChange.objects.create(
        order_id=order_id,
        shop=shop,
        kind="cancel",
        way="from_warehouse",
        reason="other",
        state_at=now,
        subject_id=1,
        requested_at=now,
        requested_by=0,
        due_at=now,
    )


def an_interception(parcel: Parcel, order_id: int, shop: Shop, now: datetime) -> Interception:
    """A parcel that is to come back."""
    return Interception.objects.create(
        parcel=parcel,
        order_id=order_id,
        shop=shop,
        kind="return",
        reason="other",
        state_at=now,
        subject_id=1,
        requested_at=now,
        requested_by=0,
        due_at=now,
    )


def a_review(sku: Sku, person: Person, now: datetime) -> Review:
    """What the product says waits to be judged."""
    return Review.objects.create(
        product=sku.product,
        version=1,
        state_at=now,
        submitted_at=now,
        submitted_by=person.pk,
        due_at=now,
        said={"title": sku.product.title},
        seen_with={},
        findings=[],
    )


def an_after_sale(order_id: int) -> AfterSaleCase:
    """A case outside the policy with evidence, an accepted offer, and money that waits for a second person."""
    case = run("open_aftersale", order_id=order_id, reason="quality").id
    shot = SealedShot("a" * 64, FileKind.PNG, 10, Shot.WHOLE)
    run("add_evidence", case_id=case, files=(shot,))
    run("offer_solution", case_id=case, solution=Solution.COMPENSATION, number=1, compensation_minor=100, why="补偿")
    run("answer_offer", case_id=case, number=1, answer="accepted")
    return AfterSaleCase.objects.get(id=case)


def a_difference(shop: Shop, sku: Sku, now: datetime) -> Mismatch:
    """A listing on sale that is not as we said."""
    listing = ShopListing.objects.create(
        product=sku.product, shop=shop, state="on_sale", state_at=now, wanted_at=now, wanted_by=0, item_no="1"
    )
    ListingSku.objects.create(listing=listing, shop=shop, sku=sku, sku_no="1")
    return Mismatch.objects.create(listing=listing, shop=shop, state_at=now, opened_at=now, due_at=now, differences=[])


def a_case(parcel: Parcel, shop: Shop, now: datetime) -> ParcelCase:
    return ParcelCase.objects.create(
        parcel=parcel, shop_id=shop.pk, kind="lost", state="open", state_at=now, opened_at=now, opened_by=0
    )


def a_talk(shop: Shop) -> Conversation:
    """A platform conversation that waits for an agent; the greeting did not reach the platform."""
    run("open_channels", shop_id=shop.pk)
    outcome = run(
        "take_in_messages", shop_id=shop.pk, channel="platform", customer="u1", client_id="p:1", text="什么时候发货？"
    )
    Message.objects.filter(sender="bot", shop=shop).update(delivery="failed", failure="isv.chat-receiver-refused")
    return Conversation.objects.get(id=outcome.facts["conversation_id"])


def run(name: str, **fields: Any) -> Any:
    outcome = COMMANDS[name].one(SYSTEM, COMMANDS[name].item(**fields))
    assert outcome.ok, (name, outcome)
    return outcome


# What a run may write wherever it ends: its own record, and answers remembered for repeated requests.
ALWAYS_WRITTEN = ("foundation_commandrun", "foundation_idempotencykey", "procrastinate", "django_", "axes_")


def fingerprint() -> dict[str, str]:
    """A checksum per business table: what 'nothing changed' means."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall() if not name.startswith(ALWAYS_WRITTEN)]
        sums = ", ".join(f"(SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {name} AS t)" for name in tables)
        cursor.execute(f"SELECT {sums}")
        return dict(zip(tables, cursor.fetchone(), strict=True))
