"""P1 through its commands: happy, each refusal, who may not, twice."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.products.research.commands.decide_selection import (
    DecideSelectionList,
    DraftCandidate,
    SubmitSelectionList,
    WithdrawSelectionList,
    decide_selection_list,
    draft_candidates,
    submit_selection_list,
    withdraw_selection_list,
)
from shopkeeper.flows.products.research.commands.keep_strategy import (
    DecideStrategy,
    SubmitStrategy,
    WithdrawStrategy,
    decide_strategy,
    save_strategy,
    submit_strategy,
    withdraw_strategy,
)
from shopkeeper.flows.products.research.commands.make_selection_list import MakeSelectionList, make_selection_list
from shopkeeper.flows.products.research.commands.propose_candidates import (
    DropCandidate,
    ProposeCandidate,
    drop_candidates,
    propose_candidates,
)
from shopkeeper.flows.products.research.commands.take_in_research import ResearchLine, take_in_research
from shopkeeper.flows.products.research.models import Candidate, ResearchFile, Selection, Strategy
from shopkeeper.flows.products.research.states import Criterion, StrategyState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.products.research import stage

pytestmark = pytest.mark.django_db


@pytest.mark.clause("P1.1")
class TestTakeInResearch:
    def test_lines_are_kept_and_the_same_file_again_changes_nothing(self) -> None:
        outcome = take_in_research.one(stage.analyst(), stage.research())
        assert (outcome.code, outcome.facts["rows"]) == ("done", 1)
        assert take_in_research.one(stage.analyst(), stage.research()).code == "unchanged"

    def test_the_same_period_again_replaces_and_keeps_history(self) -> None:
        first = take_in_research.one(SYSTEM, stage.research()).id
        newer = stage.research(ResearchLine("紫砂壶", heat=5), digest="d2")
        outcome = take_in_research.one(SYSTEM, newer)
        assert outcome.facts["replaced"] == first
        assert ResearchFile.objects.get(id=first).replaced_at is not None
        assert ResearchFile.objects.count() == 2

    def test_what_is_typed_stands_beside_files(self) -> None:
        take_in_research.one(SYSTEM, stage.research())
        for _ in range(2):
            assert take_in_research.one(SYSTEM, stage.research(digest="")).code == "done"
        assert ResearchFile.objects.filter(replaced_at__isnull=True).count() == 3

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"source": " "}, "source_needed"),
            ({"period_to": date(2026, 5, 1)}, "period_backwards"),
            ({"lines": ()}, "research_empty"),
            ({"lines": (ResearchLine(" "),)}, "research_empty"),
        ],
    )
    def test_refusals_leave_nothing(self, fields: dict[str, object], code: str) -> None:
        item = stage.research(**{"lines": (ResearchLine("壶"),), **fields})
        assert take_in_research.one(SYSTEM, item).code == code
        assert not ResearchFile.objects.exists()

    def test_who_may_not_is_refused(self) -> None:
        with pytest.raises(NotAllowed):
            take_in_research.one(make.actor_with(), stage.research())


@pytest.mark.clause("P1.1")
class TestStrategy:
    def test_it_is_written_handed_in_and_approved_by_another(self) -> None:
        strategy_id = save_strategy.one(stage.analyst(), stage.a_strategy()).id or 0
        assert submit_strategy.one(stage.analyst(), SubmitStrategy(strategy_id)).changed
        assert Deadline.objects.get(kind="decide_strategy").subject_id == strategy_id
        assert submit_strategy.one(stage.analyst(), SubmitStrategy(strategy_id)).code == "unchanged"
        assert decide_strategy.one(stage.manager(), DecideStrategy(strategy_id, "approve", "好")).changed
        assert Strategy.objects.get().state == StrategyState.APPROVED
        assert not Deadline.objects.filter(kind="decide_strategy").exists()

    def test_an_approved_one_takes_the_place_of_the_one_in_force(self) -> None:
        first, second = stage.strategy_in_force(), stage.strategy_in_force()
        states = dict(Strategy.objects.values_list("id", "state"))
        assert states == {first: StrategyState.REPLACED, second: StrategyState.APPROVED}

    def test_nobody_decides_on_their_own(self) -> None:
        both = make.actor_with("products.strategy.edit", "products.selection.approve")
        strategy_id = save_strategy.one(both, stage.a_strategy()).id or 0
        submit_strategy.one(stage.analyst(), SubmitStrategy(strategy_id))
        assert decide_strategy.one(both, DecideStrategy(strategy_id, "approve", "好")).code == "own_work"

    def test_refusals(self) -> None:
        assert save_strategy.one(SYSTEM, stage.a_strategy(categories=(" ",))).code == "categories_needed"
        assert save_strategy.one(SYSTEM, stage.a_strategy(price_high_minor=1)).code == "price_band_backwards"
        assert save_strategy.one(SYSTEM, stage.a_strategy(strategy_id=9)).code == "not_found"
        strategy_id = stage.strategy_in_force()
        assert save_strategy.one(SYSTEM, stage.a_strategy(strategy_id=strategy_id)).code == "strategy_not_editable"
        assert submit_strategy.one(SYSTEM, SubmitStrategy(strategy_id)).code == "strategy_decided"
        decide = DecideStrategy(strategy_id, "return", "")
        assert decide_strategy.one(stage.manager(), decide).code == "reason_needed"
        again = DecideStrategy(strategy_id, "return", "再想想")
        assert decide_strategy.one(stage.manager(), again).code == "strategy_decided"

    def test_one_handed_in_is_taken_back(self) -> None:
        strategy_id = save_strategy.one(stage.analyst(), stage.a_strategy()).id or 0
        submit_strategy.one(stage.analyst(), SubmitStrategy(strategy_id))
        outcomes = [withdraw_strategy.one(stage.analyst(), WithdrawStrategy(strategy_id)).code for _ in range(2)]
        assert outcomes == ["done", "unchanged"]
        assert not Deadline.objects.filter(kind="decide_strategy").exists()
        assert withdraw_strategy.one(SYSTEM, WithdrawStrategy(99)).code == "not_found"
        assert withdraw_strategy.one(SYSTEM, WithdrawStrategy(stage.strategy_in_force())).code == "strategy_decided"

    def test_a_returned_one_is_corrected_and_handed_in_again(self) -> None:
        strategy_id = save_strategy.one(stage.analyst(), stage.a_strategy()).id or 0
        submit_strategy.one(stage.analyst(), SubmitStrategy(strategy_id))
        decide_strategy.one(stage.manager(), DecideStrategy(strategy_id, "return", "价格带太宽"))
        assert save_strategy.one(SYSTEM, stage.a_strategy(strategy_id=strategy_id)).code == "unchanged"
        narrower = stage.a_strategy(strategy_id=strategy_id, price_high_minor=15_000)
        assert save_strategy.one(stage.analyst(), narrower).changed
        assert submit_strategy.one(stage.analyst(), SubmitStrategy(strategy_id)).changed


@pytest.mark.clause("P1.2")
class TestSelection:
    def test_candidates_are_scored_by_every_criterion_and_ranked(self) -> None:
        list_id = stage.a_list()
        entries = list(Selection.objects.filter(list_id=list_id).order_by("rank"))
        assert [entry.candidate.code for entry in entries] == ["POT-9", "CUP-9"]
        parts = {part["criterion"]: part for part in entries[0].parts}
        assert set(parts) == set(map(str, Criterion))
        assert (parts["demand"]["value"], parts["growth"]["value"]) == (21_330, 1_250)
        assert {p["criterion"] for p in entries[1].parts if p["value"] is None} == {"turnover", "demand", "growth"}

    def test_a_list_is_a_version_and_older_ones_stay_as_they_are(self) -> None:
        first = stage.a_list()
        stage.candidate("POT-9", price_minor=15_000)
        second = make_selection_list.one(SYSTEM, MakeSelectionList("2026 Q4", 10_000_000))
        assert second.facts["version"] == 2
        facts = Selection.objects.get(list_id=first, candidate__code="POT-9").facts
        assert facts["price_minor"] == 10_000

    def test_it_is_approved_by_another_and_becomes_draft_products_once(self) -> None:
        list_id = stage.a_list(stage.analyst())
        analyst, manager = stage.analyst(), stage.manager()
        assert submit_selection_list.one(analyst, SubmitSelectionList(list_id)).changed
        cup = Candidate.objects.get(code="CUP-9").pk
        decide = DecideSelectionList(list_id, "approve", "青瓷杯下季再看", (cup,))
        assert decide_selection_list.one(manager, decide).facts["taken"] == 1
        pot = Candidate.objects.get(code="POT-9").pk
        assert draft_candidates.one(analyst, DraftCandidate(cup)).code == "candidate_not_approved"
        drafted = draft_candidates(analyst, [DraftCandidate(pot), DraftCandidate(pot)])
        assert [outcome.code for outcome in drafted] == ["done", "unchanged"]
        product = Product.objects.get(id=drafted[0].facts["product_id"])
        assert (product.code, product.state, product.core_keyword) == ("POT-9", "draft", "紫砂壶")
        assert draft_candidates.one(analyst, DraftCandidate(pot)).code == "unchanged"

    def test_refusals_of_a_decision(self) -> None:
        list_id = stage.a_list(stage.analyst())
        manager = stage.manager()
        approve = DecideSelectionList(list_id, "approve")
        assert decide_selection_list.one(manager, approve).code == "list_decided"
        submit_selection_list.one(manager_and_analyst := make.actor_with(
            "products.selection.submit", "products.selection.approve"), SubmitSelectionList(list_id))  # fmt: skip
        assert decide_selection_list.one(manager_and_analyst, approve).code == "own_work"
        everybody = tuple(Candidate.objects.values_list("id", flat=True))
        cases = {
            DecideSelectionList(list_id, "return"): "reason_needed",
            DecideSelectionList(list_id, "approve", "", everybody[:1]): "reason_needed",
            DecideSelectionList(list_id, "approve", "x", everybody): "nothing_taken",
            DecideSelectionList(list_id, "approve", "x", (999_999,)): "not_on_list",
            DecideSelectionList(999_999, "approve"): "not_found",
        }
        assert {decide_selection_list.one(manager, item).code: None for item in cases} == dict.fromkeys(cases.values())
        assert decide_selection_list.one(manager, approve).changed
        assert submit_selection_list.one(SYSTEM, SubmitSelectionList(list_id)).code == "list_decided"

    def test_what_a_list_needs(self) -> None:
        item = MakeSelectionList("Q3", 1)
        assert make_selection_list.one(SYSTEM, MakeSelectionList("Q3", 0)).code == "target_not_positive"
        nought = MakeSelectionList("Q3", 1, dict.fromkeys(Criterion, 0))
        assert make_selection_list.one(SYSTEM, nought).code == "weights_all_nought"
        assert make_selection_list.one(SYSTEM, item).code == "strategy_missing"
        stage.strategy_in_force()
        assert make_selection_list.one(SYSTEM, item).code == "candidates_missing"

    def test_a_list_handed_in_is_taken_back(self) -> None:
        list_id = stage.a_list()
        submit_selection_list.one(stage.analyst(), SubmitSelectionList(list_id))
        outcomes = [withdraw_selection_list.one(SYSTEM, WithdrawSelectionList(list_id)).code for _ in range(2)]
        assert outcomes == ["done", "unchanged"]
        assert withdraw_selection_list.one(SYSTEM, WithdrawSelectionList(99)).code == "not_found"
        submit_selection_list.one(stage.analyst(), SubmitSelectionList(list_id))
        decide_selection_list.one(stage.manager(), DecideSelectionList(list_id, "return", "再看看"))
        assert withdraw_selection_list.one(SYSTEM, WithdrawSelectionList(list_id)).code == "list_decided"

    def test_what_is_taken_is_to_be_drafted_until_it_is_or_its_code_is_another_products(self) -> None:
        list_id = stage.a_list(stage.analyst())
        submit_selection_list.one(stage.analyst(), SubmitSelectionList(list_id))
        decide_selection_list.one(stage.manager(), DecideSelectionList(list_id, "approve"))
        duty = Deadline.objects.get(kind="draft_selection")
        assert (duty.subject_id, duty.role) == (list_id, "product_specialist")
        assert duty.due_at - duty.armed_at == timedelta(hours=48)
        pot, cup = (Candidate.objects.get(code=code).pk for code in ("POT-9", "CUP-9"))
        assert draft_candidates.one(stage.analyst(), DraftCandidate(pot)).changed
        assert Deadline.objects.filter(kind="draft_selection").exists()
        Product.objects.create(code="CUP-9", title="已有的杯")
        assert draft_candidates.one(stage.analyst(), DraftCandidate(cup)).code == "product_code_taken"
        assert not Deadline.objects.filter(kind="draft_selection").exists()

    def test_a_decision_that_waits_too_long_is_late(self) -> None:
        list_id = stage.a_list()
        submit_selection_list.one(stage.analyst(), SubmitSelectionList(list_id))
        deadline = Deadline.objects.get(kind="decide_selection")
        assert deadline.due_at - deadline.armed_at == timedelta(hours=24)


@pytest.mark.clause("P1.2")
class TestCandidates:
    def test_a_candidate_is_corrected_by_its_code(self) -> None:
        first = stage.candidate()
        assert stage.candidate(price_minor=12_000) == first
        assert Candidate.objects.get().price_minor == 12_000
        item = ProposeCandidate("A", "甲", "茶具", "1688", cost_minor=-1)
        assert propose_candidates.one(SYSTEM, item).code == "amount_negative"
        item = ProposeCandidate("A", "甲", "茶具", "1688", positioning=101)
        assert propose_candidates.one(SYSTEM, item).code == "positioning_out_of_bounds"

    def test_a_dropped_one_is_on_no_list(self) -> None:
        id_ = stage.candidate()
        assert drop_candidates.one(SYSTEM, DropCandidate(id_, " ")).code == "reason_needed"
        assert drop_candidates.one(SYSTEM, DropCandidate(99, "x")).code == "not_found"
        outcomes = drop_candidates(SYSTEM, [DropCandidate(id_, "供货不稳"), DropCandidate(id_, "供货不稳")])
        assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
        stage.strategy_in_force()
        assert make_selection_list.one(SYSTEM, MakeSelectionList("Q3", 1)).code == "candidates_missing"
        again = ProposeCandidate("POT-9", "宜兴紫砂壶", "茶具", "1688")
        assert propose_candidates.one(SYSTEM, again).code == "candidate_dropped"


def test_statements_of_a_list_do_not_grow_with_its_candidates() -> None:
    stage.a_list()
    counts = []
    for more in range(2):
        for n in range(20 * more):
            stage.candidate(f"MORE-{n}")
        with CaptureQueriesContext(connection) as queries:
            make_selection_list.one(SYSTEM, MakeSelectionList("Q3", 1))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.clause("P1.2")
def test_a_batch_of_candidates_takes_as_many_statements_as_one() -> None:
    def proposed(*codes: str) -> int:
        items = [ProposeCandidate(code, f"茶壶 {code}", "茶具", "展会", price_minor=9_900) for code in codes]
        with CaptureQueriesContext(connection) as queries:
            outcomes = propose_candidates(stage.analyst(), [*items, items[-1]])
        assert [o.code for o in outcomes] == ["done"] * len(codes) + ["unchanged"]
        assert outcomes[-1].id == outcomes[-2].id == Candidate.objects.get(code=codes[-1]).pk
        return len(queries)

    assert proposed("A") == proposed(*(f"B{n}" for n in range(20)))
    ids = list(Candidate.objects.values_list("id", flat=True))
    with CaptureQueriesContext(connection) as queries:
        drop_candidates(stage.analyst(), [DropCandidate(id_, "太贵") for id_ in ids])
    assert len(queries) < 12 and Candidate.objects.filter(dropped_at=None).count() == 0
