"""Text and codes on a picture, read by the extra `vision` where it is installed; where not, that is said plainly."""

from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any

from shopkeeper.flows.products.listing.rules.pictures import Measures

SURE_ENOUGH = 0.6
LONGEST_TEXT = 2_000
SIDE = 1_000
MODULES = ("cv2", "rapidocr", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Overlay:
    """What stands on a picture; `share` of its area is covered by text."""

    share: float
    text: str
    has_code: bool


def can_read() -> bool:
    """Is the extra `vision` there?"""
    return all(find_spec(module) for module in MODULES)


def with_overlay(measures: Measures, content: bytes) -> Measures:
    """The measures completed by what is written on the picture; as they were where it cannot be read."""
    if measures.trouble or not can_read():
        return measures
    found = read_overlay(content)
    return replace(measures, text_share=round(found.share, 4), text=found.text, has_code=found.has_code)


def read_overlay(content: bytes) -> Overlay:
    """Read a picture that is known to open. One thread."""
    vision = _vision()
    pixels = vision.decode(content)
    height, width = pixels.shape[:2]
    boxes, texts = vision.texts(pixels)
    covered = sum(vision.area(box) for box in boxes)
    return Overlay(min(1.0, covered / (height * width)), "\n".join(texts)[:LONGEST_TEXT], vision.has_code(pixels))


@cache
def _vision() -> "_Vision":
    return _Vision()


class _Vision:
    """The reader, loaded once and only where it is asked for."""

    def __init__(self) -> None:
        import cv2  # noqa: PLC0415  (an extra: loaded when it is there and first needed)
        import numpy  # noqa: PLC0415
        from rapidocr import RapidOCR  # noqa: PLC0415

        cv2.setNumThreads(1)
        self._cv2, self._numpy = cv2, numpy
        one_thread = {
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
        }
        self._reader: Any = RapidOCR(params=one_thread)
        self._codes: Any = cv2.QRCodeDetector()

    def decode(self, content: bytes) -> Any:
        """The picture's pixels, at most SIDE a side."""
        raw = self._numpy.frombuffer(content, dtype=self._numpy.uint8)
        pixels: Any = self._cv2.imdecode(raw, self._cv2.IMREAD_COLOR)
        scale = SIDE / max(pixels.shape[:2])
        if scale >= 1:
            return pixels
        return self._cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=self._cv2.INTER_AREA)

    def texts(self, pixels: Any) -> tuple[list[Any], list[str]]:
        found = self._reader(pixels)
        if found.boxes is None:
            return [], []
        sure = [
            (box, text)
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
            if score >= SURE_ENOUGH and text.strip()
        ]
        return [box for box, _ in sure], [text for _, text in sure]

    def area(self, box: Any) -> float:
        return float(self._cv2.contourArea(self._numpy.asarray(box, dtype=self._numpy.float32)))

    def has_code(self, pixels: Any) -> bool:
        found, _ = self._codes.detect(pixels)
        return bool(found)
