"""The cart calculator (M2.3): pick goods, see what each line pays, who took what, and why the others did not."""

from typing import Any

from django.http import HttpResponse

from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.book import house_at
from shopkeeper.flows.marketing.promotions.queries.carts import AskedCart, AskedLine, price_cart
from shopkeeper.flows.marketing.promotions.queries.goods import goods_by_code
from shopkeeper.flows.marketing.promotions.queries.rules import shops_of
from shopkeeper.flows.marketing.promotions.words import LAYERS
from shopkeeper.flows.products.pricing.queries.plans import skus_like
from shopkeeper.foundation import business_time
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.money import to_minor
from shopkeeper.shared.words import T
from shopkeeper.web.form_reading import MISTAKES, FormState
from shopkeeper.web.labels import error_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

ROWS = 3  # and always one more than is filled
MOST_ROWS = 50


@page(
    "calculator/",
    name="promotion-calculator",
    clause="M2.3",
    permission=Permission.RULE_VIEW,
    menu=MenuEntry(T("购物车试算", "Cart calculator"), section="marketing", order=50),
)
def calculator(request: Request) -> HttpResponse:
    """The cart stands in the address, so that it can be passed on; nothing is written."""
    state: FormState[AskedCart] = FormState(values=dict(request.GET.items()))
    shops = shops_of(request.actor)
    state.values.setdefault("shop_id", shops[0][0] if shops else "")
    codes, counts = request.GET.getlist("code"), request.GET.getlist("quantity")
    rows = [
        (codes[n] if n < len(codes) else "", counts[n] if n < len(counts) else "")
        for n in range(max(ROWS, min(sum(map(bool, codes)) + 1, MOST_ROWS)))
    ]
    view: dict[str, Any] = {
        "title": T("购物车试算", "Cart calculator"),
        "state": state,
        "shops": shops,
        "rows": rows,
        "skus": skus_like(""),
        "layers": LAYERS,
        **_result(request, state, rows, {key for key, _ in shops}),
    }
    template = (
        "promotions/priced.html" if request.headers.get("HX-Target") == "priced" else "promotions/calculator.html"
    )
    return render_page(request, template, view)


def _result(
    request: Request, state: FormState[AskedCart], rows: list[tuple[str, str]], shops: set[str]
) -> dict[str, Any]:
    """The priced cart, or what is wrong with what was entered."""
    asked = [(code.strip(), count.strip() or "1") for code, count in rows if code.strip()]
    if not asked:
        return {"priced": None, "trouble": ""}
    shop = str(state.values["shop_id"])
    if shop not in shops:
        return {"priced": None, "trouble": T("请选择店铺", "Choose a shop").text()}
    level = str(state.values.get("level", ""))[:40]
    goods = goods_by_code([code for code, _ in asked], int(shop), level)
    missing = next((code for code, _ in asked if code not in goods), "")
    if missing:
        return {"priced": None, "trouble": T("没有商家编码 {x}", "There is no SKU {x}").format(x=missing[:60]).text()}
    if not all(count.isdecimal() and len(count) < 6 for _, count in asked):
        return {"priced": None, "trouble": MISTAKES["int_parsing"].text()}
    try:
        freight = to_minor(state.values.get("freight", "") or "0")
    except ValueError:
        return {"priced": None, "trouble": MISTAKES["money"].text()}
    lines = tuple(AskedLine(goods[code].id, int(count)) for code, count in asked)
    is_new = state.values.get("is_new") == "1"
    cart = AskedCart(int(shop), lines, level=level, is_new=is_new, freight_minor=freight)
    supposed = list(house_at(business_time.now()).known) if state.values.get("with_coupons") == "1" else []
    try:
        return {"priced": price_cart(cart, with_coupons_of=supposed), "trouble": ""}
    except BusinessError as error:
        return {"priced": None, "trouble": error_text(error, "promotions")}
