"""Masked values: nothing whole, nothing twice."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.foundation import masking


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("古丽巴哈尔·买买提", "古***"),
        ("John Smith", "J***"),
        ("张*", "张*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname(name: str, shown: str) -> None:
    assert masking.mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown", "on_waybill"),
    [
        ("13812341234", "138****1234", "138******34"),
        ("+86 13812341234", "138****1234", "138******34"),
        ("0755-12341234", "0755-****1234", "0755-******34"),
        ("075512341234", "0755-****1234", "0755-******34"),
        ("138****1234", "138****1234", "138******34"),
        ("18877771111-123", "18877771111-123", "18877771111-123"),
        ("$13812341234$#1234#", "$13812341234$#1234#", "$13812341234$#1234#"),
        ("13812341234#1234#", "13812341234#1234#", "13812341234#1234#"),
        ("12345", "****", "******"),
        ("", "", ""),
    ],
)
def test_a_phone_keeps_its_ends_and_a_virtual_number_stays(phone: str, shown: str, on_waybill: str) -> None:
    assert masking.mask_phone(phone) == shown
    assert masking.waybill_phone(phone) == on_waybill


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("上海市浦东新区张江高科技园区博云路2号3幢1502室", "上海市浦东新区张江高科技园****"),
        (
            "新疆维吾尔自治区乌鲁木齐市天山区新华北路80号十二层",
            "新疆维吾尔自治区乌鲁木齐市天山区新华北路8****",
        ),
        ("北京市海淀区中关村大街27号", "北京市海淀区中关村大****"),
        ("博云路2号", "博云****"),
        ("", ""),
    ],
)
def test_an_address_keeps_its_region_and_a_beginning(address: str, shown: str) -> None:
    assert masking.mask_address(address) == shown


def test_an_address_with_its_region_apart_is_cut_in_its_detail() -> None:
    assert masking.mask_address("博云路2号浦软大厦3幢1502室", "上海市浦东新区") == "上海市浦东新区博云路2号浦****"


@pytest.mark.parametrize(
    ("address", "on_waybill"),
    [
        ("博云路2号3幢1502室", "博云路2号3幢****"),
        ("科技园南路18号幸福里小区5栋2单元301", "科技园南路18号幸福里小区5栋****"),
        ("文三路 478号 华星时代广场A座 12楼1203", "文三路 478号 华星时代广场A座****"),
        ("幸福小区5-2-301", "幸福小区5****"),
        ("中山北路200号3号楼502", "中山北路200号3号楼****"),
        ("麓山南路932号12栋B1203", "麓山南路932号12栋****"),
        ("新华北路80号十二层", "新华北路80号****"),
        ("中关村大街27号", "中关村大街27号"),
    ],
)
def test_a_waybill_shows_the_building_but_not_the_home(address: str, on_waybill: str) -> None:
    assert masking.waybill_address(address) == on_waybill


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("花园路 88号院3栋2单元", "花园路****"),
        ("花园 路88号院3栋2单元", "花园 路****"),
        ("花园路\u3000８８号院3栋2单元", "花园路****"),
        ("12 花园路 88号院3栋", "****"),
        ("科技园 花园路 88号院3栋", "科技园 花园****"),
        ("平江路 12 号", "平江路****"),
    ],
)
def test_in_an_address_with_spaces_the_house_number_is_hidden(detail: str, shown: str) -> None:
    assert masking.mask_address(detail, "浙江省 杭州市 ") == f"浙江省 杭州市 {shown}"


def test_email_identity_and_account() -> None:
    assert masking.mask_email("lihua@example.com") == "l****@example.com"
    assert masking.mask_email("nonsense") == "****"
    assert masking.mask_identity("310101199001011234") == "3" + "*" * 16 + "4"
    assert masking.mask_account("tb买家42") == "t***"


any_text = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
MASKS = [
    masking.mask_name,
    masking.mask_phone,
    masking.mask_address,
    masking.mask_account,
    masking.mask_email,
    masking.waybill_name,
    masking.waybill_phone,
    masking.waybill_address,
]


@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: mask.__name__)
@given(text=any_text)
def test_masking_twice_changes_nothing_more(mask: Callable[[str], str], text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (masking.mask_name, "张三*丰收", "张***"),
        (masking.mask_account, "li*huaxin", "l***"),
        (masking.mask_phone, "1381234123*", "138****123*"),
        (masking.mask_phone, "12345678*", "****8*"),
    ],
)
def test_a_star_of_ones_own_does_not_pass_for_masked(mask: Callable[[str], str], text: str, shown: str) -> None:
    assert mask(text) == shown


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_no_whole_mobile_number_comes_through(phone: str) -> None:
    assert not re.search(r"\d{5}", masking.mask_phone(phone))
    assert masking.waybill_phone(phone).count("*") >= 6
