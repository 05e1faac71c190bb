"""Pure judgement: which lines wait, who gets what, whose identity is believed, how somebody is reached."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.service.conversations.rules.contacts import contact_of
from shopkeeper.flows.service.conversations.rules.identity import NotBelieved, believed, signed
from shopkeeper.flows.service.conversations.rules.lines import fit, language_of, needs_person
from shopkeeper.flows.service.conversations.rules.routing import Hand, Wish, loads, share_out
from shopkeeper.web.knocks import Knocks

pytestmark = pytest.mark.clause("S1.1")
NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("什么时候发货", True), ("在吗", True), ("?", False), ("谢谢！", False), ("好的，谢谢你～", False),
        ("OK", False), ("👍👍", False), ("好的，那怎么退货", True), ("Thank you", False), ("123456", True),
        ("where is my parcel", True),
    ],
)  # fmt: skip
def test_which_lines_wait_for_a_person(text: str, needs: bool) -> None:
    assert needs_person(text) is needs
    assert needs_person(text, has_picture=True)


@given(st.text(max_size=200))
def test_what_is_kept_is_visible_bounded_and_stable(text: str) -> None:
    kept = fit(text, 50)
    assert len(kept) <= 50
    assert "\x00" not in kept and "\u202e" not in kept
    kept.encode("utf-8")
    assert fit(kept, 50) == kept


def test_language_is_that_of_the_words_else_as_before() -> None:
    assert [language_of("你好 hello"), language_of("hello there"), language_of("123", "en")] == ["zh", "en", "en"]


HANDS = st.lists(
    st.builds(
        lambda n, free, load, kinds: Hand(n, free, load, free + load, frozenset(kinds), frozenset(), frozenset({1, 2})),
        st.integers(1, 6), st.integers(0, 3), st.integers(0, 3),
        st.sets(st.sampled_from(["size", "price"]), max_size=2),
    ),
    max_size=5,
    unique_by=lambda hand: hand.agent_id,
)  # fmt: skip
WISHES = st.lists(
    st.builds(Wish, st.integers(1, 40), st.integers(1, 3), st.sampled_from(["size", "price", "other"]), st.just("zh")),
    max_size=12,
    unique_by=lambda wish: wish.conversation_id,
)


@given(WISHES, HANDS)
def test_nobody_is_overloaded_nobody_sees_a_foreign_shop_and_no_free_hand_is_left_idle(
    wishes: list[Wish], hands: list[Hand]
) -> None:
    given_out = share_out(wishes, hands)
    free = {hand.agent_id: hand.free for hand in hands}
    for agent_id, got in loads(given_out).items():
        assert got <= free[agent_id]
    by_id = {wish.conversation_id: wish for wish in wishes}
    assert all(by_id[id_].shop_id in (1, 2) for id_ in given_out)
    left = [wish for wish in wishes if wish.conversation_id not in given_out and wish.shop_id in (1, 2)]
    assert not left or sum(free.values()) == len(given_out)


def test_the_one_who_knows_the_customer_comes_before_skill_and_load() -> None:
    shops = frozenset({1})
    knows = Hand(1, 1, 4, 5, frozenset({"price"}), frozenset(), shops)
    skilled = Hand(2, 5, 0, 5, frozenset({"size"}), frozenset(), shops)
    assert share_out([Wish(9, 1, "size", "zh", before=1)], [knows, skilled]) == {9: 1}
    assert share_out([Wish(9, 1, "size", "zh")], [knows, skilled]) == {9: 2}


def test_an_identity_is_believed_only_with_the_shops_signature_and_in_time() -> None:
    token = signed("secret", {"sub": "u1", "name": "小明", "exp": NOW + 60})
    assert believed("secret", token, NOW).customer == "u1"
    body, _, mac = token.partition(".")
    forged = signed("other", {"sub": "u1", "exp": NOW + 60})
    twisted = f"{signed('x', {'sub': 'u2', 'exp': NOW + 60}).partition('.')[0]}.{mac}"
    for bad in (forged, twisted, body, f"{body}.", "", "." + mac, token + "0"):
        with pytest.raises(NotBelieved, match="forged"):
            believed("secret", bad, NOW)
    for claims in ({"sub": "u1", "exp": NOW}, {"sub": "u1", "exp": NOW + 10**7}):
        with pytest.raises(NotBelieved, match="expired"):
            believed("secret", signed("secret", claims), NOW)
    for claims in ({"exp": NOW + 60}, {"sub": "", "exp": NOW + 60}, {"sub": "u1", "exp": "soon"}):
        with pytest.raises(NotBelieved, match="unreadable"):
            believed("secret", signed("secret", claims), NOW)
    with pytest.raises(NotBelieved, match="forged"):
        believed("", signed("", {"sub": "u1", "exp": NOW + 60}), NOW)


@given(st.text(max_size=300))
def test_no_text_is_believed_by_chance(token: str) -> None:
    with pytest.raises(NotBelieved):
        believed("secret", token, NOW)


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("138 1234 1234", ("phone", "13812341234")), ("+86-13812341234", ("phone", "13812341234")),
        ("0571-88886666", ("phone", "057188886666")), (" Li.Hua@Example.COM ", ("email", "li.hua@example.com")),
        ("123", None), ("微信 abc", None), ("a@b", None), ("", None),
    ],
)  # fmt: skip
def test_how_somebody_is_reached(text: str, contact: tuple[str, str] | None) -> None:
    assert contact_of(text) == contact


def test_knocks_are_counted_by_key_within_a_minute() -> None:
    clock = [0.0]
    knocks = Knocks(lambda: clock[0])
    assert [knocks.allowed("a", 2) for _ in range(3)] == [True, True, False]
    assert knocks.allowed("b", 2)
    clock[0] = 60.0
    assert knocks.allowed("a", 2)
