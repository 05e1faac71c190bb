"""A refusal is explained in the words of the desk that said it, whichever door it comes out of."""

from dataclasses import replace

import pytest

from shopkeeper.flows.products.stock.commands.receive_stock import ReceiveStock, receive_stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import Step
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outcomes import as_plain, done, from_plain, passed_on, refused, signed
from shopkeeper.web.labels import outcome_text, refusal_words
from tests import factories as make


def test_one_code_says_what_each_desk_means() -> None:
    early = refused("too_early")
    assert "上线" in outcome_text(replace(early, said_by="campaigns"))
    assert "回访" in outcome_text(replace(early, said_by="settlement"))


def test_a_desk_without_words_of_its_own_uses_the_common_ones() -> None:
    assert refusal_words("not_found", "promotions") is refusal_words("not_found")
    assert refusal_words("reason_needed", "watch") is not None
    assert refusal_words("never_said") is None


def test_what_another_desk_said_stays_its_own() -> None:
    said = signed([refused("bin_unknown", bin="A"), done(3)], "stock")
    assert [o.said_by for o in said] == ["stock", ""]
    assert [o.said_by for o in signed([passed_on(said[0], 9)], "watch")] == ["stock"]
    assert passed_on(said[0], 9).id == 9
    assert from_plain(as_plain(said[0])).said_by == "stock"


@pytest.mark.django_db
def test_a_command_signs_its_refusals_also_within_another() -> None:
    item = ReceiveStock(make.make_sku().id, make.make_warehouse().id, "没有", "L1", 1)
    (outcome,) = receive_stock(SYSTEM, [item])
    step = Step(SYSTEM, machine_now(), receive_stock)
    (within,) = receive_stock.within(step, [item])
    assert (outcome.code, outcome.said_by, within.said_by) == ("bin_unknown", "stock", "stock")
    assert "请先建货位" in outcome_text(outcome)
