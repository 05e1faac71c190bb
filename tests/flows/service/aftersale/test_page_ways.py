"""S2.3 on its pages: how one gets there from a ticket, and what a refusal leaves standing."""

import pytest
from django.urls import reverse

from shopkeeper.flows.service.aftersale.models import AfterSaleCase
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.aftersale import stage
from tests.flows.service.aftersale.test_pages import agent, page_of, signed_in
from tests.flows.service.tickets.stage import make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def test_good_pieces_without_a_bin_are_refused_at_the_bin_and_what_was_entered_stays() -> None:
    parcel = stage.received()
    make.make_bin(parcel.warehouse)
    line = stage.lines_of(parcel.case.order)[0]  # type: ignore[union-attr]
    packer = signed_in(Role.WAREHOUSE, language="en")
    assert f'name="{line.pk}-good" value="2"' in page_of(packer, "aftersale-return", parcel.pk)
    entered = {f"{line.pk}-good": "1", f"{line.pk}-defective": "1", "bin_code": ""}
    answer = packer.post(reverse("aftersale-grade", args=[parcel.pk]), entered)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose the bin for the good pieces." in page and "There is no bin" not in page
    assert f'name="{line.pk}-good" value="1"' in page and f'name="{line.pk}-defective" value="1"' in page
    assert "Save the grades" in page
    scrap = packer.post(reverse("aftersale-grade", args=[parcel.pk]), {f"{line.pk}-scrap": "2", "bin_code": ""})
    assert scrap.status_code == 302  # without good pieces none is needed


def test_a_record_shown_again_after_a_refusal_refreshes_from_its_own_address() -> None:
    case = stage.opened()
    form = {"number": "1", "solution": "return_refund", "refund_minor": "88.00", "pay_way": "by_hand"}
    client = agent()
    page = client.post(reverse("aftersale-offer", args=[case.pk]), form).content.decode()
    own = reverse("aftersale-case", args=[case.pk])
    assert f'id="record" hx-get="{own}" data-refused' in page  # the door itself answers to POST only
    assert f'name="next" value="{own}"' in page
    assert "data-refused" not in page_of(client, "aftersale-case", case.pk)


def test_a_ticket_leads_to_after_sale_for_its_order_and_shows_the_case() -> None:
    order = stage.signed_order()
    ticket = make_ticket(order.shop, "衣服破损要退货", order_id=order.pk)
    client = agent()
    page = page_of(client, "tickets-ticket", ticket.pk)
    new = f"{reverse('aftersale-new')}?order=JY{order.pk:010d}&amp;ticket={ticket.pk}"
    assert "新建售后单" in page and new in page
    form = page_of(client, "aftersale-new", order=f"JY{order.pk:010d}", ticket=str(ticket.pk))
    assert form.count(f'name="ticket" value="{ticket.pk}"') == 2  # looking up another order keeps it, too
    line = stage.lines_of(order)[0]
    wanted = {
        "order": order.platform_no, "reason": "quality", f"pieces-{line.pk}": "1", "ticket": str(ticket.pk),
    }  # fmt: skip
    assert client.post(reverse("aftersale-new"), wanted).status_code == 302
    case = AfterSaleCase.objects.get()
    assert case.ticket_id == ticket.pk
    assert f'<a href="{reverse("aftersale-case", args=[case.pk])}">{case.number}</a>' in page_of(
        client, "tickets-ticket", ticket.pk
    )
