"""Pictures of every kind of trouble, made here and measured for real."""

import io
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, ImageFont

from shopkeeper.flows.products.listing.rules.overlay import can_read, with_overlay
from shopkeeper.flows.products.listing.rules.pictures import Measures, Thresholds, judge, measure, measures_of
from shopkeeper.flows.products.listing.words import FINDINGS
from tests.flows.products.listing.stage import good_picture, picture

pytestmark = pytest.mark.clause("P2.2")
LIMITS = Thresholds(sharpness=60, white_level=250, white_border=98, subject_least=30, text_most=1)


def codes(
    content: bytes, role: str = "main", platforms: tuple[str, ...] = ("taobao",), name: str = "a.jpg"
) -> list[str]:
    measures = replace(measure(content, name, 250), text_share=0.0)
    found = [finding.code for finding in judge(measures, role, platforms, LIMITS)]
    assert set(found) <= set(FINDINGS)
    return found


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def test_a_sharp_picture_on_white_passes_everywhere() -> None:
    assert codes(good_picture(), platforms=("taobao", "tmall", "jd", "pinduoduo", "douyin")) == []


def test_what_is_measured_is_kept_and_read_again() -> None:
    measures = measure(good_picture(), "主图.jpg", 250)
    assert (measures.kind, measures.width, measures.height, measures.frames) == ("jpeg", 800, 800, 1)
    assert measures.white_border == 1.0
    assert 0.6 < measures.subject < 0.8
    assert measures_of({**measures.plain(), "later": 1}) == measures


@pytest.mark.parametrize("content", [b"", b"not a picture", good_picture()[:2_000], good_picture()[:20]])
def test_corrupt_and_truncated(content: bytes) -> None:
    found = codes(content)
    assert found in (["picture_damaged"], ["picture_kind_unknown"])


def test_a_png_cut_short_is_damaged() -> None:
    content = picture(kind="PNG")
    assert codes(content[: len(content) // 2], name="a.png") == ["picture_damaged"]


def test_mislabelled() -> None:
    assert codes(picture(kind="PNG"), name="a.jpg") == ["picture_mislabelled"]
    assert codes(picture(kind="PNG"), name="a.png") == []
    assert codes(good_picture(), name="没有后缀") == []


def test_svg_with_script_is_no_picture() -> None:
    assert codes(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>') == ["picture_kind_unknown"]


def test_enormous_is_refused_without_being_decoded() -> None:
    """A PNG of a few bytes that says it is 20,000 × 20,000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (20_000, 9_000, 7_500):
        head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
        assert codes(bomb, name="a.png") == ["picture_enormous"]


def test_animated() -> None:
    frames = [Image.new("RGB", (800, 800), shade) for shade in ("white", "grey")]
    gif = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    assert "picture_animated" in codes(gif, name="a.gif")
    apng = saved(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=100)
    assert "picture_animated" in codes(apng, name="a.png")


def test_cmyk() -> None:
    assert codes(picture(mode="CMYK")) == ["picture_cmyk"]


@pytest.mark.parametrize("blur", [1, 2, 4])
def test_blurred(blur: float) -> None:
    assert codes(picture(blur=blur)) == ["picture_blurred"]


def test_a_main_picture_stands_on_white_and_others_need_not() -> None:
    grey = picture(background="#e8e8e8")
    assert codes(grey) == ["picture_not_white"]
    assert codes(grey, role="gallery") == []


def test_a_badge_in_a_corner_is_seen() -> None:
    assert codes(picture(badge=True)) in (["picture_corner"], ["picture_not_white"])


def test_goods_that_are_too_small_in_the_picture() -> None:
    assert codes(picture(subject=0.2)) == ["picture_subject_small"]


def test_an_all_white_picture_shows_nothing() -> None:
    assert codes(saved(Image.new("RGB", (800, 800), "white"), "JPEG")) == ["picture_blurred", "picture_subject_small"]


def test_a_see_through_picture_is_looked_at_on_white() -> None:
    image = Image.new("RGBA", (800, 800), (0, 0, 0, 0))
    image.paste(Image.open(io.BytesIO(good_picture())).crop((100, 100, 700, 700)), (100, 100))
    assert codes(saved(image, "PNG"), name="a.png") == []


@pytest.mark.parametrize(
    ("content", "role", "platform", "code"),
    [
        (picture(600), "main", "taobao", "picture_small"),
        (picture(720), "main", "jd", "picture_small"),
        (picture(800, height=1_000), "main", "taobao", "picture_ratio"),
        (picture(400), "detail", "pinduoduo", "picture_narrow"),
        (picture(1_300, height=800), "detail", "pinduoduo", "picture_wide"),
        (picture(800, height=1_600), "detail", "pinduoduo", "picture_tall"),
        (picture(kind="GIF"), "main", "pinduoduo", "picture_kind"),
    ],
)
def test_each_platform_has_its_limits(content: bytes, role: str, platform: str, code: str) -> None:
    assert code in codes(content, role, (platform,), name="图")


def test_a_file_can_be_too_heavy_for_one_platform_only() -> None:
    heavy = Measures("jpeg", 2 * 1024 * 1024, 800, 800, sharpness=99, white_border=1, white_corner=1, subject=0.7)
    found = judge(replace(heavy, text_share=0.0), "main", ("taobao", "pinduoduo"), LIMITS)
    assert [(f.code, f.facts["platform"], f.facts["limit"]) for f in found] == [
        ("picture_bytes", "pinduoduo", "1.0 MB")
    ]


def test_without_the_extra_the_verdict_says_so_plainly() -> None:
    unread = measure(good_picture(), "a.jpg", 250)
    found = judge(unread, "main", ("taobao",), LIMITS)
    assert [(f.code, f.level) for f in found] == [("picture_text_not_checked", "advice")]


def test_text_on_a_main_picture_is_read_off_it() -> None:
    if not can_read():
        pytest.skip("the extra vision is not installed")
    image = Image.open(io.BytesIO(good_picture()))
    ImageDraw.Draw(image).text((140, 20), "SALE 99 OFF TODAY", fill="red", font=ImageFont.load_default(60))
    content = saved(image, "JPEG", quality=92)
    measures = with_overlay(measure(content, "a.jpg", 250), content)
    assert "SALE" in measures.text
    assert "picture_has_text" in [f.code for f in judge(measures, "main", ("taobao",), LIMITS)]
    assert "picture_has_text" not in [f.code for f in judge(measures, "detail", ("taobao",), LIMITS)]
    clean = with_overlay(measure(good_picture(), "a.jpg", 250), good_picture())
    assert judge(clean, "main", ("taobao",), LIMITS) == []
