"""People and a strategy in force, for tests of P1."""

from datetime import date
from typing import Any

from shopkeeper.flows.products.research.commands.keep_strategy import (
    DecideStrategy,
    SaveStrategy,
    SubmitStrategy,
    decide_strategy,
    save_strategy,
    submit_strategy,
)
from shopkeeper.flows.products.research.commands.make_selection_list import MakeSelectionList, make_selection_list
from shopkeeper.flows.products.research.commands.propose_candidates import ProposeCandidate, propose_candidates
from shopkeeper.flows.products.research.commands.take_in_research import (
    ResearchLine,
    TakeInResearch,
    take_in_research,
)
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.states import ResearchKind
from shopkeeper.foundation.actor import SYSTEM, Actor
from tests import factories as make

JUNE = (date(2026, 6, 1), date(2026, 6, 30))


def analyst() -> Actor:
    return make.actor_with(
        Permission.RESEARCH_RECORD, Permission.STRATEGY_EDIT, Permission.CANDIDATE_EDIT, Permission.SELECTION_SUBMIT
    )


def manager() -> Actor:
    return make.actor_with(Permission.SELECTION_APPROVE)


def a_strategy(**fields: Any) -> SaveStrategy:
    defaults: dict[str, Any] = {
        "name": "夏季茶具", "categories": ("茶具",), "price_low_minor": 5_000, "price_high_minor": 20_000,
        "target_margin_basis_points": 4_000, "positioning": "国风雅致，送礼自用",
    }  # fmt: skip
    return SaveStrategy(**{**defaults, **fields})


def strategy_in_force() -> int:
    strategy_id = save_strategy.one(analyst(), a_strategy()).id or 0
    assert submit_strategy.one(analyst(), SubmitStrategy(strategy_id)).changed
    assert decide_strategy.one(manager(), DecideStrategy(strategy_id, "approve", "方向清楚")).changed
    return strategy_id


def research(*lines: ResearchLine, **fields: Any) -> TakeInResearch:
    defaults: dict[str, Any] = {
        "kind": ResearchKind.KEYWORD, "source": "生意参谋 搜索分析", "period_from": JUNE[0], "period_to": JUNE[1],
        "lines": lines or (ResearchLine("紫砂壶", heat=21_330, growth_basis_points=1_250),), "digest": "d1",
    }  # fmt: skip
    return TakeInResearch(**{**defaults, **fields})


def candidate(code: str = "POT-9", **fields: Any) -> int:
    defaults: dict[str, Any] = {
        "name": "宜兴紫砂壶", "category": "茶具", "source": "1688", "keyword": "紫砂壶", "cost_minor": 4_000,
        "price_minor": 10_000, "competitor_minor": 11_000, "monthly_sales": 50, "turnover_days": 30, "positioning": 80,
    }  # fmt: skip
    return propose_candidates.one(SYSTEM, ProposeCandidate(code, **{**defaults, **fields})).id or 0


def a_list(actor: Actor = SYSTEM, **fields: Any) -> int:
    """A list of two candidates under a strategy in force."""
    assert take_in_research.one(SYSTEM, research()).ok
    strategy_in_force()
    candidate("POT-9")
    candidate("CUP-9", name="青瓷杯", keyword="", turnover_days=None)
    outcome = make_selection_list.one(actor, MakeSelectionList("2026 Q3", 10_000_000, **fields))
    assert outcome.ok, outcome
    return outcome.id or 0
