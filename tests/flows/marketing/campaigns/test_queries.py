"""Which campaigns ran in a span, and on which days."""

from datetime import date, timedelta

import pytest

from shopkeeper.flows.marketing.campaigns.queries.campaigns import campaigns_that_ran
from shopkeeper.shared.clock import day_of
from tests.flows.marketing.review import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M1.1")]
DAY = timedelta(days=1)


def test_what_ended_at_midnight_did_not_run_on_the_day_that_began() -> None:
    made = stage.campaign()
    stage.campaign(state="approved", launched_at=None)
    (found,) = campaigns_that_ran(None, stage.END - DAY, stage.END)
    assert (found.id, day_of(found.last_moment)) == (made.pk, date(2026, 6, 19))
    assert campaigns_that_ran(None, stage.END, stage.END + DAY) == []
    assert campaigns_that_ran([made.shop_id], stage.START - DAY, stage.START) == []


def test_one_that_was_ended_early_ran_until_then() -> None:
    made = stage.campaign()
    type(made).objects.filter(pk=made.pk).update(ended_at=stage.START + DAY)
    assert [one.id for one in campaigns_that_ran(None, stage.START, stage.START + DAY)] == [made.pk]
    assert campaigns_that_ran(None, stage.START + DAY, stage.END) == []
