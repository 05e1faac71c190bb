"""Charts: one definition for screen and paper, drawn on the server as SVG by Vega-Lite.

On screen the colours are the tokens of the theme, so that a chart follows light and dark; on paper they are ink.
A chart is never the only form of its figures: who shows it sets a table behind it.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import vl_convert

from shopkeeper.foundation.documents.typst import FAMILY, font_directory
from shopkeeper.shared.words import T, active_language

PLENTY_OF_TICKS = 12
IN_WAN = (
    "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, '~r') + '亿' : "
    "abs(datum.value) >= 1e4 ? format(datum.value / 1e4, '~r') + '万' : format(datum.value, '~r')"
)
Word = T | str
LONGEST_WORD, LARGEST = 200, 1e18
# What XML cannot hold ends the drawing library, and with it the process it runs in.
_UNDRAWABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ElementTree.register_namespace("", "http://www.w3.org/2000/svg")


class ChartKind(StrEnum):
    LINE = "line"  # a value over time, one line a series
    COLUMNS = "columns"  # one column a step, series side by side
    STACKED = "stacked"  # one column a step, series on top of each other
    BARS = "bars"  # a ranking, longest names; the order of the points is kept


class Surface(StrEnum):
    SCREEN = "screen"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Point:
    """One value. `step` is its place on the axis as people read it ("10:00", "淘宝"); None leaves a gap."""

    step: Word
    value: float | None
    series: Word = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`unit` is written at the value axis; `is_rate` shows values of 0..1 as per cent; `target` draws a line."""

    kind: ChartKind
    title: Word
    points: Sequence[Point]
    unit: Word = ""
    is_rate: bool = False
    target: float | None = None
    height: int = 180

    @property
    def steps(self) -> list[str]:
        return list(dict.fromkeys(drawable(point.step) for point in self.points))

    @property
    def series(self) -> list[str]:
        return list(dict.fromkeys(drawable(point.series) for point in self.points))

    @property
    def table(self) -> list[tuple[str, list[float | None]]]:
        """The same figures as rows: a step, then its value in each series."""
        at = {(drawable(point.step), drawable(point.series)): point.value for point in self.points}
        return [(step, [at.get((step, series)) for series in self.series]) for step in self.steps]


def drawable(word: Word) -> str:
    """A word as it can be drawn."""
    return _UNDRAWABLE.sub("", str(word))[:LONGEST_WORD]


def _finite(value: float | None) -> float | None:
    """A value as JSON can say it; what is none, or beyond any number, leaves a gap."""
    return value if value is not None and abs(value) < LARGEST and not math.isnan(value) else None


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of a surface."""

    text: str
    soft: str
    rule: str
    series: tuple[str, ...]


INKS = {
    Surface.SCREEN: Ink(
        "var(--sk-text)", "var(--sk-text-3)", "var(--sk-border)", tuple(f"var(--sk-chart-{n})" for n in range(1, 7))
    ),
    Surface.PAPER: Ink(
        "#111827", "#6b7280", "#d1d5db", ("#3f4dc4", "#dd8a0a", "#1c9a52", "#a4509e", "#2b7bdd", "#8b8f98")
    ),
}


def chart_svg(chart: Chart, surface: Surface = Surface.SCREEN, *, width: int = 640) -> str:
    """The chart as one SVG of `width` units; it scales to the room it is given. About 20 ms, kept while unchanged."""
    return _drawn(json.dumps(_spec(chart, INKS[surface], width), ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=512)
def _drawn(spec: str) -> str:
    _know_fonts()
    return _silent(str(vl_convert.vegalite_to_svg(spec)))


def _silent(svg: str) -> str:
    """Without roles and labels of its parts: the page names the figure, and the table behind it is read aloud."""
    root = ElementTree.fromstring(svg)  # noqa: S314 our own drawing
    for part in root.iter():
        for name in [name for name in part.attrib if name == "role" or name.startswith("aria-")]:
            del part.attrib[name]
    return ElementTree.tostring(root, encoding="unicode")


@lru_cache(maxsize=1)
def _know_fonts() -> None:
    """Room for words is measured with the font they will be set in."""
    if font_directory().is_dir():
        vl_convert.register_font_directory(str(font_directory()))


def _spec(chart: Chart, ink: Ink, width: int) -> Mapping[str, Any]:
    layers = [{"mark": _mark(chart, ink), "encoding": _encoding(chart, ink, width)}]
    if chart.target is not None:
        layers.append(_target(chart, ink))
    values = [
        {"step": drawable(point.step), "value": value, "series": drawable(point.series)}
        for point in chart.points
        if (value := _finite(point.value)) is not None or chart.kind == ChartKind.LINE
    ]
    return {
        "width": width,
        "height": max(chart.height, 24 * len(chart.steps)) if chart.kind == ChartKind.BARS else chart.height,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": None,
        "data": {"values": values},
        "layer": layers,
        "config": _config(ink),
    }


def _config(ink: Ink) -> Mapping[str, Any]:
    return {
        "font": FAMILY,
        "view": {"stroke": None},
        "axis": {
            "labelColor": ink.soft,
            "titleColor": ink.soft,
            "gridColor": ink.rule,
            "domainColor": ink.rule,
            "tickColor": ink.rule,
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
        },
        "legend": {"labelColor": ink.text, "labelFontSize": 11, "orient": "top", "title": None, "symbolType": "square"},
    }


def _mark(chart: Chart, ink: Ink) -> Mapping[str, Any]:
    if chart.kind == ChartKind.LINE:
        return {"type": "line", "strokeWidth": 2, "point": {"size": 22, "filled": True}, "color": ink.series[0]}
    thick = "height" if chart.kind == ChartKind.BARS else "width"
    band = 0.9 if chart.kind == ChartKind.COLUMNS and len(chart.series) > 1 else 0.62
    return {"type": "bar", "cornerRadiusEnd": 2, "color": ink.series[0], thick: {"band": band}}


def _encoding(chart: Chart, ink: Ink, width: int) -> Mapping[str, Any]:
    number = {
        "field": "value",
        "type": "quantitative",
        "title": drawable(chart.unit) or None,
        "axis": _number_axis(chart),
    }
    if chart.kind != ChartKind.STACKED:
        number["stack"] = None
    steps = chart.steps
    place: dict[str, Any] = {
        "field": "step",
        "type": "ordinal",
        "title": None,
        "sort": steps,
        "axis": {
            "labelAngle": 0,
            "grid": False,
            "labelOverlap": "greedy",
            "labelSeparation": 4,
            "ticks": len(steps) <= PLENTY_OF_TICKS,
        },
    }
    lying = chart.kind == ChartKind.BARS
    encoding: dict[str, Any] = {"y": place, "x": number} if lying else {"x": place, "y": number}
    if lying:
        room = min(220, width // 3)
        place["axis"] = {"grid": False, "ticks": False, "domain": False, "labelLimit": room, "labelColor": ink.text}
    if len(chart.series) > 1:
        scale = {"domain": chart.series, "range": list(ink.series[: len(chart.series)])}
        encoding["color"] = {"field": "series", "type": "nominal", "scale": scale}
        if chart.kind == ChartKind.COLUMNS:
            encoding["xOffset"] = {"field": "series", "sort": chart.series}
            place["scale"] = {"paddingInner": 0.35, "paddingOuter": 0.2}
    return encoding


def _target(chart: Chart, ink: Ink) -> dict[str, Any]:
    axis = "x" if chart.kind == ChartKind.BARS else "y"
    return {
        "mark": {"type": "rule", "strokeDash": [5, 4], "color": ink.soft},
        "encoding": {axis: {"datum": chart.target}},
    }


def _number_axis(chart: Chart) -> Mapping[str, Any]:
    """Big numbers as people say them: 12万 in Chinese, 120k in English."""
    axis: dict[str, Any] = {"tickCount": 5, "ticks": False}
    if chart.is_rate:
        return axis | {"format": ".1%"}
    return axis | ({"labelExpr": IN_WAN} if active_language() == "zh" else {"format": "~s"})
