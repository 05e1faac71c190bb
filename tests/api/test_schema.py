"""The API's shape is a promise: a change of it is seen in the diff of docs/api/openapi.json, or this is red."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"


@pytest.mark.django_db
@pytest.mark.clause("G6")
def test_the_schema_is_the_one_on_record() -> None:
    """Write it anew on purpose: SCHEMA=write pytest tests/api/test_schema.py."""
    now = json.dumps(Client().get("/api/v1/openapi.json").json(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("SCHEMA") == "write":
        SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
        SNAPSHOT.write_text(now)
    assert SNAPSHOT.read_text() == now, "the API changed: run SCHEMA=write pytest tests/api/test_schema.py and review"
