"""Words of publishing: states, grounds, fields, places, refusals."""

from enum import StrEnum

from shopkeeper.flows.products.listing.words import PLATFORMS
from shopkeeper.flows.products.publishing.states import (
    ExemptionKind,
    Ground,
    ListingState,
    MismatchEnding,
    MismatchState,
    ReviewState,
    Severity,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    ReviewState: {
        ReviewState.OPEN: Label(T("待审核", "To review"), "amber"),
        ReviewState.APPROVED: Label(T("已通过", "Approved"), "green"),
        ReviewState.RETURNED: Label(T("已退回", "Returned"), "red"),
        ReviewState.WITHDRAWN: Label(T("已撤回", "Withdrawn"), "grey"),
    },
    ListingState: {
        ListingState.TO_PUBLISH: Label(T("待发布", "To publish"), "blue"),
        ListingState.PUBLISHING: Label(T("发布中", "Publishing"), "blue"),
        ListingState.ON_SALE: Label(T("在售", "On sale"), "green"),
        ListingState.MISMATCH: Label(T("在售有差异", "On sale, differs"), "red"),
        ListingState.FAILED: Label(T("未成功", "Failed"), "red"),
        ListingState.TAKING_DOWN: Label(T("下架中", "Taking down"), "amber"),
        ListingState.TAKEN_DOWN: Label(T("已下架", "Off sale"), "grey"),
    },
    MismatchState: {
        MismatchState.OPEN: Label(T("待处理", "Open"), "amber"),
        MismatchState.CLOSED: Label(T("已处理", "Settled"), "green"),
    },
    MismatchEnding: {
        MismatchEnding.EQUAL: Label(T("复核一致", "Equal again"), "green"),
        MismatchEnding.EXPLAINED: Label(T("已说明", "Explained"), "blue"),
        MismatchEnding.TAKEN_DOWN: Label(T("已下架", "Taken off sale"), "grey"),
    },
    Severity: {
        Severity.BLOCK: Label(T("禁用", "Forbidden"), "red"),
        Severity.WARN: Label(T("慎用", "With care"), "amber"),
        Severity.ALLOW: Label(T("放行", "Harmless"), "green"),
    },
    Ground: {
        Ground.ABSOLUTE: Label(T("绝对化用语（广告法第九条）", "Absolute terms (Advertising Law 9)"), "red"),
        Ground.STATE_ORGANS: Label(T("国家机关（广告法第九条）", "State organs (Advertising Law 9)"), "red"),
        Ground.ORDER: Label(T("公序良俗（广告法第九条）", "Public order (Advertising Law 9)"), "red"),
        Ground.PROOF: Label(T("须有依据（广告法第十一、十二、二十八条）", "Needs proof (Advertising Law 11, 12, 28)"), "amber"),
        Ground.DISPARAGE: Label(T("贬低同行（广告法第十三条）", "Disparages others (Advertising Law 13)"), "red"),
        Ground.MEDICAL: Label(T("医疗用语（广告法第十七条）", "Medical terms (Advertising Law 17)"), "red"),
        Ground.HEALTH_FOOD: Label(T("食品与保健食品（食品安全法）", "Food and health food (Food Safety Law)"), "red"),
        Ground.INFANT: Label(T("婴幼儿食品（广告法第二十条）", "Infant food (Advertising Law 20)"), "red"),
        Ground.ALCOHOL: Label(T("酒类（广告法第二十三条）", "Alcohol (Advertising Law 23)"), "red"),
        Ground.PROMISE: Label(T("保证性承诺（广告法第二十四、二十五条）", "Promised outcomes (Advertising Law 24, 25)"), "red"),
        Ground.COSMETICS: Label(T("化妆品功效（化妆品条例第三十七、四十三条）", "Cosmetic claims (Cosmetics Regulation 37, 43)"), "red"),
        Ground.PRICE: Label(T("价格表示（价格规定第十六至二十条）", "Price claims (Price Rules 16 to 20)"), "amber"),
        Ground.LURE: Label(T("引流与返现（电子商务法第十七条）", "Luring and paid praise (E-commerce Law 17)"), "red"),
        Ground.HOUSE: Label(T("本店规定", "House rule"), "grey"),
    },
    ExemptionKind: {
        ExemptionKind.GOAL: Label(T("表达态度或目标，非指商品", "An attitude or goal, not the goods"), "blue"),
        ExemptionKind.OWN_RANGE: Label(T("自家商品之间的真实比较", "Our own products compared truthfully"), "blue"),
        ExemptionKind.USAGE: Label(T("使用提示", "Advice on use"), "blue"),
        ExemptionKind.GRADE: Label(T("标准规定的分级", "A grade named by a standard"), "blue"),
        ExemptionKind.MARK: Label(T("商品名称或注册商标", "Product name or registered mark"), "blue"),
        ExemptionKind.AWARD: Label(T("官方评定的奖项", "An official award"), "blue"),
        ExemptionKind.FACT: Label(T("限定时间地点的事实，有据可查", "A fact limited in time and place, with proof"), "blue"),
        ExemptionKind.PERMIT: Label(T("有许可或检测报告", "A licence or report covers it"), "blue"),
    },
}  # fmt: skip
FIELDS: dict[str, T] = {
    "gone": T("商品是否存在", "The listing itself"),
    "on_sale": T("是否在售", "On sale"),
    "category": T("类目", "Category"),
    "title": T("标题", "Title"),
    "currency": T("币种", "Currency"),
    "images": T("图片", "Pictures"),
    "sku": T("规格", "Variant"),
    "price": T("价格", "Price"),
    "stock": T("库存", "Stock"),
    "orderable": T("可下单", "Can be ordered"),
}
VALUES: dict[str, T] = {
    "yes": T("是", "Yes"),
    "no": T("否", "No"),
    "gone": T("没有", "Missing"),
    "listed": T("有", "Listed"),
    "on_sale": T("在售", "On sale"),
}
PLACES: dict[str, T] = {
    "title": T("标题", "Title"),
    "core_keyword": T("核心词", "Core keyword"),
    "selling_points": T("卖点 {n}", "Selling point {n}"),
    "scenarios": T("使用场景 {n}", "Usage scenario {n}"),
    "description": T("详情", "Description"),
    "attributes": T("属性 {n}", "Attribute {n}"),
    "skus": T("规格 {n}", "Variant {n}"),
    "images": T("图片", "Pictures"),
    "category": T("类目", "Category"),
}
TERM_COLUMNS: dict[str, T] = {
    "text": T("词", "Term"),
    "severity": T("力度", "Weight"),
    "ground": T("依据", "Ground"),
    "suggestion": T("建议", "Suggestion"),
    "category": T("适用类目", "Categories"),
    "platform": T("适用平台", "Platform"),
}
OWN_REASONS: dict[str, T] = {
    "take_down_on": T("按策略自动下架", "Taken down by policy"),
    "product_retired": T("商品已停用", "The product was retired"),
}
REFUSALS: dict[str, T] = {
    "own_work": T("不能审核自己提交的商品，请由其他主管审核。", "Nobody reviews their own submission; another supervisor must."),
    "forbidden_word": T("还有 {count} 处禁用词（{words}），不能通过。请退回修改，或先登记豁免依据。", "{count:# forbidden word remains|# forbidden words remain} ({words}). Return it for a change, or register an exemption with its proof first."),
    "already_decided": T("这次提交已有结论，请刷新。", "This submission has been decided; reload."),
    "review_withdrawn": T("提交人已撤回，无需审核。", "The submitter took it back; nothing to review."),
    "product_changed": T("商品在提交后又改过，请等新的提交。", "The product was changed since; wait for its new submission."),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "place_unknown": T("标记的位置 {place} 不在这次提交里，请刷新后再标。", "The marked place {place} is not in this submission; reload and mark again."),
    "terms_columns_missing": T("文件缺少列：{columns}。", "The file lacks columns: {columns}."),
    "term_empty": T("词里没有可匹配的文字。", "There is nothing in this term that could be found."),
    "term_scope_unreadable": T("适用类目只能写类目词，用 | 分隔，前面可加 ! 表示除外。", "Category takes words separated by |, with ! before them for all but these."),
    "term_known": T("已有另一条同样的词（{severity}），请先停用。", "The same term is listed already ({severity}); retire it first."),
    "term_retired": T("这个词已停用。", "This term is retired already."),
    "word_not_listed": T("词库里没有“{word}”，无需豁免。", "“{word}” is not on the list; no exemption is needed."),
    "proof_needed": T("请写明依据（证书号、报告号、出处），可供查验。", "Name the proof (certificate, report, source) so that it can be looked up."),
    "proof_expired": T("依据的有效期已过，不能登记。", "The proof has expired."),
    "exemption_ended": T("这项豁免已撤销或到期。", "This exemption has ended already."),
    "exemption_known": T("该商品的“{word}”已有豁免，请先撤销。", "“{word}” is exempt for this product already; revoke that first."),
    "not_approved": T("商品还没有通过审核，不能发布。", "The product is not approved; it cannot be published."),
    "no_sku": T("商品没有可售规格，不能发布。", "The product has no variant for sale; it cannot be published."),
    "category_unmapped": T("商品没有类目，或类目还没有对应 {platform} 的类目，请先在商品页和类目页设置。", "The product has no category, or that is not mapped to {platform}; set it on the product and category pages first."),
    "platform_unwanted": T("商品没有选择平台 {platform}，请先在商品页勾选。", "The product is not meant for {platform}; choose it on the product page first."),
    "price_missing": T("规格 {sku} 没有价格，不能发布。", "Variant {sku} has no price; it cannot be published."),
    "currency_unlike": T("规格 {sku} 的币种与店铺不同。", "Variant {sku} is priced in another currency than the shop's."),
    "shop_closed": T("店铺已停用。", "The shop is closed."),
    "being_taken_down": T("正在下架，请等下架完成后再上架。", "It is being taken off sale; wait for that, then put it back."),
    "not_taken_down": T("商品不在下架状态，无需重新上架。", "It is not off sale; there is nothing to put back."),
    "not_failed": T("没有失败的发布可重试。", "There is no failed publication to retry."),
    "not_on_sale": T("商品不在售，无法核验。", "It is not on sale; there is nothing to check."),
    "case_closed": T("这处差异已处理。", "This difference is settled already."),
    "sold_here": T("本店近期有销量，可能已在平台上架，没有发布。请先到平台核对，再逐个勾选发布。", "This shop sold it lately, so it may be on its shelf already; not published. Check there, then choose it by itself."),
    "listing_gone": T("平台上已没有这个商品，只能重新发布。", "The platform no longer has it; publish it again."),
}  # fmt: skip
PLATFORM_WORDS: dict[str, T] = {
    "no_platform": T("这个平台还没有接入商品接口。", "This platform has no door for goods here."),
    "no_access": T("店铺没有可用的授权。", "The shop has no valid access."),
    "bad_title": T("平台不接受标题。请按平台规则改标题后重试。", "The platform refuses the title. Change it to its rules, then retry."),
    "bad_category": T("平台不接受类目。请核对类目对应关系后重试。", "The platform refuses the category. Check the mapping, then retry."),
    "bad_price": T("平台不接受价格。请核对价格后重试。", "The platform refuses the price. Check it, then retry."),
    "bad_image": T("平台不接受图片。请更换图片后重试。", "The platform refuses a picture. Replace it, then retry."),
    "image_missing": T("图片文件找不到，请重新上传图片。", "A picture's file is missing; upload it again."),
    "no_item": T("平台上没有这个商品。", "The platform does not have this item."),
    "timeout": T("平台没有及时答复，正在重试。", "The platform did not answer in time; trying again."),
    "connection": T("连不上平台，正在重试。", "The platform cannot be reached; trying again."),
}  # fmt: skip


def place_words(place: str) -> T:
    """'selling_points.0' as people say it."""
    family, _, rest = place.partition(".")
    words = PLACES.get(family, T(place, place))
    return words.format(n=int(rest) + 1 if rest.isdecimal() and family != "skus" else rest) if rest else words


def platform_words(platform: str) -> T | str:
    """A platform by its name; one nobody has named shows as its code."""
    return PLATFORMS.get(platform, platform)


def reason_words(reason: str) -> T | str:
    """A reason as people wrote it, or one of our own."""
    return OWN_REASONS.get(reason, reason)


def error_words(code: str) -> T | str:
    """What a platform's code means; one nobody has worded shows as itself."""
    return PLATFORM_WORDS.get(code, code)
