"""What can go wrong with a system outside the house, in the four classes that decide what to do next."""

from typing import Literal

OutsideKind = Literal["throttled", "transient", "auth", "permanent"]


class OutsideError(Exception):
    """An outside system did not do what it was asked.

    `throttled`: wait `retry_after_s`, then ask again. `transient`: ask again with back-off. `auth`: stop
    asking for this shop or account and tell a person. `permanent`: asking again the same way is useless.
    `code` is the outside system's own code (or ours: `timeout`, `connection`, `http_503`, `bad_answer`);
    `message` carries no personal data and no secret.
    """

    def __init__(self, kind: OutsideKind, code: str, message: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(f"{kind} {code}: {message}" if message else f"{kind} {code}")
        self.kind: OutsideKind = kind
        self.code = code
        self.message = message
        self.retry_after_s = retry_after_s

    @property
    def worth_retrying(self) -> bool:
        """Whether the same request may succeed later without a person's help."""
        return self.kind in ("throttled", "transient")


class ForgedMessage(Exception):
    """A pushed message whose signature, age or form is wrong: nothing in it may be believed.

    `code`: `unsigned`, `bad_signature`, `stale`, `unreadable`, `too_large`.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
