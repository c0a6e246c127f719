"""A backup is whole, sealed and made while people work; a restore puts nothing in place that it did not verify."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from engine.core import commands as c
from engine.core.cards import touched
from engine.core.deadlines import of
from engine.core.quantities import MINUTE
from engine.home import Home
from engine.home.backup import MANIFEST, Schedule, back_up, backups_in
from engine.home.restore import Restored, RestoreRefused, restore
from engine.home.sealing import Key, Seal, Unsealable
from engine.journal import audit
from engine.journal.sqlite import FILE
from tests.desk import towns

IDENTITY = pyrage.x25519.Identity.generate()
SEAL = Seal(recipients=(str(IDENTITY.to_public()),))
KEY = Key(identity=f"# created: today\n{IDENTITY}\n")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(towns.make_town(tmp_path / "valmont")) as home:
        incident = towns.declare(home)
        for number in range(5):
            towns.press(home, incident, f"press {number}")
        kept = home.evidence.keep(io.BytesIO(b"photo"))
        command = c.AddEvidence(
            run=1, track="principal", step="s5", name="photo", sha256=kept.sha256, size=kept.size
        )
        towns.accepted(home.desk.submit_now(towns.order(incident, command, "evidence")))
        yield home


def assert_sound(home: Home) -> None:
    verdicts, beside = audit.audit(home.journal.reader, lambda state: of(state, home.world), touched)
    assert [found for verdict in verdicts for found in verdict.breaks] == []
    assert beside == []


def test_what_was_backed_up_comes_back_elsewhere_and_goes_on(home: Home, tmp_path: Path) -> None:
    backup = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW)
    before = home.journal.reader.tips()
    restored = restore(backup, tmp_path / "new", KEY)
    assert restored == Restored(towns.NOW, 1, before[0].seq)
    with Home(tmp_path / "new") as new:
        assert new.journal.reader.tips() == before
        assert new.desk.incident("INC-2025-001") == home.desk.incident("INC-2025-001")
        assert_sound(new)
        towns.press(new, "INC-2025-001", "press on")
        assert towns.press(new, "INC-2025-001", "press 1").repeated, "receipts come back too"
        (brought,) = [one.name for one in new.evidence.folder.iterdir()]
        assert new.evidence.whole(brought)
    for name in ("tocsin.toml", "annuaire.yaml", "runbooks/banc.yaml"):
        assert (tmp_path / "new" / name).read_bytes() == (home.path / name).read_bytes()


def test_a_backup_is_for_its_key_alone_and_its_owners_eyes(home: Home, tmp_path: Path) -> None:
    backup = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW)
    assert "Écran rouge".encode() not in backup.read_bytes()
    if os.name != "nt":
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    stranger = Key(identity=str(pyrage.x25519.Identity.generate()))
    with pytest.raises(Unsealable) as caught:
        restore(backup, tmp_path / "new", stranger)
    assert caught.value.code == "wrong_key"
    assert not (tmp_path / "new" / FILE).exists()


def test_a_passphrase_opens_what_it_sealed(home: Home, tmp_path: Path) -> None:
    backup = back_up(home.path, tmp_path / "one.age", Seal(passphrase="cheval agrafe"), towns.NOW)
    assert backup == tmp_path / "one.age"
    with pytest.raises(Unsealable):
        restore(backup, tmp_path / "new", Key(passphrase="autre"))
    assert restore(backup, tmp_path / "new", Key(passphrase="cheval agrafe")).incidents == 1


def test_a_backup_made_while_people_write_is_one_moment_of_the_journal(home: Home, tmp_path: Path) -> None:
    stop, failures = threading.Event(), list[BaseException]()

    def write() -> None:
        try:
            with Home(home.path) as other:
                number = 0
                while not stop.is_set():
                    towns.note(other, "INC-2025-001", f"note {number}", f"note {number}")
                    number += 1
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW + n) for n in range(5)]
    finally:
        stop.set()
        writer.join()
    assert failures == []
    counts = [restore(backup, tmp_path / f"new{n}", KEY).entries for n, backup in enumerate(made)]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def test_the_newest_are_kept(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    (folder).mkdir()
    (folder / "autre chose.txt").write_text("x")
    made = [back_up(home.path, folder, SEAL, towns.NOW + n * MINUTE, keep=3) for n in range(5)]
    assert backups_in(folder) == made[-3:]
    assert (folder / "autre chose.txt").exists()


def test_a_schedule_goes_by_the_newest_backup(home: Home, tmp_path: Path) -> None:
    schedule = Schedule(home.path, tmp_path / "elsewhere", SEAL, every=15 * MINUTE, keep=2)
    assert schedule.next_due() == 0
    assert schedule.run(towns.NOW)
    assert schedule.next_due() == towns.NOW + 15 * MINUTE
    assert schedule.run(towns.NOW + 15 * MINUTE - 1) is None
    assert schedule.run(towns.NOW + 15 * MINUTE)


def test_a_backup_inside_the_home_does_not_hold_the_ones_before(home: Home, tmp_path: Path) -> None:
    inside = home.path / "backups"
    back_up(home.path, inside, SEAL, towns.NOW)
    restored = restore(back_up(home.path, inside, SEAL, towns.NOW + 1), tmp_path / "new", KEY)
    assert restored.incidents == 1
    assert not (tmp_path / "new" / "backups").exists()


def test_a_backup_that_can_not_be_made_leaves_nothing_behind(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    with pytest.raises(Unsealable):
        back_up(home.path, folder, Seal(recipients=("age1nonsense",)), towns.NOW)
    assert list(folder.iterdir()) == []
    assert not [path for path in home.path.iterdir() if path.name.startswith(".backup")]


# Restoring


def test_nothing_is_overwritten(home: Home, tmp_path: Path) -> None:
    backup = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW)
    with pytest.raises(RestoreRefused) as caught:
        restore(backup, home.path, KEY)
    assert caught.value.code == "not_empty"
    new = tmp_path / "new"
    new.mkdir()
    (new / "annuaire.yaml").write_text("le mien")
    assert restore(backup, new, KEY).kept == ("annuaire.yaml",)
    assert (new / "annuaire.yaml").read_text() == "le mien"


@pytest.mark.parametrize("there", [False, True])
def test_a_restore_that_fails_leaves_what_was_there(
    home: Home, tmp_path: Path, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, new = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW), tmp_path / "a" / "new"
    if there:
        new.mkdir(parents=True)
        (new / "annuaire.yaml").write_text("le mien")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Unsealable):
        restore(backup, new, Key(identity=str(pyrage.x25519.Identity.generate())))
    assert sorted(tmp_path.rglob("*")) == before
    replace = os.replace

    def fail_at_the_journal(source: Path, target: Path) -> None:
        if target.name == FILE:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_at_the_journal)
    with pytest.raises(OSError):
        restore(backup, new, KEY)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_backup_does_not_take_the_place_of_another(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "one.age"
    back_up(home.path, file, SEAL, towns.NOW)
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        back_up(home.path, file, SEAL, towns.NOW + 1)
    assert file.read_bytes() == before


def reseal(tmp_path: Path, backup: Path, change: dict[str, bytes | None]) -> Path:
    """A backup whose files were changed by somebody who has the key."""
    plain, changed, sealed = tmp_path / "plain", tmp_path / "changed", tmp_path / "changed.age"
    KEY.open(backup, plain)
    with tarfile.open(plain, "r:gz") as read, tarfile.open(changed, "w:gz") as write:
        for member in read:
            content = read.extractfile(member)
            assert content is not None
            text = change.get(member.name, content.read())
            if text is not None:
                member.size = len(text)
                write.addfile(member, io.BytesIO(text))
    SEAL.seal(changed, sealed)
    return sealed


def member(tmp_path: Path, backup: Path, name: str) -> bytes:
    KEY.open(backup, tmp_path / "plain")
    with tarfile.open(tmp_path / "plain", "r:gz") as read:
        content = read.extractfile(name)
        assert content is not None
        return content.read()


def test_a_journal_that_is_not_the_one_backed_up_is_not_put_to_work(home: Home, tmp_path: Path) -> None:
    backup = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW)
    spoilt = tmp_path / "spoilt.db"
    spoilt.write_bytes(member(tmp_path, backup, FILE))
    with sqlite3.connect(spoilt) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE events SET at = at + 1 WHERE seq = 3")
    connection.close()
    with pytest.raises(RestoreRefused) as caught:
        restore(reseal(tmp_path, backup, {FILE: spoilt.read_bytes()}), tmp_path / "new", KEY)
    assert caught.value.code == "broken"
    assert [(found.seq, found.code) for found in caught.value.breaks] == [(3, "changed")]
    assert not (tmp_path / "new").exists()


def test_a_journal_with_its_end_cut_off_is_not_put_to_work(home: Home, tmp_path: Path) -> None:
    earlier = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW)
    towns.note(home, "INC-2025-001", "la fin", "end")
    later = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW + 1)
    with pytest.raises(RestoreRefused) as caught:
        restore(reseal(tmp_path, later, {FILE: member(tmp_path, earlier, FILE)}), tmp_path / "new", KEY)
    assert [found.code for found in caught.value.breaks] == ["head_not_found"]


@pytest.mark.parametrize("content", [None, b"another photo"])
def test_evidence_that_is_missing_or_changed_is_found(
    home: Home, tmp_path: Path, content: bytes | None
) -> None:
    backup = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW)
    (brought,) = home.evidence.folder.iterdir()
    with pytest.raises(RestoreRefused) as caught:
        restore(reseal(tmp_path, backup, {f"evidence/{brought.name}": content}), tmp_path / "new", KEY)
    assert [found.code for found in caught.value.breaks] == ["evidence"]


@pytest.mark.parametrize("content", [b"", b"age-encryption.org/v1\n", b"\x1f\x8b not sealed", b"x" * 1000])
def test_a_file_that_is_no_backup_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.age"
    path.write_bytes(content)
    for key in (KEY, Key(passphrase="x")):
        with pytest.raises(Unsealable):
            restore(path, tmp_path / "new", key)


def archive(tmp_path: Path, members: dict[str, bytes], links: dict[str, str] | None = None) -> Path:
    with tarfile.open(tmp_path / "plain", "w:gz") as tar:
        for name, content in members.items():
            told = tarfile.TarInfo(name)
            told.size = len(content)
            tar.addfile(told, io.BytesIO(content))
        for name, target in (links or {}).items():
            told = tarfile.TarInfo(name)
            told.type, told.linkname = tarfile.SYMTYPE, target
            tar.addfile(told)
    SEAL.seal(tmp_path / "plain", tmp_path / "x.age")
    return tmp_path / "x.age"


EMPTY = json.dumps({"layout": 1, "made_at": 1, "heads": []}).encode()


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "a/../../out", "..\\out", "C:\\out", "C:out"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(RestoreRefused) as caught:
        restore(archive(tmp_path, {MANIFEST: EMPTY, name: b"x"}), tmp_path / "new", KEY)
    assert caught.value.code == "not_a_backup"
    assert not (tmp_path / "new").exists()


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    backup = archive(tmp_path, {MANIFEST: EMPTY}, {"evidence": "/tmp"})
    restore(backup, tmp_path / "new", KEY)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (None, "not_a_backup"),
        (b"{}", "not_a_backup"),
        (b"[", "not_a_backup"),
        (b'{"layout": 2, "made_at": 1, "heads": []}', "newer"),
        (
            b'{"layout": 1, "made_at": 1, "heads": [{"incident": "INC-2025-001", "seq": 1, "hash": "00"}]}',
            "broken",
        ),
    ],
)
def test_an_archive_of_something_else_is_refused(tmp_path: Path, manifest: bytes | None, code: str) -> None:
    members = {} if manifest is None else {MANIFEST: manifest}
    with pytest.raises(RestoreRefused) as caught:
        restore(archive(tmp_path, members), tmp_path / "new", KEY)
    assert caught.value.code == code


def test_age_itself_reads_a_backup(home: Home, tmp_path: Path) -> None:
    import subprocess

    age = shutil.which("age")
    if age is None:
        pytest.skip("age is not on this machine")
    backup = back_up(home.path, tmp_path / "elsewhere", SEAL, towns.NOW)
    (tmp_path / "key").write_text(str(IDENTITY))
    plain = subprocess.run(
        [age, "-d", "-i", tmp_path / "key", backup], capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:gz") as tar:
        assert FILE in tar.getnames()
