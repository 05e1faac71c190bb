"""Which order numbers a file already had."""

MOST_REMEMBERED = 2_000_000


class SeenBefore:
    """Remembers numbers by hash, so that a million cost tens of megabytes, and stops at two million.

    Beyond that a repeated order is still harmless: taking an order in twice changes nothing.
    """

    def __init__(self) -> None:
        self._hashes: set[int] = set()

    def before(self, number: str) -> bool:
        """Whether the number came before; it is remembered now."""
        mark = hash(number)
        if mark in self._hashes:
            return True
        if len(self._hashes) < MOST_REMEMBERED:
            self._hashes.add(mark)
        return False
