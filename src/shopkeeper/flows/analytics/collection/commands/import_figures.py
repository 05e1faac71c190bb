"""D1.1: a file of figures is taken in in the background: begun, how far it is, stopped, ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from procrastinate.contrib.django import app
from pydantic import Field

from shopkeeper.flows.analytics.collection.models import FigureImport
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.profiles import PROFILES
from shopkeeper.flows.analytics.collection.sql import figures as figure_sql
from shopkeeper.flows.analytics.collection.states import IMPORT_FLOW, OVER, FigureImportState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop, ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

TASK = "shopkeeper.collection.run_import"  # the work itself is in tasks.py, which the workers load


@dataclass(frozen=True, slots=True)
class StartFigureImport:
    """A kept file (by its digest) of one shop; `shown_name` is only shown again."""

    shop_id: int
    profile: str
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    shown_name: Annotated[str, Field(max_length=120)] = ""


@command(clause="D1.1", permission=Permission.FIGURES_TAKE_IN, scope=InShop())
def start_figure_imports(step: Step, items: Sequence[StartFigureImport]) -> list[Outcome]:
    """Begin imports; `id` is the import's. One of the same file that is still going on is unchanged.

    Refused: "profile_unknown".
    """
    figure_sql.LOCK_SHOPS.run(shops=sorted({item.shop_id for item in items}))  # the same file twice is one import
    going = {
        (row.shop_id, row.profile, row.digest): row.pk
        for row in FigureImport.objects.filter(
            shop_id__in={item.shop_id for item in items}, digest__in={item.digest for item in items}
        ).exclude(state__in=OVER)
    }
    wanted = [item for item in items if item.profile in PROFILES]
    fresh = list(dict.fromkeys(i for i in wanted if (i.shop_id, i.profile, i.digest) not in going))
    rows = FigureImport.objects.bulk_create(
        FigureImport(
            shop_id=item.shop_id,
            source=str(PROFILES[item.profile].source),
            profile=item.profile,
            digest=item.digest,
            shown_name=item.shown_name,
            state_at=step.now,
            asked_at=step.now,
            asked_by=step.actor.id,
        )
        for item in fresh
    )
    for row in rows:
        app.configure_task(TASK, allow_unknown=True).defer(import_id=row.pk)
    made = {item: row.pk for item, row in zip(fresh, rows, strict=True)}
    outcomes = []
    for item in items:
        if item.profile not in PROFILES:
            outcomes.append(refused("profile_unknown", name=item.profile.encode("utf-8", "replace").decode()))
        elif item in made:
            outcomes.append(done(made.pop(item)))
        else:
            outcomes.append(unchanged(going.get((item.shop_id, item.profile, item.digest))))
    return outcomes


@dataclass(frozen=True, slots=True)
class StopFigureImport:
    import_id: int


@command(clause="D1.1", permission=Permission.FIGURES_TAKE_IN, scope=ShopOf("collection_figureimport", "import_id"))
def stop_figure_imports(step: Step, items: Sequence[StopFigureImport]) -> list[Outcome]:
    """Stop imports: one that waits ends now, one that runs after the piece at hand; what is in stays.

    Refused: "figure_import_ended"; asked to stop already: unchanged.
    """
    rows = _locked(item.import_id for item in items)
    stopping: list[int] = []
    outcomes = []
    for item in items:
        row = rows[item.import_id]
        if row.state == FigureImportState.STOPPED or row.stop_asked_at or row.pk in stopping:
            outcomes.append(unchanged(row.pk))
        elif row.state in OVER:
            outcomes.append(refused("figure_import_ended", row.pk))
        else:
            stopping.append(row.pk)
            outcomes.append(done(row.pk))
    FigureImport.objects.filter(id__in=stopping).update(stop_asked_at=step.now)
    step.move(
        IMPORT_FLOW, [id_ for id_ in stopping if rows[id_].state == FigureImportState.QUEUED], FigureImportState.STOPPED
    )
    return outcomes


def _locked(ids: Iterable[int]) -> dict[int, FigureImport]:
    wanted = sorted(set(ids))
    return {row.pk: row for row in FigureImport.objects.select_for_update().filter(id__in=wanted).order_by("id")}


@dataclass(frozen=True, slots=True)
class NoteFigureImport:
    """`ended` stays empty while it runs. `result` counts what was taken, or says why it failed."""

    import_id: int
    done_count: int
    total: int = 0
    ended: FigureImportState | None = None
    result: dict[str, object] = field(default_factory=dict)
    failures_digest: str = ""


@command(
    clause="D1.1",
    permission=Permission.WATCH,
    scope=ShopOf("collection_figureimport", "import_id"),
    internal=True,
)
def note_figure_imports(step: Step, items: Sequence[NoteFigureImport]) -> list[Outcome]:
    """Write progress down; `facts["stop"]` says whether it is to stop. Refused: "figure_import_ended"."""
    rows = _locked(item.import_id for item in items)
    outcomes = []
    for item in items:
        row = rows[item.import_id]
        if row.state in OVER:
            outcomes.append(refused("figure_import_ended", row.pk))
            continue
        if row.state == FigureImportState.QUEUED:
            step.move(IMPORT_FLOW, [row.pk], FigureImportState.RUNNING)
        if item.ended:
            step.move(IMPORT_FLOW, [row.pk], item.ended)
        FigureImport.objects.filter(id=row.pk).update(
            done_count=item.done_count,
            total=item.total or row.total,
            result=item.result or row.result,
            failures_digest=item.failures_digest or row.failures_digest,
        )
        outcomes.append(done(row.pk, stop=row.stop_asked_at is not None))
    return outcomes
