from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.intake.deadlines import DECIDE_HOLDS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS, Step
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.commands.claim_work import ClaimWork, claim_work
from shopkeeper.sop.commands.escalate_work import EscalateWork, escalate_work
from shopkeeper.sop.commands.hand_over_work import HandOverWork, hand_over_work
from shopkeeper.sop.commands.set_clause_owner import SetClauseOwner, set_clause_owner
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.models import ClauseOwner, Deadline, PolicyValue
from shopkeeper.sop.policy import read_policies
from shopkeeper.sop.queries.work import work_of
from shopkeeper.web.visitor import actor_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G2")]


def duty(shop=None, minutes: int = 60) -> int:
    now = business_time.now()
    step = Step(SYSTEM, now, COMMANDS["mark_deadlines_late"])
    arm(step, [Arm(DECIDE_HOLDS, 7, now + timedelta(minutes=minutes), shop.pk if shop else None, label="JY7")])
    return Deadline.objects.get().pk


def person(*roles: str, **scope):
    return actor_of(make.make_person(*roles, **scope).pk)


def test_a_duty_is_taken_by_one_of_its_role_and_by_nobody_else() -> None:
    row = duty()
    one, other, packer = person("order_specialist"), person("order_specialist"), person("warehouse")
    assert claim_work.one(packer, ClaimWork(row)).code == "not_your_role"
    assert claim_work.one(one, ClaimWork(row)).code == "done"
    assert claim_work.one(one, ClaimWork(row)).code == "unchanged"
    assert claim_work.one(other, ClaimWork(row)).code == "claimed_by_other"
    assert Deadline.objects.get().claimed_by_id == one.id


def test_a_duty_of_a_foreign_shop_does_not_exist() -> None:
    shop, foreign = make.make_shop(), make.make_shop()
    row = duty(foreign)
    actor = person("order_specialist", shops=[shop])
    assert claim_work.one(actor, ClaimWork(row)).code == "not_found"
    assert work_of(actor) == []
    assert Deadline.objects.get().claimed_by_id is None


def test_handing_over_needs_a_reason_and_somebody_of_the_role() -> None:
    row = duty()
    one, other, packer = person("order_specialist"), person("order_specialist"), person("warehouse")
    claim_work.one(one, ClaimWork(row))
    assert hand_over_work.one(one, HandOverWork(row, " ")).code == "reason_needed"
    assert hand_over_work.one(one, HandOverWork(row, "下班", packer.id)).code == "not_their_role"
    assert hand_over_work.one(other, HandOverWork(row, "抢")).code == "claimed_by_other"
    assert hand_over_work.one(one, HandOverWork(row, "下班", other.id)).code == "done"
    assert Deadline.objects.get().claimed_by_id == other.id


def test_only_late_duties_are_escalated_and_only_by_a_supervisor() -> None:
    row = duty()
    with pytest.raises(NotAllowed):
        escalate_work.one(person("warehouse"), EscalateWork(row))
    boss = person("operations_supervisor")
    assert escalate_work.one(boss, EscalateWork(row)).code == "unchanged"
    Deadline.objects.update(late_at=business_time.now())
    assert escalate_work.one(boss, EscalateWork(row)).code == "done"
    assert [w.id for w in work_of(boss)] == [row]


@pytest.mark.clause("G3")
@pytest.mark.parametrize(
    ("item", "code"),
    [
        (SetPolicy("no_such", 1, "x"), "policy_unknown"),
        (SetPolicy("session_minutes", 5, "x"), "policy_out_of_bounds"),
        (SetPolicy("session_minutes", 500, "x"), "policy_out_of_bounds"),
        (SetPolicy("session_minutes", "soon", "x"), "policy_wrong_type"),
        (SetPolicy("session_minutes", True, "x"), "policy_wrong_type"),
        (SetPolicy("check_mode", "sometimes", "x"), "policy_not_a_choice"),
        (SetPolicy("check_times", "noon", "x"), "policy_not_clock_times"),
        (SetPolicy("check_times", "25:00", "x"), "policy_not_clock_times"),
        (SetPolicy("session_minutes", 45, ""), "reason_needed"),
    ],
)
def test_a_policy_value_outside_its_bounds_is_refused(item: SetPolicy, code: str) -> None:
    assert set_policy.one(SYSTEM, item).code == code
    assert not PolicyValue.objects.exists()


@pytest.mark.clause("G3")
def test_a_shop_may_have_a_value_of_its_own_and_the_old_ones_stay_on_record() -> None:
    shop = make.make_shop()
    assert set_policy.one(SYSTEM, SetPolicy("session_minutes", 45, "试行")).ok
    assert set_policy.one(SYSTEM, SetPolicy("session_minutes", 30, "大促", shop.pk)).ok
    assert set_policy.one(SYSTEM, SetPolicy("session_minutes", 30, "again", shop.pk)).code == "unchanged"
    value = read_policies()
    assert (value("session_minutes"), value("session_minutes", shop.pk)) == (45, 30)
    assert PolicyValue.objects.count() == 2


@pytest.mark.clause("G3")
def test_who_may_not_set_policy_changes_nothing() -> None:
    with pytest.raises(NotAllowed):
        set_policy.one(person("warehouse"), SetPolicy("session_minutes", 45, "x"))
    assert not PolicyValue.objects.exists()


@pytest.mark.clause("G1")
def test_clauses_get_owner_and_deputy() -> None:
    shop, owner = make.make_shop(), make.make_person("warehouse")
    item = SetClauseOwner("O2.1", shop.pk, owner.pk)
    assert set_clause_owner.one(SYSTEM, item).ok
    assert set_clause_owner.one(SYSTEM, item).ok
    assert ClauseOwner.objects.get().owner == owner
    assert set_clause_owner.one(SYSTEM, SetClauseOwner("Z9", shop.pk, owner.pk)).code == "clause_unknown"
    assert set_clause_owner.one(SYSTEM, SetClauseOwner("O2.1", shop.pk, 10**9)).code == "person_unknown"
