"""S1.1: pictures people send are kept sealed under the customer's key, once each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Annotated, BinaryIO, cast

from pydantic import Field

from shopkeeper.flows.service.conversations.models import Picture
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.files import IMAGES, MIB, FileStore
from shopkeeper.foundation.personal import blind_index, keys_for
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.policy import read_policies

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeepPicture:
    """A picture that was recognised by its content (foundation/files.py) and is within the bounds."""

    shop_id: int
    customer: Annotated[str, Field(min_length=1, max_length=110)] = field(repr=False)
    kind: Annotated[str, Field(pattern="^(png|jpeg)$")]
    digest: Annotated[str, Field(min_length=64, max_length=64)]
    content: Annotated[bytes, Field(min_length=1, max_length=MOST_BYTES)] = field(repr=False)


@command(clause="S1.1", permission=Permission.MESSAGE_TAKE_IN, scope=InShop(), internal=True)
def keep_pictures(step: Step, items: Sequence[KeepPicture]) -> list[Outcome]:
    """Keep pictures. The same picture of the same customer is unchanged, with the id of the one that is there."""
    references = [f"buyer:{item.shop_id}:{item.customer}" for item in items]
    keys = keys_for(references, now=step.now)
    rows = [
        Picture(
            shop_id=item.shop_id,
            subject_id=keys.id_of(reference),
            digest=blind_index("picture", item.digest),
            kind=item.kind,
            size=len(item.content),
            taken_at=step.now,
            content_sealed=keys.seal(reference, item.content),
        )
        for item, reference in zip(items, references, strict=True)
    ]
    wanted = {_key(row) for row in rows}
    before = _ids(wanted)
    Picture.objects.bulk_create([row for row in rows if _key(row) not in before], ignore_conflicts=True)
    after = _ids(wanted)
    return [unchanged(before[_key(row)]) if _key(row) in before else done(after[_key(row)]) for row in rows]


def keep_upload(actor: Actor, shop_id: int, customer: str, upload: IO[bytes]) -> Outcome:
    """Check an upload by its content and keep it sealed; no plain copy stays. Raises FileRefused."""
    limit = read_policies()("picture_megabytes", shop_id) * MIB
    with TemporaryDirectory(prefix="picture-") as folder:
        store = FileStore(Path(folder))
        kept = store.keep(cast("BinaryIO", upload), "picture", IMAGES, limit)
        content = store.path(kept.digest).read_bytes()
    return keep_pictures.one(actor, KeepPicture(shop_id, customer, str(kept.kind), kept.digest, content))


def _key(row: Picture) -> tuple[int, int, bytes]:
    return (row.shop_id, row.subject_id, bytes(row.digest or b""))


def _ids(wanted: set[tuple[int, int, bytes]]) -> dict[tuple[int, int, bytes], int]:
    found = Picture.objects.filter(digest__in=[key[2] for key in wanted]).defer("content_sealed")
    return {_key(row): row.pk for row in found if _key(row) in wanted}
