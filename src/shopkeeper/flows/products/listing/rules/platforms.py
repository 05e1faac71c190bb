"""What each platform takes: titles, pictures. Facts of the platforms' own listing rules, not values of ours."""

from dataclasses import dataclass
from typing import Literal

from shopkeeper.flows.products.listing.states import ImageRole, Platform

MB = 1024 * 1024
Unit = Literal["bytes", "characters"]


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """Limits of one kind of picture; 0 is no limit. `ratio` is width to height, 0 is any."""

    kinds: frozenset[str]
    most_bytes: int
    least_side: int = 0
    least_width: int = 0
    most_width: int = 0
    most_height: int = 0
    ratio: float = 0.0
    white: bool = False
    plain: bool = False  # no text, watermark or code on it


@dataclass(frozen=True, slots=True)
class PlatformRules:
    """A title is counted in GBK bytes (a Chinese character is two) and, where said, in characters."""

    title_bytes: int
    title_characters: int
    takes_emoji: bool
    most_pictures: int
    most_details: int
    pictures: dict[str, PictureLimits]


_ALL = frozenset({"jpeg", "png", "gif"})
_STILL = frozenset({"jpeg", "png"})


def _pictures(
    kinds: frozenset[str], most_bytes: int, side: int, detail: PictureLimits, *, plain_main: bool = True
) -> dict[str, PictureLimits]:
    gallery = PictureLimits(kinds, most_bytes, least_side=side, ratio=1.0)
    main = PictureLimits(kinds, most_bytes, least_side=side, ratio=1.0, white=True, plain=plain_main)
    return {ImageRole.MAIN: main, ImageRole.GALLERY: gallery, ImageRole.DETAIL: detail}


_TAOBAO = PlatformRules(60, 0, False, 5, 0, _pictures(_ALL, 3 * MB, 700, PictureLimits(_ALL, 3 * MB)))
RULES: dict[str, PlatformRules] = {
    Platform.TAOBAO: _TAOBAO,
    Platform.TMALL: _TAOBAO,
    Platform.JD: PlatformRules(100, 45, False, 5, 0, _pictures(_STILL, 3 * MB, 800, PictureLimits(_STILL, 3 * MB))),
    Platform.PINDUODUO: PlatformRules(
        60, 0, False, 10, 20,
        _pictures(
            _STILL, MB, 480, PictureLimits(_STILL, MB, least_width=480, most_width=1_200, most_height=1_500)
        ),
    ),
    Platform.DOUYIN: PlatformRules(60, 0, False, 5, 50, _pictures(_STILL, MB, 600, PictureLimits(_STILL, MB))),
}  # fmt: skip


def title_bytes(title: str) -> int:
    """How long a title is as the platforms count: GBK bytes, what GBK does not have counts four."""
    return len(title.encode("gb18030", "replace"))


def known(platforms: tuple[str, ...] | list[str]) -> list[str]:
    """Those of the platforms whose rules we know, in a fixed order."""
    return [str(platform) for platform in Platform if platform in platforms]
