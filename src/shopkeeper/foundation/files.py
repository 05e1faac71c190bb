"""Files people hand in: bounded, recognised by content and kept by content.

A file's name is only ever shown again, never used as a path. Stored files are addressed by their SHA-256,
so the same file twice is kept once.
"""

import hashlib
import os
import re
import struct
import tempfile
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T

MIB = 1024 * 1024
CHUNK = 256 * 1024
MOST_PIXELS = 50_000_000
MOST_PARTS = 50_000  # of a picture or film: a file of nothing but tiny ones would be walked through for minutes
FILM_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  ", b"3gp4", b"3gp5"}
)
XLSX_MOST_BYTES = 400 * MIB
XLSX_MOST_ENTRIES = 2_000
XLSX_MOST_RATIO = 150
_ZIP_TROUBLE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)


class FileKind(StrEnum):
    PNG = "png"
    JPEG = "jpeg"
    MP4 = "mp4"
    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"


IMAGES = frozenset({FileKind.PNG, FileKind.JPEG})
FILMS = frozenset({FileKind.MP4})
TABLES = frozenset({FileKind.CSV, FileKind.XLSX})
LIMITS = {
    FileKind.PNG: 10 * MIB,
    FileKind.JPEG: 10 * MIB,
    FileKind.MP4: 50 * MIB,
    FileKind.PDF: 20 * MIB,
    FileKind.CSV: 200 * MIB,
    FileKind.XLSX: 50 * MIB,
}
MEDIA_TYPES = {
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.MP4: "video/mp4",
    FileKind.PDF: "application/pdf",
    FileKind.CSV: "text/csv",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

REFUSALS: dict[str, T] = {
    "file_empty": T("文件是空的。请选择有内容的文件。", "The file is empty. Choose one with something in it."),
    "file_too_large": T(
        "文件超过上限 {limit_mb} MB。请压缩或拆分后再传。",
        "The file is over the limit of {limit_mb} MB. Make it smaller or split it, then send it again.",
    ),
    "file_kind_unknown": T(
        "内容不是可识别的文件（PNG、JPEG、MP4、PDF、CSV、XLSX）。请检查文件是否损坏，或另存为其中一种格式。",
        "The content is none of PNG, JPEG, MP4, PDF, CSV, XLSX. Check it is whole, or save it as one of these.",
    ),
    "file_kind_not_wanted": T(
        "这是 {kind} 文件，这里只收 {allowed}。请换成对应格式。",
        "This is a {kind} file; here only {allowed} are taken. Save it in one of those formats.",
    ),
    "file_unsafe": T(
        "文件内容不安全或已损坏（{reason}），没有保存。请用原程序重新导出。",
        "The file is unsafe or damaged ({reason}) and was not kept. Export it again from its program.",
    ),
}


class FileRefused(BusinessError):
    """A file that is not taken; the code is one of REFUSALS."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept file. `shown_name` is for people's eyes only; the content is found by `digest` alone."""

    digest: str
    size: int
    kind: FileKind
    shown_name: str

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]


def shown_name(name: str) -> str:
    """A name safe to show and to offer for download: no folders, no control characters, at most 120 long."""
    last = re.split(r"[\\/]", name)[-1]
    clean = re.sub(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\"<>|:*?]", "", last).strip(" .")
    if len(clean) > 120:
        stem, dot, ending = clean.rpartition(".")
        clean = f"{stem[:110]}{dot}{ending[:9]}" if dot else clean[:120]
    return clean or "file"


def sniff(head: bytes) -> FileKind | None:
    """What a file's first bytes say it is; its name and its declared type are not asked."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith((b"%PDF-1.", b"%PDF-2.")):
        return FileKind.PDF
    if head[4:8] == b"ftyp" and head[8:12] in FILM_BRANDS:
        return FileKind.MP4
    if head.startswith(b"PK\x03\x04"):
        return FileKind.XLSX
    return FileKind.CSV if _reads_as_table(head) else None


def _reads_as_table(head: bytes) -> bool:
    """Text in an encoding our readers know, whose first line has a delimiter."""
    if b"\x00" in head or re.search(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", head):
        return False
    first, newline, _ = head.partition(b"\n")
    if first.lstrip(b"\xef\xbb\xbf \t").lower().startswith((b"<", b"{\\rtf", b"#!")):
        return False
    if not any(mark in first for mark in (b",", b"\t", b";")):
        return False
    sample = head if not newline else head[: head.rfind(b"\n") + 1]
    return any(_decodes(sample, encoding) for encoding in ("utf-8-sig", "gb18030"))


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class FileStore:
    """Kept files in a folder of our own, `<root>/ab/cd/<sha-256>`, written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, stream: BinaryIO, name: str, allowed: Collection[FileKind], limit: int | None = None) -> StoredFile:
        """Read an upload, check it, keep it. Raises FileRefused; nothing is left behind then.

        `limit` (bytes) tightens the kind's own limit. A file over it is refused as soon as it passes it.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        most = max(LIMITS[kind] for kind in allowed) if limit is None else limit
        handle, temporary = tempfile.mkstemp(dir=self.root, prefix=".incoming-")
        try:
            with os.fdopen(handle, "w+b") as incoming:
                digest, size = take_in(stream, incoming, most)
                kind = recognised(incoming, size, allowed, limit)
                incoming.flush()
                os.fsync(incoming.fileno())
            target = self._place(digest)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return StoredFile(digest, size, kind, shown_name(name))

    def path(self, digest: str) -> Path:
        """Where a kept file lies. Raises FileNotFoundError when it is not kept, ValueError for no digest."""
        place = self._place(digest)
        if not place.is_file():
            raise FileNotFoundError(digest)
        return place

    def open(self, digest: str) -> BinaryIO:
        return self.path(digest).open("rb")

    def forget(self, digest: str) -> bool:
        """Remove a kept file; False when it was not there."""
        place = self._place(digest)
        existed = place.is_file()
        place.unlink(missing_ok=True)
        return existed

    def _place(self, digest: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ValueError("not a SHA-256 digest")
        return self.root / digest[:2] / digest[2:4] / digest


def kept_files() -> FileStore:
    """The installation's own store."""
    return FileStore(Path(settings.SHOPKEEPER_VAR) / "files")


def take_in(stream: BinaryIO, incoming: BinaryIO, most: int) -> tuple[str, int]:
    """Copy an upload as far as `most` bytes; its SHA-256 and size. Raises FileRefused."""
    seen, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise FileRefused("file_too_large", limit_mb=most // MIB)
        seen.update(chunk)
        incoming.write(chunk)
    if size == 0:
        raise FileRefused("file_empty")
    return seen.hexdigest(), size


def recognised(incoming: BinaryIO, size: int, allowed: Collection[FileKind], limit: int | None) -> FileKind:
    """What an upload is by its content, checked against what is allowed. Raises FileRefused."""
    incoming.seek(0)
    kind = sniff(incoming.read(CHUNK))
    if kind is None:
        raise FileRefused("file_kind_unknown")
    if kind not in allowed:
        names = ", ".join(sorted(one.value.upper() for one in allowed))
        raise FileRefused("file_kind_not_wanted", kind=kind.value.upper(), allowed=names)
    most = min(LIMITS[kind], limit or LIMITS[kind])
    if size > most:
        raise FileRefused("file_too_large", limit_mb=most // MIB)
    incoming.seek(0)
    _CHECKS[kind](incoming)
    return kind


def _unsafe(reason: str) -> FileRefused:
    return FileRefused("file_unsafe", reason=reason)


def _check_png(incoming: BinaryIO) -> None:
    head = incoming.read(33)
    if len(head) < 33 or head[12:16] != b"IHDR":
        raise _unsafe("broken PNG")
    width, height = struct.unpack(">II", head[16:24])
    _check_pixels(width, height)


def _check_jpeg(incoming: BinaryIO) -> None:
    """Walk the segments to the frame header, which has the size."""
    incoming.seek(2)
    for _ in range(MOST_PARTS):
        marker = incoming.read(2)
        if len(marker) < 2 or marker[0] != 0xFF:
            break
        if marker[1] == 0xFF:  # fill byte
            incoming.seek(-1, os.SEEK_CUR)
            continue
        length = incoming.read(2)
        if len(length) < 2 or (step := int.from_bytes(length)) < 2:
            break
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
            frame = incoming.read(5)
            if len(frame) < 5:
                break
            height, width = struct.unpack(">HH", frame[1:5])
            return _check_pixels(width, height)
        incoming.seek(step - 2, os.SEEK_CUR)
    raise _unsafe("broken JPEG")


def _check_mp4(incoming: BinaryIO) -> None:
    """Walk the outer boxes: they fill the file exactly, and one says how the film is to be played."""
    size, at, names = incoming.seek(0, os.SEEK_END), 0, set[bytes]()
    for _ in range(MOST_PARTS):
        if at >= size:
            break
        incoming.seek(at)
        head = incoming.read(16)
        length = int.from_bytes(head[:4])
        if length == 1:
            length = int.from_bytes(head[8:16])
        elif length == 0:
            length = size - at
        if len(head) < 8 or length < 8 or at + length > size:
            raise _unsafe("broken MP4")
        names.add(head[4:8])
        at += length
    if at < size or b"moov" not in names:
        raise _unsafe("broken MP4")


def _check_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise _unsafe(f"{width} × {height} pixels")


def _check_pdf(incoming: BinaryIO) -> None:
    size = incoming.seek(0, os.SEEK_END)
    incoming.seek(max(0, size - 2048))
    if b"%%EOF" not in incoming.read():
        raise _unsafe("broken PDF")


def _check_csv(incoming: BinaryIO) -> None:
    """The first piece was text; the rest must not hide binary data."""
    while chunk := incoming.read(CHUNK):
        if b"\x00" in chunk:
            raise _unsafe("binary data in CSV")


def _check_xlsx(incoming: BinaryIO) -> None:
    """A workbook and nothing more: bounded once unpacked, no macros, no XML document types.

    The sizes a ZIP declares may lie, so every part is really unpacked, chunk by chunk and against the bound.
    """
    size = incoming.seek(0, os.SEEK_END)
    try:
        with zipfile.ZipFile(incoming) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > XLSX_MOST_ENTRIES or len(names) != len(parts):
                raise _unsafe("too many parts")
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                raise _unsafe("not a workbook")
            if any(name.lower().endswith((".bin", ".exe", ".dll", ".vbs")) and "vba" in name.lower() for name in names):
                raise _unsafe("macros")
            bound = min(XLSX_MOST_BYTES, max(10 * MIB, size * XLSX_MOST_RATIO))
            for part in parts:
                bound = _unpack(archive, part, bound)
    except _ZIP_TROUBLE as error:
        raise _unsafe("broken XLSX") from error


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, bound: int) -> int:
    """Unpack one part to nowhere and return what is left of the bound."""
    if part.flag_bits & 0x1:
        raise _unsafe("encrypted")
    if part.file_size > bound:
        raise _unsafe("unpacks too large")
    with archive.open(part) as content:
        head = content.read(2048)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise _unsafe("XML document type")
        bound -= len(head)
        while chunk := content.read(CHUNK):
            bound -= len(chunk)
            if bound < 0:
                raise _unsafe("unpacks too large")
    return bound


_CHECKS = {
    FileKind.PNG: _check_png,
    FileKind.JPEG: _check_jpeg,
    FileKind.MP4: _check_mp4,
    FileKind.PDF: _check_pdf,
    FileKind.CSV: _check_csv,
    FileKind.XLSX: _check_xlsx,
}
