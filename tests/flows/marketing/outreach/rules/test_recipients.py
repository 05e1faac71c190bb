"""Who is written to, when, where; and what an answer means."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.outreach.rules.addresses import normal_address
from shopkeeper.flows.marketing.outreach.rules.hours import next_open
from shopkeeper.flows.marketing.outreach.rules.recipients import Candidate, verdicts
from shopkeeper.flows.marketing.outreach.rules.replies import says_no
from shopkeeper.flows.marketing.outreach.states import NotSentReason, OutreachChannel
from shopkeeper.shared.clock import SHOP_ZONE

pytestmark = pytest.mark.clause("M1.2")
GIVEN = {"consent_id": 1, "consent_state": "given", "address": b"a"}


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (Candidate(1), NotSentReason.NO_CONSENT),
        (Candidate(1, **GIVEN), None),
        (Candidate(1, **{**GIVEN, "consent_state": "withdrawn"}), NotSentReason.OPTED_OUT),
        (Candidate(1, **{**GIVEN, "address": None}), NotSentReason.NO_ADDRESS),
        (Candidate(1, **GIVEN, unreachable_since=datetime(2026, 1, 1, tzinfo=UTC)), NotSentReason.UNREACHABLE),
        (Candidate(1, **GIVEN, recent=2), NotSentReason.CAPPED),
        (Candidate(1, **GIVEN, recent=1), None),
        (Candidate(1, **GIVEN, is_erased=True), NotSentReason.ERASED),
    ],
)
def test_each_reason(candidate: Candidate, reason: NotSentReason | None) -> None:
    assert verdicts([candidate], most=2) == {1: reason}


def test_an_address_is_written_to_once() -> None:
    first, second = Candidate(1, **GIVEN), Candidate(2, **GIVEN)
    assert verdicts([first, second], 2) == {1: None, 2: NotSentReason.DUPLICATE}
    assert verdicts([first], 2, {b"a"}) == {1: NotSentReason.DUPLICATE}
    # Somebody who is not written to takes the address from nobody.
    capped = Candidate(1, **GIVEN, recent=9)
    assert verdicts([capped, second], 2) == {1: NotSentReason.CAPPED, 2: None}


CANDIDATES = st.builds(
    Candidate,
    subject_id=st.integers(1, 30),
    consent_id=st.none() | st.integers(1, 30),
    consent_state=st.sampled_from(["", "given", "withdrawn"]),
    address=st.none() | st.sampled_from([b"a", b"b", b"c"]),
    is_erased=st.booleans(),
    recent=st.integers(0, 4),
)


@given(st.lists(CANDIDATES, max_size=30), st.integers(1, 4))
def test_nobody_is_written_to_without_a_yes_or_too_often_or_twice(members: list[Candidate], most: int) -> None:
    judged = verdicts(members, most)
    first = {one.subject_id: one for one in reversed(members)}
    written = [first[id_] for id_, reason in judged.items() if reason is None]
    assert all(w.consent_state == "given" and w.address and not w.is_erased and w.recent < most for w in written)
    assert len({w.address for w in written}) == len(written)
    assert set(judged) == set(first)


@pytest.mark.parametrize(
    ("channel", "text", "normal"),
    [
        ("sms", " 138 1234-1234 ", "13812341234"),
        ("sms", "+86 13812341234", "13812341234"),
        ("sms", "8613812341234", "13812341234"),
        ("sms", "0571-88886666", ""),
        ("sms", "13812341234-1234", ""),
        ("sms", "12345678901", ""),
        ("email", " Li@Mail.Example ", "li@mail.example"),
        ("email", "li@mail", ""),
        ("email", "li@mail.example, x@mail.example", ""),
        ("email", '"x"<li@mail.example>', ""),
        ("email", "li.lei+618@mail-2.example", "li.lei+618@mail-2.example"),
        ("email", "li(@mail.example", ""),
        ("email", "li\x01@mail.example", ""),
        ("email", "li@[mail.example", ""),
        ("email", "li..lei@mail.example", ""),
        ("email", "l" * 65 + "@mail.example", ""),
    ],
)
def test_addresses_have_one_form(channel: OutreachChannel, text: str, normal: str) -> None:
    assert normal_address(channel, text) == normal


@pytest.mark.parametrize(
    "text", ["T", "td", "TD。", "退订", "我要退订！", "回T", "回复TD", "ＴＤ", "R", "拒收", "STOP", "别发了"]
)
def test_a_no_is_heard(text: str) -> None:
    assert says_no(text)


@pytest.mark.parametrize("text", ["谢谢", "好的，几点开始？", "Tomorrow?", "", "好看"])
def test_what_is_no_no(text: str) -> None:
    assert not says_no(text)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("08:59", "09:00"), ("09:00", "09:00"), ("19:59", "19:59"), ("20:00", "09:00+1"), ("23:30", "09:00+1")],
)
def test_messages_wait_for_the_open_hours(clock: str, expected: str) -> None:
    hour, minute = map(int, clock.split(":"))
    moment = datetime(2026, 6, 1, hour, minute, tzinfo=SHOP_ZONE).astimezone(UTC)
    said, _, later = expected.partition("+")
    hour, minute = map(int, said.split(":"))
    opens = datetime(2026, 6, 1 + int(later or 0), hour, minute, tzinfo=SHOP_ZONE)
    assert next_open(moment, (time(9), time(20))) == opens
