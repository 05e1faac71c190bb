"""Pictures through the buyer's own link and from agents: sealed, bounded, judged by a person."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from shopkeeper.flows.service.aftersale.commands.add_evidence import (
    AddEvidence,
    SealedShot,
    SubmitEvidence,
    add_evidence,
    submit_evidence,
)
from shopkeeper.flows.service.aftersale.commands.ask_evidence import AskEvidence, ask_evidence
from shopkeeper.flows.service.aftersale.commands.end_aftersale import CloseAfterSale, close_aftersale
from shopkeeper.flows.service.aftersale.commands.judge_evidence import JudgeEvidence, judge_evidence
from shopkeeper.flows.service.aftersale.commands.note_viewing import NoteViewing, note_viewing
from shopkeeper.flows.service.aftersale.models import Evidence, EvidenceLink
from shopkeeper.flows.service.aftersale.states import Shot
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import FILMS, IMAGES, FileKind, FileRefused
from shopkeeper.foundation.personal import Erased, destroy_keys
from shopkeeper.foundation.sealed_files import sealed_files
from tests import factories as make
from tests.flows.service.aftersale import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def asked_link() -> EvidenceLink:
    outcome = ask_evidence.one(stage.agent(), AskEvidence(stage.opened().pk))
    assert outcome.changed
    return EvidenceLink.objects.get(id=outcome.facts["link_id"])


def test_the_buyer_is_asked_for_what_the_policy_misses() -> None:
    link = asked_link()
    assert (link.shots, link.case.state) == (["tags"], "evidence")
    assert link.expires_at == make.NOON + timedelta(hours=48)


def test_nothing_missing_nothing_asked() -> None:
    case = stage.proven(stage.opened())
    assert ask_evidence.one(stage.agent(), AskEvidence(case.pk)).code == "nothing_missing"
    assert ask_evidence.one(stage.agent(), AskEvidence(case.pk, (Shot.FILM,))).changed


def test_a_newer_link_ends_the_older() -> None:
    old = asked_link()
    assert ask_evidence.one(SYSTEM, AskEvidence(old.case_id)).changed
    item = SubmitEvidence(old.pk, (stage.sealed(old.case, Shot.TAGS),))
    assert submit_evidence.one(SYSTEM, item).code == "link_ended"


def test_a_link_is_good_for_one_time_and_the_agents_turn_comes() -> None:
    link = asked_link()
    files = (stage.sealed(link.case, Shot.TAGS), stage.sealed(link.case, Shot.OTHER, 5))
    assert submit_evidence.one(SYSTEM, SubmitEvidence(link.pk, files)).changed
    link.refresh_from_db()
    assert link.case.state == "opened"
    assert link.used_at == make.NOON
    assert {(e.shot, e.added_by, e.verdict) for e in Evidence.objects.all()} == {
        ("tags", 0, "pending"),
        ("other", 0, "pending"),
    }
    again = SubmitEvidence(link.pk, (stage.sealed(link.case, Shot.TAGS, 9),))
    assert submit_evidence.one(SYSTEM, again).code == "link_used"


def test_an_expired_link_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    link = asked_link()
    stage.at(monkeypatch, make.NOON + timedelta(hours=48))
    item = SubmitEvidence(link.pk, (stage.sealed(link.case, Shot.TAGS),))
    assert submit_evidence.one(SYSTEM, item).code == "link_expired"
    assert not Evidence.objects.exists()


def test_two_submissions_of_one_link_in_one_batch_count_once() -> None:
    link = asked_link()
    item = SubmitEvidence(link.pk, (stage.sealed(link.case, Shot.TAGS),))
    assert [o.code for o in submit_evidence(SYSTEM, [item, item])] == ["done", "link_used"]


def test_the_same_picture_twice_is_kept_once_and_there_is_a_most() -> None:
    case = stage.opened()
    file = stage.sealed(case, Shot.TAGS)
    assert add_evidence.one(stage.agent(), AddEvidence(case.pk, (file,))).changed
    assert add_evidence.one(stage.agent(), AddEvidence(case.pk, (file,))).code == "unchanged"
    many = tuple(SealedShot(f"{n:064x}", FileKind.PNG, 10, Shot.OTHER) for n in range(20))
    assert add_evidence.one(stage.agent(), AddEvidence(case.pk, many)).code == "too_many_files"
    assert Evidence.objects.count() == 1


def test_an_ended_case_takes_nothing() -> None:
    case = stage.opened()
    assert close_aftersale.one(SYSTEM, CloseAfterSale(case.pk, "withdrawn")).changed
    item = AddEvidence(case.pk, (stage.sealed(case, Shot.TAGS),))
    assert add_evidence.one(stage.agent(), item).code == "case_ended"


def test_a_person_judges_and_may_change_their_mind() -> None:
    case = stage.opened()
    add_evidence.one(SYSTEM, AddEvidence(case.pk, (stage.sealed(case, Shot.TAGS),)))
    evidence = Evidence.objects.get()
    agent = stage.agent()
    assert judge_evidence.one(agent, JudgeEvidence(evidence.pk, "bad")).code == "reason_needed"
    assert judge_evidence.one(agent, JudgeEvidence(evidence.pk, "bad", "看不清")).changed
    assert judge_evidence.one(agent, JudgeEvidence(evidence.pk, "bad", "看不清")).code == "unchanged"
    assert judge_evidence.one(agent, JudgeEvidence(evidence.pk, "good")).changed
    evidence.refresh_from_db()
    assert (evidence.verdict, evidence.verdict_by) == ("good", agent.id)
    stranger = stage.agent(shops=[make.make_shop()])
    assert judge_evidence.one(stranger, JudgeEvidence(evidence.pk, "good")).code == "not_found"


def test_a_file_is_sealed_under_the_buyers_key_and_gone_with_it(private_var: Path) -> None:
    case = stage.opened()
    picture = stage.a_png(77)
    kept = sealed_files().keep(case.subject_id, io.BytesIO(picture), IMAGES)
    assert b"".join(sealed_files().read(case.subject_id, kept.ref)) == picture
    stored = [path for path in (private_var / "sealed").rglob("*") if path.is_file()]
    assert stored
    assert all(picture not in path.read_bytes() and b"IHDR" not in path.read_bytes() for path in stored)
    other = stage.opened()
    with pytest.raises(Erased):
        b"".join(sealed_files().read(other.subject_id, kept.ref))
    destroy_keys([case.subject_id], now=make.NOON)
    with pytest.raises(Erased):
        sealed_files().read(case.subject_id, kept.ref)


def box(name: bytes, data: bytes = b"") -> bytes:
    return (len(data) + 8).to_bytes(4) + name + data


A_FILM = box(b"ftyp", b"isom\x00\x00\x02\x00isommp42") + box(b"moov", b"\x00" * 40) + box(b"mdat", b"\x01" * 3_000_000)


def test_a_film_larger_than_a_piece_is_kept_whole() -> None:
    case = stage.opened()
    kept = sealed_files().keep(case.subject_id, io.BytesIO(A_FILM), FILMS)
    assert (kept.kind, kept.size) == (FileKind.MP4, len(A_FILM))
    assert b"".join(sealed_files().read(case.subject_id, kept.ref)) == A_FILM


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<script>alert(1)</script>", "file_kind_unknown"),
        (b"MZ\x90\x00" + b"\x00" * 100, "file_kind_unknown"),
        (b"%PDF-1.7\n%%EOF", "file_kind_not_wanted"),
        (b"", "file_empty"),
        (A_FILM[:-10], "file_unsafe"),
        (box(b"ftyp", b"isom") + box(b"mdat", b"x"), "file_unsafe"),
        (box(b"ftyp", b"heic") + box(b"moov"), "file_kind_unknown"),
    ],
)
def test_what_is_no_picture_or_film_is_not_taken_whatever_its_name(content: bytes, code: str) -> None:
    case = stage.opened()
    with pytest.raises(FileRefused) as refusal:
        sealed_files().keep(case.subject_id, io.BytesIO(content), IMAGES | FILMS)
    assert refusal.value.code == code


def test_a_film_over_the_limit_is_refused_as_soon_as_it_passes_it() -> None:
    case = stage.opened()
    with pytest.raises(FileRefused) as refusal:
        sealed_files().keep(case.subject_id, io.BytesIO(A_FILM), FILMS, limit=1_000_000)
    assert refusal.value.code == "file_too_large"


def test_whoever_opens_a_picture_is_on_record_each_time_and_nobody_of_another_shop() -> None:
    case = stage.proven(stage.opened())
    evidence = Evidence.objects.get(case=case)
    looking = stage.agent()
    assert note_viewing.one(looking, NoteViewing(evidence.pk)).changed
    assert note_viewing.one(looking, NoteViewing(evidence.pk)).changed
    assert not note_viewing.one(stage.agent(shops=[make.make_shop()]), NoteViewing(evidence.pk)).ok
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor_id, data->>'case_id' FROM foundation_event WHERE type = 'aftersale.evidence_viewed'"
        )
        assert cursor.fetchall() == [(looking.id, str(case.pk))] * 2
