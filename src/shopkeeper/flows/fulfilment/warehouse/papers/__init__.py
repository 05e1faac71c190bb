"""The warehouse's papers (O2.1, O2.2): a frozen input each, a PDF out, in the active language.

Apart from pages because paper has its own sizes, its own words and no viewer: what it may show is decided
here.
"""

from shopkeeper.flows.fulfilment.warehouse.papers.label import (
    LABEL_SIZES,
    Label,
    LabelItem,
    LabelSheet,
    LabelSize,
    Party,
    PassedThrough,
    label_pdf,
    label_sheet,
    stand_in_pdf,
)
from shopkeeper.flows.fulfilment.warehouse.papers.marks import MARK_WORDS, Mark
from shopkeeper.flows.fulfilment.warehouse.papers.packing_list import (
    PackedLine,
    PackingList,
    packing_list_pdf,
    packing_lists_pdf,
)
from shopkeeper.flows.fulfilment.warehouse.papers.pick_list import (
    PickLine,
    PickList,
    ToteShare,
    pick_list_pdf,
)

__all__ = [
    "LABEL_SIZES",
    "MARK_WORDS",
    "Label",
    "LabelItem",
    "LabelSheet",
    "LabelSize",
    "Mark",
    "PackedLine",
    "PackingList",
    "Party",
    "PassedThrough",
    "PickLine",
    "PickList",
    "ToteShare",
    "label_pdf",
    "label_sheet",
    "packing_list_pdf",
    "packing_lists_pdf",
    "pick_list_pdf",
    "stand_in_pdf",
]
