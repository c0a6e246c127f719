"""What is typed becomes a command: the words of the conversation, in both languages, and nothing that raises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.inbound import WORDS, Asked, Heard, Misheard, Shown
from engine.core import commands as c
from tests.bots.valmont import NIGHT, Valmont, at

MINUTE = 60_000


@pytest.fixture
def town() -> Valmont:
    """The ransomware, contained: four tracks are open, Thierry is at `endiguer`."""
    town = Valmont().declares()
    for line in ("prendre", "valider debranche", "valider confirme", "prendre endiguer"):
        assert town.does(line, "p4") is None
    return town


CONVERSATION = [
    # French, English, what it means
    ("declarer rancongiciel Écrans chiffrés", "declare rancongiciel Écrans chiffrés", c.Declare),
    ("etat", "status", "status"),
    ("prendre endiguer", "take endiguer", c.TakeStep),
    ("valider endiguer stoppe", "done endiguer stoppe", c.PickOutcome),
    ("cocher 1", "tick 1", c.Tick),
    ("fait postes_touches=14", "fact postes_touches=14", c.SetFact),
    ("preuve photo de l'écran", "evidence photo of the screen", c.AddEvidence),
    ("approuver 1", "approve 1", c.Approve),
    ("refuser 1 trop tôt", "reject 1 too early", c.Refuse),
    ("note vu le maire @02:50", "note saw the mayor @02:50", c.Note),
    ("decision on coupe", "decision we cut", c.Decision),
    ("corriger 3 c'était 14 postes", "correct 3 there were 14", c.Correct),
    ("role dpo Nadia", "role dpo Nadia", c.AssignRole),
    ("releve Marc", "handover Marc", c.HandOver),
    ("par Julie note vu", "for Julie note seen", c.Note),
    ("ecart serveur redémarré", "deviation server restarted", c.Deviate),
    ("tache appeler @Marc AVANT 05:00", "task call @Marc BEFORE 05:00", c.AddTask),
    ("sauter endiguer : déjà fait", "skip endiguer : already done", c.Skip),
    ("aller investiguer : repris", "goto investiguer : again", c.GoTo),
    ("presence", "here", c.MarkPresence),
    ("activite paie interrompue @02:00", "activity paie interrupted @02:00", c.ChangeActivity),
    ("application logiciel en panne @02:00", "application logiciel down @02:00", c.ChangeApplication),
    ("application logiciel en panne depuis 02:00", "application logiciel down since 02:00", c.ChangeApplication),
    ("canal slack suspect : volé", "channel slack suspect : stolen", c.ChangeSurface),
    ("dire on se retrouve à 5 h", "say we meet at 5", c.Say),
    ("enroler 1234", "enroll 1234", "enroll"),
    ("titulaire dsi p3", "holder dsi p3", "holder"),
    ("coordonnees", "reachable", "details"),
    ("quiz", "quiz", "quiz"),
    ("ici", "bind", "bind"),
    ("gravite G3", "severity G3", c.ChangeSeverity),
    ("ouvrir continuite-etat-civil", "start continuite-etat-civil", c.OpenRunbook),
    ("message", "message", "messages"),
    ("chrono", "timeline", "timeline"),
    ("exporter md", "export md", "export"),
    ("clore fin", "close end", c.CloseIncident),
    ("rouvrir suite", "reopen again", c.ReopenIncident),
    ("aide", "help", "help"),
    # added by the project
    ("bloque pas de clé", "blocked no key", c.ReportBlocked),
    ("appel", "rollcall", c.CallRoll),
    ("vacants Julie", "vacant Julie", c.TakeVacantRoles),
    ("point", "sitrep", c.AskSituation),
    ("horloge H-CNIL33 arreter : faite", "clock H-CNIL33 stop : done", c.StopClock),
    ("t0 02:30 : premier appel", "t0 02:30 : first call", c.CorrectT0),
    ("abandonner 1 : fini", "abandon 1 : over", c.AbandonRun),
    ("fini 1", "finish 1", c.FinishTask),
    ("confirmer 1", "confirm 1", c.ConfirmVoice),
    ("decocher endiguer 1", "untick endiguer 1", c.Tick),
    ("message consigne_agents envoye", "message consigne_agents sent", c.SendMessage),
    ("effacer 3 visa AD-12 : demande", "erase 3 visa AD-12 : request", c.Erase),
    ("moi", "me", "me"),
    ("voir endiguer", "view endiguer", "view"),
    ("annuaire", "directory", "directory"),
    ("quitter", "quit", "quit"),
]  # fmt: skip


@pytest.mark.parametrize("meaning", CONVERSATION, ids=lambda row: row[0].split()[0])
def test_both_languages_mean_the_same(town: Valmont, meaning: tuple[str, str, type | str]) -> None:
    french, english, expected = meaning
    for line in (french, english, f"/{french}", french.upper() if expected == "status" else french):
        found = town.hears(line)
        if isinstance(expected, str):
            assert isinstance(found, Asked), found
            assert found.what == expected
        else:
            assert isinstance(found, Heard), found
            assert isinstance(found.commands[0], expected)


def test_an_application_is_named_by_its_title_and_its_state_by_a_word_or_two(town: Valmont) -> None:
    for line, status in (
        ("application Logiciel de la mairie en panne", "down"),
        ("application logiciel panne", "down"),
        ("application logiciel rétablie", "restored"),
    ):
        found = town.hears(line)
        assert isinstance(found, Heard), found
        assert found.commands == (c.ChangeApplication(application="logiciel", status=status),)
    for line, code in (
        ("application logiciel", "usage"),
        ("application tableur en panne", "which_application"),
    ):
        misheard = town.hears(line)
        assert isinstance(misheard, Misheard)
        assert misheard.code == code
    assert town.hears("application") == Asked(what="activities")


def test_activities_are_proposed_by_the_names_that_people_know(town: Valmont) -> None:
    misheard = town.hears("activite piscine interrompue")
    assert isinstance(misheard, Misheard)
    assert "Messagerie" in misheard.suggestions


def test_a_text_is_named_by_its_identifier_before_its_audience(town: Valmont) -> None:
    found = town.hears("message habitants")
    assert isinstance(found, Asked), found
    assert found.subject == "1:habitants"


def test_every_word_is_tried_here() -> None:
    tried = {line.split()[0].lstrip("/") for row in CONVERSATION for line in row[:2]}
    untried = {meaning for meaning, words in WORDS.items() if not tried & set(words)}
    assert untried == {"join", "roster"}  # these two need another procedure; see their own tests


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_word_has_its_use_and_its_help(lang: str) -> None:
    words = Valmont(lang=lang).speech.words
    assert [one for one in (*WORDS, "by") if not words.has(f"inbound.usage.{one}")] == []
    assert [one for one in (*WORDS, "by") if not words.has(f"inbound.help.{one}")] == []


def test_accents_and_capitals_do_not_matter(town: Valmont) -> None:
    for line in ("Décision on coupe", "DECISION on coupe", "decision on coupe"):
        assert town.hears(line) == Heard(commands=(c.Decision(text="on coupe"),), by="p4")


def test_every_word_is_documented() -> None:
    from pathlib import Path

    page = (Path(__file__).resolve().parents[2] / "docs" / "conversation.md").read_text("utf-8")
    for lang in ("fr", "en"):
        words = Valmont(lang=lang).speech.words
        assert [one for one in WORDS if f"`{words.say(f'inbound.usage.{one}')}`" not in page] == []


# Which step


def test_an_outcome_is_found_by_number_identifier_or_label(town: Valmont) -> None:
    for line in (
        "stoppe",
        "valider stoppe",
        "valider propagation stoppée",
        "valider technique stoppe",
        "Propagation stoppée",
    ):
        found = town.hears(line)
        assert isinstance(found, Heard), line
        assert found.commands[0].outcome == "stoppe"  # type: ignore[attr-defined]


def test_a_number_is_what_the_screen_showed_even_if_the_step_has_moved_on(town: Valmont) -> None:
    shown = Shown(
        outcomes=(c.PickOutcome(run=1, track="technique", step="qualifier", visit=1, outcome="confirme"),)
    )
    refused = town.does("1", "p4", shown)
    assert refused is not None
    assert refused.code == "step_left"


def test_a_number_that_is_not_on_the_screen_is_told(town: Valmont) -> None:
    assert town.hears("7") == Misheard(code="no_number", facts={"number": "7", "count": "0"})


def test_a_line_that_only_begins_like_a_label_s_inner_word_picks_nothing(town: Valmont) -> None:
    assert isinstance(
        town.hears("heure"), Misheard
    )  # "Couper plus d'une heure" must not be picked by accident


def test_a_reason_follows_a_colon_and_a_bang_confirms(town: Valmont) -> None:
    found = town.hears("valider stoppe ! : deux postes non joints")
    assert isinstance(found, Heard)
    pick = found.commands[0]
    assert isinstance(pick, c.PickOutcome)
    assert (pick.confirm, pick.reason) == (True, "deux postes non joints")


def test_a_step_that_was_left_is_answered_with_who_left_it(town: Valmont) -> None:
    refused = town.does("valider qualifier confirme", "p4")
    assert refused is not None
    assert (refused.code, refused.facts["by"]) == ("step_left", "Thierry Lacombe")


def test_boxes_are_ticked_by_number_words_or_all(town: Valmont) -> None:
    assert [one.item for one in _ticks(town, "cocher 1 2")] == [1, 2]
    assert [one.item for one in _ticks(town, "cocher endiguer vpn")] == [2]
    assert [one.item for one in _ticks(town, "cocher endiguer 2-4")] == [2, 3, 4]
    town.does("cocher endiguer 1", "p4")
    assert [one.item for one in _ticks(town, "cocher endiguer tout")] == [2, 3, 4, 5, 6]


def _ticks(town: Valmont, line: str) -> list[c.Tick]:
    found = town.hears(line)
    assert isinstance(found, Heard), found
    return [one for one in found.commands if isinstance(one, c.Tick)]


def test_a_question_is_found_by_the_beginning_of_its_name_or_label(town: Valmont) -> None:
    for line in ("fait date_vir=2026-12-20", "fait Date du prochain virement=2026-12-20"):
        assert town.hears(line) == Heard(
            commands=(c.SetFact(name="date_virement", value="2026-12-20"),), by="p4"
        )


def test_not_known_for_now_is_an_answer(town: Valmont) -> None:
    for line in (
        "fait date_virement=?",
        "fait date_virement=inconnu",
        "fact date_virement=unknown",
        "fait date_virement ?",
    ):
        assert town.hears(line) == Heard(commands=(c.SetFact(name="date_virement", value=""),), by="p4")


# Who and when


def test_what_is_typed_for_somebody_says_both_names(town: Valmont) -> None:
    assert town.hears("par Hélène Castaing note j'arrive", "p3") == Heard(
        commands=(c.Note(text="j'arrive"),), by="p1", entered_by="p3"
    )
    assert town.hears("par maire note j'arrive", "p3") == Heard(
        commands=(c.Note(text="j'arrive"),), by="p1", entered_by="p3"
    )


def test_an_hour_is_when_it_happened_yesterday_if_it_is_still_to_come(town: Valmont) -> None:
    for hour, happened in (("@02:50", "2026-11-24 02:50"), ("@23h15", "2026-11-23 23:15")):
        found = town.hears(f"note vu le maire {hour}")
        assert isinstance(found, Heard)
        assert (found.occurred_at, found.commands) == (at(happened), (c.Note(text="vu le maire"),))


def test_an_hour_inside_a_note_stays_in_the_note(town: Valmont) -> None:
    found = town.hears("note rendez-vous @14:00 avec la préfecture")
    assert isinstance(found, Heard)
    assert (found.occurred_at, found.commands[0]) == (
        None,
        c.Note(text="rendez-vous @14:00 avec la préfecture"),
    )


def test_a_task_has_somebody_and_the_next_such_hour(town: Valmont) -> None:
    found = town.hears("tache appeler la préfecture @Nadia AVANT 02:00", "p4")
    assert found == Heard(
        commands=(c.AddTask(text="appeler la préfecture", who="p3", due=at("2026-11-25 02:00")),), by="p4"
    )
    within = town.hears("tache rappeler dans 30 min")
    assert within == Heard(commands=(c.AddTask(text="rappeler", due=NIGHT + 30 * MINUTE),), by="p4")


def test_an_hour_that_is_none_is_told(town: Valmont) -> None:
    assert town.hears("note vu @29:99") == Misheard(code="bad_time", facts={"time": "29:99"})


def test_an_hour_may_come_after_a_day(town: Valmont) -> None:
    for hour in ("@hier 22:10", "@hier-22:10", "@23/11-22:10", "@23/11 22:10"):
        found = town.hears(f"note vu {hour}")
        assert isinstance(found, Heard), hour
        assert (found.occurred_at, found.commands) == (at("2026-11-23 22:10"), (c.Note(text="vu"),))


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    from bots.inbound.moments import happened

    calendar = Valmont().world.calendar
    assert happened("31/12 23:50", calendar, at("2027-01-02 08:00")) == at("2026-12-31 23:50")
    assert happened("02/01 08:00", calendar, at("2026-12-31 08:00")) == at("2027-01-02 08:00")


def test_the_first_sign_may_have_been_yesterday(town: Valmont) -> None:
    for line in (
        "t0 23/11 23:50 : premier appel",
        "t0 hier 23:50 : premier appel",
        "t0 23:50 1 : premier appel",
    ):
        assert town.hears(line) == Heard(
            commands=(c.CorrectT0(run=1, t0=at("2026-11-23 23:50"), reason="premier appel"),), by="p4"
        )


# Answers, as people write them


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("20/11", "2026-11-20"),
        ("hier", "2026-11-23"),
        ("20/11/26", "2026-11-20"),
        ("2026-11-20", "2026-11-20"),
    ],
)
def test_a_day_is_written_as_people_do(town: Valmont, typed: str, kept: str) -> None:
    assert town.hears(f"fait date_sure={typed}") == Heard(
        commands=(c.SetFact(name="date_sure", value=kept),), by="p4"
    )
    assert town.does(f"fait date_sure={typed}", "p4") is None


def test_a_choice_is_its_number_or_its_beginning(town: Valmont) -> None:
    for typed in ("2", "non", "Non, preuve"):
        assert town.does(f"fait exfiltration={typed}", "p4") is None
        kept = {**town.incident.facts, **town.incident.runs[1].facts}
        assert kept["exfiltration"] == "non"
    assert town.hears("fait exfiltration=Oui") == Heard(
        commands=(c.SetFact(name="exfiltration", value="oui"),), by="p4"
    )


def test_a_question_has_a_letter_after_those_of_the_boxes(town: Valmont) -> None:
    shown = Shown(
        boxes=(c.Tick(run=1, track="technique", step="endiguer", item=1),),
        questions=((1, "date_sure"), (1, "exfiltration")),
    )
    answer = c.SetFact(name="date_sure", value="2026-11-20", run=1)
    assert town.hears("b=20/11", "p4", shown) == Heard(commands=(answer,), by="p4")
    for line in ("c1", "c 1", "c=1", "C=oui"):
        assert town.hears(line, "p4", shown) == Heard(
            commands=(c.SetFact(name="exfiltration", value="oui", run=1),), by="p4"
        ), line
    assert town.hears("c?", "p4", shown) == Heard(
        commands=(c.SetFact(name="exfiltration", value="", run=1),), by="p4"
    )
    assert town.hears("b", "p4", shown) == Asked(what="question", subject="1:date_sure")
    assert isinstance(town.hears("c appelez le maire", "p4", shown), Misheard)


def test_several_letters_tick_and_never_untick(town: Valmont) -> None:
    box = c.Tick(run=1, track="technique", step="endiguer", item=1, done=False)
    found = town.hears("a, b", "p4", Shown(boxes=(box, box)))
    assert isinstance(found, Heard)
    assert [one.done for one in found.commands if isinstance(one, c.Tick)] == [True, True]


def test_a_clock_is_named_by_words_of_its_title(town: Valmont) -> None:
    for line in ("horloge CNIL arreter : faite", "horloge notification à la cnil arreter : faite"):
        assert town.hears(line) == Heard(commands=(c.StopClock(clock="H-CNIL33", reason="faite"),), by="p4")


def test_many_of_a_roster_are_marked_at_once() -> None:
    town = Valmont().declares("continuite-etat-civil", "p1")
    assert town.does("aller ressaisir : essai", "p1") is None
    assert town.hears("liste 1 verifie", "p5") == Misheard(
        code="roster_empty", facts={"fact": "actes_papier"}
    )
    assert town.does("fait actes_papier=3", "p5") is None
    for line, items in (
        ("liste 1-2 verifie", [1, 2]),
        ("liste tout verifie", [1, 2, 3]),
        ("liste 1, 3 verif", [1, 3]),
    ):
        found = town.hears(line, "p5")
        assert isinstance(found, Heard), line
        assert [one.item for one in found.commands if isinstance(one, c.MarkRoll)] == items
    assert isinstance(town.hears("liste", "p5"), Asked)
    assert isinstance(town.hears("liste 2 zut", "p5"), Misheard)


# What must not be done by accident


def test_a_role_or_a_name_alone_is_somebody_to_call_never_an_outcome(town: Valmont) -> None:
    for line in ("maire", "Nadia", "dgs", "Responsable informatique"):
        assert town.hears(line, "p1") == Asked(what="directory", subject=line)


def test_yes_alone_signs_nothing(town: Valmont) -> None:
    assert town.hears("oui", "p1") == Misheard(code="nothing_asked")
    for line in ("valider endiguer continue ! : encore deux postes", "valider eteint ! : zone B"):
        assert town.does(line, "p4") is None
    assert town.hears("oui", "p1") == Misheard(code="which_approval", suggestions=("approuver 1",))
    assert town.hears("non", "p1") == Misheard(code="which_approval", suggestions=("refuser 1",))


@pytest.mark.parametrize("reason", ["1", "ok", "a b", "..."])
def test_a_digit_or_two_letters_are_no_reason(town: Valmont, reason: str) -> None:
    assert town.hears(f"valider stoppe ! : {reason}") == Misheard(code="thin_reason")
    assert town.hears(f"sauter endiguer : {reason}", "p1") == Misheard(code="thin_reason")


def test_what_cannot_be_undone_is_confirmed(town: Valmont) -> None:
    for line, why in (
        ("abandonner 1 : erreur de procédure", "abandon"),
        ("effacer 3 visa AD-12 : demande", "erase"),
        ("vacants Julie", "vacant"),
    ):
        found = town.hears(line, "p1")
        assert isinstance(found, Heard)
        assert found.unsure == why
    for line in ("abandonner 1 ! : erreur", "effacer 3 visa AD-12 ! : demande", "vacants Julie !"):
        found = town.hears(line, "p1")
        assert isinstance(found, Heard)
        assert found.unsure == ""
    erased = town.hears("effacer 3 visa AD-12 ! : demande", "p1")
    assert isinstance(erased, Heard)
    assert erased.commands == (c.Erase(entries=(3,), reason="demande", visa="AD-12"),)


def test_for_me_is_me(town: Valmont) -> None:
    assert town.hears("par moi note vu") == Heard(commands=(c.Note(text="vu"),), by="p4")


def test_who_asks_at_a_shared_keyboard_is_kept(town: Valmont) -> None:
    from dataclasses import replace

    from bots.inbound import understand

    shared = replace(town.context("p4"), shared_keyboard=True)
    assert understand("@p1 etat", shared) == Asked(what="status", by="p1")
    assert understand("@p1 ?", shared) == Asked(what="help", by="p1")
    assert understand("etat", shared) == Asked(what="status")


def test_whoever_is_on_the_way_is_not_here_yet(town: Valmont) -> None:
    assert town.does("presence en route", "p1") is None
    assert town.incident.presence["p1"] == "coming"


@pytest.mark.parametrize(
    ("said", "status"), [("Présente", "present"), ("j'arrive", "coming"), ("indisponible", "unavailable")]
)
def test_saying_only_that_one_is_here_is_enough(town: Valmont, said: str, status: str) -> None:
    town.does(said, "p1")
    assert town.incident.presence["p1"] == status


# What can't be understood


def test_a_slip_gets_the_word_that_was_meant(town: Valmont) -> None:
    found = town.hears("valdier stoppe")
    assert isinstance(found, Misheard)
    assert "valider" in found.suggestions


def test_an_ambiguous_beginning_lists_what_it_may_be(town: Valmont) -> None:
    found = town.hears("dec on coupe")
    assert isinstance(found, Misheard)
    assert found.code == "ambiguous"
    assert {"decision", "declarer"} & set(found.suggestions) or "decocher" in found.suggestions


def test_an_unknown_person_is_told_with_those_who_look_alike(town: Valmont) -> None:
    found = town.hears("par Nadja note vu")
    assert isinstance(found, Misheard)
    assert found.code == "unknown_person"


def test_a_word_without_what_it_takes_tells_its_use(town: Valmont) -> None:
    for line in ("corriger", "tick", "fait", "role", "activite paie", "releve", "preuve"):
        found = town.hears(line, "p1")
        assert isinstance(found, Misheard | Heard), line


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_misunderstanding_has_words(lang: str) -> None:
    import ast
    from pathlib import Path

    import bots.inbound as room

    words = Valmont(lang=lang).speech.words
    codes = {
        keyword.value.value
        for path in Path(room.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Misheard"
        for keyword in node.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    assert codes
    assert [code for code in codes if not words.has(f"inbound.misheard.{code}")] == []


LINE = st.one_of(
    st.text(max_size=60),
    st.builds(
        lambda *words: " ".join(words),
        st.sampled_from(
            [word for words in WORDS.values() for word in words] + ["par", "for", "@p3", "@", "@zz"]
        ),
        st.sampled_from(
            [
                "",
                "endiguer",
                "1",
                "²",
                "9999999999999",
                "tout",
                "p3",
                "H-CNIL33",
                "paie",
                "=",
                "?",
                "visa",
                "hier",
                "31/02",
                "date_sure=30/02",
                "1-999999",
                "g=",
                "b c",
            ]
        ),
        st.text(max_size=25),
        st.sampled_from(
            ["", "@03:14", "@99:99", "@", ": motif", "!", "AVANT 05:00", "AVANT", "-- x", "@31/02 03:00"]
        ),
    ),
)


@settings(max_examples=400, deadline=None)
@given(line=LINE, by=st.sampled_from(["p1", "p4", "nobody"]))
def test_rubbish_never_raises(line: str, by: str) -> None:
    found = _CONTAINED.hears(line, by, _SHOWN)
    assert isinstance(found, Heard | Asked | Misheard)


def _contained() -> Valmont:
    town = Valmont().declares()
    for line in ("valider debranche", "valider confirme", "valider coupure"):
        town.does(line, "p4")
    return town


_CONTAINED = _contained()
_SHOWN = Shown(
    boxes=(c.Tick(run=1, track="technique", step="endiguer", item=1),),
    questions=((1, "date_sure"), (7, "zz")),
)
