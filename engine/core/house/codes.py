"""What a one-time code and a PIN are compared with: the journal holds only that. Doors draw codes and salts.

A code is drawn by the machine, sixty bits that live a day: a fast digest is enough. A PIN is chosen by a person, six
figures that live for years: its digest is slow and takes memory, so that trying them all from a stolen journal costs.
"""

from __future__ import annotations

from hashlib import blake2b, scrypt
from hmac import compare_digest
from typing import Final

__all__ = [
    "CODE_ALPHABET",
    "CODE_LENGTH",
    "PIN_LENGTH",
    "code_digest",
    "is_code",
    "is_pin",
    "pin_digest",
    "plain",
]

CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What people tell apart when they read a code aloud: no 0 or O, no 1, I or L."""
CODE_LENGTH: Final = 12
"""Nearly sixty bits: nobody guesses it in a day through a chat."""
PIN_LENGTH: Final = (6, 32)
"""The fewest and most characters of a PIN."""

_SALT_BYTES: Final = 16  # what BLAKE2b takes


def plain(code: str) -> str:
    """A code as it is compared: capitals, without the hyphens and spaces that make it readable."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def code_digest(code: str, salt: str) -> str:
    """What the journal keeps of a code. `salt`: 32 hexadecimal figures."""
    return blake2b(
        plain(code).encode("utf-8", "replace"), digest_size=32, salt=bytes.fromhex(salt)[:_SALT_BYTES],
        person=b"tocsin invite",
    ).hexdigest()  # fmt: skip


def is_code(code: str, salt: str, digest: str) -> bool:
    """Whether this is the code of that digest; an erased one has none."""
    return bool(salt and digest) and compare_digest(code_digest(code, salt), digest)


def pin_digest(pin: str, salt: str) -> str:
    """What the journal keeps of a PIN: slow (some 50 ms) on purpose, never for an event loop's own thread."""
    return scrypt(
        pin.strip().encode("utf-8", "replace"), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32
    ).hex()


def is_pin(pin: str, salt: str, digest: str) -> bool:
    """Whether this is the PIN of that digest; slow on purpose."""
    return bool(salt and digest) and compare_digest(pin_digest(pin, salt), digest)
