"""A town whose continuity plan lacks nothing on 24 November 2026: each test takes one thing away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from engine.continuity.model import Activities, Contact
from engine.continuity.register import Register, merged
from engine.continuity.town import Last, Town
from engine.core.directory import Directory, Person, Post
from engine.core.runbook import Runbook
from engine.library.yamltree import compose

__all__ = ["PROCEDURE", "REGISTER", "town"]

TODAY = date(2026, 11, 24)

PROPOSED = """\
format: 1
activities:
  paie: {title: Paie, dmia: 6 j, rto: 5 j}
  standard: {title: Standard, dmia: 4 h, rto: 2 h}
  socle_si: {title: Socle, dmia: 12 h, rto: 8 h}
"""

REGISTER = """\
format: 1
pca:
  owner: dgs
  adopted: 2026-01-15
  reviewed: 2026-01-15
activities:
  paie:
    owner: dgs
    dmia: 6 j
    rto: 5 j
    needs: {applications: [reseau], roles: [dsi], activities: [socle_si]}
  standard: {owner: dgs, dmia: 4 h, rto: 2 h, needs: {applications: [reseau]}}
  socle_si: {owner: dsi, dmia: 12 h, rto: 8 h, needs: {applications: [reseau]}}
applications:
  reseau: {title: Réseau, fallback: 4G, needs: {suppliers: [operateur]}}
suppliers:
  operateur: {title: Opérateur, contact: 01 99 00 00 02, fallback: Mobiles}
risks:
  panne: {title: Panne, likelihood: 2, impact: 3, hits: {applications: [reseau]}}
measures:
  copie: {title: Copie, axis: sauvegardes, owner: dsi, due: 2026-12-18, lowers: [panne]}
  correctifs: {title: Correctifs, axis: mises_a_jour, owner: dsi, due: 2026-12-18, lowers: [panne]}
  antivirus: {title: Antivirus, axis: protection, owner: dsi, due: 2026-12-18, lowers: [panne]}
  filtre: {title: Filtre, axis: pare_feu, owner: dsi, due: 2026-12-18, lowers: [panne]}
  alertes: {title: Alertes, axis: supervision, owner: dsi, due: 2026-12-18, lowers: [panne]}
  mots: {title: Mots de passe, axis: comptes, owner: dsi, due: 2026-12-18, lowers: [panne]}
  essai: {title: Quiz, axis: formation, owner: dgs, due: 2026-11-24, lowers: [panne]}
procedures:
  panne-reseau:
    risks: [panne]
    last: {on: 2026-05-12, kind: exercice}
"""

PROCEDURE = """\
format: 1
runbook: panne-reseau
title: Panne du réseau
version: 1
activities: [paie, standard, socle_si]
page_review: {owner: dsi, last: 2026-01-15, every: 12 mois}
tracks:
  technique:
    title: Technique
    steps:
      couper:
        title: Couper
        target: 30 min
        outcomes:
          coupe: {label: Coupé, next: rebrancher}
      rebrancher:
        title: Rebrancher
        target: 1 h
        outcomes:
          revenu: {label: Revenu, next: fin, resumes: [standard]}
      fin: {title: Fin, end: closed}
"""

DIRECTORY = Directory(
    people={
        "p1": Person(id="p1", name="Anne Roux", phone="06 39 98 01 11"),
        "p2": Person(id="p2", name="Luc Petit", phone="06 39 98 01 22"),
    },
    roles={"dgs": Post(holder="p1", deputies=("p2",)), "dsi": Post(holder="p2", deputies=("p1",))},
)


def town(
    register: str = REGISTER, procedure: str = PROCEDURE, proposed: str = PROPOSED, **changed: Any
) -> Town:
    written = Register.model_validate(_read(register))
    proposals = Activities.model_validate(_read(proposed)).activities
    runbook = Runbook.model_validate(_read(procedure))
    number = {"title": "Préfecture", "channel": "01 99 00 00 01", "source": "essai", "checked": "2026-01-01"}
    return replace(
        Town(
            today=TODAY,
            name="Valmont",
            register=written,
            every_activity=merged(proposals, written.activities),
            runbooks={runbook.runbook: runbook},
            contacts={"prefecture": Contact.model_validate(number | {"certainty": "sur"})},
            directory=DIRECTORY,
            accounts=frozenset({"p1", "p2"}),
        ),
        **changed,
    )


def told(register_edit: tuple[str, str]) -> Town:
    old, new = register_edit
    assert old in REGISTER, old
    return town(REGISTER.replace(old, new, 1))


def played(day: str, kind: str = "exercice") -> dict[str, Last]:
    return {"panne-reseau": Last(on=date.fromisoformat(day), kind=kind, incident="EX-2026-001")}


def _read(text: str) -> Any:
    document = compose(text, "essai.yaml")
    assert not document.findings
    return document.tree
