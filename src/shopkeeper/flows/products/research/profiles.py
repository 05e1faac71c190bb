"""Columns of research exports: the headings each may have in the tools we know; anything else is mapped by hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shopkeeper.flows.products.research.rules.figures import basis_points, minor, whole
from shopkeeper.flows.products.research.states import ResearchKind
from shopkeeper.shared.words import T


@dataclass(frozen=True, slots=True)
class Field:
    """One of our columns: its word, the headings it may have, how it reads (None: text)."""

    label: T
    headings: tuple[str, ...]
    read: Callable[[str], int | None] | None = None


NAME = {
    ResearchKind.KEYWORD: Field(T("关键词", "Keyword"), ("关键词", "搜索词", "热搜词", "keyword", "search term")),
    ResearchKind.COMPETITOR: Field(
        T("竞品商品", "Competitor's goods"), ("商品名称", "商品标题", "宝贝标题", "竞品", "商品", "product", "item")
    ),
    ResearchKind.CATEGORY: Field(T("类目", "Category"), ("类目", "类目名称", "行业", "叶子类目", "category")),
}
CATEGORY = Field(T("所属类目", "Category"), ("所属类目", "类目", "类目名称", "行业", "category"))
COMPETITOR = Field(T("店铺", "Shop"), ("店铺", "店铺名称", "卖家", "商家", "shop", "seller"))
HEAT = Field(T("热度", "Heat"), ("搜索人气", "搜索热度", "热度", "搜索指数", "交易指数", "访客数", "heat"), whole)
GROWTH = Field(
    T("增长", "Growth"), ("搜索增长幅度", "增长幅度", "增长率", "较前一周期", "环比", "growth"), basis_points
)
PRICE = Field(T("价格", "Price"), ("价格", "售价", "成交价", "客单价", "支付均价", "均价", "price"), minor)
SALES = Field(T("月销量", "Monthly sales"), ("月销量", "30天销量", "销量", "支付件数", "支付买家数", "sales"), whole)


def fields_of(kind: ResearchKind) -> Mapping[str, Field]:
    """Our columns of one kind of research, the name first."""
    fields = {"name": NAME[kind], "heat": HEAT, "growth_basis_points": GROWTH, "price_minor": PRICE}
    if kind is not ResearchKind.CATEGORY:
        fields["category"] = CATEGORY
    if kind is ResearchKind.COMPETITOR:
        fields["competitor"] = COMPETITOR
    return {**fields, "monthly_sales": SALES}
