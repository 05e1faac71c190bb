"""The states of a wave, of an order in it, and of a line on its pick list. Data only."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class WaveState(StrEnum):
    OPEN = "open"  # released, nobody has taken it
    PICKING = "picking"
    PICKED = "picked"  # collected; its orders are being packed
    DONE = "done"
    CANCELLED = "cancelled"  # every order left it before it was collected


WAVE_FLOW = Transitions(
    table="warehouse_wave",
    states=WaveState,
    allowed={
        WaveState.OPEN: {WaveState.PICKING, WaveState.CANCELLED},
        WaveState.PICKING: {WaveState.PICKED, WaveState.CANCELLED},
        WaveState.PICKED: {WaveState.DONE},
        WaveState.DONE: set(),
        WaveState.CANCELLED: set(),
    },
)


class WaveOrderState(StrEnum):
    PICKING = "picking"
    TO_PACK = "to_pack"
    PACKING = "packing"  # open at a packing station
    REPICKING = "repicking"  # a piece failed; others are being fetched
    PACKED = "packed"
    RETURNING = "returning"  # left the wave; its pieces are still in the tote
    DROPPED = "dropped"  # left the wave; nothing of it is here any more


WAVE_ORDER_FLOW = Transitions(
    table="warehouse_waveorder",
    states=WaveOrderState,
    allowed={
        WaveOrderState.PICKING: {WaveOrderState.TO_PACK, WaveOrderState.RETURNING, WaveOrderState.DROPPED},
        WaveOrderState.TO_PACK: {WaveOrderState.PACKING, WaveOrderState.RETURNING},
        WaveOrderState.PACKING: {
            WaveOrderState.REPICKING,
            WaveOrderState.PACKED,
            WaveOrderState.RETURNING,
            WaveOrderState.DROPPED,
        },
        WaveOrderState.REPICKING: {WaveOrderState.TO_PACK, WaveOrderState.RETURNING, WaveOrderState.DROPPED},
        WaveOrderState.PACKED: {WaveOrderState.RETURNING},
        WaveOrderState.RETURNING: {WaveOrderState.DROPPED},
        WaveOrderState.DROPPED: set(),
    },
)

# An order is in at most one wave in these states.
HELD_BY_WAVE = (
    WaveOrderState.PICKING,
    WaveOrderState.TO_PACK,
    WaveOrderState.PACKING,
    WaveOrderState.REPICKING,
    WaveOrderState.PACKED,
)
STILL_TO_PACK = (
    WaveOrderState.PICKING,
    WaveOrderState.TO_PACK,
    WaveOrderState.PACKING,
    WaveOrderState.REPICKING,
)


class PickState(StrEnum):
    OPEN = "open"
    PICKED = "picked"
    SHORT = "short"
    CANCELLED = "cancelled"


PICK_FLOW = Transitions(
    table="warehouse_pickline",
    states=PickState,
    allowed={
        PickState.OPEN: {PickState.PICKED, PickState.SHORT, PickState.CANCELLED},
        PickState.PICKED: set(),
        PickState.SHORT: set(),
        PickState.CANCELLED: set(),
    },
)


class Verdict(StrEnum):
    """What the eye says of a piece at the packing station."""

    OK = "ok"
    DAMAGED = "damaged"
    STAINED = "stained"
    WRONG_PIECE = "wrong_piece"


class DropReason(StrEnum):
    """Why an order left its wave."""

    SHORT_PICK = "short_pick"
    FAILED_PIECE = "failed_piece"
    REFUND_OPEN = "refund_open"
    SET_BACK = "set_back"  # cancelled, or called back to the check


class ScanRefusal(StrEnum):
    """Why a scan was not accepted, as it stays on record."""

    WRONG_PIECE = "wrong_piece"
    NOT_IN_WAVE = "not_in_wave"
    WRONG_BIN = "wrong_bin"
    OVER_PICK = "over_pick"
    NOT_IN_ORDER = "not_in_order"
    TOO_MANY = "too_many"
    NOT_PICKED = "not_picked"
