"""Seal a backup in the age format: for a passphrase, or for the keys of those who may read it. `age` reads it too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Key", "Seal", "Unsealable"]


class Unsealable(Exception):
    """`code`: not_a_key (a recipient or an identity can't be read), wrong_key, not_sealed (no age file, or damaged)."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True)
class Seal:
    """Who may read: whoever knows the passphrase, or holds the key of one recipient (`age1…`)."""

    passphrase: str = ""
    recipients: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.passphrase) == bool(self.recipients):
            raise ValueError("a passphrase, or recipients")

    def seal(self, plain: Path, sealed: Path) -> None:
        """Write the sealed form of a file. For recipients it streams; a passphrase holds the file in memory."""
        import pyrage

        if self.passphrase:
            sealed.write_bytes(pyrage.passphrase.encrypt(plain.read_bytes(), self.passphrase))
            return
        recipients = [_recipient(one) for one in self.recipients]
        with plain.open("rb") as read, sealed.open("wb") as write:
            pyrage.encrypt_io(read, write, recipients)


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a seal: the passphrase, or the text of an identity file (`AGE-SECRET-KEY-1…`)."""

    passphrase: str = ""
    identity: str = ""

    def open(self, sealed: Path, plain: Path) -> None:
        """Write what a sealed file holds. Unsealable if this key doesn't open it."""
        import pyrage

        try:
            if self.passphrase:
                plain.write_bytes(pyrage.passphrase.decrypt(sealed.read_bytes(), self.passphrase))
                return
            with sealed.open("rb") as read, plain.open("wb") as write:
                pyrage.decrypt_io(read, write, _identities(self.identity))
        except pyrage.DecryptError as error:
            code = "wrong_key" if sealed.read_bytes()[:3] == b"age" else "not_sealed"
            raise Unsealable(code, path=str(sealed)) from error


def _recipient(text: str) -> Any:
    import pyrage

    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise Unsealable("not_a_key", key=text) from error


def _identities(text: str) -> list[Any]:
    import pyrage

    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise Unsealable("not_a_key", key="") from error
    if not found:
        raise Unsealable("not_a_key", key="")
    return found
