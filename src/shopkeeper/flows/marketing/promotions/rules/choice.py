"""Which promotions of the order layers are used together: the lowest payable that the rules allow.

Every allowed combination is weighed while there are at most 512; beyond that the best is approached (greedy, then one
pass of swaps), and the result says so. Ties: the richer gift, fewer promotions, the coupon that expires first, ids.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.promotions.rules.orders import Contender, Taken, is_below_floor, take
from shopkeeper.flows.marketing.promotions.rules.values import Limits, Line

MOST_COMBINATIONS = 512
Key = tuple[int, int, int, float, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen contenders, what they took, and how they were found: "all" or "greedy"."""

    chosen: tuple[Contender, ...]
    taken: Taken
    searched: str


def choose(contenders: Sequence[Contender], after_item: Sequence[int], lines: Sequence[Line], limits: Limits) -> Choice:
    """The best allowed combination; taking nothing is always allowed."""
    total = sum(after_item)
    combinations = list(_limited(_combinations(contenders)))
    if len(combinations) > MOST_COMBINATIONS:
        return _approach(contenders, after_item, lines, limits)
    # A bound that ignores caps is never above the truth: the first that keeps to its bound is the best.
    bounded = sorted(((_key(total - sum(c.most_off for c in chosen), chosen), chosen) for chosen in combinations),
                     key=lambda entry: entry[0])  # fmt: skip
    best: tuple[Key, Choice] | None = None
    for bound, chosen in bounded:
        if best is not None and bound >= best[0]:
            break
        taken = take(chosen, after_item, limits)
        if chosen and is_below_floor(taken, after_item, lines):
            continue
        key = _key(taken.payable, chosen)
        if best is None or key < best[0]:
            best = key, Choice(chosen, taken, "all")
    assert best is not None  # the empty combination is always there
    return best[1]


def go_together(one: Contender, other: Contender) -> bool:
    """Whether two may be used on one order."""
    if one.promotion.layer is not other.promotion.layer:
        return True
    return one.group != other.group and one.promotion.stacks_with(other.promotion)


def _combinations(contenders: Sequence[Contender]) -> Iterator[tuple[Contender, ...]]:
    """Every allowed combination, the empty one first, without building those that are not allowed."""
    allies = [[go_together(a, b) for b in contenders] for a in contenders]

    def extended(chosen: tuple[int, ...], start: int) -> Iterator[tuple[int, ...]]:
        yield chosen
        for n in range(start, len(contenders)):
            if all(allies[n][m] for m in chosen):
                yield from extended((*chosen, n), n + 1)

    for indexes in extended((), 0):
        yield tuple(contenders[n] for n in indexes)


def _limited(combinations: Iterator[tuple[Contender, ...]]) -> Iterator[tuple[Contender, ...]]:
    for count, combination in enumerate(combinations):
        if count > MOST_COMBINATIONS:
            return
        yield combination


def _key(payable: int, chosen: Sequence[Contender]) -> Key:
    worth = sum(c.gift_worth for c in chosen)
    expires = min((c.expires for c in chosen), default=0.0)
    return payable, -worth, len(chosen), expires, tuple(sorted(c.promotion.id for c in chosen))


def _approach(
    contenders: Sequence[Contender], after_item: Sequence[int], lines: Sequence[Line], limits: Limits
) -> Choice:
    """Take what helps most until nothing helps, then try each single exchange once."""

    def weighed(chosen: tuple[Contender, ...]) -> tuple[Key, Choice] | None:
        taken = take(chosen, after_item, limits)
        if chosen and is_below_floor(taken, after_item, lines):
            return None
        return _key(taken.payable, chosen), Choice(chosen, taken, "greedy")

    best = weighed(())
    assert best is not None
    improved = True
    while improved:
        chosen = best[1].chosen
        steps = [(*chosen, c) for c in contenders if c not in chosen and all(go_together(c, other) for other in chosen)]
        better = min((found for s in steps if (found := weighed(s))), key=lambda f: f[0], default=None)
        improved = better is not None and better[0] < best[0]
        best = better if better is not None and improved else best
    for out in best[1].chosen:
        rest = tuple(c for c in best[1].chosen if c is not out)
        swaps = [(*rest, c) for c in contenders if c not in best[1].chosen and all(go_together(c, r) for r in rest)]
        better = min((found for s in swaps if (found := weighed(s))), key=lambda f: f[0], default=None)
        best = better if better is not None and better[0] < best[0] else best
    return best[1]
