"""Permissions on the watch over campaigns."""

from enum import StrEnum


class Permission(StrEnum):
    WATCH_VIEW = "marketing.watch.view"
    TRAFFIC_RECORD = "marketing.watch.record"
    SHEET_SIGN = "marketing.watch.sign"
    BENCHMARK_SET = "marketing.watch.benchmark"
    ALERT_ANSWER = "marketing.watch.answer"
    RESTOCK_ANSWER = "marketing.watch.restock"
    KEEP = "marketing.watch.keep"
