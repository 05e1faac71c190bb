"""The platform's error answers, in its own codes and words."""

from shopkeeper.simulator.sandboxes.store import Doc


class TopError(Exception):
    """One error answer. Sub codes with `isv.` blame the caller, with `isp.` the platform."""

    def __init__(self, code: int, msg: str, sub_code: str = "", sub_msg: str = "") -> None:
        super().__init__(f"{code} {msg} {sub_code} {sub_msg}")
        self.body: Doc = {"code": code, "msg": msg}
        if sub_code:
            self.body |= {"sub_code": sub_code, "sub_msg": sub_msg}


def missing(name: str) -> TopError:
    """A required parameter is not there."""
    return TopError(40, "Missing Required Arguments", f"isv.missing-parameter:{name}", f"缺少参数 {name}")


def invalid(name: str, why: str) -> TopError:
    """A parameter makes no sense."""
    return TopError(41, "Invalid Arguments", f"isv.invalid-parameter:{name}", why)


def refused(sub_code: str, why: str) -> TopError:
    """The business refuses."""
    return TopError(15, "Remote service error", f"isv.{sub_code}", why)


def throttled(seconds: int) -> TopError:
    """Too many calls; the ban's end is in the words."""
    return TopError(
        7,
        "App Call Limited",
        "accesscontrol.limited-by-app-access-count",
        f"This ban will last for {seconds} more seconds",
    )


def server_error() -> TopError:
    """The platform itself has failed."""
    return TopError(15, "Remote service error", "isp.remote-service-error", "服务暂不可用，请稍后重试")
