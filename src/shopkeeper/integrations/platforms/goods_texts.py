"""What platforms are told of goods in words: one text out of selling points, description and attributes."""

from html import escape

from shopkeeper.flows.products.publishing.ports import GoodsDraft
from shopkeeper.shared.outside import OutsideError

DEFAULT_SPEC = "默认"


def told(draft: GoodsDraft) -> list[str]:
    """Every line worth telling; the title first, so that there is always something."""
    attributes = [f"{name}：{value}" for name, value in draft.attributes.items()]
    return [line for line in (draft.title, *draft.selling_points, draft.description, *attributes) if line]


def as_html(draft: GoodsDraft) -> str:
    """The text as paragraphs; what was written is text, never markup."""
    return "".join(f"<p>{escape(line)}</p>" for line in told(draft))


def spec_of(spec: str) -> str:
    """A variant's name; the only one of its goods may have none."""
    return spec.strip() or DEFAULT_SPEC


def check_currency(draft: GoodsDraft) -> None:
    """These platforms sell for renminbi only. Raises a permanent `bad_price`."""
    if draft.currency != "CNY":
        raise OutsideError("permanent", "bad_price", f"sold in CNY only, not {draft.currency}")
