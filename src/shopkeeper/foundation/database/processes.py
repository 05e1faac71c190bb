"""How a child process is tied to its parent and, as root, made to run as `nobody`.

Apart from the server's own code because it is plain Linux (prctl, capabilities) and knows no database.
"""

import ctypes
import os
import pwd
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


@dataclass(frozen=True, slots=True)
class Account:
    """The system user a child runs as."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """`nobody` when we are root (PostgreSQL refuses to run as root), otherwise None: stay who we are."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def tie_to_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: when the parent is gone, however it went, the child gets `death_signal`.

    Fork from the main thread: Linux sends the signal when the forking *thread* ends.
    """
    parent = os.getpid()

    def in_child() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os.kill(os.getpid(), death_signal)

    return in_child


def become(account: Account | None, death_signal: signal.Signals | None, capability: int | None) -> Callable[[], None]:
    """A `preexec_fn` that ties the child to us (unless None) and gives up root but for one capability.

    The capability lets `nobody` pass through folders that are closed to it (a clone under /root, a
    temporary folder of mode 0700), so that no folder's rights need to be loosened.
    """
    tie = tie_to_parent(death_signal) if death_signal else None

    def in_child() -> None:
        if account is not None:
            if capability is not None:
                # Capabilities stay over setuid, and count in access(), by which initdb looks for its programs.
                _LIBC.prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP, 0, 0, 0)
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            if capability is not None:
                _keep_only(capability)
        if tie is not None:
            tie()

    return in_child


def capability_for(account: Account | None, folders: list[Path], programs: Path) -> int | None:
    """Which capability `account` needs to reach the folders and run the programs; None if rights suffice."""
    if account is None:
        return None
    if not _others_may(programs / "postgres", 0o005):
        return CAP_DAC_OVERRIDE
    if all(_may_pass(folder) for folder in [*folders, programs]):
        return None
    return CAP_DAC_READ_SEARCH if _we_hold(CAP_DAC_READ_SEARCH) else CAP_DAC_OVERRIDE


def _may_pass(folder: Path) -> bool:
    return all(_others_may(parent, 0o001) for parent in folder.absolute().parents)


def _others_may(path: Path, bits: int) -> bool:
    try:
        return path.stat().st_mode & bits == bits
    except FileNotFoundError:
        return True


def _we_hold(capability: int) -> bool:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            return bool(int(line.split()[1], 16) >> capability & 1)
    return False


def _keep_only(capability: int) -> None:
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAP_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; low then high
    if _LIBC.capset(header, data) == 0:
        _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
