"""Charts: the same figures on screen and on paper, never with markup of somebody else's."""

import re

from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point, Surface, chart_svg
from shopkeeper.shared.words import T, speaking

HOURS = [
    Point(f"{hour:02d}:00", value, T("转化率", "Conversion")) for hour, value in ((9, 0.02), (10, None), (11, 0.03))
]


def of(kind: ChartKind, points: list[Point], **options: object) -> Chart:
    return Chart(kind, T("一张图", "A chart"), points, **options)  # type: ignore[arg-type]


def test_a_chart_takes_the_theme_on_screen_and_ink_on_paper() -> None:
    chart = of(ChartKind.LINE, HOURS, is_rate=True, target=0.025)
    assert "var(--sk-chart-1)" in chart_svg(chart)
    assert "var(" not in chart_svg(chart, Surface.PAPER)


def test_no_chart_brings_styles_that_the_page_would_refuse() -> None:
    for kind in ChartKind:
        points = [Point(step, 3.0, series) for step in "ab" for series in "xy"]
        assert not re.search(r"\sstyle=|<style|<script|\shref=", chart_svg(of(kind, points)))


def test_names_are_text_and_never_markup() -> None:
    named = [Point("<script>alert(1)</script>", 2.0), Point('"><img src=x>', 1.0)]
    for kind in (ChartKind.BARS, ChartKind.COLUMNS):
        svg = chart_svg(of(kind, named))
        assert "<script" not in svg
        assert "<img" not in svg


def test_what_cannot_be_drawn_leaves_the_process_alive() -> None:
    """The drawing library ends its process over a character that XML cannot hold."""
    words = ("茶具\x0b", "a\x00b", "\ud800", "\ufffe", "x" * 5_000)
    for kind in ChartKind:
        points = [Point(word, value, word) for word in words for value in (1.0, float("nan"), float("inf"), 1e300)]
        drawn = Chart(kind, words[0], points, unit=words[0])
        assert "茶具" in chart_svg(drawn)
        assert drawn.steps[0] == "茶具"


def test_big_numbers_are_said_as_people_say_them() -> None:
    sales = [Point("周一", 120_000.0), Point("周二", 80_000.0)]
    assert "万" in chart_svg(of(ChartKind.COLUMNS, sales))
    with speaking("en"):
        assert "120k" in chart_svg(of(ChartKind.COLUMNS, sales))


def test_the_table_behind_it_has_every_figure_and_leaves_gaps() -> None:
    chart = of(ChartKind.LINE, [*HOURS, Point("09:00", 0.04, T("基准", "Benchmark"))])
    assert chart.series == ["转化率", "基准"]
    assert chart.table == [("09:00", [0.02, 0.04]), ("10:00", [None, None]), ("11:00", [0.03, None])]


def test_a_ranking_keeps_the_order_it_was_given() -> None:
    svg = chart_svg(of(ChartKind.BARS, [Point("small", 1.0), Point("large", 9.0)]))
    assert svg.index(">small<") < svg.index(">large<")
