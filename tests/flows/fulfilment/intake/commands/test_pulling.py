"""O1.1: how far shops were read, what messages say, what cannot be read, and jobs in the background."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.intake.commands.note_hint import NoteHint, note_hint
from shopkeeper.flows.fulfilment.intake.commands.note_jobs import NoteJob, note_jobs
from shopkeeper.flows.fulfilment.intake.commands.note_pull import NotePull, note_pull
from shopkeeper.flows.fulfilment.intake.commands.open_import_shop import OpenImportShop, open_import_shop
from shopkeeper.flows.fulfilment.intake.commands.pull_now import PullNow, pull_now
from shopkeeper.flows.fulfilment.intake.commands.settle_unreadable import SettleUnreadable, settle_unreadable
from shopkeeper.flows.fulfilment.intake.commands.start_jobs import StartBulk, StartImport, start_bulk, start_import
from shopkeeper.flows.fulfilment.intake.commands.start_shop import StartShop, start_shop
from shopkeeper.flows.fulfilment.intake.models import Job, PullCursor
from shopkeeper.flows.fulfilment.intake.reactions import pull_by_new_interval
from shopkeeper.flows.fulfilment.intake.states import JobState
from shopkeeper.flows.fulfilment.intake.tasks import run_job
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.files import FileKind, kept_files
from shopkeeper.foundation.models import ErrandEntry, Shop
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.events import PolicyChanged
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.intake import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.1")]


def test_a_shop_starts_once_and_a_second_start_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting again must not move the cursor: what lies between would never be read."""
    stage.at(monkeypatch, make.NOON)
    shop = make.make_shop()
    assert start_shop.one(SYSTEM, StartShop(shop.pk)).code == "done"
    stage.at(monkeypatch, make.NOON + timedelta(hours=5))
    assert start_shop.one(SYSTEM, StartShop(shop.pk)).code == "unchanged"
    assert PullCursor.objects.get().read_until == make.NOON
    assert ErrandEntry.objects.filter(kind="pull_orders").count() == 1


def test_the_cursor_moves_forward_only() -> None:
    shop = make.make_shop()
    for hours in (0, 2, 1):
        note_pull(SYSTEM, [NotePull(shop.pk, make.NOON + timedelta(hours=hours))])
    note_pull(SYSTEM, [NotePull(shop.pk, None, "throttled 7")])
    cursor = PullCursor.objects.get()
    assert (cursor.read_until, cursor.last_error) == (make.NOON + timedelta(hours=2), "throttled 7")


def test_what_cannot_be_read_is_one_duty_until_somebody_saw_to_it() -> None:
    shop = make.make_shop()
    for _ in range(2):
        note_pull(SYSTEM, [NotePull(shop.pk, None, "", (("T1", "no_detail"),))])
    assert Deadline.objects.get(kind="unreadable_order").label == "T1 no_detail"
    item = SettleUnreadable(shop.pk, "T1")
    assert [settle_unreadable.one(SYSTEM, item).code for _ in range(2)] == ["done", "unchanged"]
    assert not Deadline.objects.exists()


def test_the_same_message_twice_is_fetched_once() -> None:
    shop = make.make_shop()
    item = NoteHint(shop.pk, "T1", "m1")
    note_hint(SYSTEM, [item, item])
    note_hint(SYSTEM, [item])
    errand = ErrandEntry.objects.get(kind="fetch_order")
    assert errand.data == {"platform_no": "T1"}
    note_hint(SYSTEM, [NoteHint(shop.pk, "T1", "m2")])
    assert ErrandEntry.objects.count() == 2


def test_pull_now_brings_the_errand_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop = make.make_shop()
    assert pull_now.one(SYSTEM, PullNow(shop.pk)).code == "not_started"
    start_shop.one(SYSTEM, StartShop(shop.pk))
    ErrandEntry.objects.update(next_at=make.NOON + timedelta(minutes=5), given_up_at=make.NOON)
    assert pull_now.one(SYSTEM, PullNow(shop.pk)).code == "done"
    errand = ErrandEntry.objects.get(kind="pull_orders")
    assert (errand.next_at, errand.given_up_at) == (make.NOON, None)


@pytest.mark.clause("G3")
def test_a_changed_interval_counts_at_once_for_the_shops_it_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    one, other = make.make_shop(), make.make_shop()
    start_shop(SYSTEM, [StartShop(one.pk), StartShop(other.pk)])
    later = make.NOON + timedelta(hours=4)

    def due_after(key: str, shop_id: int | None) -> list[bool]:
        ErrandEntry.objects.update(next_at=later)
        pull_by_new_interval(SYSTEM, [Recorded(1, 1, PolicyChanged(key, shop_id, "5"), make.NOON, 0, "G3")])
        waiting = dict(ErrandEntry.objects.filter(kind="pull_orders").values_list("subject_id", "next_at"))
        return [waiting[shop.pk] == make.NOON for shop in (one, other)]

    assert due_after("hold_decision_hours", None) == [False, False]
    assert due_after("pull_minutes", one.pk) == [True, False]
    assert due_after("pull_minutes", None) == [True, True]


def test_open_import_shop_makes_one() -> None:
    item = OpenImportShop("olist", "Olist", "BRL", "America/Sao_Paulo")
    assert [open_import_shop.one(SYSTEM, item).code for _ in range(2)] == ["done", "unchanged"]
    assert Shop.objects.get(code="olist").currency == "BRL"


COMMANDS = {
    "start_shop": (start_shop, StartShop, "fulfilment.session.open"),
    "pull_now": (pull_now, PullNow, "fulfilment.order.take_in"),
    "note_pull": (note_pull, lambda shop: NotePull(shop, make.NOON), "fulfilment.order.take_in"),
    "note_hint": (note_hint, lambda shop: NoteHint(shop, "T1", "m"), "fulfilment.order.take_in"),
    "settle_unreadable": (settle_unreadable, lambda shop: SettleUnreadable(shop, "T1"), stage.CHECK),
    "start_import": (
        start_import,
        lambda shop: StartImport(shop, "taobao_csv", "0" * 64),
        "fulfilment.order.import",
    ),
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_strangers_change_nothing(name: str) -> None:
    command, item, permission = COMMANDS[name]
    shop = make.make_shop()
    with pytest.raises(NotAllowed):
        command(make.actor_with(), [item(shop.pk)])
    foreign = make.actor_with(permission, shops=[make.make_shop()])
    assert command.one(foreign, item(shop.pk)).code == "not_found"
    assert not PullCursor.objects.exists()
    assert not ErrandEntry.objects.exists()
    assert not Job.objects.exists()


def test_a_bulk_job_acts_under_the_rights_of_who_began_it() -> None:
    mine, theirs, sku = make.make_shop(), make.make_shop(), make.make_sku()
    person = make.make_person("order_specialist", shops=[mine])
    from shopkeeper.web.visitor import actor_of

    actor = actor_of(person.pk)
    assert actor is not None
    orders = tuple(make.make_order(shop, make.received_line(sku)) for shop in (mine, theirs))
    job_id = start_bulk.one(actor, StartBulk("cancel", orders, "清理")).id
    assert job_id is not None
    run_job(job_id)
    job = Job.objects.get()
    assert (job.state, job.done_count, job.result) == ("done", 2, {"done": 1, "refused": 1, "codes": {"not_found": 1}})
    assert stage.state_of(orders[1])[0] == "to_check"
    run_job(job_id)  # a worker that was killed comes again
    assert note_jobs.one(SYSTEM, NoteJob(job_id, 9, JobState.DONE)).code == "job_ended"


@pytest.mark.parametrize(("ids", "code"), [((), "nothing_chosen"), (tuple(range(10_001)), "too_many")])
def test_a_bulk_of_none_or_of_too_many_is_refused(ids: tuple[int, ...], code: str) -> None:
    assert start_bulk.one(SYSTEM, StartBulk("release", ids)).code == code


def test_an_import_job_that_cannot_read_its_file_says_why(tmp_path: object) -> None:
    import io

    shop = make.make_shop()
    kept = kept_files().keep(io.BytesIO(b"a,b\n1,2\n"), "x.csv", {FileKind.CSV})
    for digest, code in ((kept.digest, "import_columns_missing"), ("0" * 64, "import_source_missing")):
        job_id = start_import.one(SYSTEM, StartImport(shop.pk, "taobao_csv", digest, "x.csv")).id
        assert job_id is not None
        run_job(job_id)
        job = Job.objects.get(id=job_id)
        assert (job.state, job.result["error"]) == ("failed", code)
