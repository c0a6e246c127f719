"""`tocsin kit`: the paper PCA as PDF; and whether a paper that is in somebody's hand is still current."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots import door

if TYPE_CHECKING:
    from engine.home import Home
    from engine.i18n import Words
    from engine.paper.material import Material

__all__ = ["command"]


@door.command("kit")
@door.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@door.option("--verify", metavar="TEXT")
def command(session: door.Session, out: Path | None, verify: str | None) -> int:
    """Write the documents in a folder, for its owner alone; or compare one with today's."""
    from bots.console.doorway import open_office

    if (out is None) == (verify is None):
        raise door.CommandFailed("cli.kit.which")
    with open_office(session, reading=True) as office:
        now = office.now()
        if verify is not None:
            return _verify(office.home, session.words, verify, now)
        assert out is not None
        return _write(office.home, session.words, out, now)


def _write(home: Home, words: Words, out: Path, now: int) -> int:
    from importlib.metadata import version

    from bots.console.exporting import written_to
    from engine.library.directory import rings_nowhere
    from engine.paper.kit import kit
    from engine.paper.printing import printed

    material = _material(home, words, now)
    made, today = kit(material), home.world.calendar.local(now)
    _only_ours(out)
    names = set()
    for name, pdf in printed(made, material, today=today, version=version("tocsin")):
        written_to(out / f"{name}.pdf", pdf)
        names.add(f"{name}.pdf")
        click.echo(out / f"{name}.pdf")
    for name in made.missing:
        click.echo(words.say("cli.kit.missing", name=name), err=True)
    invented = [one.name for one in material.world.directory.people.values() if rings_nowhere(one.phone)]
    if invented:
        click.echo(words.say("cli.kit.example", people=", ".join(invented)), err=True)
    for path in sorted(out.glob("*.pdf")):
        if path.name not in names:
            click.echo(words.say("cli.kit.left", path=path), err=True)
    click.echo(words.say("cli.kit.made", count=len(names), path=out), err=True)
    return 1 if made.missing else 0


def _verify(home: Home, words: Words, text: str, now: int) -> int:
    from engine.i18n import LANGUAGES, Words
    from engine.paper.freshness import Proof, verified
    from engine.paper.kit import kit
    from engine.visible import harmless

    proof = Proof.read(text)
    if proof is None:
        raise door.CommandFailed("cli.kit.unreadable", text=text)
    # Labels are part of a document: it is compared in the language in which it was printed.
    spoken = [proof.lang] if proof.lang in LANGUAGES else [words.lang, *LANGUAGES]
    for lang in dict.fromkeys(spoken):
        material = _material(home, Words(lang, strict=False), now)
        made = kit(material, drawn=False)
        found = verified(proof, (made.summary(material), *made.documents), material.world.organisation)
        if found.code == "fresh":
            break
    facts = {
        "title": found.current.title if found.current else proof.name,
        "date": material.day(proof.date),
        "version": proof.version,
        "town": proof.town,
    }
    click.echo(harmless(words.say(f"cli.kit.{found.code}", **facts)))
    return 0 if found.code == "fresh" else 1


def _material(home: Home, words: Words, now: int) -> Material:
    from dataclasses import replace

    from engine.paper.material import Material

    world = home.world
    people = world.directory.on(f"{world.calendar.local(now):%Y-%m-%d}")
    return Material(library=home.library, world=replace(world, directory=people), words=words)


def _only_ours(out: Path) -> None:
    """Make the folder for its owner alone: it holds personal numbers."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise door.CommandFailed(
            "console.error.unwritable", path=out, detail=error.strerror or error
        ) from error
