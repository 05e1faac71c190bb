"""P1.2: every open candidate is scored by the stated criteria and ranked: a new version of 《商品选品清单》."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Annotated

from django.db.models import Max
from pydantic import Field

from shopkeeper.flows.products.research.events import SelectionListMade
from shopkeeper.flows.products.research.models import Candidate, Selection, SelectionList, Strategy
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.rules.scoring import Facts, Frame, Score, ranked, score
from shopkeeper.flows.products.research.sql.lists import LOCK_VERSIONS, keyword_figures
from shopkeeper.flows.products.research.states import Criterion, StrategyState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused
from shopkeeper.sop.policy import Policies, policies


@dataclass(frozen=True, slots=True)
class MakeSelectionList:
    """The period and its sales target in minor units; weights left out are the policy's."""

    period: Annotated[str, Field(min_length=1, max_length=40)]
    target_minor: int
    weights: Mapping[Criterion, Annotated[int, Field(ge=0, le=100)]] = field(default_factory=dict)


@command(clause="P1.2", permission=Permission.CANDIDATE_EDIT, scope=EVERYWHERE)
def make_selection_list(step: Step, items: Sequence[MakeSelectionList]) -> list[Outcome]:
    """Score and rank under the strategy in force. A list is always a new version; older ones stay as they are.

    Refused: target_not_positive, weights_all_nought, strategy_missing, candidates_missing.
    """
    LOCK_VERSIONS.run()
    return [_make(step, item) for item in items]


def _make(step: Step, item: MakeSelectionList) -> Outcome:
    policy = policies(step)
    weights = {c: item.weights.get(c, policy(f"score_weight_{c}")) for c in Criterion}
    strategy = Strategy.objects.filter(state=StrategyState.APPROVED).first()
    candidates = list(Candidate.objects.filter(product_id__isnull=True, dropped_at__isnull=True).order_by("id"))
    if item.target_minor <= 0:
        return refused("target_not_positive")
    if not any(weights.values()):
        return refused("weights_all_nought")
    if strategy is None:
        return refused("strategy_missing")
    if not candidates:
        return refused("candidates_missing")
    facts = _facts(candidates)
    frame = _frame(item, strategy, facts, policy)
    scores = [score(fact, frame, weights) for fact in facts]
    version = (SelectionList.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    made = SelectionList.objects.create(
        version=version, strategy=strategy, period=item.period.strip(), target_minor=item.target_minor,
        weights={str(c): weight for c, weight in weights.items()}, state_at=step.now, made_at=step.now,
        made_by=step.actor.id,
    )  # fmt: skip
    Selection.objects.bulk_create(_entries(made, candidates, facts, scores))
    step.emit(SelectionListMade(made.pk, version, len(candidates)))
    return done(made.pk, version=version, candidates=len(candidates))


def _facts(candidates: Sequence[Candidate]) -> list[Facts]:
    """What is known of each: its own facts, and of its keyword the newest research."""
    figures = keyword_figures([row.keyword for row in candidates if row.keyword])
    return [
        Facts(
            cost_minor=row.cost_minor,
            price_minor=row.price_minor,
            monthly_sales=row.monthly_sales,
            turnover_days=row.turnover_days,
            positioning=row.positioning,
            heat=figures[row.keyword].heat if row.keyword in figures else None,
            growth_basis_points=figures[row.keyword].growth_basis_points if row.keyword in figures else None,
        )
        for row in candidates
    ]


def _frame(item: MakeSelectionList, strategy: Strategy, facts: Sequence[Facts], policy: Policies) -> Frame:
    return Frame(
        target_minor=item.target_minor,
        price_low_minor=strategy.price_low_minor,
        price_high_minor=strategy.price_high_minor,
        target_margin_basis_points=strategy.target_margin_basis_points,
        slowest_turnover_days=policy("slowest_turnover_days"),
        most_heat=max((fact.heat or 0 for fact in facts), default=0),
    )


def _entries(
    made: SelectionList, candidates: Sequence[Candidate], facts: Sequence[Facts], scores: Sequence[Score]
) -> list[Selection]:
    ranks = ranked(scores)
    return [
        Selection(
            list=made,
            candidate=candidate,
            rank=rank,
            total=one.total,
            parts=[
                {"criterion": str(p.criterion), "value": p.value, "mark": p.mark, "weight": p.weight} for p in one.parts
            ],
            facts={**asdict(fact), "competitor_minor": candidate.competitor_minor},
        )
        for candidate, fact, one, rank in zip(candidates, facts, scores, ranks, strict=True)
    ]
