"""What a town may say of the law and of whom to call: the library's clocks and contacts, with their dates, come first.

A town fills in the local numbers, and adds contacts and delays of its own; it overrides none. `tocsin check` says so
where it tries to, and lists the numbers that are still missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pydantic import BaseModel

from engine.continuity.model import Clocks, Contact, Contacts, LocalNumber
from engine.core.specs import ClockSpec
from engine.library.finding import Finding, closest
from engine.library.yamltree import Document

__all__ = ["NUMBERS_FILE", "clocks_of", "contacts_of", "judged", "local_contacts"]

NUMBERS_FILE: Final = "continuity/contacts.yaml"


def clocks_of(files: Iterable[Clocks]) -> dict[str, ClockSpec]:
    """The legal delays, the library's file first: an entry of a later file never replaces one of the same name."""
    found: dict[str, ClockSpec] = {}
    for file in files:
        for name, clock in file.clocks.items():
            found.setdefault(name, clock)
    return found


def contacts_of(files: Iterable[Contacts]) -> dict[str, Contact]:
    """The contacts, the library's file first; a later one fills in the channels that are empty."""
    found: dict[str, Contact] = {}
    for file in files:
        for name, contact in file.contacts.items():
            if name not in found or not found[name].channel:
                found[name] = contact
        for name, number in file.numbers.items():
            if name not in found or found[name].channel:
                continue
            if number.is_none:
                del found[name]
            elif number.channel:
                found[name] = _filled(found[name], number)
    return found


def local_contacts(shipped: Mapping[str, Contact]) -> dict[str, Contact]:
    """The contacts that the library leaves to the town."""
    return {name: one for name, one in shipped.items() if not one.channel}


def _filled(contact: Contact, number: LocalNumber) -> Contact:
    return contact.model_copy(
        update={
            "channel": number.channel,
            "source": NUMBERS_FILE,
            "checked": number.checked,
            "certainty": "sur" if number.checked else "a_confirmer",
            "note": number.note or contact.note,
        }
    )


def judged(
    value: BaseModel | None,
    document: Document,
    *,
    clocks: Mapping[str, ClockSpec],
    contacts: Mapping[str, Contact],
) -> Iterator[Finding]:
    """What a register of the town says against the library's, and which local numbers it lacks."""
    if isinstance(value, Clocks):
        for name in value.clocks.keys() & clocks.keys():
            yield document.finding("clock_of_library", ("clocks", name), area="lint_town", name=name)
    if isinstance(value, Contacts):
        yield from _contacts(value, document, contacts)


def _contacts(value: Contacts, document: Document, shipped: Mapping[str, Contact]) -> Iterator[Finding]:
    for name in value.contacts:
        if name in shipped and shipped[name].channel:
            yield _overridden(document, ("contacts", name), shipped[name])
    local = local_contacts(shipped)
    for name, number in value.numbers.items():
        path = ("numbers", name)
        if name in local and not number.channel:
            yield document.finding(
                "number_empty", path, area="lint_town", severity="info", title=local[name].title
            )
        elif name in shipped and name not in local:
            yield _overridden(document, path, shipped[name])
        elif name not in local:
            yield document.finding(
                "number_unknown", path, area="lint_town", name=name, meant=closest(name, local)
            )
    missing = [name for name in local if name not in value.numbers and name not in value.contacts]
    if missing:
        names, count = ", ".join(missing), len(missing)
        yield document.finding(
            "numbers_missing", ("numbers",), area="lint_town", severity="info", names=names, count=count
        )


def _overridden(document: Document, path: tuple[str, str], shipped: Contact) -> Finding:
    return document.finding(
        "contact_of_library", path, area="lint_town", severity="warning",
        name=path[-1], channel=shipped.channel, checked=shipped.checked,
    )  # fmt: skip
