"""The doors of P4 and P5: every page opens for who may, in both languages; forms reach their command; API answers."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.api.auth import token_hash
from shopkeeper.flows.products.listing.commands.submit_product import SubmitProduct, submit_product
from shopkeeper.flows.products.publishing.commands.check_listings import CheckListing, check_listings
from shopkeeper.flows.products.publishing.commands.open_reviews import OpenReview, open_reviews
from shopkeeper.flows.products.publishing.models import Exemption, Listing, Mismatch, Review, Term
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ApiToken, Shop
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.products.listing import stage as listing_stage
from tests.flows.products.publishing import stage

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def signed_in(*roles: str, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(*roles, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def submitted(**fields) -> Review:
    product = stage.make_product(state="submitted", **fields)
    open_reviews.one(SYSTEM, OpenReview(product.pk))
    return stage.review_of(product)


def differing(shop: Shop | None = None) -> tuple[Listing, Mismatch]:
    """A listing whose price is shown wrong."""
    platform = stage.FakePlatform()
    product, shop = stage.make_product(), shop or stage.make_front()
    make.stock_up(stage.only_sku(product), shop.default_warehouse, 5)
    listing = stage.on_sale(platform, product, shop)
    platform.spoil_sku(stage.only_sku(product).code, price_minor=590)
    check_listings.one(SYSTEM, CheckListing(listing.pk))
    stage.perform(platform)
    return listing, Mismatch.objects.get(listing=listing)


def body(client: Client, name: str, *args: int, **params: str) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@LANGUAGES
@pytest.mark.clause("P4.1")
def test_the_supervisor_reads_the_queue_and_a_submission(language: str) -> None:
    review = submitted(title="全网最低价保温杯")
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR, language=language)
    assert "全网最低价保温杯" in body(supervisor, "publishing-reviews")
    assert body(supervisor, "publishing-reviews", finding="clean").count('id="row-') == 0
    page = body(supervisor, "publishing-review", review.pk)
    assert '<mark class="sk-badge tone-red">全网最低</mark>' in page
    assert ("广告法第九条" if language == "zh" else "Advertising Law 9") in page
    assert 'name="decision" value="approve"' in page
    assert supervisor.get(reverse("publishing-reviews"), {"counts": "1"}).status_code == 200


@pytest.mark.clause("P4.1")
def test_why_a_returned_product_is_submitted_as_it_was_is_read_by_the_reviewer() -> None:
    product = listing_stage.make_ready()
    submit_product.one(SYSTEM, SubmitProduct(product.pk, product.version, "主图本来就是白底"))
    open_reviews.one(SYSTEM, OpenReview(product.pk))
    page = body(signed_in(Role.OPERATIONS_SUPERVISOR), "publishing-review", stage.review_of(product).pk)
    assert "提交人说明：主图本来就是白底" in page


@pytest.mark.clause("P4.1")
def test_a_decision_by_form_reaches_the_product_and_mistakes_come_back() -> None:
    review = submitted(title="全网最低价保温杯")
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    url = reverse("publishing-decide", args=[review.pk])
    answer = supervisor.post(url, {"decision": "approve"})
    assert answer.status_code == 422
    assert "禁用词" in answer.content.decode()
    answer = supervisor.post(url, {"decision": "return", "reason": "", "marks": ["title"]})
    assert answer.status_code == 422
    answer = supervisor.post(url, {"decision": "return", "reason": "标题违规", "marks": ["title"]})
    assert answer.status_code == 302
    review.refresh_from_db()
    assert (review.state, review.marks[0]["place"]) == ("returned", "title")
    assert "标题违规" in body(supervisor, "publishing-review", review.pk)


@pytest.mark.clause("P4.1")
def test_an_exemption_by_form_lets_the_word_pass_and_is_revoked() -> None:
    review = submitted(title="销量第一保温杯")
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    url = reverse("publishing-exempt", args=[review.pk])
    form = {"word": "销量第一", "kind": "fact", "proof": "", "reason": "有据可查"}
    assert supervisor.post(url, form).status_code == 422
    assert supervisor.post(url, {**form, "proof": "报告 2026-05"}).status_code == 302
    exemption = Exemption.objects.get(product_id=review.product_id)
    form = {"exemption_id": exemption.pk, "reason": "报告撤回"}
    assert supervisor.post(reverse("publishing-revoke", args=[review.pk]), form).status_code == 302
    exemption.refresh_from_db()
    assert exemption.revoked_at is not None


@pytest.mark.clause("P4.1")
def test_many_at_once_each_with_its_own_answer() -> None:
    clean, bad = submitted(), submitted(title="国家级保温杯")
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    supervisor.post(reverse("publishing-approve-many"), {"ids": [clean.pk, bad.pk]})
    clean.refresh_from_db()
    bad.refresh_from_db()
    assert (clean.state, bad.state) == ("approved", "open")
    supervisor.post(reverse("publishing-return-many"), {"ids": [bad.pk], "reason": "删掉国家级"})
    bad.refresh_from_db()
    assert (bad.state, bad.reason) == ("returned", "删掉国家级")


@LANGUAGES
@pytest.mark.clause("P4.1")
def test_the_word_list_is_read_added_to_and_taken_from(language: str) -> None:
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR, language=language)
    assert "国家级" in body(supervisor, "publishing-words", q="國 家級")
    assert body(supervisor, "publishing-words-add")
    form = {"text": "绝杀", "severity": "block", "ground": "house", "reason": "法务要求"}
    assert supervisor.post(reverse("publishing-words-add"), {**form, "reason": ""}).status_code == 422
    assert supervisor.post(reverse("publishing-words-add"), form).status_code == 302
    term = Term.objects.get(text="绝杀")
    supervisor.post(reverse("publishing-words-retire"), {"ids": [term.pk], "reason": "误伤"})
    term.refresh_from_db()
    assert term.retired_in_id is not None
    assert "绝杀" in body(supervisor, "publishing-words", tab="retired")
    assert "法务要求" in body(supervisor, "publishing-word-versions")


@pytest.mark.clause("P4.1")
def test_what_was_exported_is_imported_again_without_a_change() -> None:
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    before = Term.objects.count()
    answer = supervisor.get(reverse("publishing-words"), {"export": "xlsx"})
    content = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["词", "力度"]
    page = upload(supervisor, "words.xlsx", content)
    assert "新增 0 个" in page
    assert "未导入 0 个" in page
    assert Term.objects.count() == before


def upload(client: Client, name: str, content: bytes, status: int = 200) -> str:
    form = {"file": SimpleUploadedFile(name, content), "reason": "市场监管局通报"}
    answer = client.post(reverse("publishing-words-import"), form)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.clause("P4.1")
def test_a_file_of_words_is_taken_row_by_row() -> None:
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    rows = "词,力度,依据,建议\n绝杀,禁用,本店规定,划算\n最佳,慎用,本店规定,\n,,,\n··,禁用,,\n爆杀,随便,,\n"
    page = upload(supervisor, "words.csv", rows.encode("gb18030"))
    assert "新增 1 个" in page
    assert "未导入 3 个" in page
    assert Term.objects.get(text="绝杀").added_in.reason == "市场监管局通报"
    assert "缺少列" in upload(supervisor, "x.csv", "甲,乙\n1,2\n".encode(), 422)
    assert supervisor.post(reverse("publishing-words-import"), {}).status_code == 422


@LANGUAGES
@pytest.mark.clause("P4.2")
def test_listings_a_listing_and_its_difference_are_read(language: str) -> None:
    listing, case = differing()
    specialist = signed_in(Role.PRODUCT_SPECIALIST, language=language)
    assert listing.product.title in body(specialist, "publishing-listings")
    assert listing.product.title in body(specialist, "publishing-listings", tab="all", q=listing.product.code)
    assert specialist.get(reverse("publishing-listings"), {"counts": "1"}).status_code == 200
    page = body(specialist, "publishing-listing", listing.pk)
    assert "¥59.00" in page
    assert "¥5.90" in page
    page = body(specialist, "publishing-mismatch", case.pk)
    assert "¥5.90" in page
    assert body(specialist, "publishing-product", listing.product_id)
    assert listing.shop.name in body(specialist, "publishing-stock")


@pytest.mark.clause("P4.2")
def test_a_difference_is_explained_or_told_again_by_form() -> None:
    _, case = differing()
    specialist = signed_in(Role.PRODUCT_SPECIALIST)
    assert specialist.post(reverse("publishing-explain", args=[case.pk]), {"reason": " "}).status_code == 422
    assert specialist.post(reverse("publishing-explain", args=[case.pk]), {"reason": "活动价"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.ending) == ("closed", "explained")
    listing, other = differing()
    assert specialist.post(reverse("publishing-fix", args=[other.pk])).status_code == 302
    listing.refresh_from_db()
    assert listing.state == "to_publish"


@pytest.mark.clause("P4.2")
def test_a_difference_told_again_says_what_it_waits_for_and_offers_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    listing, case = differing()
    specialist, platform = signed_in(Role.PRODUCT_SPECIALIST), stage.FakePlatform()

    def shown() -> str:
        return body(specialist, "publishing-mismatch", case.pk)

    assert "等待复核" not in shown() and "立即核验" in shown()
    stage.at(monkeypatch, make.NOON + timedelta(hours=1))
    specialist.post(reverse("publishing-fix", args=[case.pk]))
    assert "正在等平台接受" in shown() and "等待复核" in shown()
    stage.perform(platform)
    told = shown()
    assert "平台已接受" in told and "2026-06-01T05:10:00" in told  # ten minutes after it was accepted
    assert "等待复核" in told and "立即核验" in told
    platform.spoil_sku(stage.only_sku(listing.product).code, price_minor=590)
    specialist.post(reverse("publishing-check"), {"ids": [listing.pk]})
    stage.at(monkeypatch, make.NOON + timedelta(hours=1, minutes=1))
    stage.perform(platform)
    assert "仍然不一致" in shown() and "等待复核" not in shown()
    for state in ("to_publish", "failed"):
        Listing.objects.filter(pk=listing.pk).update(state=state, error="no_item")
    assert "平台没有接受" in shown()


@pytest.mark.clause("P4.1")
def test_products_are_published_from_the_list_and_from_their_page() -> None:
    shop, second = stage.make_front(), stage.make_front("pinduoduo")
    product = stage.make_product()
    unfit = stage.make_product(platforms=["pinduoduo"])
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    page = body(supervisor, "publishing-offers", shop=str(shop.pk))
    assert product.title in page
    assert "没有选择平台" in page
    form = {"ids": [product.pk, unfit.pk], "list_query": f"?shop={shop.pk}"}
    supervisor.post(reverse("publishing-publish"), form)
    assert Listing.objects.get().shop_id == shop.pk
    supervisor.post(reverse("publishing-product-publish", args=[product.pk]), {"shops": [second.pk]})
    assert Listing.objects.filter(product=product).count() == 2
    assert product.title not in body(supervisor, "publishing-offers", shop=str(shop.pk))


@pytest.mark.clause("P4.1")
def test_bulk_actions_on_listings() -> None:
    listing, _ = differing()
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    supervisor.post(reverse("publishing-check"), {"ids": [listing.pk]})
    supervisor.post(reverse("publishing-take-down"), {"all_matching": "1", "list_query": "?tab=all", "reason": "换季"})
    listing.refresh_from_db()
    assert listing.state == "taking_down"
    supervisor.post(reverse("publishing-retry"), {"ids": [listing.pk]})
    supervisor.post(reverse("publishing-relist"), {"ids": [listing.pk]})
    listing.refresh_from_db()
    assert listing.state == "taking_down"
    supervisor.post(reverse("publishing-sweep"), {"shop_id": listing.shop_id})


@pytest.mark.clause("G4")
def test_others_are_kept_out_and_foreign_shops_do_not_exist() -> None:
    listing, case = differing()
    review = submitted()
    warehouse = signed_in(Role.WAREHOUSE)
    for name, args in (("publishing-reviews", ()), ("publishing-words", ()), ("publishing-listings", ())):
        assert warehouse.get(reverse(name, args=args)).status_code == 403
    specialist = signed_in(Role.PRODUCT_SPECIALIST, shops=[stage.make_front()])
    assert specialist.get(reverse("publishing-listing", args=[listing.pk])).status_code == 404
    assert specialist.get(reverse("publishing-mismatch", args=[case.pk])).status_code == 404
    assert specialist.post(reverse("publishing-decide", args=[review.pk]), {"decision": "approve"}).status_code == 403
    for name in ("publishing-review", "publishing-listing", "publishing-mismatch", "publishing-product"):
        assert signed_in(Role.OPERATIONS_SUPERVISOR).get(reverse(name, args=[10**9])).status_code == 404


@pytest.mark.clause("G6")
def test_programs_read_the_same() -> None:
    listing, case = differing()
    review = submitted(title="国家级保温杯")
    person = make.make_person(Role.OPERATIONS_SUPERVISOR)
    ApiToken.objects.create(person=person, name="t", token_hash=token_hash("secret"), made_at=machine_now())
    client = Client(headers={"Authorization": "Bearer secret"})

    def read(path: str) -> dict:
        answer = client.get(f"/api/v1/publishing{path}")
        assert answer.status_code == 200, (path, answer.content)
        return json.loads(answer.content)

    assert read("/reviews")["items"][0]["blocks"] == 1
    assert read("/reviews?product_code=NOSUCH")["items"] == []
    assert read(f"/reviews/{review.pk}")["findings"][0]["term"] == "国家级"
    assert read("/words?text=国家级")["items"]
    assert read(f"/listings?tab=mismatch&shop_id={listing.shop_id}")["items"][0]["has_case"]
    detail = read(f"/listings/{listing.pk}")
    assert detail["open_case_id"] == case.pk
    assert [row["field"] for row in detail["compared"] if not row["is_equal"]] == ["price"]
    assert detail["skus"][0]["told"] == 5
    assert read("/mismatches")["items"][0]["differences"][0]["theirs"] == "590"
    assert read("/stock")[0]["variants"] == 1
    asked = {"texts": {"a": "销量第一"}, "category": "家居"}
    answer = client.post("/api/v1/publishing/words/check", json.dumps(asked), content_type="application/json")
    assert [one["written"] for one in answer.json()] == ["销量第一"]
    assert client.get("/api/v1/publishing/reviews/999999").status_code == 404


@pytest.mark.clause("P4.1")
def test_all_that_match_are_published_and_not_only_what_the_page_shows() -> None:
    shop = stage.make_front()
    products = [stage.make_product(title=f"保温杯 {n}") for n in range(3)]
    other = stage.make_product(title="茶盘")
    form = {"ids": [products[0].pk], "all_matching": "1", "list_query": f"?shop={shop.pk}&q=保温杯"}
    signed_in(Role.OPERATIONS_SUPERVISOR).post(reverse("publishing-publish"), form)
    assert set(Listing.objects.values_list("product_id", flat=True)) == {product.pk for product in products}
    assert not Listing.objects.filter(product=other).exists()


@pytest.mark.clause("P4.1")
def test_all_that_match_are_approved_or_returned_and_not_only_what_the_page_shows() -> None:
    fit = [stage.make_product(state="submitted", title=f"茶杯 {n}") for n in range(3)]
    other = stage.make_product(state="submitted", title="茶盘")
    open_reviews(SYSTEM, [OpenReview(product.pk) for product in (*fit, other)])
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    chosen = {"ids": [stage.review_of(fit[0]).pk], "all_matching": "1", "list_query": "?tab=open&q=茶杯"}
    supervisor.post(reverse("publishing-approve-many"), chosen)
    assert {stage.review_of(product).state for product in fit} == {"approved"}
    chosen |= {"list_query": "?tab=open", "reason": "缺检测报告"}
    supervisor.post(reverse("publishing-return-many"), chosen)
    assert stage.review_of(other).state == "returned"
