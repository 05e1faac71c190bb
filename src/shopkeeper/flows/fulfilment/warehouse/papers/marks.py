"""Handling marks on parcels: each one's text in both languages; its icon is `marks/<mark>.svg`."""

from enum import StrEnum

from shopkeeper.shared.words import T


class Mark(StrEnum):
    FRAGILE = "fragile"
    DO_NOT_BEND = "do_not_bend"
    DO_NOT_PRESS = "do_not_press"
    THIS_SIDE_UP = "this_side_up"
    KEEP_DRY = "keep_dry"
    DO_NOT_INVERT = "do_not_invert"
    FRESH = "fresh"
    LIQUID = "liquid"
    BATTERY = "battery"
    VALUABLE = "valuable"
    PERISHABLE = "perishable"
    FREIGHT_COLLECT = "freight_collect"
    CASH_ON_DELIVERY = "cash_on_delivery"
    INSURED = "insured"
    PROOF_OF_DELIVERY = "proof_of_delivery"


MARK_WORDS: dict[Mark, T] = {
    Mark.FRAGILE: T("易碎", "FRAGILE"),
    Mark.DO_NOT_BEND: T("勿折", "DO NOT BEND"),
    Mark.DO_NOT_PRESS: T("勿压", "DO NOT PRESS"),
    Mark.THIS_SIDE_UP: T("此面向上", "THIS SIDE UP"),
    Mark.KEEP_DRY: T("怕雨", "KEEP DRY"),
    Mark.DO_NOT_INVERT: T("勿倒置", "DO NOT INVERT"),
    Mark.FRESH: T("生鲜冷链", "COLD CHAIN"),
    Mark.LIQUID: T("液体", "LIQUID"),
    Mark.BATTERY: T("含电池", "BATTERY"),
    Mark.VALUABLE: T("贵重", "VALUABLE"),
    Mark.PERISHABLE: T("易腐", "PERISHABLE"),
    Mark.FREIGHT_COLLECT: T("到付", "FREIGHT COLLECT"),
    Mark.CASH_ON_DELIVERY: T("代收货款", "COD"),
    Mark.INSURED: T("保价", "INSURED"),
    Mark.PROOF_OF_DELIVERY: T("签回单", "POD"),
}


def marks_drawn(marks: tuple[Mark, ...]) -> list[dict[str, str]]:
    """Each mark once, in the declared order, as the templates draw it: both languages whoever reads."""
    return [
        {"icon": mark.value, "zh": MARK_WORDS[mark].text("zh"), "en": MARK_WORDS[mark].text("en")}
        for mark in Mark
        if mark in marks
    ]
