"""What messages say and count as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.outreach.rules import letters
from shopkeeper.flows.marketing.outreach.states import OutreachChannel

pytestmark = pytest.mark.clause("M1.2")


def test_a_text_message_says_who_speaks_and_how_to_stop() -> None:
    text = letters.sms_text("掌柜", "今晚开抢")
    assert text == "【掌柜】今晚开抢 拒收请回复R"


def test_a_mail_carries_its_way_out_in_both_languages() -> None:
    text = letters.mail_text("掌柜", "今晚开抢", "https://shop.example/opt-out/1-x/")
    assert text.startswith("今晚开抢\n")
    assert text.count("https://shop.example/opt-out/1-x/") == 2
    assert "To stop" in text
    assert "不想再收到" in text


@pytest.mark.parametrize(("length", "segments"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_long_messages_are_billed_by_segments_of_67(length: int, segments: int) -> None:
    assert letters.sms_segments("字" * length) == segments


def test_variables_are_filled_and_unknown_ones_named() -> None:
    assert letters.filled("{shop}的{campaign}", {"shop": "甲", "campaign": "乙"}) == "甲的乙"
    assert letters.unknown_variables("{shop}{name}{") == ["name", "{"]
    assert letters.unknown_variables("{starts}到{ends}") == []
    assert letters.used_variables("{ends}{shop}{ends}") == ["ends", "shop"]


@given(st.integers(0, 10**7), st.integers(0, 10**6))
def test_cost_is_never_below_the_price_nor_a_unit_above(units: int, price: int) -> None:
    cost = letters.cost_minor(units, price)
    assert cost * 1_000 >= units * price
    assert (cost - 1) * 1_000 < units * price or cost == 0


@given(st.text(min_size=1, max_size=300))
def test_segments_hold_the_whole_text(text: str) -> None:
    n = letters.units_of(OutreachChannel.SMS, "掌柜", text)
    whole = len(letters.sms_text("掌柜", text))
    assert whole <= (70 if n == 1 else 67 * n)
    assert letters.units_of(OutreachChannel.EMAIL, "掌柜", text) == 1
