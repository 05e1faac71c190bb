"""Uploads: known by content, bounded, kept once, never trusted by name."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from shopkeeper.foundation import files
from shopkeeper.foundation.files import FileKind, FileRefused, FileStore


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg(width: int = 16, height: int = 16) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\x00" * 3
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 9 + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame


def xlsx(**extra: bytes) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, "订单编号")
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in extra.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CSV = "订单编号,金额\n1,2\n".encode("gb18030")
MP4 = b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00" + b"\x00\x00\x00\x08moov"
SAMPLES = {
    FileKind.MP4: MP4,
    FileKind.PNG: png(),
    FileKind.JPEG: jpeg(),
    FileKind.PDF: PDF,
    FileKind.CSV: CSV,
    FileKind.XLSX: xlsx(),
}


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def keep(store: FileStore, content: bytes, name: str = "a.bin", **options: int) -> files.StoredFile:
    return store.keep(io.BytesIO(content), name, frozenset(FileKind), **options)


def code_of(store: FileStore, content: bytes, **options: int) -> str:
    with pytest.raises(FileRefused) as refused:
        keep(store, content, **options)
    assert list(store.root.rglob("*")) == [], "a refused file leaves nothing behind"
    assert refused.value.code in files.REFUSALS
    assert files.REFUSALS[refused.value.code].format(**refused.value.facts).text("en")
    return refused.value.code


@pytest.mark.parametrize("kind", FileKind)
def test_a_file_is_known_by_its_content_whatever_its_name(store: FileStore, kind: FileKind) -> None:
    kept = keep(store, SAMPLES[kind], "photo.exe")
    assert (kept.kind, kept.size) == (kind, len(SAMPLES[kind]))
    with store.open(kept.digest) as stream:
        assert stream.read() == SAMPLES[kind]


def test_the_same_content_is_kept_once(store: FileStore) -> None:
    first, second = keep(store, PDF, "a.pdf"), keep(store, PDF, "b.pdf")
    assert first.digest == second.digest
    assert len([path for path in store.root.rglob("*") if path.is_file()]) == 1
    assert store.forget(first.digest)
    assert not store.forget(first.digest)
    with pytest.raises(FileNotFoundError):
        store.path(first.digest)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "a\x00b.png", "..", ""])
def test_a_name_is_never_a_path(store: FileStore, name: str) -> None:
    kept = keep(store, PDF, name)
    assert not set("/\\\x00") & set(kept.shown_name)
    assert kept.shown_name not in ("", ".", "..")
    assert all(store.root in path.parents for path in store.root.rglob("*"))


@pytest.mark.parametrize("digest", ["../x", "", "A" * 64, "0" * 63])
def test_only_a_digest_finds_a_file(store: FileStore, digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        store.path(digest)


def test_what_is_empty_unknown_or_not_wanted_is_refused(store: FileStore) -> None:
    assert code_of(store, b"") == "file_empty"
    assert code_of(store, b"MZ\x90\x00" * 20) == "file_kind_unknown"
    assert code_of(store, b"<html>, <script>alert(1)</script>\n") == "file_kind_unknown"
    with pytest.raises(FileRefused) as refused:
        store.keep(io.BytesIO(PDF), "a.png", files.IMAGES)
    assert refused.value.code == "file_kind_not_wanted"


def test_a_file_over_its_limit_is_refused_while_it_is_read(store: FileStore) -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            self.read_bytes += size
            return b"a,b\n" * (size // 4)

    endless = Endless()
    with pytest.raises(FileRefused) as refused:
        store.keep(endless, "endless.csv", {FileKind.CSV}, limit=3 * files.MIB)  # type: ignore[arg-type]
    assert refused.value.code == "file_too_large"
    assert endless.read_bytes <= 4 * files.MIB


def test_a_picture_that_unpacks_to_too_many_pixels_is_refused(store: FileStore) -> None:
    assert code_of(store, png(60_000, 60_000)) == "file_unsafe"
    assert code_of(store, jpeg(65_000, 65_000)) == "file_unsafe"
    assert code_of(store, b"\xff\xd8\xff\xe0\x00\x04ab") == "file_unsafe"


def test_a_file_of_countless_tiny_parts_is_not_walked_through(store: FileStore, monkeypatch) -> None:
    monkeypatch.setattr(files, "MOST_PARTS", 100)
    assert code_of(store, MP4 + b"\x00\x00\x00\x08free" * 100) == "file_unsafe"
    assert code_of(store, jpeg()[:2] + b"\xff" * 200 + jpeg()[2:]) == "file_unsafe"
    assert keep(store, MP4 + b"\x00\x00\x00\x08free" * 90).kind is FileKind.MP4


def test_a_workbook_that_is_a_bomb_is_refused(store: FileStore) -> None:
    assert code_of(store, xlsx(xl__bomb=b"0" * (30 * files.MIB))) == "file_unsafe"


def test_a_workbook_whose_declared_sizes_lie_is_refused(store: FileStore) -> None:
    honest = xlsx(xl__bomb=b"0" * (3 * files.MIB))
    lying = honest.replace(struct.pack("<I", 3 * files.MIB), struct.pack("<I", 10))
    assert lying != honest
    assert code_of(store, lying) == "file_unsafe"


@pytest.mark.parametrize(
    "extra",
    [
        {"xl__vbaProject.bin": b"macro"},
        {"xl__extra.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'},
    ],
)
def test_a_workbook_with_macros_or_document_types_is_refused(store: FileStore, extra: dict[str, bytes]) -> None:
    assert code_of(store, xlsx(**extra)) == "file_unsafe"


def test_any_other_archive_is_no_workbook(store: FileStore) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert code_of(store, target.getvalue()) == "file_unsafe"
    assert code_of(store, xlsx()[:-30]) == "file_unsafe"


def test_binary_data_behind_a_text_beginning_is_refused(store: FileStore) -> None:
    assert code_of(store, b"a,b\n" * 80_000 + b"\x00\x01\x02") == "file_unsafe"
