"""A material's record in parts: its head with what may be done, its versions as they are shown, its time line."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.queries.materials import MaterialRecord, VersionRow
from shopkeeper.flows.marketing.launch.queries.saying import told
from shopkeeper.flows.marketing.launch.rules.colours import nearest
from shopkeeper.flows.marketing.launch.states import MaterialState, Verdict
from shopkeeper.flows.marketing.launch.words import KINDS
from shopkeeper.shared.words import T
from shopkeeper.web.pages import Request
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step

WHY_APPROVE = T("审核意见（有提醒时必填）", "Your remark (needed where the checks advise against it)")
WHY_RETURN = T("哪里要改？", "What is to change?")
WHY_DROP = T("为什么取消？", "Why is it dropped?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a text: plain, or with the tone of what stands against it."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ShownShade:
    """A dominant colour with its share in per cent and its distance from the nearest brand colour."""

    colour: str
    percent: int
    distance: float | None


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One version ready to be shown."""

    row: VersionRow
    findings: list[tuple[str, T, T, T]]
    marks: list[Mark]
    shades: list[ShownShade]

    @property
    def wrong(self) -> int:
        """How much of what was found keeps it from being approved."""
        return sum(one.level == "error" for one in self.row.findings)

    @property
    def to_look_at(self) -> int:
        """How much a person looks at before approving it."""
        return len(self.row.findings) - self.wrong

    @property
    def is_off_brand(self) -> bool:
        return any(one.code == "off_brand" for one in self.row.findings)

    @property
    def is_picture(self) -> bool:
        return bool(self.row.digest) and "film" not in self.row.measures and not self.row.measures.get("trouble")

    @property
    def is_film(self) -> bool:
        return "film" in self.row.measures


def versions_of(found: MaterialRecord) -> list[ShownVersion]:
    """All versions, newest first."""
    return [_shown(found, version) for version in found.versions]


def _shown(found: MaterialRecord, version: VersionRow) -> ShownVersion:
    brand = found.brief.brand
    shades = [
        ShownShade(one["colour"], round(one["share"] * 100), round(nearest(one["colour"], brand), 1) if brand else None)
        for one in version.shades
        if one["share"] >= 0.01
    ]
    return ShownVersion(version, told(version.findings, found.brief.must_say), _marks(version), shades)


def _marks(version: VersionRow) -> list[Mark]:
    """The text cut along what was found in it; of two that overlap the first and longest stays."""
    placed = [one for one in version.findings if one.place == "text" and "start" in one.facts]
    spans = sorted(
        ((int(one.facts["start"]), int(one.facts["end"]), one.level) for one in placed),
        key=lambda span: (span[0], -span[1]),
    )
    cut, at = [], 0
    for start, end, level in spans:
        if start < at:
            continue
        cut += [Mark(version.text[at:start])] if start > at else []
        cut.append(Mark(version.text[start:end], "red" if level == "error" else "amber"))
        at = end
    return [*cut, Mark(version.text[at:])] if at < len(version.text) else cut


def head_of(request: Request, found: MaterialRecord) -> RecordHead:
    row = found.row
    actions = _actions(request, found)
    badges = (Badge(T("检查有问题", "Checks failed"), "red", "alert-triangle"),) if row.errors else ()
    return RecordHead(
        title=KINDS[row.kind],
        number=row.title,
        back="launch-materials",
        state=MaterialState(row.state),
        clause="M2.1",
        due_at=row.due_at,
        badges=badges,
        steps=_steps(found),
        primary=actions[0] if actions else None,
        secondary=tuple(actions[1:]),
        more=_more(request, found),
    )


def _actions(request: Request, found: MaterialRecord) -> list[Action]:
    row, ids = found.row, {"ids": found.row.id}
    is_own = bool(found.versions) and found.versions[0].made_by == request.actor.id
    if row.state != MaterialState.IN_REVIEW or not request.actor.may(Permission.MATERIAL_APPROVE) or is_own:
        return []
    ask = WHY_APPROVE if row.advice else None
    return [
        Action(T("通过", "Approve"), reverse("launch-approve"), fields=ids, icon="check", ask=ask),
        Action(T("退回", "Return"), reverse("launch-return"), fields=ids, icon="arrow-back", ask=WHY_RETURN),
    ]


def _more(request: Request, found: MaterialRecord) -> tuple[Action, ...]:
    may_drop = request.actor.may(Permission.MATERIAL_BRIEF) and found.row.state != MaterialState.DROPPED
    drop = Action(
        T("取消素材", "Drop it"),
        reverse("launch-drop"),
        fields={"ids": found.row.id},
        icon="x",
        tone="red",
        ask=WHY_DROP,
    )
    return (drop,) if may_drop else ()


def _steps(found: MaterialRecord) -> tuple[Step, ...]:
    row, newest = found.row, found.versions[0] if found.versions else None
    place = {MaterialState.BRIEFED: 1, MaterialState.RETURNED: 1, MaterialState.CHECKING: 1}.get(
        MaterialState(row.state), 2 if row.state == MaterialState.IN_REVIEW else 3
    )
    approved = next((one for one in found.versions if one.number == row.approved), None)
    if row.state == MaterialState.DROPPED:
        return (
            Step(T("提要求", "Asked for"), "done", row.briefed_at),
            Step(T("取消", "Dropped"), "stopped", row.state_at),
        )
    return (
        Step(T("提要求", "Asked for"), "done", row.briefed_at),
        Step(
            T("制作", "Made"),
            "now" if place == 1 else "done",
            newest.made_at if newest else row.brief_due_at,
            planned=newest is None,
        ),
        Step(
            T("审核", "Reviewed"),
            "now" if place == 2 else "done" if place > 2 else "next",
            approved.decided_at if approved and place > 2 else None,
        ),
        Step(
            T("使用", "In use"),
            "done" if found.uses else "now" if place > 2 else "next",
            found.uses[-1].noted_at if found.uses else None,
        ),
    )


def timeline_of(found: MaterialRecord) -> list[Happening]:
    """What happened."""
    happened = [Happening(found.row.briefed_at, T("提出要求", "Asked for"), found.briefer)]
    for one in reversed(found.versions):
        happened += _of_version(one)
    for use in reversed(found.uses):
        what = T("第 {n} 版用于 {x}", "Version {n} used in {x}").format(n=use.number, x=f"{use.channel} {use.place}")
        happened.append(Happening(use.noted_at, what, use.noted_by))
    if found.row.state == MaterialState.DROPPED:
        happened.append(Happening(found.row.state_at, T("取消", "Dropped"), tone="red"))
    return happened


def _of_version(one: VersionRow) -> Sequence[Happening]:
    added = T("交第 {n} 版", "Version {n} handed in").format(n=one.number)
    happened = [Happening(one.made_at, added, one.maker, one.note)]
    if one.checked_at:
        failed = one.verdict == Verdict.FAILED
        what = T("检查不合格，退回", "Checks failed; it went back") if failed else T("检查合格", "Checks passed")
        happened.append(Happening(one.checked_at, what, tone="red" if failed else "green"))
    if one.decided_at:
        what = T("通过", "Approved") if one.is_approved else T("退回", "Returned")
        happened.append(
            Happening(
                one.decided_at, what, one.decider, one.decision_reason, tone="green" if one.is_approved else "red"
            )
        )
    return happened
