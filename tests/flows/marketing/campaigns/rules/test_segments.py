"""Definitions of segments: read, written back the same, refused with the place of the mistake."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.campaigns.rules.segments import (
    BadDefinition,
    Definition,
    read_definition,
    write_definition,
)

pytestmark = pytest.mark.clause("M1.1")
FIFTHS = st.tuples(st.integers(1, 5), st.integers(1, 5)).map(lambda pair: tuple(sorted(pair)))
DAYS = st.integers(1, 3_650)
DEFINITIONS = st.builds(
    Definition,
    window_days=st.none() | DAYS,
    recency=st.none() | FIFTHS,
    monetary=st.none() | FIFTHS,
    customers=st.sampled_from(["", "new", "returning"]),
    category_id=st.none() | st.integers(1, 10**9),
    min_minor=st.none() | st.integers(0, 10**9),
    min_orders=st.none() | st.integers(1, 100),
    paid_within_days=st.none() | DAYS,
    provinces=st.lists(st.sampled_from(["浙江省", "上海市", "广东省"]), unique=True).map(tuple),
)


@given(DEFINITIONS)
def test_written_and_read_again_it_is_the_same(definition: Definition) -> None:
    assert read_definition(write_definition(definition)) == definition


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"zodiac": 1}, "segment_unknown_condition", "zodiac"),
        ({"min_orders": 0}, "segment_out_of_bounds", "min_orders"),
        ({"min_orders": True}, "segment_out_of_bounds", "min_orders"),
        ({"min_minor": "9"}, "segment_out_of_bounds", "min_minor"),
        ({"recency": [4]}, "segment_out_of_bounds", "recency"),
        ({"recency": [0, 3]}, "segment_out_of_bounds", "recency"),
        ({"recency": [4, 2]}, "segment_backwards", "recency"),
        ({"customers": "old"}, "segment_out_of_bounds", "customers"),
        ({"provinces": "浙江省"}, "segment_out_of_bounds", "provinces"),
        ({"min_minor": 5, "max_minor": 4}, "segment_backwards", "max_minor"),
        ({"paid_before_days": 60, "paid_within_days": 30}, "segment_backwards", "paid_within_days"),
        ({"category_days": 30}, "segment_backwards", "category_days"),
    ],
)
def test_what_cannot_be(said: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(BadDefinition) as wrong:
        read_definition(said)
    assert (wrong.value.code, wrong.value.field) == (code, field)
