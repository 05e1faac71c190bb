"""Golden vectors: published examples and values computed once, so that a signature cannot drift unseen."""

import hashlib

import pytest

from shopkeeper.integrations.couriers.kuaidi100.signing import label_sign, query_sign
from shopkeeper.integrations.messaging.dingtalk import robot_sign
from shopkeeper.integrations.platforms.pinduoduo import signing as pinduoduo
from shopkeeper.integrations.platforms.taobao.signing import SignMethod, call_sign
from shopkeeper.simulator.sandboxes import dingtalk
from shopkeeper.simulator.sandboxes.kuaidi100.pushes import md5_upper
from shopkeeper.simulator.sandboxes.pinduoduo import messages as pinduoduo_messages
from shopkeeper.simulator.sandboxes.pinduoduo.gateway import pdd_sign
from shopkeeper.simulator.sandboxes.taobao.gateway import top_sign

TOP = {
    "app_key": "12345678",
    "fields": "num_iid,title,nick,price,num",
    "format": "json",
    "method": "taobao.item.seller.get",
    "num_iid": "11223344",
    "session": "test",
    "timestamp": "2016-01-01 12:00:00",
    "v": "2.0",
}
PARAM = '{"com":"yuantong","num":"YT9693083639795"}'


@pytest.mark.parametrize(
    ("how", "sign"),
    [
        ("md5", "66987CB115214E59E6EC978214934FB8"),
        ("hmac", "D56D7858309C31B6251083A874D48273"),
        ("hmac-sha256", "04DB15AD0774D5CFCE2C837DE43E3FCEA9011ED74F3038FB6AB5F3C4CEA119E8"),
    ],
)
def test_platform_call(how: SignMethod, sign: str) -> None:
    params = {**TOP, "sign_method": how}
    assert call_sign(params, "helloworld", how) == sign
    assert call_sign({**params, "sign": "not part of it"}, "helloworld", how) == sign
    assert top_sign(params, "helloworld", how) == sign


def test_second_platform_call() -> None:
    params = {
        "access_token": "tok",
        "client_id": "cid",
        "data_type": "JSON",
        "timestamp": "1700000000",
        "type": "pdd.order.list.get",
    }
    golden = "0031C845EF02E0C62B88FE36A0B9650F"
    assert pinduoduo.call_sign(params, "secret") == golden
    assert pinduoduo.call_sign({**params, "sign": "not part of it"}, "secret") == golden
    assert pdd_sign(params, "secret") == golden
    written_out = "secretaccess_tokentokclient_idciddata_typeJSONtimestamp1700000000typepdd.order.list.getsecret"
    assert hashlib.md5(written_out.encode(), usedforsecurity=False).hexdigest().upper() == golden


def test_second_platform_message() -> None:
    ours = pinduoduo.message_sign("cid", "secret", "1700000000000", b'{"id":1}')
    assert ours == "39d74e9ce4de1c2e2e645830a7773aa3854d2638cbf3c90e3c728fff4dda57c8"
    assert pinduoduo_messages.message_sign("cid", "secret", "1700000000000", '{"id":1}') == ours


def test_courier() -> None:
    assert query_sign(PARAM, "key", "customer") == "388E1EE4D22B779AB9B41FB61ECF7600"
    assert label_sign(PARAM, "1700000000000", "key", "secret") == "4521946742433FDD0D88DED3DBEFB3A3"
    assert md5_upper(PARAM + "key" + "customer") == "388E1EE4D22B779AB9B41FB61ECF7600"


def test_robot() -> None:
    golden = "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"
    assert robot_sign("1577262236757", "this is secret") == golden
    assert dingtalk.robot_sign("1577262236757", "this is secret") == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
