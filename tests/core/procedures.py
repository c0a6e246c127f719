"""Procedures for the proofs: between them, all that the format can say. Not advice on how to handle a crisis."""

from __future__ import annotations

__all__ = ["ALL", "CRISE", "FUITE", "PAIE", "RESTAURATION", "VISITE"]

CRISE = """
runbook: crise
severity: G3
roles: {dsi: Informatique, rssi: Sécurité, dgs: Direction, dpo: Données, communication: Communication}
activities: [paie, deces]
updates: {every: 2 h}
facts:
  postes: {type: integer, label: Postes touchés, min: 0}
clocks:
  - use: H-PLAINTE72
  - {use: H-CNIL33, unless: {donnees_personnelles: non}}
  - {use: H-REG, when: {donnees_personnelles: [oui, a_confirmer]}}
tracks:
  technique:
    title: Technique
    steps:
      qualifier:
        title: Qualifier
        role: rssi
        target: 30 min
        escalate: {role: dgs, delay: 15 min}
        ask: [postes]
        outcomes:
          confirme: {label: Confirmé, next: isoler, interrupts: [paie, deces]}
          grave: {label: Grave, next: isoler, when: {postes: "> 10"}, clock_start: H-ASSUR}
          ailleurs: {label: Ailleurs, hand_over: fuite, reason: required}
          fausse: {label: Fausse alerte, next: faux}
          compter: {label: Compter encore, next: qualifier}
      isoler:
        title: Isoler
        role: [dsi, rssi]
        target:
          - {when: {postes: "> 10"}, is: 10 min}
          - {is: T0 + 1 h}
        checklist:
          - Internet coupé
          - {do: VPN coupés, optional: oui}
          - {do: Plainte déposée, optional: oui, clock_stop: H-PLAINTE72}
        outcomes:
          coupure: {label: Couper longtemps, sign: {by: [[maire, dgs], [rssi, dsi]], within: 1 h}, degrades: deces}
          stoppe: {label: Stoppé, next: coordonner}
          continue: {label: Continue, next: eteindre}
          fausse: {label: Fausse alerte, next: faux}
      eteindre:
        title: Éteindre
        role: dsi
        outcomes:
          eteint: {label: Éteintes, next: coordonner, sign: {by: [[maire, dgs], [rssi, dsi]]}}
          seul: {label: Débrancher le coeur, sign: {by: [[dgs]]}, next: coordonner}
          quittes: {label: Trois accords, sign: {by: [[maire], [dgs, rssi], [rssi, dsi]]}, next: coordonner}
          renoncer: {label: Renoncer, next: isoler, confirm: "Sûr ?"}
      coordonner:
        title: Coordonner
        role: dgs
        outcomes:
          reunis: {label: Réunis, next: restaurer, once: [juridique, communication]}
          force: {label: Sans attendre, next: restaurer, reason: required}
      restaurer:
        title: Restaurer
        role: dsi
        target: rto
        wait_for: restauration
        outcomes:
          restaure: {label: Restauré, next: surveiller, resumes: [paie]}
          perdu:
            label: Perdu
            next: surveiller
            open: [{runbook: fuite, when: {donnees_personnelles: [oui, a_confirmer]}}]
          abandoned: {label: Abandonné, next: coordonner}
          sans: {label: Sans sauvegarde, next: surveiller}
      surveiller:
        title: Surveiller
        role: rssi
        outcomes:
          hostile: {label: Hostile, next: isoler}
          calme: {label: Calme, next: retex, auto_after: 30 j, resumes: [paie, deces]}
          visites: {label: Faire des visites, next: visiter, open: [visite]}
      visiter:
        title: Visiter
        role: dgs
        outcomes:
          encore: {label: Une visite de plus, open: [visite]}
          finies: {label: Finies, next: surveiller, once: {runs: visite}}
      retex: {title: RETEX, end: retex, result: surmontee}
      faux: {title: Fausse alerte, end: false_alarm}
  juridique:
    title: Juridique
    opens_on: [technique.qualifier.confirme]
    steps:
      notifier:
        title: Notifier
        role: dpo
        target: T0 + 72 h
        ask: [donnees_personnelles]
        outcomes:
          notifie: {label: Notifié, next: jfini, when: {donnees_personnelles: [oui, a_confirmer]}, clock_stop: H-CNIL33}
          sans: {label: Sans objet, next: jfini, when: {donnees_personnelles: non}, reason: required}
          autre: {label: Autre, next: notifier, otherwise: oui}
      jfini: {title: Clos, end: closed}
  communication:
    title: Communication
    opens_on: {any: [technique.qualifier.confirme, technique.isoler.stoppe, technique.isoler.coupure]}
    each_time: oui
    steps:
      informer:
        title: Informer
        role: communication
        target: 2 h
        message: consigne
        outcomes:
          envoye: {label: Envoyé, next: cfini}
      cfini: {title: Clos, end: closed}
  secours:
    title: Secours
    opens_on: [technique.isoler.stoppe, juridique.notifier.notifie]
    steps:
      appeler: {title: Appeler, role: comptable, outcomes: {fait: {label: Fait, next: sfini}}}
      sfini: {title: Fini, end: closed}
messages:
  consigne: {audience: agents, text: "Débranchez. {{ postes }} postes."}
"""

RESTAURATION = """
runbook: restauration
roles: {dsi: Informatique}
facts:
  essais: {type: integer, label: Essais, min: 0, max: 99}
tracks:
  donnees:
    title: Données
    steps:
      choisir:
        title: Choisir
        role: dsi
        target: 1 h
        outcomes:
          saine: {label: Saine, next: relire}
          aucune: {label: Aucune, next: perte}
          parent: {label: C'est la crise, hand_over: crise}
      relire:
        title: Relire
        role: dsi
        wait_for: crise
        outcomes:
          surmontee: {label: Surmontée, next: bien}
          abandoned: {label: Abandonnée, next: choisir}
          ok: {label: Relu, next: bien}
      bien: {title: Restauré, end: closed, result: restaure}
      perte: {title: Perdu, end: retex, result: perdu}
"""

FUITE = """
runbook: fuite
clocks:
  - use: H-CNIL33
  - {use: H-PLAINTE72, unless: {donnees_personnelles: non}}
tracks:
  droit:
    title: Droit
    steps:
      evaluer:
        title: Évaluer
        role: juridique
        target: T0 + 24 h
        outcomes:
          risque: {label: Risque, next: notifier2, clock_start: [H-ASSUR]}
          nul: {label: Nul, next: finie, clock_stop: [H-CNIL33, H-ASSUR]}
          crise: {label: Crise, hand_over: crise}
      notifier2:
        title: Notifier
        role: dpo
        outcomes: {fait: {label: Fait, next: finie, clock_stop: H-CNIL33}}
      finie: {title: Finie, end: closed}
"""

VISITE = """
runbook: visite
several: oui
facts:
  personnes: {type: integer, label: Personnes, min: 0}
  vues: {type: integer, label: Vues}
tracks:
  tournee:
    title: Tournée
    steps:
      visiter2:
        title: Visiter
        role: communication
        roll:
          title: Personnes
          size: personnes
          states: {a_voir: À voir, vue: Vue}
          counts: {vues: vue}
        outcomes:
          toutes: {label: Toutes, next: vfin, when: {vues: ">= 2"}}
          arret: {label: Arrêt, next: vfin, otherwise: oui}
      vfin: {title: Fin, end: closed}
"""

PAIE = """
runbook: paie
activities: [paie]
tracks:
  versement:
    title: Versement
    steps:
      preparer:
        title: Préparer
        role: dgs
        wake: date_virement - 5 j
        target: date_virement - 2 j
        outcomes:
          pret: {label: Prêt, next: signer}
          attendre: {label: Attendre, next: dormir}
      signer:
        title: Signer
        role: comptable
        target: 2 jo
        checklist: [Bordereau]
        outcomes:
          paye: {label: Payé, next: payee, sign: {by: [[maire], [comptable]]}, resumes: [paie]}
          reprise: {label: Reprise, next: preparer}
      dormir:
        title: Dormir
        role: dgs
        wake: 3 j
        target: 4 ho
        outcomes:
          encore: {label: Encore, next: signer, auto_after: 1 mois}
          tot: {label: Plus tôt, next: signer}
      payee: {title: Payée, end: retex}
"""

ALL = (CRISE, RESTAURATION, FUITE, VISITE, PAIE)
