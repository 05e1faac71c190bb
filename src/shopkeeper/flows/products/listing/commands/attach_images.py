"""P2.2: pictures come to a product; each is inspected at once, by an errand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.listing import events
from shopkeeper.flows.products.listing.batches.pictures import want_inspection
from shopkeeper.flows.products.listing.batches.versions import step_up
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.sql import pictures as sql
from shopkeeper.flows.products.listing.states import ImageRole, ProductState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.files import kept_files, shown_name
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

PICTURES_MOST = 80
Place = tuple[int, bool, str]


@dataclass(frozen=True, slots=True)
class AttachImage:
    """A kept file (by its digest) as a picture of a product; `name` is only shown again.

    A new main picture makes a gallery picture of the one before; one that is there already changes its role.
    """

    product_id: int
    digest: Annotated[str, Field(min_length=64, max_length=64)]
    role: ImageRole = ImageRole.GALLERY
    name: Annotated[str, Field(max_length=200)] = ""


@command(clause="P2.2", permission=Permission.IMAGE_EDIT, scope=EVERYWHERE)
def attach_images(step: Step, items: Sequence[AttachImage]) -> list[Outcome]:
    """Attach pictures; `id` is the picture's. The same picture in the same role twice is unchanged.

    Refused: file_missing, under_review, product_retired, images_over_limit.
    """
    products = {row.id: row for row in sql.LOCK_PRODUCTS.rows(ids=sorted({item.product_id for item in items}))}
    there = {_place(row.product_id, row.role, row.digest): row for row in sql.OF_PRODUCTS.rows(ids=sorted(products))}
    counts = {row.id: row.pictures for row in products.values()}
    wanted: dict[Place, AttachImage] = {}
    answers: list[Outcome | Place] = []
    for item in items:
        place = _place(item.product_id, item.role, item.digest)
        standing = there.get(place)
        refusal = _refusal(item, products.get(item.product_id), counts, is_new=standing is None)
        if place in wanted or (standing and standing.role == item.role):
            answers.append(unchanged(standing.id if standing else None))
        elif refusal:
            answers.append(refusal)
        else:
            wanted[place] = item
            counts[item.product_id] += standing is None
            answers.append(place)
    ids = _write(step, wanted, there) if wanted else {}
    return [answer if isinstance(answer, Outcome) else done(ids[answer]) for answer in answers]


def _place(product_id: int, role: str, digest: str) -> Place:
    """Where a picture can stand once: among those shown first, or in the detail copy."""
    return product_id, role == ImageRole.DETAIL, digest


def _refusal(
    item: AttachImage, product: sql.ProductRow | None, counts: dict[int, int], *, is_new: bool
) -> Outcome | None:
    if product is None:
        return refused("not_found", item.product_id)
    if product.state in (ProductState.SUBMITTED, ProductState.RETIRED):
        code = "under_review" if product.state == ProductState.SUBMITTED else "product_retired"
        return refused(code, product.id)
    if is_new and counts[product.id] >= PICTURES_MOST:
        return refused("images_over_limit", product.id, limit=PICTURES_MOST)
    try:
        kept_files().path(item.digest)
    except (FileNotFoundError, ValueError):
        return refused("file_missing", product.id)
    return None


def _write(step: Step, wanted: dict[Place, AttachImage], there: dict[Place, sql.ImageRow]) -> dict[Place, int]:
    """Write the pictures and have them inspected; of several new main pictures the last is the main one."""
    mains = {place[0]: place for place, item in wanted.items() if item.role == ImageRole.MAIN}
    roles = {
        place: str(item.role if item.role != ImageRole.MAIN or mains[place[0]] == place else ImageRole.GALLERY)
        for place, item in wanted.items()
    }
    if mains:
        sql.STEP_BACK.run(ids=sorted(mains))
    turned = [place for place in wanted if place in there]
    if turned:
        sql.TURN.run(ids=[there[place].id for place in turned], roles=[roles[place] for place in turned])
    fresh = [place for place in wanted if place not in there]
    rows = sql.ATTACH.rows(
        products=[place[0] for place in fresh],
        roles=[roles[place] for place in fresh],
        places=list(range(len(fresh))),
        digests=[place[2] for place in fresh],
        names=[shown_name(wanted[place].name) for place in fresh],
        now=step.now,
        actor_id=step.actor.id,
    )
    ids = {_place(row.product_id, row.role, row.digest): row.id for row in rows}
    ids |= {place: there[place].id for place in turned}
    want_inspection(step, sorted(ids.values()))
    step_up(step, edited=dict.fromkeys((place[0] for place in ids), ("images",)), pictures_only=True)
    step.emit(*(events.ImageAttached(ids[place], place[0], roles[place]) for place in wanted))
    return ids
