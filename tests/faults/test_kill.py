"""kill -9 of worker, web and database, in mid-intake and mid-pack: every accepted thing exactly once.

The database runs with fsync, as in the shop. Clients repeat what was not answered, with the same keys. The seed
says who is killed, when, and how often.
"""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from tests.databases import Databases
from tests.faults.clients import Progress
from tests.faults.reckoning import broken, gather
from tests.faults.run import Run
from tests.faults.shop import KillableShop, schema_of

SEEDS = 20
QUICK_SEEDS = 3  # one for each victim
KINDS = (
    ("worker", "pack"),
    ("web", "intake"),
    ("database", "pack"),
    ("worker", "intake"),
    ("web", "pack"),
    ("database", "intake"),
)
LIMIT_S = 150.0
pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.filterwarnings("default::ResourceWarning")]


@dataclass(frozen=True)
class Blow:
    """One kill: after so many requests of the phase (or hand-overs), and so many seconds later; down for `pause_s`."""

    moment: str  # a Progress of the run
    after: int
    delay_s: float
    pause_s: float


@dataclass(frozen=True)
class Plan:
    """What a seed means."""

    seed: int
    victim: str
    phase: str
    blows: tuple[Blow, ...]

    @classmethod
    def of(cls, seed: int) -> "Plan":
        luck = random.Random(f"kills {seed}")
        victim, phase = KINDS[seed % len(KINDS)]
        latest, longest_s = {"intake": (7, 0.06), "pack": (28, 0.25)}[phase]  # the intake of a seed is short
        times = sorted(luck.sample(range(1, latest), luck.choice((1, 2, 2, 3))))
        blows = [Blow(phase, after, luck.uniform(0, longest_s), luck.uniform(0, 0.5)) for after in times]
        if phase == "pack" and victim != "web":
            # The errands of the hand-over are under way: the platform hears the number, who noted its answer?
            blows[-1] = Blow("handed", luck.choice((1, 2)), luck.uniform(0.1, 0.5), luck.uniform(0, 0.5))
        return cls(seed, victim, phase, tuple(blows))


class Ground:
    """The shop the seeds share; after a seed that failed the next one gets a new one."""

    def __init__(self, schema: bytes) -> None:
        self._schema = schema
        self._shop: KillableShop | None = None

    def shop(self) -> KillableShop:
        if self._shop is None:
            self._shop = KillableShop(self._schema).__enter__()
        return self._shop

    def clear(self) -> None:
        shop, self._shop = self._shop, None
        if shop is not None:
            shop.close()


@pytest.fixture(scope="module")
def ground(databases: Databases, django_db_setup: None) -> Iterator[Ground]:
    name = f"schema_{databases.worker}"
    databases.create(name)
    try:
        ground = Ground(schema_of(databases.url(name)))
    finally:
        databases.drop(name)
    yield ground
    ground.clear()


@pytest.fixture
def shop(ground: Ground, request: pytest.FixtureRequest) -> Iterator[KillableShop]:
    failed_before = request.session.testsfailed
    shop = ground.shop()
    yield shop
    if request.session.testsfailed > failed_before:
        print(shop.logs())
        ground.clear()


def while_killing(run: Run, plan: Plan, phase: str, work: Callable[[], None]) -> int:
    """Do the work in a thread while the blows fall from this one; how many fell before it was done."""
    fallen = 0
    with ThreadPoolExecutor(1) as people:
        done = people.submit(work)
        for blow in plan.blows if phase == plan.phase else ():
            progress: Progress = getattr(run, blow.moment)
            if not progress.wait_for(blow.after, done.done, LIMIT_S):
                break
            time.sleep(blow.delay_s)
            fallen += not done.done()
            run.shop.strike(plan.victim)
            run.shop.revive(plan.victim, blow.pause_s)
        done.result(LIMIT_S)
    return fallen


def one_day(shop: KillableShop, plan: Plan) -> None:
    """A seed from the first order to the last parcel, and the reckoning."""
    seed, run = plan.seed, Run(shop, plan.seed)
    began = time.monotonic()
    with closing(run):
        fallen = while_killing(run, plan, "intake", run.take_in) + while_killing(run, plan, "pack", run.send_out)
        worked_s = time.monotonic() - began
        facts = gather(run)
    pieces, requests = len(run.scans["pick"]), f"{run.intake.count}+{run.pack.count}"
    print(
        f"seed {seed}: {plan.victim} killed {fallen}/{len(plan.blows)} times in mid-{plan.phase}; {len(run.tids)} "
        f"orders, {pieces} pieces; of {requests} requests {run.repeats} repeated; {facts.asked_first} numbers found "
        f"told; {worked_s:.1f} s, settled after {time.monotonic() - began:.1f} s"
    )
    assert fallen, "no blow fell while there was work"
    assert broken(facts) == []


@pytest.mark.parametrize("seed", range(QUICK_SEEDS))
def test_a_killed_process_loses_and_doubles_nothing(shop: KillableShop, seed: int) -> None:
    plan = Plan.of(seed)
    one_day(shop, replace(plan, blows=plan.blows[:1]))  # one kill each, early; `make soak` deals them all


def test_a_client_that_forgets_its_keys_is_noticed(shop: KillableShop) -> None:
    """The reckoning can fail: no kill, but scans whose answers were lost are sent again as new ones."""
    with closing(Run(shop, seed=1_000, careless_picking=True)) as run:
        run.take_in()
        run.send_out()
        wrong = broken(gather(run))
    assert any("counted 2 times" in words for words in wrong), wrong
    assert [words for words in wrong if not words.startswith("pick scan ")] == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SEEDS))
def test_twenty_seeds_of_kills(shop: KillableShop, seed: int) -> None:
    one_day(shop, Plan.of(seed))
