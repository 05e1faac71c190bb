"""Which courier takes a parcel (O2.2): by destination, weight, what is inside, then cost; with the reason."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

Zone = Literal["same", "near", "far", "remote"]
Reason = Literal["cheapest", "fragile", "remote", "heavy"]

# Provinces by region, by their short names; freight grows from the same province to another region.
REGIONS: dict[str, str] = {
    **dict.fromkeys(("上海", "江苏", "浙江", "安徽", "江西"), "east"),
    **dict.fromkeys(("福建", "广东", "广西", "海南"), "south"),
    **dict.fromkeys(("湖北", "湖南", "河南"), "middle"),
    **dict.fromkeys(("北京", "天津", "河北", "山东", "山西"), "north"),
    **dict.fromkeys(("辽宁", "吉林", "黑龙江"), "north_east"),
    **dict.fromkeys(("重庆", "四川", "贵州", "云南", "陕西"), "west"),
    **dict.fromkeys(("甘肃", "宁夏", "青海", "内蒙古", "新疆", "西藏"), "remote"),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A courier's price: the first and each further started kilogram by zone, in minor units (分)."""

    courier: str
    first_kg: dict[Zone, int]
    next_kg: dict[Zone, int]
    limit_g: int
    takes_fragile: bool = False
    goes_remote: bool = False


RATES: tuple[Rate, ...] = (
    Rate(
        "yuantong",
        {"same": 320, "near": 360, "far": 480, "remote": 1500},
        {"same": 90, "near": 120, "far": 350, "remote": 1400},
        20_000,
    ),
    Rate(
        "yunda",
        {"same": 310, "near": 370, "far": 500, "remote": 1600},
        {"same": 100, "near": 130, "far": 340, "remote": 1400},
        20_000,
    ),
    Rate(
        "zhongtong",
        {"same": 330, "near": 380, "far": 470, "remote": 1500},
        {"same": 100, "near": 120, "far": 360, "remote": 1500},
        30_000,
    ),
    Rate(
        "shunfeng",
        {"same": 1100, "near": 1200, "far": 1800, "remote": 2300},
        {"same": 200, "near": 300, "far": 700, "remote": 1300},
        50_000,
        takes_fragile=True,
        goes_remote=True,
    ),
    Rate(
        "youzhengguonei",
        {"same": 450, "near": 550, "far": 750, "remote": 1200},
        {"same": 150, "near": 200, "far": 400, "remote": 900},
        40_000,
        goes_remote=True,
    ),
    Rate(
        "debangkuaidi",
        {"same": 1000, "near": 1100, "far": 1500, "remote": 2500},
        {"same": 120, "near": 160, "far": 260, "remote": 800},
        1_000_000,
        takes_fragile=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Choice:
    courier: str
    reason: Reason
    cost_minor: int


def province_of(text: str) -> str:
    """The short name of the province an address begins with: `浙江省杭州市…` → `浙江`; unknown gives ''."""
    text = text.strip()
    return next((name for name in REGIONS if text.startswith(name)), "")


def zone_between(origin: str, destination: str) -> Zone:
    """How far a parcel goes. An unknown province counts as far."""
    start, end = province_of(origin), province_of(destination)
    if REGIONS.get(end) == "remote" and start != end:
        return "remote"
    if not start or not end:
        return "far"
    if start == end:
        return "same"
    return "near" if REGIONS[start] == REGIONS[end] else "far"


def cost_of(rate: Rate, zone: Zone, weight_g: int) -> int:
    """Freight in minor units: 1 g and 1,000 g cost the first kilogram, 1,001 g one more."""
    further = max(0, ceil(weight_g / 1000) - 1)
    return rate.first_kg[zone] + further * rate.next_kg[zone]


def choose_courier(
    origin: str, destination: str, weight_g: int, is_fragile: bool, rates: tuple[Rate, ...] = RATES
) -> Choice:
    """The cheapest courier that can take it; the reason names what narrowed the choice, heaviest first."""
    zone = zone_between(origin, destination)
    able = [rate for rate in rates if weight_g <= rate.limit_g] or [max(rates, key=lambda rate: rate.limit_g)]
    reason: Reason = "heavy" if len(able) < len(rates) else "cheapest"
    if zone == "remote" and (going := [rate for rate in able if rate.goes_remote]):
        able, reason = going, "remote"
    if is_fragile and (careful := [rate for rate in able if rate.takes_fragile]):
        able, reason = careful, "fragile"
    best = min(able, key=lambda rate: (cost_of(rate, zone, weight_g), rate.courier))
    return Choice(best.courier, reason, cost_of(best, zone, weight_g))
