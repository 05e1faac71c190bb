"""Words of the desk listing: states, tags, promises; what checks find and what is refused is in `problems`."""

from enum import StrEnum

from shopkeeper.flows.products.listing.states import (
    AttributeKind,
    ImageRole,
    ImageVerdict,
    ImportState,
    NoReasonClass,
    Platform,
    ProductState,
    Promise,
    Tag,
)
from shopkeeper.flows.products.listing.words.problems import FINDINGS, REFUSALS
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

__all__ = [
    "ATTRIBUTE_KINDS", "FINDINGS", "LABELS", "NO_REASON", "PLACES", "PLATFORMS", "PROMISES", "REFUSALS", "ROLES",
]  # fmt: skip

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    ProductState: {
        ProductState.DRAFT: Label(T("草稿", "Draft"), "grey"),
        ProductState.SUBMITTED: Label(T("待审核", "To review"), "amber"),
        ProductState.APPROVED: Label(T("已通过", "Approved"), "green"),
        ProductState.RETURNED: Label(T("已退回", "Returned"), "red"),
        ProductState.RETIRED: Label(T("已停用", "Retired"), "grey"),
    },
    ImageVerdict: {
        ImageVerdict.WAITING: Label(T("检查中", "Inspecting"), "blue"),
        ImageVerdict.PASSED: Label(T("合格", "Passed"), "green"),
        ImageVerdict.FAILED: Label(T("不合格", "Failed"), "red"),
    },
    ImportState: {
        ImportState.QUEUED: Label(T("排队中", "Queued"), "grey"),
        ImportState.RUNNING: Label(T("进行中", "Running"), "blue"),
        ImportState.DONE: Label(T("已完成", "Done"), "green"),
        ImportState.FAILED: Label(T("未能完成", "Failed"), "red"),
    },
    Tag: {
        Tag.HOT: Label(T("热销", "Hot"), "red"),
        Tag.NEW: Label(T("新品", "New"), "blue"),
        Tag.DISCOUNT: Label(T("折扣", "Discount"), "amber"),
    },
}
ROLES: dict[str, T] = {
    ImageRole.MAIN: T("主图", "Main image"),
    ImageRole.GALLERY: T("副图", "Gallery"),
    ImageRole.DETAIL: T("详情图", "Detail image"),
}
PROMISES: dict[str, T] = {
    Promise.NO_REASON_RETURN: T("7 天无理由退换", "7-day return or exchange without reason"),
    Promise.FREE_SHIPPING: T("包邮", "Free shipping"),
    Promise.SHIP_IN_48_HOURS: T("48 小时发货", "Shipped within 48 hours"),
    Promise.FREIGHT_INSURANCE: T("退货运费险", "Return-freight insurance"),
    Promise.GENUINE: T("正品保证", "Genuine goods"),
}
NO_REASON: dict[str, T] = {
    NoReasonClass.YES: T("适用 7 天无理由", "Seven days without reason apply"),
    NoReasonClass.CUSTOM: T("定作商品，法定除外", "Made to order: exempt by law"),
    NoReasonClass.PERISHABLE: T("鲜活易腐，法定除外", "Fresh or perishable: exempt by law"),
    NoReasonClass.DIGITAL: T(
        "已拆封的音像、软件等数字化商品，法定除外", "Unsealed recordings or software: exempt by law"
    ),
    NoReasonClass.PERIODICAL: T("已交付的报纸期刊，法定除外", "Newspapers and periodicals: exempt by law"),
    NoReasonClass.CONFIRMED_EXEMPT: T(
        "按商品性质不宜退货，且买家购买时确认", "Unfit for return by nature, confirmed by the buyer at purchase"
    ),
}
PLATFORMS: dict[str, T] = {
    Platform.TAOBAO: T("淘宝", "Taobao"),
    Platform.TMALL: T("天猫", "Tmall"),
    Platform.JD: T("京东", "JD"),
    Platform.PINDUODUO: T("拼多多", "Pinduoduo"),
    Platform.DOUYIN: T("抖音", "Douyin"),
}
ATTRIBUTE_KINDS: dict[str, T] = {
    AttributeKind.TEXT: T("文本", "Text"),
    AttributeKind.CHOICE: T("选项", "Choice"),
    AttributeKind.NUMBER: T("数值", "Number"),
}
PLACES: dict[str, T] = {
    "title": T("标题", "Title"),
    "core_keyword": T("核心词", "Core keyword"),
    "selling_points": T("卖点", "Selling points"),
    "scenarios": T("使用场景", "Usage scenarios"),
    "description": T("详情", "Description"),
    "leaf": T("类目", "Category"),
    "platforms": T("目标平台", "Platforms"),
    "attributes": T("属性", "Attributes"),
    "skus": T("规格", "Variants"),
    "promises": T("服务承诺", "Promises"),
    "images": T("图片", "Pictures"),
    "file": T("文件", "File"),
    "pixels": T("画面", "Picture"),
}
