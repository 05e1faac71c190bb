"""Each model says of every field whether it is personal or harmless; a meta-test fails where one does not."""

from typing import Final


class _AllOthers:
    """Every field not named personal is harmless."""


ALL_OTHERS: Final = _AllOthers()
