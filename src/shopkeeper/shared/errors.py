"""Expected errors: a code and the facts; words are put on it at the door."""

from typing import Any


class BusinessError(Exception):
    """Something the procedure does not allow; `code` is looked up in the desk's words."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotAllowed(BusinessError):
    """The actor lacks the permission or the row is outside the actor's shops and warehouses."""

    def __init__(self, permission: str) -> None:
        super().__init__("not_allowed", permission=permission)
