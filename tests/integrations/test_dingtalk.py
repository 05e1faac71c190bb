"""The team robot: signed, twenty a minute by its own count, and what the robot's own door refuses."""

from datetime import timedelta

import pytest

from shopkeeper.integrations.messaging.dingtalk import DingTalkAccess, DingTalkRobot
from shopkeeper.shared.outside import OutsideError
from shopkeeper.sop.ports import RobotMessage
from tests.outside import Outside


def taken(outside: Outside, token: str) -> list[tuple[str, str, int, int]]:
    rows = [row for row in outside.control.ledger("robot") if row["token"] == token]
    return [(row["title"], row["text"], row["count"], row["lost_answers"]) for row in rows]


def failure(robot: DingTalkRobot, message: RobotMessage) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        robot.send(message)
    return caught.value


def test_messages_arrive(outside: Outside) -> None:
    robot = outside.robot("arrive")
    robot.send(RobotMessage("待办", "**3** 单超时 ⏰", at_mobiles=("13800000000",)))
    robot.send(RobotMessage("", "plain", markdown=False))
    assert taken(outside, "arrive") == [("", "plain", 1, 0), ("待办", "**3** 单超时 ⏰ @13800000000", 1, 0)]


def test_twenty_a_minute_and_then_it_says_when(outside: Outside) -> None:
    robot = outside.robot("limit")
    for n in range(20):
        robot.send(RobotMessage("t", f"message {n}"))
    error = failure(robot, RobotMessage("t", "one more"))
    assert (error.kind, error.code, error.retry_after_s) == ("throttled", "own_limit", 60.0)
    assert len(taken(outside, "limit")) == 20
    outside.clock(timedelta(seconds=61))
    robot.send(RobotMessage("t", "one more"))


def test_the_robots_door_counts_too(outside: Outside) -> None:
    one = outside.robot("shared")
    other = outside.robot("shared")
    for n in range(20):
        (one if n % 2 else other).send(RobotMessage("t", f"message {n}"))
    error = failure(one, RobotMessage("t", "one more"))
    assert (error.kind, error.code, error.retry_after_s) == ("throttled", "130101", 600.0)
    outside.clock(timedelta(seconds=120))
    assert failure(one, RobotMessage("t", "one more")).code == "130101"
    outside.clock(timedelta(seconds=500))
    one.send(RobotMessage("t", "one more"))


@pytest.mark.parametrize(("token", "secret", "code"), [("wrong", "SECwrong", "310000"), ("unknown", "", "300005")])
def test_a_wrong_robot_is_a_matter_for_a_person(outside: Outside, token: str, secret: str, code: str) -> None:
    outside.robot("wrong", "SECright")
    robot = DingTalkRobot(DingTalkAccess(token, secret, outside.sandboxes.robot_url))
    try:
        error = failure(robot, RobotMessage("t", "m"))
    finally:
        robot.close()
    assert (error.kind, error.code) == ("auth", code)
    assert "SECwrong" not in repr(robot._access)


@pytest.mark.parametrize(
    ("what", "kind", "count"),
    [
        ("down", "transient", 0),
        ("cut", "transient", 0),
        ("server_error", "transient", 0),
        ("throttle", "throttled", 0),
        ("half_json", "transient", 1),
        ("lost_answer", "transient", 1),
    ],
)
def test_failures_have_their_class_and_nothing_is_said_twice_behind_ones_back(
    outside: Outside, what: str, kind: str, count: int
) -> None:
    robot = outside.robot(f"fails-{what}")
    outside.control.misbehave("robot", what, next=1)
    assert failure(robot, RobotMessage("t", "m")).kind == kind
    assert taken(outside, f"fails-{what}") == [("t", "m", 1, 1)] * count


def test_an_empty_message_is_refused(outside: Outside) -> None:
    robot = outside.robot("empty")
    assert failure(robot, RobotMessage("t", "")).kind == "permanent"
