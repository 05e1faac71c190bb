"""Small order files written the way platforms and spreadsheets write them."""

import csv
import gzip
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

ORDER = {
    "订单编号": '="3900000000000000001"',
    "买家会员名": "tb买家42",
    "买家应付货款": "118.00",
    "买家应付邮费": "10.00",
    "总金额": "128.00",
    "买家实际支付金额": "128.00",
    "订单状态": "买家已付款，等待卖家发货",
    "买家留言": "null",
    "收货人姓名": "张三丰",
    "收货地址": "浙江省 杭州市 余杭区 仓前街道 文一西路969号(310000)",
    "联系手机": "'13812341234",
    "订单创建时间": "2026-11-20 10:11:12",
    "订单付款时间": "2026-11-20 10:12:13",
    "宝贝种类": "1",
    "物流单号": "",
    "物流公司": "",
    "订单备注": "",
    "宝贝总数量": "2",
    "店铺名称": "掌柜茶生活旗舰店",
}
LINE = {
    "宝贝标题": "青花手绘马克杯",
    "商家编码": "MUG-BLU-350",
    "数量": "2",
    "单价": "59.00",
    "商品属性": "颜色:靛蓝",
}
ROW = {**ORDER, **LINE}


def number(n: int) -> str:
    return f"39{n:017d}"


def row(n: int, **other: str) -> dict[str, str]:
    return {**ROW, "订单编号": number(n), **other}


def csv_text(rows: Iterable[Mapping[str, str]]) -> str:
    rows = list(rows)
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def write(path: Path, rows: Iterable[Mapping[str, str]], encoding: str = "gb18030") -> Path:
    content = csv_text(rows).encode(encoding)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


OLIST: dict[str, list[dict[str, str]]] = {
    "orders": [
        {
            "order_id": f"o{n}",
            "customer_id": f"c{n}",
            "order_status": status,
            "order_purchase_timestamp": "2017-07-16 12:26:05",
            "order_approved_at": "2017-07-16 12:35:15" if status != "created" else "",
            "order_delivered_carrier_date": "2017-07-20 12:12:32" if status in ("shipped", "delivered") else "",
            "order_delivered_customer_date": "2017-07-24 11:38:47" if status == "delivered" else "",
            "order_estimated_delivery_date": "2017-08-10 00:00:00",
        }
        for n, status in enumerate(
            (
                "delivered",
                "shipped",
                "canceled",
                "unavailable",
                "invoiced",
                "processing",
                "approved",
                "created",
            )
        )
    ],
    "order_items": [
        {
            "order_id": f"o{n}",
            "order_item_id": str(item),
            "product_id": f"p{item}",
            "seller_id": "s1",
            "shipping_limit_date": f"2017-07-2{item} 12:35:15",
            "price": "3.49",
            "freight_value": "16.8",
        }
        for n, item in ((6, 1), (0, 2), (0, 1), (1, 1), (2, 1), (4, 1), (5, 1))
    ],
    "order_payments": [
        {
            "order_id": f"o{n}",
            "payment_sequential": str(sequence),
            "payment_type": kind,
            "payment_installments": "1",
            "payment_value": value,
        }
        for n, sequence, kind, value in (
            (0, 1, "credit_card", "30.58"),
            (0, 2, "voucher", "10.00"),
            *((n, 1, "boleto", "20.29") for n in range(1, 8)),
        )
    ],
    "customers": [
        {
            "customer_id": f"c{n}",
            "customer_unique_id": f"u{n}",
            "customer_zip_code_prefix": "09531",
            "customer_city": "sao caetano do sul",
            "customer_state": "SP",
        }
        for n in reversed(range(8))
    ],
    "products": [
        {"product_id": "p1", "product_category_name": "automotivo", "product_weight_g": "200"},
        {"product_id": "p2", "product_category_name": "", "product_weight_g": ""},
    ],
    "order_reviews": [
        {
            "review_id": f"r{n}",
            "order_id": "o0",
            "review_score": score,
            "review_comment_title": "",
            "review_comment_message": text,
            "review_creation_date": "2017-07-25 00:00:00",
            "review_answer_timestamp": "2017-07-26 19:12:30",
        }
        for n, (score, text) in enumerate((("5", ""), ("1", "Não chegou,\nliguem para Maria 11 98765-4321"), ("9", "")))
    ],
}


def write_olist(folder: Path, ending: str = ".csv", **changed: list[dict[str, str]]) -> Path:
    for name, rows in {**OLIST, **changed}.items():
        write(folder / f"{name}{ending}", rows, "utf-8")
    return folder
