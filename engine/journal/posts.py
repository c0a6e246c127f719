"""The relay's own book: which message of ours stands where in the chats, and what was about to be sent.

It lies beside the journal and is no part of the truth. An intent is committed before a message is sent, so that a crash
leaves word of the one that may or may not have gone out. Should the book be lost, cards are posted anew, and `born`
tells which notices it can know nothing of. A damaged one is put aside, never repaired.

It holds no word of what was shown: identities and digests only.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from engine.core.quantities import Instant
from engine.journal.errors import JournalUnavailable, translated
from engine.journal.posting import POSTS_FILE, connect

__all__ = ["POSTS_FILE", "Post", "Posts", "open_posts"]

log = logging.getLogger(__name__)

MOST_BELOW: Final = 100
"""Beyond so many messages below a card nobody counts."""


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One message of ours, or the intent of one."""

    id: int = 0
    surface: str
    chat: str
    thread: str = ""
    person: str = ""
    incident: str
    key: str
    once: bool = False
    state: str = "intent"
    """intent: about to be sent. unsure: perhaps sent. sent. old: another stands for it now. past: nothing more is done
    with it. empty: to be emptied."""
    message: str = ""
    digest: bytes = b""
    afresh: str = ""
    at: Instant
    below: int = 0
    pinned: bool = False


_COLUMNS: Final = ", ".join(Post.__struct_fields__)
_INSERT: Final = (
    f"INSERT INTO posts ({_COLUMNS.partition(', ')[2]})"
    f" VALUES ({', '.join('?' * (len(Post.__struct_fields__) - 1))})"
)
_STANDS: Final = "state IN ('intent', 'unsure', 'sent')"


def open_posts(folder: Path, now: Instant) -> Posts:
    """Open the book of a town's folder, or begin one. A damaged one is put aside: it can be done without."""
    path = folder / POSTS_FILE
    try:
        return Posts(path, now)
    except JournalUnavailable as error:
        if error.code != "damaged":
            raise
    aside = path.with_name(f"{POSTS_FILE}.damaged-{now}")
    log.error("the book of sent messages is damaged: put aside as %s; cards are posted anew", aside.name)
    path.replace(aside)
    for end in ("-wal", "-shm"):
        path.with_name(POSTS_FILE + end).unlink(missing_ok=True)
    return Posts(path, now)


class Posts:
    """One connection, for one thread. What changes is durable when the call returns."""

    def __init__(self, path: Path, now: Instant) -> None:
        self._connection = connect(path, now)
        self.born: Instant = self._all("SELECT at FROM born")[0][0]
        """Of what was sent before, nothing is known."""

    def close(self) -> None:
        self._connection.close()

    # What stands

    def of(self, incident: str) -> list[Post]:
        """Every message that is kept for an incident, on all platforms, in the order of the intents."""
        return self._posts("incident = ? ORDER BY id", incident)

    def at(self, surface: str, chat: str, message: str) -> Post | None:
        """The message of this identity."""
        return next(
            iter(self._posts("surface = ? AND chat = ? AND message = ?", surface, chat, message)), None
        )

    def incidents(self) -> set[str]:
        """The incidents of which some message is kept."""
        return {name for (name,) in self._all("SELECT DISTINCT incident FROM posts")}

    def told(self, surface: str, incident: str) -> int:
        """The entry up to which a platform has nothing more to tell."""
        return self._number("SELECT seq FROM told WHERE surface = ? AND incident = ?", surface, incident)

    def chat_of(self, surface: str, account: str) -> str:
        """Where this account is spoken to in private; "" if it never was."""
        found = self._all("SELECT chat FROM chats WHERE surface = ? AND account = ?", surface, account)
        return found[0][0] if found else ""

    def settled(self, surface: str, incident: str) -> int:
        """The entry after which there was nothing more to show of a closed incident; 0 if there still is."""
        return self._number("SELECT seq FROM settled WHERE surface = ? AND incident = ?", surface, incident)

    def hushed(self, surface: str, incident: str) -> bool:
        """Whether the messages of an incident were emptied here, for good."""
        return bool(
            self._number("SELECT hushed FROM settled WHERE surface = ? AND incident = ?", surface, incident)
        )

    # What is done

    def intend(self, post: Post) -> Post:
        """Note that a message is about to be sent. What stood for the same thing is `old` from now on."""
        with self._change():
            self._run(
                f"""
                UPDATE posts SET state = 'old'
                WHERE surface = ? AND chat = ? AND thread = ? AND key = ? AND {_STANDS}
                """,
                post.surface, post.chat, post.thread, post.key,
            )  # fmt: skip
            number = self._insert(post)
        return msgspec.structs.replace(post, id=number)

    def withdraw(self, post: Post) -> None:
        """Undo an intent: the message was not sent. What stood before it stands again."""
        with self._change():
            self._run("DELETE FROM posts WHERE id = ?", post.id)
            self._run(
                """
                UPDATE posts SET state = 'sent' WHERE id = (
                  SELECT max(id) FROM posts
                  WHERE surface = ? AND chat = ? AND thread = ? AND key = ? AND state = 'old' AND message <> ''
                )
                """,
                post.surface, post.chat, post.thread, post.key,
            )  # fmt: skip

    def sent(self, post: Post, message: str, digest: bytes) -> None:
        """Note that a message is there."""
        self._do(
            "UPDATE posts SET state = 'sent', message = ?, digest = ? WHERE id = ?", message, digest, post.id
        )

    def edited(self, post: Post, digest: bytes) -> None:
        self._do("UPDATE posts SET digest = ? WHERE id = ?", digest, post.id)

    def pinned(self, post: Post) -> None:
        self._do("UPDATE posts SET pinned = 1 WHERE id = ?", post.id)

    def doubt(self, post: Post) -> None:
        """Note that the answer was lost: it may be there or not."""
        self._do("UPDATE posts SET state = 'unsure' WHERE id = ?", post.id)

    def retired(self, post: Post) -> None:
        """Note that nothing more is done with a message, which stays where it is."""
        self._do("UPDATE posts SET state = 'past' WHERE id = ?", post.id)

    def emptied(self, post: Post) -> None:
        """Note that nothing of ours is left in a message. A notice is not told again for that."""
        self._do("UPDATE posts SET state = 'past', message = '' WHERE id = ?", post.id)

    def forget(self, post: Post) -> None:
        """Keep nothing of a message: it is not there any more."""
        self._do("DELETE FROM posts WHERE id = ?", post.id)

    def add(self, post: Post) -> None:
        """Keep a message that nobody knew of."""
        with self._change():
            self._insert(post)

    def seen(self, surface: str, chat: str, thread: str, many: int) -> set[str]:
        """Count one more message below the cards of a place. The incidents of those with more than `many` below."""
        cards = "surface = ? AND chat = ? AND thread = ? AND once = 0 AND state = 'sent'"
        place = (surface, chat, thread)
        self._do(f"UPDATE posts SET below = below + 1 WHERE {cards} AND below < {MOST_BELOW}", *place)
        found = self._all(f"SELECT DISTINCT incident FROM posts WHERE {cards} AND below > ?", *place, many)
        return {incident for (incident,) in found}

    def move(self, surface: str, chat: str, new: str) -> None:
        """Follow a chat that has another name. Its cards are out of reach; the notices it was told stay told."""
        with self._change():
            self._run("DELETE FROM posts WHERE surface = ? AND chat = ? AND once = 0", surface, chat)
            self._run(
                "UPDATE OR REPLACE posts SET chat = ? WHERE surface = ? AND chat = ?", new, surface, chat
            )

    def tell(self, surface: str, incident: str, seq: int) -> None:
        self._do("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", surface, incident, seq)

    def keep_chat(self, surface: str, account: str, chat: str) -> None:
        self._do("INSERT OR REPLACE INTO chats VALUES (?, ?, ?)", surface, account, chat)

    def settle(self, surface: str, incident: str, seq: int) -> None:
        hushed = self.hushed(surface, incident)
        self._do("INSERT OR REPLACE INTO settled VALUES (?, ?, ?, ?)", surface, incident, seq, hushed)

    def empty(self, surface: str, incident: str, posts: Sequence[Post], *, hush: bool = False) -> None:
        """Have these messages emptied; `hush`: nothing of the incident is posted here any more."""
        with self._change():
            for post in posts:
                self._run("UPDATE posts SET state = 'empty' WHERE id = ? AND message <> ''", post.id)
            if hush:
                self._run("INSERT OR REPLACE INTO settled VALUES (?, ?, 0, 1)", surface, incident)

    # SQLite

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        with translated:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _insert(self, post: Post) -> int:
        return self._run(_INSERT, *(getattr(post, name) for name in Post.__struct_fields__[1:]))

    def _run(self, statement: str, *values: object) -> int:
        return self._connection.execute(statement, values).lastrowid or 0

    def _do(self, statement: str, *values: object) -> None:
        with translated:
            self._connection.execute(statement, values)

    def _posts(self, where: str, *values: object) -> list[Post]:
        return [
            msgspec.convert(dict(zip(Post.__struct_fields__, row, strict=True)), Post, strict=False)
            for row in self._all(f"SELECT {_COLUMNS} FROM posts WHERE {where}", *values)
        ]

    def _number(self, statement: str, *values: object) -> int:
        found = self._all(statement, *values)
        return found[0][0] if found else 0

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with translated:
            return self._connection.execute(statement, values).fetchall()
