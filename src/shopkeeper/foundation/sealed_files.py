"""Files that people outside hand in, sealed under their own key: with the key destroyed, nobody opens them again.

A file is checked like every upload (`files.py`), but its plain content never gets a name on disk. It is found by
a keyed hash of whose it is and what it holds: the same file of the same person is kept once.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shopkeeper.foundation.files import CHUNK, LIMITS, FileKind, recognised, take_in
from shopkeeper.foundation.personal import NONCE_BYTES, Erased, reference_hash, subject_cipher

MARK = b"SKSEAL1\n"
TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A kept sealed file: `ref` finds it, together with its subject."""

    ref: str
    size: int
    kind: FileKind


class SealedFiles:
    """Sealed files in a folder of our own, `<root>/ab/<ref>`, written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(
        self, subject_id: int, stream: BinaryIO, allowed: Collection[FileKind], limit: int | None = None
    ) -> SealedFile:
        """Read an upload, check it, seal it. Raises FileRefused; Erased where the person's key is gone."""
        cipher = subject_cipher(subject_id)
        most = max(LIMITS[kind] for kind in allowed) if limit is None else limit
        with tempfile.TemporaryFile() as plain:  # it has no name: whatever happens, nothing plain is left
            digest, size = take_in(stream, plain, most)
            kind = recognised(plain, size, allowed, limit)
            ref = reference_hash(f"file:{subject_id}:{digest}").hex()
            plain.seek(0)
            self._write(cipher, plain, ref)
        return SealedFile(ref, size, kind)

    def _write(self, cipher: AESGCM, plain: BinaryIO, ref: str) -> None:
        target = self._place(ref)
        if target.is_file():
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as sealed:
                sealed.write(MARK)
                number = 0
                while chunk := plain.read(CHUNK):
                    nonce = os.urandom(NONCE_BYTES)
                    sealed.write(nonce + cipher.encrypt(nonce, chunk, _place_in_file(ref, number)))
                    number += 1
                sealed.flush()
                os.fsync(sealed.fileno())
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def read(self, subject_id: int, ref: str) -> Iterator[bytes]:
        """The plain content, piece by piece. Raises FileNotFoundError; Erased where the key is gone."""
        cipher = subject_cipher(subject_id)
        place = self._place(ref)
        if not place.is_file():
            raise FileNotFoundError(ref)
        return self._pieces(cipher, place, subject_id, ref)

    def _pieces(self, cipher: AESGCM, place: Path, subject_id: int, ref: str) -> Iterator[bytes]:
        with place.open("rb") as sealed:
            if sealed.read(len(MARK)) != MARK:
                raise Erased(subject_id)
            number = 0
            while piece := sealed.read(NONCE_BYTES + CHUNK + TAG_BYTES):
                try:
                    yield cipher.decrypt(piece[:NONCE_BYTES], piece[NONCE_BYTES:], _place_in_file(ref, number))
                except InvalidTag as error:
                    raise Erased(subject_id) from error
                number += 1

    def _place(self, ref: str) -> Path:
        if len(ref) != 2 * hashlib.sha256().digest_size or not set(ref) <= set("0123456789abcdef"):
            raise ValueError("not a reference of a sealed file")
        return self.root / ref[:2] / ref


def sealed_files() -> SealedFiles:
    """The installation's own store."""
    return SealedFiles(Path(settings.SHOPKEEPER_VAR) / "sealed")


def _place_in_file(ref: str, number: int) -> bytes:
    """Bound to each piece, so that pieces can neither be exchanged nor moved."""
    return f"{ref}:{number}".encode()
