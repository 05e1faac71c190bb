"""The first-level navigation as the trade knows it, filled from the page registry with what the actor may open."""

from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse

from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.web import plugs
from shopkeeper.web.pages import PAGES, SIGNED_IN, Page

SECTIONS: dict[str, tuple[T, str]] = {
    "home": (T("工作台", "Workbench"), "layout-dashboard"),
    "products": (T("商品", "Products"), "package"),
    "stock": (T("库存", "Stock"), "stack-2"),
    "orders": (T("订单", "Orders"), "shopping-cart"),
    "warehouse": (T("仓储", "Warehouse"), "building-warehouse"),
    "service": (T("客服", "Service"), "headset"),
    "aftersale": (T("售后", "After-sale"), "truck-return"),
    "marketing": (T("营销", "Marketing"), "speakerphone"),
    "data": (T("数据", "Data"), "chart-bar"),
    "finance": (T("财务", "Finance"), "report-money"),
    "procedure": (T("规程", "Procedure"), "book"),
    "settings": (T("设置", "Settings"), "settings"),
}

MOST_AT_HAND = 4


@dataclass(frozen=True, slots=True)
class Entry:
    label: T
    url: str
    name: str
    is_here: bool


@dataclass(slots=True)
class Section:
    key: str
    label: T
    icon: str
    entries: list[Entry] = field(default_factory=list)
    is_own: bool = False

    @property
    def url(self) -> str:
        return self.entries[0].url

    @property
    def is_here(self) -> bool:
        return any(entry.is_here for entry in self.entries)


def menu_of(actor: Actor, here: Page | None, path: str) -> list[Section]:
    """Sections with at least one page this actor may open; `here` or the longest matching path is marked."""
    sections = {key: Section(key, label, icon) for key, (label, icon) in SECTIONS.items()}
    listed = [(page.menu, page, _url(page)) for page in PAGES.values() if page.menu and _may(actor, page)]
    urls = [url for _, _, url in listed if url and path.startswith(url) and url != "/"]
    nearest = max(urls, key=len, default="/" if path == "/" else "")
    if here and here.menu and _url(here):
        nearest = _url(here)
    elif here and here.beside:
        nearest = _url(PAGES[here.beside])
    for menu, page, url in sorted(listed, key=lambda row: (row[0].order, row[1].name)):
        if url and menu.section in sections:
            section = sections[menu.section]
            section.entries.append(Entry(menu.label, url, page.name, url == nearest))
            section.is_own = section.is_own or plugs.is_own(actor, page.clause)
    return [section for section in sections.values() if section.entries]


def nearest_of(menu: list[Section]) -> list[Section]:
    """The few sections a phone has room for at its foot: the workbench, then those of the actor's own clauses."""
    by_need = sorted(menu, key=lambda section: (section.key != "home", not section.is_own))
    return [section for section in menu if section in by_need[:MOST_AT_HAND]]


def _may(actor: Actor, page: Page) -> bool:
    return page.permission == SIGNED_IN or actor.may(page.permission)


def _url(page: Page) -> str:
    try:
        return reverse(page.name)
    except NoReverseMatch:
        return ""
