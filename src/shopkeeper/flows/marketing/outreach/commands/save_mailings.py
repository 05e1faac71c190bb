"""M1.2: a message of a campaign to a segment is written: what, to whom, on which channel, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.rules.letters import unknown_variables
from shopkeeper.flows.marketing.outreach.sql import mailings as sql
from shopkeeper.flows.marketing.outreach.states import MailingState, OutreachChannel
from shopkeeper.flows.products.publishing.queries.word_lists import words_in_force
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.shared.words import listed

BLOCKS = "block"
LONGEST_SMS = 300


@dataclass(frozen=True, slots=True)
class SaveMailing:
    """A new mailing, or the draft `mailing_id` rewritten. `text` may use {shop} {campaign} {starts} {ends}.

    `signature` is who speaks; a text message names its provider's `template`. Signature and way out are added.
    """

    campaign_id: int
    segment_id: int
    channel: OutreachChannel
    name: Annotated[str, Field(min_length=1, max_length=80)]
    signature: Annotated[str, Field(min_length=2, max_length=20)]
    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    planned_at: datetime
    subject: Annotated[str, Field(max_length=120)] = ""
    template: Annotated[str, Field(max_length=40)] = ""
    mailing_id: int | None = None


@command(clause="M1.2", permission=Permission.MAILING_EDIT, scope=ShopOf("campaigns_campaign", "campaign_id"))
def save_mailings(step: Step, items: Sequence[SaveMailing]) -> list[Outcome]:
    """Save drafts. Refused: "segment_not_of_shop", "mailing_unworded" (name, signature or text), "subject_needed",
    "template_needed", "sms_too_long", "variables_unknown" (facts: names), "words_prohibited" (facts: words),
    "mailing_time_past", "not_a_draft", "mailing_other_shop". The same words again are unchanged.
    """
    campaigns = {row.id: row for row in sql.CAMPAIGNS.rows(ids=sorted({i.campaign_id for i in items}))}
    segments = {row.id: row for row in sql.SEGMENTS.rows(ids=sorted({i.segment_id for i in items}))}
    drafts = {row.id: row for row in sql.LOCK.rows(ids=sorted({i.mailing_id for i in items if i.mailing_id}))}
    fresh: list[dict[str, Any]] = []
    rewritten: dict[int, dict[str, Any]] = {}
    verdicts: list[Outcome | dict[str, Any]] = []
    for item in items:
        shop_id = campaigns[item.campaign_id].shop_id
        draft = drafts.get(item.mailing_id) if item.mailing_id else None
        row = {"id": item.mailing_id, "shop_id": shop_id, **_words(item)}
        verdict = _refusal(step, item, shop_id, segments.get(item.segment_id)) or _misplaced(item, draft, shop_id)
        if verdict is None and draft is not None and (_same(row, draft) or rewritten.get(draft.id) == row):
            verdict = unchanged(draft.id)
        if verdict is None and draft is not None:
            rewritten[draft.id] = row
        elif verdict is None:
            fresh.append(row)
        verdicts.append(verdict or row)
    made = iter(sql.ADD.rows(mailings=as_json(fresh), now=step.now, actor_id=step.actor.id) if fresh else [])
    if rewritten:
        sql.REWRITE.run(mailings=as_json(list(rewritten.values())), now=step.now, actor_id=step.actor.id)
    return [v if isinstance(v, Outcome) else done(v["id"] or next(made).id) for v in verdicts]


def _words(item: SaveMailing) -> dict[str, Any]:
    said = ("name", "signature", "template", "subject", "text")
    return {
        "campaign_id": item.campaign_id,
        "segment_id": item.segment_id,
        "channel": str(item.channel),
        **{name: str(getattr(item, name)).replace("\x00", "").replace("\r\n", "\n").strip() for name in said},
        "planned_at": item.planned_at,
    }


def _refusal(step: Step, item: SaveMailing, shop_id: int, segment: sql.SegmentRow | None) -> Outcome | None:
    words = _words(item)
    if segment is None or segment.shop_id != shop_id or segment.is_retired:
        return refused("segment_not_of_shop")
    if not words["name"] or len(words["signature"]) < 2 or not words["text"]:
        return refused("mailing_unworded")
    is_sms = item.channel == OutreachChannel.SMS
    if not is_sms and not words["subject"]:
        return refused("subject_needed")
    if is_sms and not words["template"]:
        return refused("template_needed")
    if is_sms and len(words["text"]) > LONGEST_SMS:
        return refused("sms_too_long", longest=LONGEST_SMS)
    if item.planned_at <= step.now:
        return refused("mailing_time_past")
    unknown = unknown_variables(words["text"]) + unknown_variables(words["subject"])
    if unknown:
        return refused("variables_unknown", names=", ".join(dict.fromkeys(unknown)))
    hits = prohibited(words["subject"], words["text"], words["signature"])
    return refused("words_prohibited", words=listed(hits)) if hits else None


def prohibited(*texts: str) -> list[str]:
    """The prohibited words that stand in these texts, as they stand there, once each."""
    words = words_in_force().words
    found = [text[h.start : h.end] for text in texts for h in words.check(text) if h.term.severity == BLOCKS]
    return list(dict.fromkeys(found))


def _misplaced(item: SaveMailing, draft: sql.MailingRow | None, shop_id: int) -> Outcome | None:
    if item.mailing_id is None:
        return None
    if draft is None or draft.shop_id != shop_id:
        return refused("mailing_other_shop", item.mailing_id)
    return None if draft.state == MailingState.DRAFT else refused("not_a_draft", draft.id)


def _same(row: dict[str, Any], draft: sql.MailingRow) -> bool:
    return all(row[name] == getattr(draft, name) for name in row if name != "id")
