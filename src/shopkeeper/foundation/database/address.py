"""Addresses of databases: what stands in DATABASE_URL, and its parts."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from psycopg.conninfo import conninfo_to_dict

OWNER = "shopkeeper"
DATABASE = "shopkeeper"
APP_ROLE = "shopkeeper_app"


def socket_url(folder: Path, database: str = DATABASE, user: str = OWNER) -> str:
    """The address of a database of the server listening in a socket folder."""
    return f"postgresql://{user}@/{quote(database)}?host={quote(str(folder), safe='/')}"


def with_database(url: str, database: str) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/" + quote(database)))


def database_of(url: str) -> str:
    return str(connection_parameters(url).get("dbname", ""))


def without_secret(url: str) -> str:
    """The address as it may be printed or logged."""
    parts = connection_parameters(url)
    where = parts.get("host") or "localhost"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{where}{port}/{parts.get('dbname', '')}"


def connection_parameters(url: str) -> dict[str, Any]:
    """libpq's own reading of an address."""
    return dict(conninfo_to_dict(url))


def outside_url() -> str:
    """The outside PostgreSQL named by the environment, or '' for the embedded one."""
    return os.environ.get("DATABASE_URL", "")
