"""S3.1: the invitation goes out by itself where the customer speaks to us; else an agent passes the link on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.service.conversations.commands.standing import Line, Standing, store
from shopkeeper.flows.service.conversations.sql import arrivals
from shopkeeper.flows.service.conversations.states import Sender
from shopkeeper.flows.service.feedback.deadlines import SURVEY_EXPIRY, SURVEY_INVITE
from shopkeeper.flows.service.feedback.events import SurveyInvited, SurveySkipped, SurveyToBeHanded
from shopkeeper.flows.service.feedback.models import survey_number
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.queries.links import survey_url
from shopkeeper.flows.service.feedback.sql import surveys as sql
from shopkeeper.flows.service.feedback.states import SURVEY_FLOW, SkipReason, SurveyState, SurveyWay
from shopkeeper.flows.service.feedback.words import INVITATION
from shopkeeper.flows.service.tickets.states import TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

ENDED = ("", TicketState.RESOLVED, TicketState.CLOSED)


@dataclass(frozen=True, slots=True)
class InviteSurvey:
    survey_id: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """A survey on its way: where its customer is spoken to, or nowhere."""

    row: sql.SurveyRow
    place: sql.PlaceRow | None

    @property
    def way(self) -> SurveyWay:
        return SurveyWay(self.place.channel) if self.place else SurveyWay.HAND


@command(clause="S3.1", permission=Permission.WATCH, scope=ShopOf("feedback_survey", "survey_id"), internal=True)
def invite_surveys(step: Step, items: Sequence[InviteSurvey]) -> list[Outcome]:
    """Say the link in the customer's chat, as the system; it is no reply of a person and answers nothing.

    Nobody is asked whose ticket was reopened, who was asked within the policy's days, or who was erased: such a
    survey is skipped with the reason. Who has no chat with us gets the link from an agent.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.survey_id for item in items])}
    planned = [row for row in rows.values() if row.state == SurveyState.PLANNED]
    skipped = _skipped(step, planned)
    going = [row for row in planned if row.id not in skipped]
    places = {place.survey_id: place for place in sql.PLACES.rows(ids=[row.id for row in going])} if going else {}
    invitations = [Invitation(row, places.get(row.id)) for row in going]
    _skip(step, skipped, rows)
    _invite(step, invitations)
    close(step, SURVEY_INVITE, [row.id for row in going])
    close(step, SURVEY_INVITE, [id_ for id_ in rows if id_ not in {row.id for row in going}], Ending.CANCELLED)
    ways = {invitation.row.id: invitation.way for invitation in invitations}
    outcomes = []
    for item in items:
        way = ways.pop(item.survey_id, None)
        outcomes.append(done(item.survey_id, way=str(way)) if way else unchanged(item.survey_id))
    return outcomes


def _skipped(step: Step, planned: Sequence[sql.SurveyRow]) -> dict[int, SkipReason]:
    """Whom we do not ask, and why."""
    if not planned:
        return {}
    subjects = sorted({row.subject_id for row in planned})
    erased = {row.id for row in sql.LOCK_SUBJECTS.rows(ids=subjects) if row.is_erased}
    asked = {row.subject_id: row.asked_at for row in sql.LAST_ASKED.rows(subjects=subjects)}
    policy = policies(step)
    skipped: dict[int, SkipReason] = {}
    for row in planned:
        pause = timedelta(days=policy("survey_pause_days", row.shop_id))
        if row.ticket_state not in ENDED:
            skipped[row.id] = SkipReason.REOPENED
        elif row.subject_id in erased:
            skipped[row.id] = SkipReason.ERASED
        elif row.subject_id in asked and asked[row.subject_id] + pause > step.now:
            skipped[row.id] = SkipReason.ASKED_RECENTLY
        else:
            asked[row.subject_id] = step.now
    return skipped


def _skip(step: Step, skipped: Mapping[int, SkipReason], rows: Mapping[int, sql.SurveyRow]) -> None:
    if not skipped:
        return
    sql.SKIP.run(ids=list(skipped), reasons=[str(reason) for reason in skipped.values()])
    step.move(SURVEY_FLOW, list(skipped), SurveyState.SKIPPED)
    step.emit(*(SurveySkipped(id_, rows[id_].shop_id, str(reason)) for id_, reason in skipped.items()))


def _invite(step: Step, invitations: Sequence[Invitation]) -> None:
    if not invitations:
        return
    policy = policies(step)
    days = {i.row.id: policy("survey_valid_days", i.row.shop_id) for i in invitations}
    ends = {id_: step.now + timedelta(days=n) for id_, n in days.items()}
    sql.INVITE.run(
        now=step.now,
        ids=[i.row.id for i in invitations],
        ways=[str(i.way) for i in invitations],
        conversations=[i.place.conversation_id if i.place else None for i in invitations],
        expiries=[ends[i.row.id] for i in invitations],
    )
    spoken = [i for i in invitations if i.place]
    by_hand = [i.row for i in invitations if not i.place]
    step.move(SURVEY_FLOW, [i.row.id for i in spoken], SurveyState.INVITED)
    step.move(SURVEY_FLOW, [row.id for row in by_hand], SurveyState.BY_HAND)
    _say(step, spoken, days)
    arm(
        step,
        [
            Arm(SURVEY_EXPIRY, i.row.id, ends[i.row.id], i.row.shop_id, None, survey_number(i.row.id))
            for i in invitations
        ],
    )
    step.emit(*(SurveyInvited(i.row.id, i.row.shop_id, i.row.ticket_id, str(i.way)) for i in spoken))
    step.emit(*(SurveyToBeHanded(row.id, row.shop_id, row.ticket_id) for row in by_hand))


def _say(step: Step, spoken: Sequence[Invitation], days: Mapping[int, int]) -> None:
    """One line of the system's in each conversation, in the customer's language; an ended one stays ended."""
    if not spoken:
        return
    found = arrivals.LOCK.rows(ids=sorted({i.place.conversation_id for i in spoken if i.place}))
    standings = {row.id: Standing.of(row) for row in found}
    shops = dict(Shop.objects.filter(id__in={i.row.shop_id for i in spoken}).values_list("id", "name"))
    for invitation in spoken:
        assert invitation.place is not None
        row, standing = invitation.row, standings[invitation.place.conversation_id]
        words = INVITATION.format(shop=shops[row.shop_id], days=days[row.id], url=survey_url(row.id))
        text = words.text("en" if standing.language == "en" else "zh")
        standing.say(Line(f"survey:{row.id}", Sender.BOT, {"text": text}, step.now))
    store(step, standings.values())


@dataclass(frozen=True, slots=True)
class PassOnSurvey:
    survey_id: int


@command(clause="S3.1", permission=Permission.SURVEY_SEND, scope=ShopOf("feedback_survey", "survey_id"))
def pass_on_surveys(step: Step, items: Sequence[PassOnSurvey]) -> list[Outcome]:
    """An agent gave the customer the link. Refused: "survey_not_by_hand" where the system invites by itself, or the
    link is used or over. One that was passed on is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.survey_id for item in items])}
    going = sorted(
        row.id
        for row in rows.values()
        if row.state == SurveyState.BY_HAND and row.expires_at and row.expires_at > step.now
    )
    if going:
        sql.PASS_ON.run(ids=going, now=step.now)
        step.move(SURVEY_FLOW, going, SurveyState.INVITED)
    step.emit(*(SurveyInvited(id_, rows[id_].shop_id, rows[id_].ticket_id, str(SurveyWay.HAND)) for id_ in going))
    outcomes = []
    left = set(going)
    for item in items:
        row = rows[item.survey_id]
        if row.id in left:
            left.discard(row.id)
            outcomes.append(done(row.id))
        elif row.state == SurveyState.INVITED or row.id in going:
            outcomes.append(unchanged(row.id))
        else:
            outcomes.append(refused("survey_not_by_hand", row.id, state=SurveyState(row.state)))
    return outcomes
