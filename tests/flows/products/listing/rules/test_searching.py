import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.products.listing.rules.searching import (
    asked_grams,
    contained,
    folded,
    grams,
    initials,
    search_fields,
)
from shopkeeper.flows.products.listing.rules.tree import Node, Tree

pytestmark = pytest.mark.clause("P2.1")


@pytest.mark.parametrize(
    ("text", "letters"), [("纯棉T恤", "cmtx"), ("重庆火锅", "zqhg"), ("ＡＢ 12", "ab12"), ("啊座", "az"), ("龘", "")]
)
def test_initials_of_pinyin(text: str, letters: str) -> None:
    assert initials(text) == letters


def test_width_case_and_spaces_do_not_matter() -> None:
    assert folded(" Ｔ 恤 ABC") == "t恤abc"


def test_a_record_is_found_by_name_initials_and_code() -> None:
    text, pieces = search_fields("纯棉T恤", "TEE-01")
    assert text == "纯棉t恤\ncmtx\ntee-01\ntee01"
    for asked in ("棉T", "cmt", "tee-0", "恤"):
        assert set(asked_grams(asked)) <= set(pieces), asked
    assert not set(asked_grams("xt")) <= set(pieces)


@given(st.text(max_size=40), st.data())
def test_every_part_of_a_text_has_its_pieces_among_the_texts(text: str, data: st.DataObject) -> None:
    plain = folded(text)
    start = data.draw(st.integers(0, len(plain)))
    end = data.draw(st.integers(start, len(plain)))
    assert set(asked_grams(plain[start:end])) <= set(grams(plain))
    assert contained(plain[start:end], [plain])


@pytest.mark.clause("P2.3")
def test_a_tree_knows_its_paths_and_leaves() -> None:
    tree = Tree([Node(1, None, 1, "服装"), Node(2, 1, 2, "男装"), Node(3, 2, 3, "T恤"), Node(4, 2, 3, "旧", True)])
    assert tree.path(3) == ("服装", "男装", "T恤")
    assert tree.leaf_at(("服装", "男装", "T恤")) == 3
    assert tree.leaf_at(("服装", "男装")) is None
    assert tree.leaf_at(("服装", "男装", "旧")) is None
    assert tree.with_all_below(1) == {1, 2, 3, 4}
