"""A case in a real browser: a refusal stays to be read, and the page stands at the case's own address."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from shopkeeper.config.hosting import hosted
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.databases import Databases
from tests.flows.service.aftersale import stage
from tests.web.browser import SIZES, chromium, in_browser, visitor

pytestmark = [*in_browser(), pytest.mark.clause("S2.3")]
LIVE = "document.body.dispatchEvent(new CustomEvent('sk:{}'))"


def test_a_refused_offer_stays_until_it_is_dealt_with(
    databases: Databases, django_db_setup: None, django_db_blocker: object, tmp_path: Path
) -> None:
    with django_db_blocker.unblock(), databases.fresh() as fresh:  # type: ignore[attr-defined]
        make.make_person(Role.CUSTOMER_SERVICE, Role.OPERATIONS_SUPERVISOR)  # outside the policy one says why
        own = f"/aftersale/{stage.opened().pk}/"
        with (
            hosted(fresh.url, tmp_path, {"SHOPKEEPER_DEMO": "1"}, worker=False) as running,
            chromium() as browser,
            visitor(browser, running.address) as seen,
        ):
            page = seen.go(own)
            page.locator(f'form[action="{own}offer/"] button[type=submit]').click()
            expect(page.locator(".sk-alert.tone-red")).to_be_visible()
            assert page.url.endswith(own)
            page.evaluate(LIVE.format("aftersale"))  # somebody else did something: the refusal is still read
            page.wait_for_timeout(1_500)
            expect(page.locator(".sk-alert.tone-red")).to_be_visible()
            page.evaluate(LIVE.format("record"))  # one's own next step
            expect(page.locator(".sk-alert.tone-red")).to_be_hidden()
            expect(page.locator("#record[data-refused]")).to_have_count(0)
            assert [said for said in seen.complaints if "422" not in said] == []


def test_the_menu_of_a_case_stays_on_a_phones_screen(
    databases: Databases, django_db_setup: None, django_db_blocker: object, tmp_path: Path
) -> None:
    with django_db_blocker.unblock(), databases.fresh() as fresh:  # type: ignore[attr-defined]
        make.make_person(Role.CUSTOMER_SERVICE)
        own = f"/aftersale/{stage.opened().pk}/"
        with (
            hosted(fresh.url, tmp_path, {"SHOPKEEPER_DEMO": "1"}, worker=False) as running,
            chromium() as browser,
            visitor(browser, running.address, size="phone") as seen,
        ):
            page = seen.go(own)
            page.locator(".sk-record-line details.sk-menu > summary").click()
            panel = page.locator(".sk-record-line .sk-menu-panel").bounding_box()
            assert panel is not None
            assert panel["x"] >= 0
            assert panel["x"] + panel["width"] <= SIZES["phone"]["width"]
