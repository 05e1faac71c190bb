"""Addresses of static files carry their content's hash, so that browsers may keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

HASH_LENGTH = 10


class VersionedFiles(StaticFilesStorage):
    """`/static/build/app.js?v=3f2a…`; a file that is not built yet keeps its plain address."""

    def url(self, name: str | None) -> str:
        plain = super().url(name)
        version = _version(name or "") if not settings.DEBUG else ""
        return f"{plain}?v={version}" if version else plain


@lru_cache(maxsize=256)
def _version(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:HASH_LENGTH]
