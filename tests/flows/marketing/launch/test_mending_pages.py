"""A red gate on the lists of those who mend it, and what its page says of times that are only planned."""

import pytest

from shopkeeper.flows.marketing.campaigns.models import CampaignGoods
from shopkeeper.flows.marketing.launch.deadlines import MENDING
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.sop.roles import Role
from tests.flows.marketing.launch import stage
from tests.flows.marketing.launch.test_pages import noon, signed_in, text

__all__ = ["noon"]
pytestmark = [pytest.mark.django_db, pytest.mark.clause("M2.2")]


@pytest.mark.parametrize("role", [Role.CAMPAIGN_SPECIALIST, Role.PRODUCT_SPECIALIST, Role.DESIGN])
def test_who_mends_a_red_check_finds_it_on_their_list_and_can_go_there(role: Role) -> None:
    one = stage.prepared(force="满200减20")
    CampaignGoods.objects.update(planned_quantity=150)
    stage.briefed(one, title="横幅")
    stage.tested(one)
    person = signed_in(role, language="en")
    shown = text(person, "sop-work")
    row = shown[shown.index("Mend what keeps the go-live gate red") :][:600]
    what = {
        Role.CAMPAIGN_SPECIALIST: "Rules and prices hold 满200减20",
        Role.PRODUCT_SPECIALIST: f"Stock {Sku.objects.get().code}",
        Role.DESIGN: "Materials 横幅",
    }
    assert what[role] in row
    assert [words for words in what.values() if words in row] == [what[role]]
    kind = MENDING[role]
    assert person.get(kind.url.format(id=stage.Gate.objects.get().pk)).status_code == 200


def test_a_time_that_is_planned_is_not_shown_as_one_that_passed() -> None:
    one = stage.prepared()
    CampaignGoods.objects.update(planned_quantity=150)
    page = text(signed_in(language="en"), "launch-gate", stage.tested(one).pk)
    approved, passed, live = page.split('<ol class="sk-steps">')[1].split("</li>")[:3]
    assert "planned" not in approved
    assert "planned" in passed
    assert "planned" in live
