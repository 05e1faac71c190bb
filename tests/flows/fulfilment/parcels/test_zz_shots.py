import itertools, os
from datetime import timedelta
import pytest
from playwright.sync_api import sync_playwright
from shopkeeper.config.hosting import hosted
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories
from tests.factories import NOON
from tests.web.browser import launch, visitor
from tests.flows.fulfilment.parcels import making
from shopkeeper.flows.fulfilment.parcels.commands.record_ship_backs import *
from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import *
from shopkeeper.flows.fulfilment.parcels.commands.handle_cases import *
from shopkeeper.flows.fulfilment.parcels.models import *
from shopkeeper.flows.fulfilment.parcels import performers


def test_shots(databases, django_db_setup, django_db_blocker, tmp_path_factory, settings):
    settings.SHOPKEEPER_CLOCK = "simulated"
    var = tmp_path_factory.mktemp("shop")
    out = "/tmp/shots"; os.makedirs(out, exist_ok=True)
    with django_db_blocker.unblock(), databases.fresh() as fresh:
        settings.SHOPKEEPER_MASTER_KEY_FILE = var / "keys" / "master.key"
        from shopkeeper.foundation import personal
        personal.master_key.cache_clear(); personal._derived.cache_clear()
        business_time.set_simulated(NOON)
        person = factories.make_person(Role.OPERATIONS_MANAGER)
        shop = factories.make_shop(name="掌柜旗舰店")
        glass = factories.make_sku(name="手工玻璃杯", is_fragile=True, is_unbendable=True, weight_g=1250)
        courier = making.FakeCourier()
        sent = [making.sent_parcel(shop=shop) for _ in range(9)]
        for _ in range(3): making.packed_parcel(shop=shop)
        for _ in range(2): making.numbered_parcel(shop=shop)
        waiting = making.open_parcel(shop=shop, sku=glass, quantity=2)
        record_waybill_failures.one(SYSTEM, WaybillFailure(waiting.pk, "bad_address"))
        for i, p in enumerate(sent):
            if i < 6:
                record_ship_backs.one(SYSTEM, ShipBackAnswer(p.pk, "acknowledged", f"{p.order.platform_no} {p.number}"))
        record_ship_backs.one(SYSTEM, ShipBackAnswer(sent[7].pk, "failed", code="already_shipped"))
        record_ship_backs.one(SYSTEM, ShipBackAnswer(sent[8].pk, "delayed", code="timeout"))
        h = lambda n: NOON + timedelta(hours=n)
        for p in sent[:7]:
            making.hear(p, making.scan("103", h(3), "【杭州市】快件已被【余杭网点】揽收"), making.scan("1002", h(9), "快件已离开【杭州转运中心】，发往【上海转运中心】"))
        for p in sent[:4]:
            making.hear(p, making.scan("1001", h(20), "快件已到达【上海转运中心】", "上海"), making.scan("5", h(26), "【浦东网点】派件员正在派件，电话13812349876", "上海"))
        making.hear(sent[0], making.scan("301", h(28), "您的快件已签收，签收人：李小龙，感谢使用", "上海"))
        making.hear(sent[1], making.scan("14", h(28), "收件人拒收：外包装破损", "上海"))
        making.hear(sent[2], making.scan("204", h(28), "派送异常：联系不上收件人", "上海"))
        making.hear(sent[3], making.scan("209", h(27), "快件外包装破损，待处理", "上海"))
        business_time.set_simulated(h(45.5)); sweep()
        business_time.set_simulated(h(57.2)); sweep()
        case = ParcelCase.objects.filter(parcel=sent[3]).get()
        actor = factories.actor_with("fulfilment.parcel_case.handle")
        contact_couriers.one(SYSTEM, ContactCourier(case.pk, "phone", "网点已拍照，答应今天 18 点前登记理赔", 6))
        ids = {"case": case.pk, "sent": sent[2].pk, "refused": ParcelCase.objects.get(kind="refused").pk, "waiting": waiting.pk, "signed": sent[0].pk, "failed": sent[7].pk}
        with hosted(fresh.url, var, {"SHOPKEEPER_DEMO": "1", "SHOPKEEPER_CLOCK": "simulated", "SHOPKEEPER_MASTER_KEY_FILE": str(var / "keys" / "master.key")}, worker=False) as running:
            pages = {
                "list": "/parcels/", "all": "/parcels/?tab=all", "trouble": "/parcels/?tab=trouble", "parcel": f"/parcels/{ids['sent']}/", "signed": f"/parcels/{ids['signed']}/",
                "waiting": f"/parcels/{ids['waiting']}/", "number": f"/parcels/{ids['waiting']}/number/", "cases": "/parcels/cases/", "case": f"/parcels/cases/{ids['case']}/",
                "backs": "/parcels/ship-backs/", "failedparcel": f"/parcels/{ids['failed']}/", "confirm": f"/parcels/{ids['failed']}/confirm-ship-back/",
            }
            with sync_playwright() as playwright:
                browser = launch(playwright)
                want = os.environ.get("SHOTS", "zh-light-desk,en-dark-desk,zh-light-phone").split(",")
                for lang, theme, size in itertools.product(["zh", "en"], ["light", "dark"], ["desk", "phone"]):
                    if f"{lang}-{theme}-{size}" not in want: continue
                    with visitor(browser, running.address, language=lang, theme=theme, size=size) as seen:
                        for name, url in pages.items():
                            if os.environ.get("ONLY") and name not in os.environ["ONLY"].split(","): continue
                            page = seen.go(url)
                            page.wait_for_timeout(400)
                            page.screenshot(path=f"{out}/{name}-{lang}-{theme}-{size}.png", full_page=size == "phone")
                            if seen.overflow() > 0: print("OVERFLOW", name, lang, size, seen.overflow())
                        if seen.complaints: print("COMPLAINTS", seen.complaints[:6])
                        if lang == "zh" and theme == "light" and size == "desk" or os.environ.get("AXE"):
                            from tools.build_assets import MODULES
                            for name in ("list", "parcel", "case", "backs", "number"):
                                seen.go(pages[name]); page.wait_for_timeout(300)
                                print("AXE", name, seen.accessibility(MODULES / "axe-core" / "axe.min.js"))
                with visitor(browser, running.address) as seen:
                    page = seen.go(pages["case"])
                    page.locator("#field-outcome").select_option("no_fault")
                    page.get_by_role("button", name="结案").click(); page.wait_for_load_state("load"); page.wait_for_timeout(300)
                    page.screenshot(path=f"{out}/case-refused.png"); print("after refused", page.url)
                    page.locator("#field-note").fill("核实无破损"); page.locator("form button[type=submit]").first.click(); page.wait_for_timeout(800)
                    page.screenshot(path=f"{out}/case-closed.png"); print("after closed", page.url)
                    page = seen.go("/parcels/?tab=to_hand_over"); page.wait_for_timeout(300)
                    page.locator("input[name=ids]").nth(0).check(); page.locator("input[name=ids]").nth(1).check(); page.wait_for_timeout(300)
                    page.screenshot(path=f"{out}/bulk.png")
                    page.get_by_role("button", name="交运").click(); page.wait_for_timeout(1200)
                    page.screenshot(path=f"{out}/bulk-done.png")
                    page = seen.go("/parcels/?tab=trouble"); page.wait_for_timeout(300)
                    page.locator("tbody tr").nth(3).click(); page.wait_for_timeout(1000)
                    page.screenshot(path=f"{out}/sheet-open.png")
                    page = seen.go(f"/parcels/{ids['waiting']}/"); page.get_by_role("button", name="更多").click() if page.get_by_role("button", name="更多").count() else page.locator("summary").last.click(); page.wait_for_timeout(300); page.screenshot(path=f"{out}/more.png")
                    print("COMPL", seen.complaints)
                browser.close()
            log = (var / "log" / "web.log").read_text()
            print(log[-3000:] if "Traceback" in log else "no traceback")
