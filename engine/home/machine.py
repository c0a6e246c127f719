"""Look at where tocsin lives: would the attack that it is to manage take it too, or leave it without a line?

Only what the system says is told; what can't be known here is left out, never guessed. deploy/README.md describes the
home that we recommend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import Final

from engine.home.symptom import Symptom

__all__ = ["where_it_stands"]

_SHARES: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.davfs",
        "davfs",
    }
)
"""Kinds of mounts whose files are on another machine."""
_JOINED: Final = ("etc/krb5.keytab", "var/lib/samba/private/secrets.tdb", "etc/sssd/sssd.conf")
"""What joining a Linux machine to a domain leaves (realmd, winbind, sssd)."""
_ANYWHERE: Final = "00000000"


def where_it_stands(home: Path, environment: Mapping[str, str], root: Path = Path("/")) -> Iterator[Symptom]:
    """What the machine and the folder's place say. `root`: where the system's own files are."""
    joined = _domain(environment, root)
    if joined:
        yield Symptom("warn", "in_domain", {"domain": joined})
    share = _share(home, root)
    if share:
        yield Symptom("warn", "on_share", {"path": str(home), "share": share})
    lines = _ways_out(root)
    if len(lines) == 1:
        yield Symptom("warn", "one_line", {"line": lines[0]})
    if not joined and not share:
        yield Symptom("ok", "stands_alone")


def _domain(environment: Mapping[str, str], root: Path) -> str:
    """The domain that this machine is joined to, or what shows that it is joined to one."""
    if found := environment.get("USERDNSDOMAIN"):
        return found
    return next((f"/{one}" for one in _JOINED if (root / one).exists()), "")


def _share(home: Path, root: Path) -> str:
    """The other machine's folder on which the town's stands, if it does."""
    path = home.resolve()
    if PureWindowsPath(str(path)).drive.startswith("\\\\"):
        return PureWindowsPath(str(path)).drive
    deepest, source = "", ""
    for line in _lines(root / "proc/self/mounts"):
        device, place, kind, *_ = [*line.split(), "", "", ""]
        place = place.replace("\\040", " ")
        inside = str(path) == place or str(path).startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(deepest):  # of two mounts at one place the later hides the other
            deepest, source = place, device if kind in _SHARES else ""
    return source


def _ways_out(root: Path) -> list[str]:
    """The network interfaces that lead to the Internet; empty where the system doesn't tell."""
    routes = (line.split() for line in _lines(root / "proc/net/route")[1:])
    return sorted({route[0] for route in routes if len(route) > 1 and route[1] == _ANYWHERE})


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
