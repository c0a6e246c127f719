"""What frightened or tired people write instead of one of our words. It is asked or answered; it never acts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bots.inbound.lookup import is_called
from bots.inbound.values import Asked, Context, Misheard
from bots.inbound.vocabulary import is_word, plain

__all__ = ["called", "meant"]

_ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "me": (
        "je fais quoi", "on fait quoi", "que faire", "quoi faire", "que dois je faire", "qu est ce que je fais",
        "je dois faire quoi", "et maintenant", "et apres", "la suite", "suite", "suivant", "ensuite", "quoi",
        "ou on en est", "ou en est on", "on en est ou", "what now", "what next", "next", "what do i do",
    ),
    "help": (
        "au secours", "sos", "a l aide", "aidez moi", "aide moi", "help me", "menu", "comment ca marche",
        "je comprends pas", "je ne comprends pas", "j ai pas compris", "i don t understand",
    ),
    "cell": ("qui est la", "qui est present", "qui est presente", "y a quelqu un", "who is here", "who is there"),
}  # fmt: skip
"""Whole lines that ask something."""

_ANSWERED: Final[Mapping[str, tuple[str, ...]]] = {
    "done_unsaid": (
        "c est bon", "c est fait", "c est ok", "ca y est", "j ai fini", "fini", "fait", "termine", "terminee",
        "it s done", "that s done",
    ),
    "not_undone": (
        "stop", "annule", "annuler", "annulez", "annule tout", "annuler tout", "retour", "erreur", "oups", "supprime",
        "supprimer", "je me suis trompe", "je me suis trompee", "cancel", "undo", "oops", "reset",
    ),
    "small_talk": (
        "merci", "ok merci", "merci beaucoup", "super", "parfait", "bonjour", "bonsoir", "salut", "allo", "bien recu",
        "thanks", "thank you", "hello", "hi",
    ),
}  # fmt: skip
"""Whole lines that say something from which nothing follows (`inbound.misheard.<code>`)."""

_CALL: Final = re.compile(
    r"(?:appel(?:le|er|ez)?|telephone[rz]?|joindre|contacter|tel|call|phone|"
    r"(?:c est quoi |quel est )?(?:le )?numero)(?: |$)(?P<whom>.*)"
)
_ARTICLE: Final = re.compile(r"^(?:(?:de|du|d|a|au|the|of) )?(?:(?:la|le|l|les|the) )?")


def meant(context: Context, text: str) -> Asked | Misheard | None:
    """What this whole line asks, or why nothing follows from it; None when it is none of these."""
    said = plain(text).rstrip("? ")
    if not said:
        return Misheard(code="small_talk") if text.strip(" ?") else Asked(what="help")
    for what, lines in _ASKED.items():
        if said in lines:
            return Asked(what=what)
    for code, lines in _ANSWERED.items():
        if said in lines:
            return Misheard(code=code)
    return None if is_word(text.partition(" ")[0]) else called(context, said)


def called(context: Context, text: str) -> Asked | None:
    """Somebody is to be called: `appelle le maire`, `c'est quoi le numéro du DSI ?`, `le maire`."""
    said = plain(text).rstrip("? ")
    found = _CALL.fullmatch(said)
    whom = _ARTICLE.sub("", found["whom"] if found else said)
    if found is None and whom == said:
        return None  # a bare name is understood anyway
    if whom and is_called(context, whom):
        return Asked(what="directory", subject=whom)
    return Asked(what="directory") if found and not whom else None
