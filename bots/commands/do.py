"""`tocsin do`: one action on an open incident, from the shell."""

import sys

from bots import door

__all__ = ["command"]


@door.command("do", context_settings={"ignore_unknown_options": True})
@door.argument("incident")
@door.argument("words", nargs=-1)
@door.option("--as", "as_person", metavar="PERSON", envvar="TOCSIN_AS")
def command(session: door.Session, incident: str, words: tuple[str, ...], as_person: str | None) -> int:
    """Do one line of the conversation; exit 1 when it is refused."""
    from bots.console.doorway import incident_named, open_office, person_named
    from bots.console.piped import answer, meanwhile
    from bots.console.talk import Talk

    with open_office(session) as office:
        found = incident_named(office, incident)
        if not words:
            raise door.CommandFailed("console.error.no_words", incident=found.id)
        line = " ".join(words)
        person = "" if as_person is None and line.startswith("@") else person_named(office, as_person or "")
        talk = Talk(office=office, incident_id=found.id, person=person, seen=found.seq)
        meanwhile(talk, sys.stdout)
        talk.screen(talk.typist(line))
        reply = talk.hear(line)
        answer(talk, reply, sys.stdout, shows=reply.redraw and not reply.lines)
        return 0 if reply.ok else 1
