"""What the exports are tried on: a night at Valmont played in memory, and the worst that people can type into a log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from msgspec import structs

from bots.console.screen import screen
from bots.demo.script import read_script
from bots.inbound import Heard
from engine.core import commands as c
from engine.core import events as e
from engine.core.quantities import Instant
from engine.review.dossier import Dossier, dossier_of
from tests.bots.valmont import NIGHT, Valmont

__all__ = ["HEAD", "HOSTILE", "dossier", "night", "noted"]

HEAD = "ab" * 32

HOSTILE = (
    "il a dit « ne touchez à rien », puis \"rien\" ; puis 'rien'",
    "une ligne\nune autre ; et, une virgule\r\nla dernière",
    "=1+1",
    "@SUM(A1:A9)",
    "+33 6 39 98 03 01",
    "-2+3",
    "\t=1+1",
    '=HYPERLINK("http://mal.example";"cliquez")',
    "<script>alert(1)</script> <img src=x onerror=alert(1)> & &amp;",
    "#set page(fill: red) $x$ *gras* _bas_ `code` @ref \\u{41}",
    "🔥 le serveur 👩‍🚒 brûle",
    "facture\u202efdp.exe",
    "cloche\x07 et échappement\x1b[31m et nul\x00",
    "NA",
    "null",
    "NaN",
    "",
    "   ",
    "]]> <!-- --> <?xml?>",
    "مرحبا بكم في البلدية",
    "é" * 20_000,
    "mot " * 5_000,
)


@cache
def night(lang: str = "fr", *, exercise: bool = False, until: Instant = 0) -> Valmont:
    """The whole story, as the demonstration plays it, or what comes before this hour."""
    valmont = Valmont(lang=lang)
    script = read_script(lang, valmont.world.calendar, NIGHT)
    valmont.now = script.start
    declare = c.Declare(title=script.title, known_at=script.start, runbook=script.runbook, exercise=exercise)
    valmont.submit(declare, script.declared_by)
    for cue in script.cues:
        if until and cue.at >= until:
            break
        valmont.waits((cue.at - valmont.now) // 60_000)
        for number in range(max(cue.count, 1)):
            words = cue.words.replace("{note}", str(_last_note(valmont, cue.who)))
            _type(valmont, words.replace("{n}", str(number)).replace("{count}", str(cue.count)), cue.who)
    return valmont


def _type(valmont: Valmont, words: str, who: str) -> None:
    heard = valmont.hears(words, who, screen(valmont.scene, who).shown)
    if isinstance(heard, Heard):
        for command in heard.commands:
            valmont.submit(command, heard.by, heard.entered_by, heard.occurred_at)


def _last_note(valmont: Valmont, who: str) -> int:
    notes = [one.seq for one in valmont.journal if isinstance(one.event, e.NoteTaken) and one.actor.id == who]
    return max(notes, default=0)


def dossier(valmont: Valmont, entries: Iterable[e.Entry] | None = None) -> Dossier:
    """The dossier of this town's incident, or of these entries of it."""
    return dossier_of(
        valmont.journal if entries is None else entries,
        valmont.speech,
        lambda incident: replace(valmont.scene, incident=incident),
        head=HEAD,
    )


def noted(
    texts: Iterable[str],
    *,
    title: str = "Écrans chiffrés",
    exercise: bool = False,
    start: Instant = NIGHT,
    apart: int = 60_000,
) -> Dossier:
    """An incident whose log holds these texts, one note each, so many milliseconds apart."""
    valmont = Valmont(now=start)
    valmont.submit(c.Declare(title=title, known_at=start, runbook="rancongiciel", exercise=exercise), "p2")
    entries, last = list(valmont.journal), valmont.journal[-1]
    for number, text in enumerate(texts, 1):
        at = last.at + number * apart
        entries.append(
            structs.replace(last, seq=last.seq + number, at=at, occurred_at=at, event=e.NoteTaken(text=text))
        )
    valmont.now = entries[-1].at
    return dossier(valmont, entries)
