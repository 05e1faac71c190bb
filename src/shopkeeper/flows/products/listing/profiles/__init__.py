"""The product table: its columns, read from a file within bounds and written to one."""


class ImportRefused(Exception):
    """A file that cannot be imported at all; `code` is looked up in the desk's words."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
