"""What the policy owes, and money to the minor unit; no database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.service.aftersale.rules.policy import FIRST_RULES, PolicyRule, flaw_of
from shopkeeper.flows.service.aftersale.rules.proposals import CaseFacts, WantedLine, hours_late, propose
from shopkeeper.flows.service.aftersale.rules.reasons import reason_of
from shopkeeper.flows.service.aftersale.rules.refunds import (
    LineMoney,
    corrected,
    needs_second_person,
    refund_of_lines,
    refund_of_pieces,
)
from shopkeeper.flows.service.aftersale.rules.returns import goes_on, grading_flaw
from shopkeeper.flows.service.aftersale.states import Freight, Grade, Reason, Shot, Solution, Verdict

pytestmark = pytest.mark.clause("S2.3")
SIGNED = date(2026, 6, 1)
RULES = {rule.reason: rule for rule in FIRST_RULES}


def facts(reason: Reason = Reason.NO_REASON, **fields: object) -> CaseFacts:
    given_: dict[str, object] = {
        "reason": reason,
        "order_state": "signed",
        "asked_on": SIGNED + timedelta(days=2),
        "lines": (WantedLine(LineMoney(1, 2, 9_999), 2),),
        "paid_on": SIGNED,
        "signed_on": SIGNED,
        **fields,
    }
    return CaseFacts(**given_)  # type: ignore[arg-type]


def owed(reason: Reason = Reason.NO_REASON, **fields: object):
    return propose(facts(reason, **fields), RULES[reason])


def codes(proposal) -> set[str]:
    return {because.code for because in proposal.because}


def test_seven_days_without_reason_at_the_buyers_freight() -> None:
    proposal = owed()
    assert (proposal.solution, proposal.refund_minor, proposal.freight_by) == (
        Solution.RETURN_REFUND,
        9_999,
        Freight.BUYER,
    )
    assert proposal.needs_return
    assert proposal.missing_shots == (Shot.TAGS,)
    assert proposal.last_day == date(2026, 6, 8)


@pytest.mark.parametrize(("asked", "eligible"), [(date(2026, 6, 8), True), (date(2026, 6, 9), False)])
def test_the_last_day_counts_whole_and_begins_the_day_after_signing(asked: date, eligible: bool) -> None:
    assert owed(asked_on=asked).eligible is eligible


def test_not_signed_yet_the_time_has_not_begun() -> None:
    assert owed(signed_on=None, order_state="shipped").eligible


def test_pictures_of_goods_are_not_asked_for_before_they_are_signed_for() -> None:
    on_its_way: dict[str, Any] = {"signed_on": None, "order_state": "shipped"}
    proposal = owed(**on_its_way)
    assert proposal.missing_shots == ()
    assert "shots_after_signing" in codes(proposal) and "shots_complete" not in codes(proposal)
    assert owed(Reason.QUALITY, **on_its_way).missing_shots  # who tells of a fault has seen the goods
    assert owed(Reason.PRICE_PROTECTION, loss_minor=300, **on_its_way).missing_shots == (Shot.PRICE,)


@pytest.mark.parametrize("no_reason", ["custom", "perishable", "digital", "periodical", "confirmed_exempt"])
def test_goods_the_law_exempts_are_owed_nothing_without_reason_and_all_with_one(no_reason: str) -> None:
    lines = (WantedLine(LineMoney(1, 2, 9_999), 2, no_reason),)
    none = owed(lines=lines)
    assert not none.eligible
    assert none.solution is None
    assert "exempt_class" in codes(none)
    assert owed(Reason.QUALITY, lines=lines).eligible


def test_a_fault_of_ours_puts_the_freight_on_us() -> None:
    proposal = owed(Reason.QUALITY)
    assert proposal.freight_by is Freight.SELLER
    assert proposal.allows(Solution.EXCHANGE)
    assert not owed().allows(Solution.REFUND_ONLY)


def test_evidence_found_bad_is_no_evidence() -> None:
    shots = ((Shot.WHOLE, Verdict.GOOD), (Shot.FAULT, Verdict.BAD), (Shot.FAULT, Verdict.PENDING))
    assert owed(Reason.QUALITY, shots=shots).missing_shots == (Shot.FAULT,)
    assert not owed(Reason.QUALITY, shots=(*shots, (Shot.FAULT, Verdict.GOOD))).missing_shots


def test_what_has_not_left_is_simply_refunded() -> None:
    proposal = owed(Reason.QUALITY, order_state="to_check", signed_on=None)
    assert (proposal.solution, proposal.needs_return, proposal.missing_shots) == (Solution.REFUND_ONLY, False, ())


def test_lateness_is_compensated_by_share_and_price_protection_by_the_loss() -> None:
    late = owed(Reason.LATE, late_hours=30)
    assert (late.solution, late.compensation_minor, late.refund_minor) == (Solution.COMPENSATION, 999, 0)
    assert not owed(Reason.LATE, late_hours=0).eligible
    assert owed(Reason.PRICE_PROTECTION, loss_minor=300).compensation_minor == 300
    assert owed(Reason.PRICE_PROTECTION, loss_minor=99_999).compensation_minor == 9_999  # never above what was paid


def test_hours_late() -> None:
    promised = datetime(2026, 6, 1, tzinfo=UTC)
    now = promised + timedelta(hours=5)
    assert hours_late(promised, None, now) == 5
    assert hours_late(promised, promised - timedelta(hours=1), now) == 0
    assert hours_late(None, None, now) == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("收到就碎了，包装破得厉害", Reason.DAMAGED),
        ("少件！只收到一只", Reason.WRONG_OR_MISSING),
        ("袖口开线，质量太差", Reason.QUALITY),
        ("发货太慢", Reason.LATE),
        ("刚买就降价", Reason.PRICE_PROTECTION),
        ("不想要了", Reason.NO_REASON),
        ("The cup is BROKEN", Reason.DAMAGED),
        ("", Reason.NO_REASON),
    ],
)
def test_words_speak_of_a_reason_and_say_which_words(text: str, reason: Reason) -> None:
    suggested = reason_of(text)
    assert suggested.reason is reason
    assert all(word in text.lower() for word in suggested.words)


def test_the_first_policy_is_sound_and_below_the_law_is_refused() -> None:
    assert flaw_of(FIRST_RULES) == ""
    assert flaw_of(FIRST_RULES[1:]) == "policy_lines_incomplete"
    others = tuple(rule for rule in FIRST_RULES if rule.reason is not Reason.NO_REASON)
    short = PolicyRule(Reason.NO_REASON, 6, (Solution.RETURN_REFUND,), Freight.BUYER)
    assert flaw_of((short, *others)) == "policy_below_the_law"
    assert flaw_of((PolicyRule(Reason.NO_REASON, 7, (), Freight.BUYER), *others)) == "policy_solutions_missing"
    nobody = PolicyRule(Reason.NO_REASON, 7, (Solution.RETURN_REFUND,), Freight.NONE)
    assert flaw_of((nobody, *others)) == "policy_freight_missing"


def test_above_the_limit_or_outside_the_policy_a_second_person_agrees() -> None:
    assert not needs_second_person(20_000, 20_000, outside_policy=False)
    assert needs_second_person(20_001, 20_000, outside_policy=False)
    assert needs_second_person(1, 20_000, outside_policy=True)


def test_pieces_of_an_odd_amount_add_up() -> None:
    line = LineMoney(1, 3, 100)
    first = refund_of_pieces(line, 1)
    second = refund_of_pieces(LineMoney(1, 3, 100, 1, first), 1)
    third = refund_of_pieces(LineMoney(1, 3, 100, 2, first + second), 1)
    assert (first, second, third) == (34, 33, 33)
    with pytest.raises(ValueError, match="more pieces"):
        refund_of_pieces(LineMoney(1, 3, 100, 3, 100), 1)


steps = st.lists(st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(0, 4_000))), max_size=12)


@given(
    lines=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9_999)), min_size=1, max_size=4),
    sequence=st.lists(st.tuples(st.integers(0, 3), steps), max_size=6),
)
def test_any_sequence_of_part_refunds_never_gives_more_than_was_paid(
    lines: list[tuple[int, int]], sequence: list[tuple[int, list[tuple[int, int | None]]]]
) -> None:
    """To the minor unit, for every line, whatever was agreed; and giving back all pieces gives back all money."""
    money = {n: LineMoney(n, quantity, paid) for n, (quantity, paid) in enumerate(lines)}
    for which, asked in sequence:
        line_id = which % len(lines)
        for quantity, amount in asked:
            line = money[line_id]
            pieces = min(quantity, line.left_quantity)
            wanted = None if amount is None else min(amount, line.left_minor)
            (part,) = refund_of_lines([(line, pieces)], wanted)
            money[line_id] = LineMoney(
                line_id,
                line.quantity,
                line.paid_minor,
                line.given_quantity + part.quantity,
                line.given_minor + part.amount_minor,
            )
            assert 0 <= money[line_id].given_minor <= line.paid_minor
            assert part.amount_minor >= 0
    for line in money.values():
        if line.left_quantity:
            (rest,) = refund_of_lines([(line, line.left_quantity)])
            assert line.given_minor + rest.amount_minor == line.paid_minor


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 50_000)), min_size=1, max_size=6),
    st.integers(0, 100_000),
)
def test_an_agreed_amount_is_spread_exactly_and_no_line_gives_more_than_it_has(
    lines: list[tuple[int, int]], amount: int
) -> None:
    wanted = [(LineMoney(n, quantity, paid), quantity) for n, (quantity, paid) in enumerate(lines)]
    room = sum(paid for _, paid in lines)
    if amount > room:
        with pytest.raises(ValueError, match="caps"):
            refund_of_lines(wanted, amount)
        return
    parts = refund_of_lines(wanted, amount)
    assert sum(part.amount_minor for part in parts) == amount
    assert all(part.amount_minor <= line.paid_minor for part, (line, _) in zip(parts, wanted, strict=True))


@given(
    st.dictionaries(st.integers(1, 5), st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1),
    st.integers(0, 5_000),
)
def test_a_corrected_amount_stays_within_what_the_lines_hold(lines: dict[int, tuple[int, int]], actual: int) -> None:
    given_ = {line: amount for line, (amount, _) in lines.items()}
    left = {line: rest for line, (_, rest) in lines.items()}
    amounts = corrected(given_, left, actual)
    room = sum(given_.values()) + sum(left.values())
    assert sum(amounts.values()) == min(actual, room)
    assert all(0 <= amounts[line] <= given_[line] + left[line] for line in lines)


def test_a_grading_says_something_of_every_piece() -> None:
    wanted = {1: 2, 2: 1}
    whole = [(1, Grade.GOOD, 1), (1, Grade.SCRAP, 1), (2, Grade.MISSING, 1)]
    assert grading_flaw(wanted, whole) == ""
    assert grading_flaw(wanted, whole[:2]) == "grade_pieces_differ"
    assert grading_flaw(wanted, [*whole, (3, Grade.GOOD, 1)]) == "grade_line_unknown"
    assert grading_flaw(wanted, [(1, Grade.GOOD, 0)]) == "grade_quantity_wrong"


@pytest.mark.parametrize(
    ("reason", "grade", "on"),
    [
        (Reason.NO_REASON, Grade.GOOD, True),
        (Reason.NO_REASON, Grade.DEFECTIVE, False),
        (Reason.QUALITY, Grade.DEFECTIVE, True),
        (Reason.QUALITY, Grade.SCRAP, True),
        (Reason.QUALITY, Grade.MISSING, False),
    ],
)
def test_worn_goods_stop_a_return_without_reason_and_no_other(reason: Reason, grade: Grade, on: bool) -> None:
    assert goes_on(reason, [(1, grade, 1)]) is on
