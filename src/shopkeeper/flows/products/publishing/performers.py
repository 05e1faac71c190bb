"""What publishing says outside, performed after commit with no transaction open: goods, ends of sale, quantities.

Every call may be repeated without effect: goods by our product code, quantities as whole numbers. What came of it
goes into a command. config/gateways.py gives the ports.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from shopkeeper.flows.products.publishing.commands.begin_publishing import BeginPublishing, begin_publishing
from shopkeeper.flows.products.publishing.commands.check_listings import CheckListing, check_listings
from shopkeeper.flows.products.publishing.commands.listing_steps import (
    CHECK_ERRAND,
    PUBLISH_ERRAND,
    TAKE_DOWN_ERRAND,
)
from shopkeeper.flows.products.publishing.commands.record_checks import RecordCheck, record_checks
from shopkeeper.flows.products.publishing.commands.record_publishing import (
    RecordPublishing,
    ToldSku,
    record_publishing,
)
from shopkeeper.flows.products.publishing.commands.record_pushes import RecordPush, record_pushes
from shopkeeper.flows.products.publishing.commands.record_seen_stock import SeenStock, record_seen_stock
from shopkeeper.flows.products.publishing.commands.record_take_downs import RecordTakeDown, record_take_downs
from shopkeeper.flows.products.publishing.commands.stock_steps import PUSH, READ
from shopkeeper.flows.products.publishing.ports import (
    GoodsDraft,
    ListingFacts,
    OutsideError,
    PlatformGoods,
    Published,
    QuantityAnswer,
    QuantityWish,
    ShopAccess,
)
from shopkeeper.flows.products.publishing.queries import jobs as queries
from shopkeeper.flows.products.publishing.queries.goods import draft_of
from shopkeeper.flows.products.publishing.states import SELLING, ListingState
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer

AUTH_PAUSE_S = 600.0  # a person has to renew something first
ITEM_PAUSE_S = 2.0  # one variant's trouble does not hold up its shop's others
AT_ONCE = 6
WISHES_AT_ONCE = 500
ITEMS_AT_ONCE = 100
Key = TypeVar("Key", bound=int)
Job = TypeVar("Job")
Got = TypeVar("Got")


@dataclass(frozen=True, slots=True)
class Gateways:
    """The ports publishing uses: platforms' goods doors by name, and how shops are reached."""

    goods: Mapping[str, PlatformGoods]
    shops: Callable[[Collection[int]], Mapping[int, ShopAccess]]

    def doors(self, shop_ids: Collection[int]) -> "Doors":
        """The doors of these shops; credentials are read here, before anything is asked outside."""
        found = self.shops(shop_ids)
        return Doors({id_: (self.goods.get(access.platform), access) for id_, access in found.items()})


@dataclass(frozen=True, slots=True)
class Doors:
    """Shops' doors as far as there are any."""

    known: Mapping[int, tuple[PlatformGoods | None, ShopAccess]]

    def of(self, shop_id: int) -> tuple[PlatformGoods, ShopAccess]:
        """One shop's door. Raises OutsideError where there is none."""
        if shop_id not in self.known:
            raise OutsideError("auth", "no_access")
        goods, access = self.known[shop_id]
        if goods is None:
            raise OutsideError("permanent", "no_platform", access.platform)
        return goods, access


def performers(gateways: Gateways) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {
        PUBLISH_ERRAND: lambda rows: publish(gateways, rows),
        TAKE_DOWN_ERRAND: lambda rows: take_down(gateways, rows),
        CHECK_ERRAND: lambda rows: check(gateways, rows),
        PUSH: lambda rows: push(gateways, rows),
        READ: lambda rows: read_stock(gateways, rows),
    }


def _each(jobs: Mapping[Key, Job], ask: Callable[[Job], Got]) -> dict[Key, Got | OutsideError]:
    """Ask outside about each job, a few at once; what goes wrong with one is that one's answer."""

    def tried(job: Job) -> Got | OutsideError:
        try:
            return ask(job)
        except OutsideError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(jobs, pool.map(tried, jobs.values()), strict=True))


def _result(got: object) -> ErrandResult:
    """Trouble that passes is tried again; what was refused for good is on record."""
    if isinstance(got, OutsideError) and (got.worth_retrying or got.kind == "auth"):
        pause = AUTH_PAUSE_S if got.kind == "auth" else got.retry_after_s
        return ErrandResult("retry", f"{got.kind} {got.code}"[:200], pause)
    return DONE


def publish(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """P4.1: each listing to its platform until it is on sale there; a refusal for good leaves it failed."""
    begun = begin_publishing(SYSTEM, [BeginPublishing(row.subject_id) for row in rows])
    may = {row.subject_id for row, outcome in zip(rows, begun, strict=True) if outcome.changed}
    jobs = {id_: job for id_, job in queries.listing_jobs(may).items() if job.state == ListingState.PUBLISHING}
    doors = gateways.doors({job.shop_id for job in jobs.values()})

    def ask(job: queries.ListingJob) -> Published:
        goods, access = doors.of(job.shop_id)
        return _put_up(goods, access, job) if job.is_relist else goods.publish(access, _draft(job))

    answers = _each(jobs, ask)
    record_publishing(SYSTEM, [_published(jobs[id_], got) for id_, got in answers.items()])
    return [_result(answers.get(row.subject_id)) for row in rows]


def _draft(job: queries.ListingJob) -> GoodsDraft:
    try:
        return draft_of(job.said, {sku.sku_id: sku.wanted for sku in job.skus})
    except FileNotFoundError as error:
        raise OutsideError("permanent", "image_missing") from error


def _put_up(goods: PlatformGoods, access: ShopAccess, job: queries.ListingJob) -> Published:
    """Nothing changed since it was taken down: only the sale begins anew, with the quantities of now."""
    try:
        goods.put_up(access, job.item_no)
    except OutsideError as error:
        if error.code != "no_item":
            raise
        return goods.publish(access, _draft(job))
    wishes = [QuantityWish(job.item_no, sku.sku_no, sku.code, sku.wanted) for sku in job.skus]
    refused = next((answer.error for answer in goods.set_quantities(access, wishes) if answer.error), None)
    if refused is not None and refused.worth_retrying:
        raise refused
    return Published(job.item_no, {sku.code: sku.sku_no for sku in job.skus}, is_on_sale=True)


def _published(job: queries.ListingJob, got: Published | OutsideError) -> RecordPublishing:
    if isinstance(got, OutsideError):
        return RecordPublishing(job.id, "failed" if got.kind == "permanent" else "delayed", code=got.code)
    skus = tuple(
        ToldSku(sku.sku_id, got.sku_nos.get(sku.code, sku.sku_no), sku.wanted, sku.wanted_seq) for sku in job.skus
    )
    return RecordPublishing(job.id, "published", got.item_no, skus)


def take_down(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """P4.1: end each sale. An item the platform does not have, or never had, is off sale."""
    found = queries.listing_jobs([row.subject_id for row in rows])
    going = (ListingState.TAKING_DOWN, ListingState.TAKEN_DOWN)
    jobs = {id_: job for id_, job in found.items() if job.state in going}
    doors = gateways.doors({job.shop_id for job in jobs.values()})

    def ask(job: queries.ListingJob) -> None:
        if job.item_no:
            goods, access = doors.of(job.shop_id)
            goods.take_down(access, job.item_no)

    answers = _each(jobs, ask)
    record_take_downs(SYSTEM, [_taken_down(id_, got) for id_, got in answers.items()])
    return [_result(answers.get(row.subject_id)) for row in rows]


def _taken_down(listing_id: int, got: OutsideError | None) -> RecordTakeDown:
    if got is None or got.code == "no_item":
        return RecordTakeDown(listing_id, "taken_down")
    return RecordTakeDown(listing_id, "failed" if got.kind == "permanent" else "delayed", got.code)


def check(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """P4.2: read listings back, one question per shop, and compare them."""
    found = queries.listing_jobs([row.subject_id for row in rows])
    jobs = {id_: job for id_, job in found.items() if job.state in SELLING}
    items: dict[int, list[str]] = defaultdict(list)
    for job in jobs.values():
        items[job.shop_id].append(job.item_no)
    now = business_time.now()
    answers = _read(gateways.doors(items), items)
    checks = []
    for job in jobs.values():
        got = answers[job.shop_id]
        if not isinstance(got, OutsideError):
            checks.append(RecordCheck(job.id, now, got.get(job.item_no)))
    record_checks(SYSTEM, checks)
    shop_of = {id_: job.shop_id for id_, job in jobs.items()}
    return [_result(answers.get(shop_of.get(row.subject_id, 0))) for row in rows]


def _read(doors: Doors, items: Mapping[int, Sequence[str]]) -> dict[int, dict[str, ListingFacts] | OutsideError]:
    """What shops show of these items, several shops at once."""

    def ask(asked: tuple[int, Sequence[str]]) -> dict[str, ListingFacts]:
        goods, access = doors.of(asked[0])
        return goods.read_back(access, asked[1])

    return _each({shop_id: (shop_id, item_nos) for shop_id, item_nos in items.items()}, ask)


def push(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """P5: each shop is told everything that waits for it, the oldest change first."""
    shops = {row.subject_id: row.subject_id for row in rows}
    trouble: dict[int, OutsideError] = {}
    tried: dict[int, set[int]] = {shop_id: set() for shop_id in shops}
    doors = gateways.doors(shops)
    while shops:
        asked_at = business_time.now()
        waiting = {
            shop_id: [w for w in queries.dirty(shop_id, WISHES_AT_ONCE) if w.id not in tried[shop_id]]
            for shop_id in shops
        }
        waiting = {shop_id: wishes for shop_id, wishes in waiting.items() if wishes}
        answers = _each(waiting, lambda wishes: _tell(doors, wishes))
        told: list[RecordPush] = []
        for shop_id, got in answers.items():
            if isinstance(got, OutsideError):
                trouble[shop_id] = got
                continue
            for wish, answer in zip(waiting[shop_id], got, strict=True):
                told.append(_push(wish, answer, asked_at))
                if answer.error is not None:
                    tried[shop_id].add(wish.id)
                    if answer.error.worth_retrying:
                        trouble[shop_id] = OutsideError("transient", answer.error.code, retry_after_s=ITEM_PAUSE_S)
        record_pushes(SYSTEM, told)
        shops = {
            shop_id: shop_id
            for shop_id, wishes in waiting.items()
            if len(wishes) == WISHES_AT_ONCE and not isinstance(answers[shop_id], OutsideError)
        }
    return [_result(trouble.get(row.subject_id)) for row in rows]


def _tell(doors: Doors, wishes: Sequence[queries.DirtyRow]) -> list[QuantityAnswer]:
    goods, access = doors.of(wishes[0].shop_id)
    return goods.set_quantities(access, [QuantityWish(w.item_no, w.sku_no, w.code, w.wanted) for w in wishes])


def _push(wish: queries.DirtyRow, answer: QuantityAnswer, asked_at: datetime) -> RecordPush:
    error = answer.error
    return RecordPush(
        listing_sku_id=wish.id,
        quantity=wish.wanted,
        seq=wish.wanted_seq,
        asked_at=asked_at,
        error=error.code if error else "",
        is_final=error is not None and error.kind == "permanent",
    )


def read_stock(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """P5: read every quantity of shops back, page by page; an item that is gone is looked at by the check."""
    after = {row.subject_id: 0 for row in rows}
    doors = gateways.doors(after)
    trouble: dict[int, OutsideError] = {}
    while after:
        pages = {shop_id: queries.on_sale_in(shop_id, last, ITEMS_AT_ONCE) for shop_id, last in after.items()}
        pages = {shop_id: page for shop_id, page in pages.items() if page}
        asked_at = business_time.now()
        answers = _read(doors, {shop_id: [row.item_no for row in page] for shop_id, page in pages.items()})
        after = {}
        for shop_id, got in answers.items():
            if isinstance(got, OutsideError):
                trouble[shop_id] = got
            else:
                _note_seen(pages[shop_id], got, asked_at)
                after[shop_id] = pages[shop_id][-1].listing_id
    return [_result(trouble.get(row.subject_id)) for row in rows]


def _note_seen(page: Sequence[queries.OnSaleRow], found: Mapping[str, ListingFacts], asked_at: datetime) -> None:
    seen, gone = [], []
    for row in page:
        facts = found.get(row.item_no)
        if facts is None:
            gone.append(CheckListing(row.listing_id))
        else:
            quantities = tuple((sku.outer_code, sku.quantity) for sku in facts.skus)
            seen.append(SeenStock(row.listing_id, asked_at, quantities))
    record_seen_stock(SYSTEM, seen)
    check_listings(SYSTEM, gone)
