"""Where a visit came from: the class of its traffic, by what the address says and by who referred it.

A named medium (utm) goes before the referrer; a visit without either came directly. The classes are those of the
metric definitions: search, recommendation, paid, direct, content, other.
"""

import re
from functools import lru_cache

from shopkeeper.flows.analytics.collection.states import TrafficChannel

PAID_MEDIA = frozenset({"cpc", "ppc", "cpm", "cpa", "paid", "ad", "ads", "display", "banner", "ztc", "yltf", "p4p"})
MEDIA = {
    **dict.fromkeys(PAID_MEDIA, TrafficChannel.PAID),
    **dict.fromkeys(("organic", "search", "seo"), TrafficChannel.SEARCH),
    **dict.fromkeys(("recommend", "recommendation", "feed", "guess"), TrafficChannel.RECOMMENDATION),
    **dict.fromkeys(("social", "content", "live", "video", "kol", "article"), TrafficChannel.CONTENT),
    **dict.fromkeys(("email", "edm", "sms", "referral", "affiliate", "push"), TrafficChannel.OTHER),
}
SEARCH_HOSTS = re.compile(r"(^|\.)(baidu|google|bing|sogou|so|sm|yandex|duckduckgo)\.[a-z.]+$|^s\.taobao\.com$")
CONTENT_HOSTS = re.compile(
    r"(^|\.)(weibo|zhihu|douyin|xiaohongshu|xhslink|bilibili|kuaishou|weixin\.qq|toutiao|smzdm|guangguang)\.[a-z.]+$|^t\.cn$"
)

# Traffic sources as 生意参谋 and others name them: the first pattern that fits decides.
_PLATFORM_NAMES: tuple[tuple[re.Pattern[str], TrafficChannel], ...] = (
    (re.compile(r"直通车|引力魔方|万相台|钻展|超级推荐|付费|淘宝客|品销宝|关键词推广|推广"), TrafficChannel.PAID),
    (re.compile(r"搜索|找相似"), TrafficChannel.SEARCH),
    (re.compile(r"推荐|猜你喜欢|首页|有好货|微详情"), TrafficChannel.RECOMMENDATION),
    (re.compile(r"直播|短视频|逛逛|内容|微淘|订阅|达人|站外"), TrafficChannel.CONTENT),
    (re.compile(r"我的淘宝|购物车|直接访问|收藏|已买到|店铺主页|自主访问"), TrafficChannel.DIRECT),
)


@lru_cache(maxsize=10_000)
def channel_of(referrer_host: str, medium: str, own_host: str = "") -> TrafficChannel:
    """The class of one event's origin. `referrer_host` empty or our own means: came directly."""
    known = MEDIA.get(medium.lower())
    if known is not None:
        return known
    host = referrer_host.lower()
    if not host or host == own_host.lower():
        return TrafficChannel.DIRECT if not medium else TrafficChannel.OTHER
    if SEARCH_HOSTS.search(host):
        return TrafficChannel.SEARCH
    if CONTENT_HOSTS.search(host):
        return TrafficChannel.CONTENT
    return TrafficChannel.OTHER


@lru_cache(maxsize=1_000)
def channel_named(name: str) -> TrafficChannel:
    """Our class of a traffic source as a platform calls it; its own name is kept beside it."""
    return next((channel for pattern, channel in _PLATFORM_NAMES if pattern.search(name)), TrafficChannel.OTHER)
