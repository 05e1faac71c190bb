"""Review reports as people and papers read them: figures by version, words, action items, meetings."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F

from shopkeeper.flows.marketing.review.models import Figures, Meeting, Review, review_number
from shopkeeper.flows.marketing.review.queries.actions import ActionRow, actions_of
from shopkeeper.flows.marketing.review.queries.scope import in_shops, page_of, role_words, starting_at
from shopkeeper.flows.marketing.review.rules.figures import ReviewFigures, kept_figures
from shopkeeper.flows.marketing.review.states import ReviewState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.naming import names_of


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What is asked of the list; empty fields do not narrow it. `text` is part of the campaign's name, or its code."""

    state: str = ""
    shop_id: int | None = None
    campaign_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    id: int
    campaign_id: int
    campaign_code: str
    campaign: str
    theme: str
    shop_id: int
    shop: str
    state: str
    starts_at: datetime
    ends_at: datetime
    figures: ReviewFigures
    version: int
    drafted_at: datetime
    due_at: datetime
    worked: str
    not_worked: str
    advice: str
    completed_at: datetime | None
    completed_by: int | None
    completer: str
    submitted_at: datetime | None
    submitted_by: int | None
    submitter: str
    decided_at: datetime | None
    decider: str
    decision_reason: str

    @property
    def number(self) -> str:
        return review_number(self.id)

    @property
    def open_until(self) -> datetime | None:
        """When the report is due while somebody writes it."""
        return self.due_at if self.state == ReviewState.DRAFT else None

    @property
    def sales_attained(self) -> int | None:
        return self.figures.sales_attained

    @property
    def roi_bp(self) -> int | None:
        return self.figures.roi_bp


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: int
    taken_at: datetime
    taker: str


@dataclass(frozen=True, slots=True)
class Attendee:
    name: str
    roles: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """`missing` are roles that the policy asked for."""

    id: int
    number: int
    held_at: datetime
    said: str
    decisions: str
    missing: tuple[str, ...]
    recorded_at: datetime
    recorder: str
    attendees: tuple[Attendee, ...]


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """`figures` are of the version asked for; `before` of the one before it, None for the first."""

    row: ReviewRow
    figures: ReviewFigures
    shown_version: int
    before: ReviewFigures | None
    versions: tuple[VersionRow, ...]
    actions: tuple[ActionRow, ...]
    meetings: tuple[MeetingRow, ...]
    template_id: int | None

    @property
    def is_newest(self) -> bool:
        return self.shown_version == self.row.version

    @property
    def next_meeting(self) -> int:
        """What hold-meeting takes as `number`."""
        return len(self.meetings) + 1


def review_counts(viewer: Actor) -> dict[str, int]:
    rows = in_shops(Review.objects.exclude(state=ReviewState.APPROVED), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def reviews_page(
    viewer: Actor, wanted: ReviewFilter, *, after: str = "", limit: int = 50
) -> tuple[list[ReviewRow], str]:
    """A page of reviews, newest first, and the next key."""
    rows = in_shops(Review.objects.all(), viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.campaign_id is not None:
        rows = rows.filter(campaign_id=wanted.campaign_id)
    if wanted.text:
        rows = rows.filter(campaign__name__contains=wanted.text) | rows.filter(campaign__code=wanted.text)
    before = starting_at(after)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found, next_key = page_of(list(rows.select_related("shop", "campaign").order_by("-id")[: limit + 1]), limit)
    return _rows(found), next_key


def review_record(viewer: Actor, review_id: int, version: int | None = None) -> ReviewRecord | None:
    """One review, with the figures of a version (the newest); None where it is not in the viewer's shops."""
    found = in_shops(Review.objects.filter(id=review_id), viewer).select_related("shop", "campaign").first()
    if found is None:
        return None
    kept = {row.version: row for row in Figures.objects.filter(review=found).order_by("version")}
    shown = version if version in kept else found.version
    names = names_of({row.taken_by for row in kept.values()})
    before = kept.get(shown - 1)
    return ReviewRecord(
        row=_rows([found])[0],
        figures=kept_figures(kept[shown].figures),
        shown_version=shown,
        before=kept_figures(before.figures) if before else None,
        versions=tuple(VersionRow(one.version, one.taken_at, names.get(one.taken_by, "")) for one in kept.values()),
        actions=tuple(actions_of(found.pk)),
        meetings=_meetings(found.pk),
        template_id=getattr(getattr(found, "template", None), "pk", None),
    )


def _meetings(review_id: int) -> tuple[MeetingRow, ...]:
    rows = list(Meeting.objects.filter(review_id=review_id).order_by("number").prefetch_related("attendees__person"))
    names = names_of({row.recorded_by for row in rows})
    return tuple(
        MeetingRow(
            id=row.pk,
            number=row.number,
            held_at=row.held_at,
            said=row.said,
            decisions=row.decisions,
            missing=tuple(row.missing),
            recorded_at=row.recorded_at,
            recorder=names.get(row.recorded_by, ""),
            attendees=tuple(
                Attendee(one.person.name, role_words(one.roles))
                for one in sorted(row.attendees.all(), key=lambda one: one.person_id)
            ),
        )
        for row in rows
    )


def _rows(found: list[Review]) -> list[ReviewRow]:
    names = names_of({person for row in found for person in (row.completed_by, row.submitted_by, row.decided_by)})
    newest = Figures.objects.filter(review__in=[row.pk for row in found], version=F("review__version"))
    kept = {row.review_id: kept_figures(row.figures) for row in newest}
    return [
        ReviewRow(
            id=row.pk,
            campaign_id=row.campaign_id,
            campaign_code=row.campaign.code,
            campaign=row.campaign.name,
            theme=row.campaign.theme,
            shop_id=row.shop_id,
            shop=row.shop.name,
            state=row.state,
            starts_at=row.campaign.starts_at,
            ends_at=row.campaign.ended_at or row.campaign.ends_at,
            figures=kept[row.pk],
            version=row.version,
            drafted_at=row.drafted_at,
            due_at=row.due_at,
            worked=row.worked,
            not_worked=row.not_worked,
            advice=row.advice,
            completed_at=row.completed_at,
            completed_by=row.completed_by,
            completer=names.get(row.completed_by or 0, ""),
            submitted_at=row.submitted_at,
            submitted_by=row.submitted_by,
            submitter=names.get(row.submitted_by or 0, ""),
            decided_at=row.decided_at,
            decider=names.get(row.decided_by or 0, ""),
            decision_reason=row.decision_reason,
        )
        for row in found
    ]
