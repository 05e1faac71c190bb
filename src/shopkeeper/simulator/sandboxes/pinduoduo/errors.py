"""The platform's error answers, in its own codes and words."""

from shopkeeper.simulator.sandboxes.store import Doc


class PddError(Exception):
    """One error answer: 10000–39999 blame the caller, 50000–52003 the business, 52101 and on ask for patience."""

    def __init__(self, code: int, msg: str, sub_msg: str = "") -> None:
        super().__init__(f"{code} {msg} {sub_msg}")
        self.body: Doc = {"error_code": code, "error_msg": msg, "sub_code": str(code), "sub_msg": sub_msg or msg}


def missing(name: str) -> PddError:
    """A required parameter is not there."""
    return PddError(10000, "参数错误", f"{name} 不能为空")


def invalid(name: str, why: str) -> PddError:
    """A parameter makes no sense."""
    return PddError(10000, "参数错误", f"{name}: {why}")


def refused(why: str) -> PddError:
    """The business refuses."""
    return PddError(50001, "业务服务错误", why)


def throttled() -> PddError:
    """Too many calls of this kind."""
    return PddError(52101, "当前接口被限流，请稍后重试")


def server_error() -> PddError:
    """The platform itself has failed."""
    return PddError(52102, "当前接口暂时不可用，请稍后重试")
