"""M1.2: slots applied for, own places without clash, tasks with evidence; a template starts the next plan."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shopkeeper.flows.marketing.campaigns.commands.approve_plans import ApprovePlan, approve_plans
from shopkeeper.flows.marketing.campaigns.commands.campaign_tasks import (
    AddTask,
    DropTask,
    FinishTask,
    add_tasks,
    drop_tasks,
    finish_tasks,
)
from shopkeeper.flows.marketing.campaigns.commands.end_campaigns import (
    CancelCampaign,
    EndCampaign,
    cancel_campaigns,
    end_campaigns,
)
from shopkeeper.flows.marketing.campaigns.commands.launch_campaigns import LaunchCampaign, launch_campaigns
from shopkeeper.flows.marketing.campaigns.commands.mark_reviewed import (
    MarkReviewed,
    MarkTemplate,
    mark_reviewed,
    mark_templates,
)
from shopkeeper.flows.marketing.campaigns.commands.own_slots import (
    AddOwnSlot,
    BookOwnSlot,
    ReleaseOwnSlot,
    add_own_slots,
    book_own_slots,
    release_own_slots,
)
from shopkeeper.flows.marketing.campaigns.commands.set_calendar_days import SetCalendarDay, set_calendar_days
from shopkeeper.flows.marketing.campaigns.commands.slots import (
    AddSlot,
    AnswerSlot,
    ApplySlot,
    DropSlot,
    add_slots,
    answer_slots,
    apply_slots,
    drop_slots,
)
from shopkeeper.flows.marketing.campaigns.commands.start_from_template import StartFromTemplate, start_from_template
from shopkeeper.flows.marketing.campaigns.commands.submit_plans import SubmitPlan, submit_plans
from shopkeeper.flows.marketing.campaigns.models import (
    BudgetItem,
    CampaignTask,
    SlotApplication,
    SlotBooking,
)
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.campaigns import campaign_facts
from shopkeeper.flows.marketing.campaigns.queries.working_days import working_day_after
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.marketing.campaigns import stage

NOON, START, END = stage.NOON, stage.START, stage.END
SOON = NOON + timedelta(days=5)


@pytest.fixture
def shop(db: None, monkeypatch: pytest.MonkeyPatch) -> Shop:
    stage.at(monkeypatch, NOON)
    return make.make_shop()


def opening() -> dict[int, datetime | None]:
    """The open tasks, and until when they wait."""
    return dict(Deadline.objects.filter(kind__startswith="campaign_task_").values_list("subject_id", "opens_at"))


def slot(campaign_id: int, place: str = "首页焦点图", **fields: Any) -> AddSlot:
    return AddSlot(campaign_id, place, **{"starts_at": START, "ends_at": END, "apply_by": SOON, **fields})


@pytest.mark.clause("M1.2")
class TestPlatformSlots:
    def test_applied_in_time_granted_at_a_cost(self, shop: Shop) -> None:
        campaign_id, who = stage.planned(shop), stage.planner()
        outcomes = add_slots(who, [slot(campaign_id), slot(campaign_id)])
        assert [o.result for o in outcomes] == ["done", "unchanged"]
        slot_id = outcomes[0].facts["slot_id"]
        assert stage.open_deadlines("campaign_slot") == [(slot_id, SOON)]
        assert answer_slots.one(who, AnswerSlot(slot_id, granted=True, cost_minor=1)).code == "slot_not_applied"
        assert apply_slots.one(who, ApplySlot(slot_id, "ZY-1")).changed
        assert apply_slots.one(who, ApplySlot(slot_id)).result == "unchanged"
        assert stage.ended("campaign_slot") == [("done", False)]
        assert answer_slots.one(who, AnswerSlot(slot_id, granted=True)).code == "slot_cost_missing"
        assert answer_slots.one(who, AnswerSlot(slot_id, granted=True, cost_minor=800)).changed
        assert answer_slots.one(who, AnswerSlot(slot_id, granted=True, cost_minor=800)).result == "unchanged"
        assert answer_slots.one(who, AnswerSlot(slot_id, granted=False, answer="迟")).code == "slot_closed"
        assert SlotApplication.objects.get(id=slot_id).cost_minor == 800
        assert stage.told()[-1] == "slot_answered"

    def test_refused_with_the_platforms_words_or_given_up(self, shop: Shop) -> None:
        campaign_id, who = stage.planned(shop), stage.planner()
        first, second = (
            add_slots.one(who, slot(campaign_id, place)).facts["slot_id"] for place in ("首页", "猜你喜欢")
        )
        apply_slots.one(who, ApplySlot(first))
        assert answer_slots.one(who, AnswerSlot(first, granted=False)).code == "reason_needed"
        assert answer_slots.one(who, AnswerSlot(first, granted=False, answer="评分不足")).changed
        assert drop_slots.one(who, DropSlot(first, "算了")).code == "slot_closed"
        assert drop_slots.one(who, DropSlot(second, "")).code == "reason_needed"
        assert drop_slots.one(who, DropSlot(second, "太贵")).changed
        assert drop_slots.one(who, DropSlot(second, "太贵")).result == "unchanged"
        assert apply_slots.one(who, ApplySlot(second)).code == "slot_closed"

    def test_applied_too_late_is_late(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        slot_id = add_slots.one(stage.planner(), slot(stage.planned(shop))).facts["slot_id"]
        stage.at(monkeypatch, SOON + timedelta(hours=1))
        sweep()
        apply_slots.one(stage.planner(), ApplySlot(slot_id))
        assert stage.ended("campaign_slot") == [("done", True)]

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"place": " "}, "slot_unnamed"),
            ({"ends_at": START}, "slot_time_backwards"),
            ({"apply_by": NOON}, "apply_by_past"),
        ],
    )
    def test_what_is_no_slot(self, shop: Shop, fields: dict[str, Any], code: str) -> None:
        assert add_slots.one(stage.planner(), slot(stage.planned(shop), **fields)).code == code


@pytest.mark.clause("M1.2")
class TestOwnPlaces:
    def test_two_never_hold_one_place_at_one_moment(self, shop: Shop) -> None:
        who, (first, second) = stage.planner(), (stage.planned(shop, "a"), stage.planned(shop, "b"))
        place = add_own_slots.one(who, AddOwnSlot(shop.pk, "轮播 1")).id or 0
        assert add_own_slots.one(who, AddOwnSlot(shop.pk, "轮播 1 ")).result == "unchanged"
        booked = book_own_slots.one(who, BookOwnSlot(place, first, START, END))
        assert booked.changed
        assert book_own_slots.one(who, BookOwnSlot(place, first, START, END)).result == "unchanged"
        clash = book_own_slots.one(who, BookOwnSlot(place, second, END - timedelta(hours=1), END + timedelta(days=1)))
        assert (clash.code, clash.facts["by"]) == ("slot_taken", "a")
        touching = book_own_slots.one(who, BookOwnSlot(place, second, END, END + timedelta(days=1)))
        assert touching.changed
        assert release_own_slots.one(who, ReleaseOwnSlot(booked.facts["booking_id"])).changed
        assert release_own_slots.one(who, ReleaseOwnSlot(booked.facts["booking_id"])).result == "unchanged"
        assert book_own_slots.one(who, BookOwnSlot(place, second, START, END)).changed

    def test_within_one_batch_too(self, shop: Shop) -> None:
        who, campaign_id = stage.planner(), stage.planned(shop)
        place = add_own_slots.one(who, AddOwnSlot(shop.pk, "弹窗")).id or 0
        later = START + timedelta(hours=1)
        items = [BookOwnSlot(place, campaign_id, START, END), BookOwnSlot(place, campaign_id, later, END)]
        assert [o.code for o in book_own_slots(who, items)] == ["done", "slot_taken"]

    def test_a_place_of_another_shop_is_unknown(self, shop: Shop) -> None:
        place = add_own_slots.one(stage.planner(), AddOwnSlot(make.make_shop().pk, "弹窗")).id or 0
        wish = BookOwnSlot(place, stage.planned(shop), START, END)
        assert book_own_slots.one(stage.planner(), wish).code == "slot_unknown"

    def test_the_database_itself_refuses_the_clash(self, shop: Shop) -> None:
        campaign_id = stage.planned(shop)
        place = add_own_slots.one(stage.planner(), AddOwnSlot(shop.pk, "弹窗")).id or 0
        row = {"slot_id": place, "campaign_id": campaign_id, "booked_at": NOON, "booked_by": 1}
        SlotBooking.objects.create(during=(START, END), **row)
        with pytest.raises(IntegrityError, match="slot_booked_without_clash"), transaction.atomic():
            SlotBooking.objects.create(during=(START + timedelta(hours=1), END), **row)

    def test_a_race_for_one_place_has_one_winner(self, fresh_db, monkeypatch: pytest.MonkeyPatch) -> None:
        stage.at(monkeypatch, NOON)
        shop = make.make_shop()
        ids = [stage.planned(shop, f"c{n}") for n in range(4)]
        place = add_own_slots.one(stage.planner(), AddOwnSlot(shop.pk, "弹窗")).id or 0
        answers: list[str] = []
        meet = threading.Barrier(len(ids))

        def book(campaign_id: int) -> None:
            meet.wait(5)
            answers.append(book_own_slots.one(stage.planner(), BookOwnSlot(place, campaign_id, START, END)).code)
            connection.close()

        threads = [threading.Thread(target=book, args=(id_,)) for id_ in ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == ["done", "slot_taken", "slot_taken", "slot_taken"]


@pytest.mark.clause("M1.2")
class TestTasks:
    def test_done_by_who_has_it_with_what_shows_it(self, shop: Shop) -> None:
        designer = actor_of(make.make_person(Role.DESIGN, shops=[shop]).pk)
        packer = actor_of(make.make_person(Role.WAREHOUSE, shops=[shop]).pk)
        campaign_id = stage.planned(shop)
        task = AddTask(campaign_id, "主图海报", Role.DESIGN, SOON)
        outcomes = add_tasks(stage.planner(), [task, task])
        assert [o.result for o in outcomes] == ["done", "unchanged"]
        task_id = outcomes[0].facts["task_id"]
        assert stage.open_deadlines("campaign_task_design") == [(task_id, SOON)]
        assert finish_tasks.one(packer, FinishTask(task_id, "好了")).code == "not_your_task"
        assert finish_tasks.one(designer, FinishTask(task_id, " ")).code == "evidence_needed"
        assert finish_tasks.one(designer, FinishTask(task_id, "素材 M-12")).changed
        assert finish_tasks.one(designer, FinishTask(task_id, "素材 M-12")).result == "unchanged"
        assert CampaignTask.objects.get(id=task_id).done_by == designer.id
        assert stage.ended("campaign_task_design") == [("done", False)]
        assert drop_tasks.one(stage.planner(), DropTask(task_id, "不用")).code == "task_done"

    def test_what_is_due_after_the_campaign_waits_for_its_end(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        who = stage.planner()
        campaign_id = stage.submitted(shop, by=who)
        due = END + timedelta(days=1)
        down = AddTask(campaign_id, "撤下海报", Role.DESIGN, due)
        task_id = add_tasks.one(who, down).facts["task_id"]
        assert opening() == {task_id: END}
        approve_plans.one(stage.manager(), ApprovePlan(campaign_id))
        assert opening() == {task_id: END}
        later = add_tasks.one(who, AddTask(campaign_id, "对账", Role.FINANCE, due)).facts["task_id"]
        assert opening() == {task_id: END, later: END}
        stage.at(monkeypatch, START)
        with stage.gate():
            assert launch_campaigns.one(who, LaunchCampaign(campaign_id)).changed
        end_campaigns.one(who, EndCampaign(campaign_id, "卖完了"))
        assert opening() == {task_id: None, later: None}
        assert stage.open_deadlines("campaign_task_design") == [(task_id, due)]

    def test_tasks_wait_for_the_approval_and_those_given_out_after_it_do_not(self, shop: Shop) -> None:
        who = stage.planner()
        campaign_id = stage.planned(shop, by=who)
        early = add_tasks.one(who, AddTask(campaign_id, "主图海报", Role.DESIGN, SOON)).facts["task_id"]
        dropped = add_tasks.one(who, AddTask(campaign_id, "短信", Role.MARKET, SOON)).facts["task_id"]
        assert opening() == {early: SOON, dropped: SOON}
        assert drop_tasks.one(who, DropTask(dropped, "不用")).changed
        assert submit_plans.one(who, SubmitPlan(campaign_id)).changed
        assert opening() == {early: SOON}
        assert approve_plans.one(stage.manager(), ApprovePlan(campaign_id)).changed
        late = add_tasks.one(who, AddTask(campaign_id, "短视频", Role.DESIGN, SOON)).facts["task_id"]
        assert opening() == {early: None, late: None}

    def test_a_task_that_waits_may_be_done_early(self, shop: Shop) -> None:
        designer = actor_of(make.make_person(Role.DESIGN, shops=[shop]).pk)
        task = AddTask(stage.submitted(shop), "主图海报", Role.DESIGN, SOON)
        task_id = add_tasks.one(stage.planner(), task).facts["task_id"]
        assert finish_tasks.one(designer, FinishTask(task_id, "素材 M-12")).changed
        assert opening() == {}

    def test_a_task_of_one_person_is_not_their_colleagues(self, shop: Shop) -> None:
        owner = make.make_person(Role.DESIGN, shops=[shop])
        colleague = actor_of(make.make_person(Role.DESIGN, shops=[shop]).pk)
        task = AddTask(stage.planned(shop), "短视频", Role.DESIGN, SOON, owner.pk)
        task_id = add_tasks.one(stage.planner(), task).facts["task_id"]
        assert finish_tasks.one(colleague, FinishTask(task_id, "好了")).code == "not_your_task"
        assert finish_tasks.one(actor_of(owner.pk), FinishTask(task_id, "好了")).changed

    def test_late_stays_late_and_dropped_is_dropped(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign_id, who = stage.planned(shop), stage.planner()
        late, gone = (
            add_tasks.one(who, AddTask(campaign_id, title, Role.MARKET, SOON)).facts["task_id"] for title in ("a", "b")
        )
        assert drop_tasks.one(who, DropTask(gone, "")).code == "reason_needed"
        assert drop_tasks.one(who, DropTask(gone, "并入")).changed
        assert finish_tasks.one(who, FinishTask(gone, "x")).code == "task_dropped"
        stage.at(monkeypatch, SOON + timedelta(minutes=1))
        sweep()
        finish_tasks.one(who, FinishTask(late, "做完了"))
        assert stage.ended("campaign_task_market") == [("cancelled", False), ("done", True)]

    @pytest.mark.parametrize(
        ("fields", "code"),
        [({"title": " "}, "task_unnamed"), ({"due_at": NOON}, "task_due_past"), ({"owner_id": 999}, "owner_unknown")],
    )
    def test_what_is_no_task(self, shop: Shop, fields: dict[str, Any], code: str) -> None:
        given = {"title": "海报", "role": Role.DESIGN, "due_at": SOON, **fields}
        assert add_tasks.one(stage.planner(), AddTask(stage.planned(shop), **given)).code == code

    def test_all_ends_with_a_campaign_that_is_given_up(self, shop: Shop) -> None:
        campaign_id, who = stage.planned(shop), stage.planner()
        add_tasks.one(who, AddTask(campaign_id, "海报", Role.DESIGN, SOON))
        add_slots.one(who, slot(campaign_id))
        place = add_own_slots.one(who, AddOwnSlot(shop.pk, "弹窗")).id or 0
        book_own_slots.one(who, BookOwnSlot(place, campaign_id, START, END))
        assert cancel_campaigns.one(who, CancelCampaign(campaign_id, "不做了")).changed
        assert stage.ended("campaign_task_design") == stage.ended("campaign_slot") == [("cancelled", False)]
        assert CampaignTask.objects.get().state == SlotApplication.objects.get().state == "dropped"
        assert SlotBooking.objects.get().released_at == NOON
        assert add_tasks.one(who, AddTask(campaign_id, "x", Role.DESIGN, SOON)).code == "campaign_cancelled"


@pytest.mark.clause("M4.2")
def test_the_next_campaign_starts_from_a_template(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    who, sku = stage.planner(), make.make_sku()
    campaign_id = stage.approved(shop, by=who, sku=sku)
    add_tasks.one(who, AddTask(campaign_id, "海报", Role.DESIGN, START - timedelta(days=7)))
    add_slots.one(who, slot(campaign_id, apply_by=START - timedelta(days=10), expected_cost_minor=500))
    wish = StartFromTemplate(campaign_id, "1111", "双11", START + timedelta(days=120))
    assert start_from_template.one(who, wish).code == "not_template"
    with stage.gate():
        stage.at(monkeypatch, START)
        launch_campaigns.one(who, LaunchCampaign(campaign_id))
    assert mark_templates.one(SYSTEM, MarkTemplate(campaign_id)).code == "not_ended"
    stage.at(monkeypatch, END)
    sweep()
    assert mark_reviewed.one(SYSTEM, MarkReviewed(campaign_id)).changed
    assert mark_reviewed.one(SYSTEM, MarkReviewed(campaign_id)).result == "unchanged"
    assert mark_templates.one(SYSTEM, MarkTemplate(campaign_id)).changed
    assert mark_templates.one(SYSTEM, MarkTemplate(campaign_id)).result == "unchanged"
    started = start_from_template.one(who, wish)
    assert (started.result, started.facts) == ("done", {"left_out": 0})
    assert start_from_template.one(who, wish).result == "unchanged"
    facts = campaign_facts([started.id])[started.id]
    assert (facts.state, facts.template_id, facts.starts_at) == ("planned", campaign_id, wish.starts_at)
    assert facts.ends_at - facts.starts_at == END - START
    assert facts.goods == campaign_facts([campaign_id])[campaign_id].goods
    copied = CampaignTask.objects.get(campaign=started.id)
    assert copied.due_at == wish.starts_at - timedelta(days=7)
    assert SlotApplication.objects.get(campaign=started.id).apply_by == wish.starts_at - timedelta(days=10)
    assert BudgetItem.objects.filter(campaign=started.id).count() == 2
    soon = StartFromTemplate(campaign_id, "now", "马上", END + timedelta(days=3))
    assert start_from_template.one(who, soon).facts == {"left_out": 2}  # task and slot would be due in the past
    stage.planned(shop, "taken", starts_at=wish.starts_at, ends_at=wish.starts_at + timedelta(days=1))
    taken = StartFromTemplate(campaign_id, "taken", "x", wish.starts_at)
    assert start_from_template.one(who, taken).code == "campaign_code_taken"


@pytest.mark.clause("M1.1")
def test_the_yearly_notice_is_entered_and_counted_by(shop: Shop) -> None:
    boss = make.actor_with(Permission.CALENDAR_EDIT)
    assert working_day_after(date(2027, 2, 10), 1) == date(2027, 2, 11)
    day = SetCalendarDay(date(2027, 2, 11), is_working=False, name="春节")
    assert [o.result for o in set_calendar_days(boss, [day, day])] == ["unchanged", "done"]
    assert set_calendar_days.one(boss, day).result == "unchanged"
    assert working_day_after(date(2027, 2, 10), 1) == date(2027, 2, 12)
