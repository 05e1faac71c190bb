"""Personal data: sealed under a key per data subject; destroying the key erases the person everywhere.

A subject is named by a reference such as 'taobao:12:open-uid'; only its keyed hash is stored. Keys are
wrapped by the installation's master key, which lives in a file (mode 0600) or a secret store, never here.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shopkeeper.foundation.sql import NoRow, Statement, as_json, json_bytes

NONCE_BYTES = 12
KEY_BYTES = 32


class Erased(Exception):
    """The person's key was destroyed: nothing can open this any more."""


@lru_cache(maxsize=1)
def master_key() -> bytes:
    """The installation's key: made on first use, readable by this user only."""
    path = settings.SHOPKEEPER_MASTER_KEY_FILE
    try:
        return bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(os.urandom(KEY_BYTES).hex())
        try:
            os.link(temporary, path)  # the first of two starters wins; nobody reads half a key
        except FileExistsError:
            return bytes.fromhex(path.read_text().strip())
        finally:
            temporary.unlink()
        return bytes.fromhex(path.read_text().strip())


@lru_cache(maxsize=32)
def _derived(purpose: str) -> bytes:
    return hmac.new(master_key(), purpose.encode(), hashlib.sha256).digest()


def blind_index(purpose: str, value: str) -> bytes:
    """A keyed hash for exact search: the same value gives the same 16 bytes, and nobody reads it back."""
    return hashlib.blake2b(value.encode(), key=_derived(f"index:{purpose}"), digest_size=16).digest()


def reference_hash(reference: str) -> bytes:
    return hashlib.blake2b(reference.encode(), key=_derived("subject"), digest_size=32).digest()


def token_seed(token_id: int) -> bytes:
    """The secret part of an API token, derived from the master key; see tokens.py."""
    return hmac.new(_derived("api-token"), str(token_id).encode(), hashlib.sha256).digest()


def seal_secret(text: str) -> bytes:
    """Seal an installation's own secret (platform credentials) under the master key."""
    return _seal(_derived("secrets"), text.encode())


def open_secret(sealed: bytes) -> str:
    return _open(_derived("secrets"), bytes(sealed)).decode()


def _seal(key: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def _open(key: bytes, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)


@dataclass(frozen=True, slots=True)
class KeyRow:
    id: int
    reference_hash: bytes
    wrapped: bytes | None


FIND_OR_MAKE = Statement(
    """
    WITH given AS (
        SELECT decode(hash, 'base64') AS hash, decode(wrapped, 'base64') AS wrapped
        FROM json_to_recordset(%(offers)s::json) AS given (hash text, wrapped text)
    ), made AS (
        INSERT INTO foundation_subjectkey (reference_hash, wrapped, made_at)
        SELECT g.hash, g.wrapped, %(now)s::timestamptz FROM given AS g
        WHERE NOT EXISTS (SELECT FROM foundation_subjectkey AS k WHERE k.reference_hash = g.hash)
        ORDER BY g.hash ON CONFLICT (reference_hash) DO NOTHING
        RETURNING id, reference_hash, wrapped
    )
    SELECT id, reference_hash, wrapped FROM made
    UNION ALL
    SELECT k.id, k.reference_hash, k.wrapped FROM given AS g
    JOIN foundation_subjectkey AS k ON k.reference_hash = g.hash""",
    row=KeyRow,
)

FIND = Statement(
    "SELECT id, reference_hash, wrapped FROM foundation_subjectkey WHERE reference_hash = ANY(%(hashes)s::bytea[])",
    row=KeyRow,
)

FIND_BY_ID = Statement(
    "SELECT id, reference_hash, wrapped FROM foundation_subjectkey WHERE id = ANY(%(ids)s::bigint[])",
    row=KeyRow,
)

DESTROY: Statement[NoRow] = Statement("""
    UPDATE foundation_subjectkey SET wrapped = NULL, erased_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND wrapped IS NOT NULL""")


class SubjectKeys:
    """The keys of some data subjects, by reference: `seal` under a subject's key, `id_of` to store beside it."""

    def __init__(self, keys: Mapping[str, tuple[int, bytes | None]]) -> None:
        self._ciphers = {ref: (id_, AESGCM(key) if key else None) for ref, (id_, key) in keys.items()}

    def id_of(self, reference: str) -> int:
        return self._ciphers[reference][0]

    def is_erased(self, reference: str) -> bool:
        return self._ciphers[reference][1] is None

    def seal(self, reference: str, plain: bytes) -> bytes:
        """Seal bytes; for an erased person nothing is kept and the answer is empty."""
        cipher = self._ciphers[reference][1]
        if cipher is None:
            return b""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, plain, None)

    def seal_json(self, reference: str, data: Mapping[str, Any]) -> bytes:
        return self.seal(reference, json_bytes(data))


def keys_for(references: Iterable[str], *, now: datetime) -> SubjectKeys:
    """Find or make the keys of these subjects, in one statement however many they are."""
    by_hash = {reference_hash(reference): reference for reference in dict.fromkeys(references)}
    wrapper = _derived("wrap")
    offered = {hash_: os.urandom(KEY_BYTES) for hash_ in by_hash}
    wrapped = [_seal(wrapper, key) for key in offered.values()]
    offers = [{"hash": hash_, "wrapped": key} for hash_, key in zip(offered, wrapped, strict=True)]
    rows = FIND_OR_MAKE.rows(offers=as_json(offers), now=now)
    if len(rows) < len(by_hash):  # somebody made one at the same moment: it is there now
        rows = FIND.rows(hashes=list(by_hash))
    ours = set(wrapped)
    found: dict[str, tuple[int, bytes | None]] = {}
    for row in rows:
        hash_, kept = bytes(row.reference_hash), row.wrapped
        is_ours = kept is not None and bytes(kept) in ours
        found[by_hash[hash_]] = (row.id, offered[hash_] if is_ours else _unwrap(kept))
    return SubjectKeys(found)


def seal_many(plain: Mapping[int, tuple[int, Mapping[str, Any]]]) -> dict[int, bytes]:
    """Seal documents {any key: (subject id, data)} for subjects already known; empty where one was erased."""
    if not plain:
        return {}
    rows = FIND_BY_ID.rows(ids=sorted({subject for subject, _ in plain.values()}))
    keys = {row.id: _unwrap(row.wrapped) for row in rows}
    sealed = {}
    for name, (subject, data) in plain.items():
        key = keys.get(subject)
        sealed[name] = _seal(key, json.dumps(data, ensure_ascii=False).encode()) if key else b""
    return sealed


def open_json(subject_id: int, sealed: bytes) -> dict[str, Any]:
    """Open what was sealed for a subject; raise Erased when the key is gone. Callers log the reveal."""
    return open_many({0: (subject_id, sealed)})[0]


def open_many(sealed: Mapping[int, tuple[int, bytes]]) -> dict[int, dict[str, Any]]:
    """Open many sealed documents {any key: (subject id, bytes)}; raise Erased if one's key is gone."""
    rows = FIND_BY_ID.rows(ids=sorted({subject for subject, _ in sealed.values()}))
    keys = {row.id: _unwrap(row.wrapped) for row in rows}
    opened = {}
    for name, (subject, data) in sealed.items():
        key = keys.get(subject)
        if key is None or not data:
            raise Erased(subject)
        try:
            opened[name] = json.loads(_open(key, bytes(data)))
        except InvalidTag as error:
            raise Erased(subject) from error
    return opened


def open_bytes_under(wrapped: bytes | None, sealed: bytes) -> bytes | None:
    """Open bytes with their subject's wrapped key at hand; None where the person was erased."""
    key = _unwrap(wrapped)
    return _open(key, bytes(sealed)) if key is not None and sealed else None


def open_under(wrapped: bytes | None, sealed: bytes) -> dict[str, Any] | None:
    """Open a document with its subject's wrapped key at hand; None where the person was erased."""
    plain = open_bytes_under(wrapped, sealed)
    return json.loads(plain) if plain is not None else None


def subject_cipher(subject_id: int) -> AESGCM:
    """The cipher of a subject for what is too large for one piece; raise Erased when the key is gone."""
    row = next(iter(FIND_BY_ID.rows(ids=[subject_id])), None)
    key = _unwrap(row.wrapped) if row else None
    if key is None:
        raise Erased(subject_id)
    return AESGCM(key)


def _unwrap(wrapped: bytes | None) -> bytes | None:
    return _open(_derived("wrap"), bytes(wrapped)) if wrapped is not None else None


def destroy_keys(subject_ids: list[int], *, now: datetime) -> int:
    """Erase people: destroy their keys. The records stay whole, with what was sealed unreadable for ever."""
    return DESTROY.run(ids=sorted(subject_ids), now=now)
